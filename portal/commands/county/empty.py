"""What is in the database: nothing, the demo's county, or what must not be touched; and taking the county out again."""

from enum import Enum, auto

from sqlalchemy import delete, select, text

from portal.accounts.models import Person
from portal.commands.county.content import region_names
from portal.needs.models import NeedPhoto, need_search
from portal.policies.models import CalendarDay
from portal.projects.models import DesignOption, project_search
from portal.regions.models import Region
from portal.resources.models import resource_search
from portal.store import Base, action, db
from portal.store.files import discard


class Found(Enum):
    """What a database holds."""

    NOTHING = auto()
    COUNTY = auto()
    """The demo's county, with whatever was done in it since, and no other place."""
    COUNTY_AND_MORE = auto()
    OTHER = auto()


def what_is_here() -> Found:
    """Everything hangs on a region or a person, so these tell whose data it is."""
    ours = region_names()
    here = {place.code: place.name for place in db.session.execute(select(Region.code, Region.name))}
    if not here and db.session.scalar(select(Person.id).limit(1)) is None:
        return Found.NOTHING
    if not ours.items() <= here.items():
        return Found.OTHER
    return Found.COUNTY if len(here) == len(ours) else Found.COUNTY_AND_MORE


def empty() -> None:
    """Delete all data but the working calendar. Raises ValueError unless it is the demo's county and nothing else."""
    if what_is_here() is not Found.COUNTY:
        raise ValueError("this database holds data that is not the demo's")
    pictures = [
        *db.session.scalars(select(NeedPhoto.name)),
        *db.session.scalars(select(DesignOption.picture).where(DesignOption.picture.is_not(None))),
    ]
    _delete_rows()
    db.session.expunge_all()
    discard(map(str, pictures))


@action
def _delete_rows() -> None:
    searched = [index.name for index in (need_search, project_search, resource_search)]
    tables = [table for table in reversed(Base.metadata.sorted_tables) if table is not CalendarDay.__table__]
    if db.engine.dialect.name == "postgresql":
        names = ", ".join([*searched, *(f'"{table.name}"' for table in tables)])
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        return
    guards = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in guards:  # they keep frozen votes as they are
        db.session.execute(text(f"DROP TRIGGER {name}"))
    for name in searched:
        db.session.execute(text(f"DELETE FROM {name}"))
    for table in tables:
        db.session.execute(delete(table))
    for _, guard in guards:
        db.session.execute(text(guard))
