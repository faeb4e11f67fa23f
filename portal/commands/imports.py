"""Load what others keep in spreadsheets."""

from pathlib import Path

import click

from portal.commands import on_site, stop
from portal.needs.imports import BadNeedRow, count_rows, import_needs
from portal.regions.imports import BadRegionRow, import_regions
from portal.regions.queries import find_region, only_community

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


def install(main: click.Group) -> None:
    main.add_command(load)
