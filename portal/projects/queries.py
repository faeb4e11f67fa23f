"""The project list, and what a project shows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, select

from portal.needs.models import Need
from portal.projects.models import DesignOption, Project, ProjectNeed
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.needs import NeedState
from portal.store import db
from portal.store.paging import Page, page_of

ANSWERABLE = (NeedState.ACCEPTED, NeedState.MATCHED)
"""States of needs that a project may still answer."""


def projects_of(region: Region, after: str = "") -> Page[Any]:
    """The projects of a region and all below it, newest first, each with its number of designs."""
    designs = (
        select(func.count()).select_from(DesignOption).where(DesignOption.project_id == Project.id).scalar_subquery()
    )
    query = select(
        Project.id,
        Project.title,
        Project.translations,
        Project.category,
        Project.place,
        Project.budget_fen,
        Project.state,
        Project.drafted_at,
        Region.code,
        designs.label("designs"),
    ).join(Region, Region.id == Project.region_id)
    return page_of(query.where(within(region)), (Project.id,), after)


def find_project(number: int, found: dict[str, Any]) -> Project | None:
    """A project by its number under the region it is in."""
    project = db.session.get(Project, number)
    return project if project is not None and project.region_id == found["region"].id else None


def designs_of(project: Project) -> Sequence[DesignOption]:
    """The designs as they were listed."""
    return db.session.scalars(
        select(DesignOption).where(DesignOption.project_id == project.id).order_by(DesignOption.id)
    ).all()


def needs_of(project: Project) -> Sequence[Row[Any]]:
    """The listed needs that a project answers, each with the code of its region."""
    return db.session.execute(
        select(Need.id, Need.title, Need.translations, Need.state, Need.supporters, Region.code)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .join(Region, Region.id == Need.region_id)
        .where(ProjectNeed.project_id == project.id, Need.listed)
        .order_by(Need.id)
    ).all()


def can_answer(region: Region) -> ColumnElement[bool]:
    """That a Need is listed in the region and not answered yet, so that a project of it may take it on."""
    here = Need.region_id.in_(select(Region.id).where(within(region)))
    return here & Need.listed & Need.state.in_(ANSWERABLE)


def needs_to_answer(region: Region, besides: Sequence[int] = (), most: int = 40) -> Sequence[Row[Any]]:
    """Needs that a project may answer: those named `besides`, then the accepted ones with most people behind them."""
    return db.session.execute(
        select(Need.id, Need.title, Need.translations, Need.supporters)
        .where(can_answer(region), (Need.state == NeedState.ACCEPTED) | Need.id.in_(besides))
        .order_by(Need.id.in_(besides).desc(), Need.supporters.desc(), Need.id.desc())
        .limit(most)
    ).all()


def is_picture_of(region: Region, name: str) -> bool:
    """Whether the picture called `name` is of a design of the region."""
    shown = exists().where(
        DesignOption.picture == name, DesignOption.project_id == Project.id, Project.region_id == region.id
    )
    return bool(db.session.scalar(select(shown)))
