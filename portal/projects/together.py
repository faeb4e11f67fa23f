"""Small projects that could be bought together instead of one by one. Source: A36."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from portal.policies.queries import rules_for
from portal.projects.models import Project, ProjectPlace
from portal.projects.queries import is_in
from portal.regions.models import Region
from portal.rules.bundles import SmallProject, could_go_together, quarter_of
from portal.rules.projects import ProjectState
from portal.store import db
from portal.store.clock import CHINA, now, today

PLANNED = (
    ProjectState.DRAFTED,
    ProjectState.CONSULTED,
    ProjectState.VOTED,
    ProjectState.NOTICED,
    ProjectState.APPROVED,
)
"""Before it is tendered a project can still be bought together with others."""
LOOKED_BACK = timedelta(days=366)


@dataclass(frozen=True)
class Together:
    """Small projects of one place and quarter."""

    place: Row[Any]
    quarter: str
    projects: Sequence[Row[Any]]


def could_be_together(region: Region) -> list[Together]:
    """Planned small projects of the region and all below it that share a place and a quarter, latest quarter first."""
    below = rules_for(region).small_project_fen
    rows = {row.id: row for row in db.session.execute(_small(region, below))}
    found = could_go_together(_with_places(list(rows.values())), below)
    wanted = select(Region.id, Region.code, Region.name, Region.translations)
    names = {row.id: row for row in db.session.execute(wanted.where(Region.id.in_({place for place, _ in found})))}
    return [
        Together(names[place], quarter, [rows[number] for number in numbers])
        for (place, quarter), numbers in sorted(found.items(), key=lambda one: (one[0][1], -one[0][0]), reverse=True)
    ]


def small_here(region: Region) -> Sequence[Row[Any]]:
    """The small projects that are planned in `region` in this quarter: one more could be bought with them."""
    rows = db.session.execute(_small(region, rules_for(region).small_project_fen)).all()
    return [row for row in rows if quarter_of(_day(row)) == quarter_of(today())]


def _small(region: Region, below_fen: int) -> Select[Any]:
    columns = (Project.id, Project.title, Project.translations, Project.budget_fen, Project.drafted_at)
    return (
        select(*columns, Project.region_id, Region.code)
        .join(Region, Region.id == Project.region_id)
        .where(is_in(region), Project.state.in_(PLANNED), Project.budget_fen < below_fen)
        .where(Project.drafted_at > now() - LOOKED_BACK)
        .order_by(Project.id)
    )


def _with_places(rows: Sequence[Row[Any]]) -> list[SmallProject]:
    places: dict[int, set[int]] = {row.id: {row.region_id} for row in rows}
    delivered = select(ProjectPlace.project_id, ProjectPlace.region_id).where(ProjectPlace.project_id.in_(places))
    for number, place in db.session.execute(delivered):
        places[number].add(place)
    return [SmallProject(row.id, row.budget_fen, _day(row), frozenset(places[row.id])) for row in rows]


def _day(row: Row[Any]) -> Any:
    return row.drafted_at.astimezone(CHINA).date()
