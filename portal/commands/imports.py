"""Load what others keep in spreadsheets."""

from pathlib import Path

import click

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.commands import on_site, stop
from portal.needs.imports import BadNeedRow, count_rows, import_needs
from portal.regions.imports import BadRegionRow, import_regions
from portal.regions.models import Region
from portal.regions.queries import find_region, only_community
from portal.rolls.imports import import_roll
from portal.rolls.queries import find_community
from portal.rules.pabulib import Malformed
from portal.rules.permissions import NOBODY, Deed, may
from portal.rules.rolls import read_roll, roll_text
from portal.rules.tables import BadTable
from portal.store import db
from portal.store.clock import now
from portal.voting.imports import import_round, read_past_vote

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def load() -> None:
    """Load data from a CSV file."""


@load.command()
@click.argument("file", type=FILE)
@on_site
def regions(file: Path) -> None:
    """Load divisions: columns code, level, name, parent_code. All of it, or nothing."""
    with click.progressbar(length=1, label=file.name, show_pos=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        try:
            new, changed = import_regions(file, progress)
        except BadRegionRow as bad:
            stop(f"{file}: {bad}; nothing was loaded")
    click.echo(f"{new} new, {changed} changed")


@load.command()
@click.argument("file", type=FILE)
@click.option("--region", "code", help="The community's 12-digit code; may be left out where there is only one.")
@on_site
def needs(file: Path, code: str | None) -> None:
    """Load messages into a community's queue: columns id, subject, body, created_at. Run again to go on."""
    region = find_region(code) if code else only_community()
    if region is None:
        stop(f"there is no region {code}" if code else "say which community: --region CODE")
    with click.progressbar(length=count_rows(file), label=file.name, show_pos=True) as bar:
        try:
            new, known = import_needs(file, region, lambda done: bar.update(done - bar.pos))
        except BadNeedRow as bad:
            stop(f"{file}: {bad}; what came before it is loaded, run again when it is mended")
    click.echo(f"{new} new, {known} known already")


@load.command()
@click.argument("file", type=FILE)
@click.option("--region", "code", help="The community's 12-digit code; may be left out where there is only one.")
@on_site
def roll(file: Path, code: str | None) -> None:
    """Put a list of residents on a community's roll: columns name, phone, household. All of it, or nothing."""
    region = _community(code)
    try:
        done = import_roll(NOBODY, region, read_roll(roll_text(file.read_bytes())))
    except BadTable as bad:
        for line, fault in bad.faults:
            click.echo(f"line {line}: {fault.text % fault.values}", err=True)
        stop(f"{file}: nothing was loaded")
    click.echo(f"{done.new} new, {done.known} known already, {done.removed} were taken off before and stay off")


def _community(code: str | None) -> Region:
    region = find_community(code, {}) if code else only_community()
    if region is None:
        stop(f"there is no community {code}" if code else "say which community: --region CODE")
    return region


@load.command("round")
@click.argument("file", type=FILE)
@click.option("--region", "code", required=True, help="Whose vote it was: its 12-digit code.")
@click.option("--login", required=True, help="Who takes it over: the account of a committee or an official there.")
@on_site
def past_round(file: Path, code: str, login: str) -> None:
    """Load a past vote with its ballots from a Pabulib file (.pb). All of it, or nothing; a known file is left."""
    region = find_region(code)
    if region is None:
        stop(f"there is no region {code}")
    person = db.session.scalar(db.select(Person).where(Person.login == login))
    if person is None or not may(actor_of(person), Deed.RUN_ROUND, region.path):
        stop(f"{login} may not run votes in {code}")
    try:
        kept = import_round(actor_of(person), region, read_past_vote(file.read_bytes(), now()))
    except Malformed as bad:
        stop(f"{file}: {bad}; nothing was loaded")
    click.echo(f"round {kept.id}, {kept.voters} ballots" if kept else "known already")


def install(main: click.Group) -> None:
    main.add_command(load)
