"""How many accepted needs have a running project, and which communities have none. Source: A22, B12."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, func, select, union
from sqlalchemy.orm import aliased

from portal.needs.models import Need
from portal.projects.models import Project, ProjectNeed, ProjectPlace
from portal.regions.models import Region
from portal.regions.queries import children, within
from portal.rules.coverage import ACCEPTED, RUNNING, Coverage, Share
from portal.store import db

Counted = tuple[str, int, int]
"""Of the place with that path: how many there are, and how many of them are met."""


@dataclass(frozen=True)
class Place:
    """A place one level down with its figures."""

    region: Region
    coverage: Coverage


@dataclass(frozen=True)
class Seen:
    """The figures of a region with all below it, of each place one level down, and the communities not reached."""

    whole: Coverage
    places: Sequence[Place]
    unreached: Sequence[Row[Any]]


def coverage_of(region: Region) -> Seen:
    """What is met in a region: of its accepted needs on the public list, and of its communities."""
    below = [] if region.level == "village" else children(region)
    needs, communities, reached = _needs(region), _communities(region), _reached(region)
    unreached = [one for one in communities if not _is_reached(one.path, reached)]
    without = {one.path for one in unreached}
    counted = [(one.path, 1, int(one.path not in without)) for one in communities]
    places = [Place(one, Coverage(_share(needs, one.path), _share(counted, one.path))) for one in below]
    return Seen(Coverage(_share(needs, region.path), _share(counted, region.path)), places, unreached)


def _share(rows: Iterable[Counted], path: str) -> Share:
    inside = [(whole, met) for where, whole, met in rows if where.startswith(path)]
    return Share(sum(met for _, met in inside), sum(whole for whole, _ in inside))


def _needs(region: Region) -> list[Counted]:
    """The accepted needs that everyone may read, and those that a running project answers; joined ones are one."""
    answered = exists().where(
        ProjectNeed.need_id == Need.id, Project.id == ProjectNeed.project_id, Project.state.in_(RUNNING)
    )
    rows = db.session.execute(
        select(Region.path, func.count(), func.count().filter(answered))
        .join(Need, Need.region_id == Region.id)
        .where(within(region), Need.listed, Need.state.in_(ACCEPTED))
        .group_by(Region.path)
    )
    return [(path, whole, met) for path, whole, met in rows]


def _communities(region: Region) -> Sequence[Row[Any]]:
    """The communities there are now, each with the place above it."""
    above = aliased(Region)
    return db.session.execute(
        select(Region.path, Region.code, Region.name, Region.translations)
        .add_columns(above.name.label("community"), above.translations.label("community_words"))
        .outerjoin(above, above.id == Region.parent_id)
        .where(within(region), Region.level == "village", Region.valid_to.is_(None))
        .order_by(Region.code)
    ).all()


def _reached(region: Region) -> set[str]:
    """The paths of what running projects reach here: the communities they are of, and the places that they name.

    That a project is of a county or township does not show where it is delivered. Source: A35, B12.
    """
    above = [int(number) for number in region.path.split(".") if number]
    running = Project.state.in_(RUNNING)
    own = select(Region.path).join(Project, Project.region_id == Region.id)
    named = select(Region.path).join(ProjectPlace, ProjectPlace.region_id == Region.id)
    named = named.join(Project, Project.id == ProjectPlace.project_id)
    either = union(
        own.where(running, within(region), Region.level == "village"),
        named.where(running, within(region) | Region.id.in_(above)),
    )
    return set(db.session.scalars(either))


def _is_reached(path: str, reached: set[str]) -> bool:
    steps = path.split(".")[:-1]
    return any(".".join(steps[:depth]) + "." in reached for depth in range(1, len(steps) + 1))
