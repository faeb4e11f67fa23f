"""Create or upgrade the database."""

import csv
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import inspect, text

from portal import policies
from portal.commands import on_site
from portal.needs import actions as needs
from portal.policies.models import CalendarDay
from portal.projects import actions as projects
from portal.store import action, db


@click.command()
@on_site
def setup() -> None:
    """Create the database, or bring it up to date; a SQLite file is copied first."""
    copied = prepare_database()
    if copied:
        click.echo(f"kept a copy: {copied}")
    click.echo("the database is ready")


def prepare_database() -> Path | None:
    """Run what migrations there are to run, and load the working calendar; gives the path of the copy made before."""
    copied = _copy_before_upgrade()
    upgrade()
    _load_calendar()
    needs.fill_search()
    projects.fill_search()
    return copied


def _copy_before_upgrade() -> Path | None:
    if db.engine.dialect.name != "sqlite" or not inspect(db.engine).has_table("alembic_version"):
        return None
    directory = current_app.extensions["migrate"].directory
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(directory).get_current_head()
    with db.engine.connect() as connection:
        if connection.scalar(text("SELECT version_num FROM alembic_version")) == head:
            return None
        copy = Path(str(db.engine.url.database) + f".before-{datetime.now():%Y%m%d-%H%M%S}")
        raw = connection.connection.dbapi_connection
        assert raw is not None
        for statement in ("COMMIT", "PRAGMA query_only=0"):  # the copy is a file of its own, and counts as writing
            raw.execute(statement)
        raw.execute("VACUUM INTO ?", (str(copy),))
        for statement in ("PRAGMA query_only=1", "BEGIN"):
            raw.execute(statement)
    return copy


@action
def _load_calendar() -> None:
    """Load the official holidays and make-up days that are not known yet; edited days stay."""
    known = set(db.session.scalars(db.select(CalendarDay.day)))
    with (Path(policies.__file__).parent / "working_calendar.csv").open() as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["day"])
            if day not in known:
                db.session.add(CalendarDay(day=day, works=row["works"] == "1"))


def install(main: click.Group) -> None:
    main.add_command(setup)
