"""The project list, and what a project shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select

from portal.needs.models import Need, NeedGroupMember
from portal.projects.models import DesignOption, Project, ProjectItem, ProjectNeed, ProjectPlace, project_search
from portal.regions.models import Region
from portal.regions.queries import is_below, within
from portal.rules.coverage import Share
from portal.rules.needs import NeedState
from portal.store import db
from portal.store.paging import Page, page_of

ANSWERABLE = (NeedState.ACCEPTED, NeedState.MATCHED)
"""States of needs that a project may still answer."""
SERVED = (NeedState.IN_SERVICE, NeedState.ANSWERED)
"""States of needs that only a project may answer, too, which takes that further by which they were served."""
CARD = (
    Project.id,
    Project.title,
    Project.translations,
    Project.category,
    Project.place,
    Project.budget_fen,
    Project.state,
    Project.drafted_at,
    Region.code,
)
"""What a project shows in a list."""


def projects_of(region: Region, asked: Mapping[str, Any], after: str = "") -> Page[Any]:
    """The projects of a region and all below it and those delivered there, as `asked`, newest first."""
    designs = (
        select(func.count()).select_from(DesignOption).where(DesignOption.project_id == Project.id).scalar_subquery()
    )
    return page_of(_filtered(select(*CARD, designs.label("designs"), _items()), region, asked), (Project.id,), after)


def listed_projects(region: Region, asked: Mapping[str, Any], most: int) -> Sequence[Row[Any]]:
    """The first `most` projects of that list, with what a sheet shows of them."""
    needs = select(func.count()).select_from(ProjectNeed).where(ProjectNeed.project_id == Project.id)
    community = Region.name.label("community"), Region.translations.label("community_words")
    query = select(*CARD, *community, needs.scalar_subquery().label("needs"), _items())
    return db.session.execute(_filtered(query, region, asked).order_by(Project.id.desc()).limit(most)).all()


def _items() -> Any:
    """How many items a project buys besides its subject."""
    items = select(func.count()).select_from(ProjectItem).where(ProjectItem.project_id == Project.id)
    return items.scalar_subquery().label("items")


def _filtered(query: Select[Any], region: Region, asked: Mapping[str, Any]) -> Select[Any]:
    query = query.join(Region, Region.id == Project.region_id).where(is_in(region))
    if asked["state"]:
        query = query.where(Project.state == asked["state"])
    if asked["about"]:
        other = exists().where(ProjectItem.project_id == Project.id, ProjectItem.code.startswith(asked["about"]))
        query = query.where(Project.category.startswith(asked["about"]) | other)
    if asked["words"]:
        query = query.where(project_search.matches(Project.id, asked["words"]))
    if asked["need"]:
        query = query.where(Project.id.in_(select(ProjectNeed.project_id).where(ProjectNeed.need_id == asked["need"])))
    return query


def is_in(region: Region) -> ColumnElement[bool]:
    """That a Project, joined with its Region, is of the region or below it, or delivered there. Source: A35."""
    return within(region) | Project.id.in_(_delivered_in(region))


def _delivered_in(region: Region) -> Select[int]:
    above = [int(number) for number in region.path.split(".") if number]
    below = ProjectPlace.region_id.in_(select(Region.id).where(is_below(Region.path, region.path)))
    return select(ProjectPlace.project_id).where(or_(ProjectPlace.region_id.in_(above), below))


def share_of_bundles(region: Region) -> Share:
    """How many of the projects of a region and all below it buy several items together. Source: A36."""
    counted = select(func.count(), func.count().filter(Project.id.in_(select(ProjectItem.project_id))))
    whole, part = db.session.execute(
        counted.select_from(Project).join(Region, Region.id == Project.region_id).where(within(region))
    ).one()
    return Share(part, whole)


def projects_answering(group_id: int) -> Sequence[Row[Any]]:
    """The projects that answer a need of a group, each with how many of them."""
    answered = func.count().label("answered")
    return db.session.execute(
        select(*CARD, answered)
        .join(Region, Region.id == Project.region_id)
        .join(ProjectNeed, ProjectNeed.project_id == Project.id)
        .join(NeedGroupMember, NeedGroupMember.need_id == ProjectNeed.need_id)
        .join(Need, Need.id == ProjectNeed.need_id)
        .where(NeedGroupMember.group_id == group_id, Need.listed)
        .group_by(Project.id, Region.id)
        .order_by(answered.desc(), Project.id)
    ).all()


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


def can_answer(region: Region, follows: Project | None = None) -> ColumnElement[bool]:
    """That a Need is listed in the region and not answered yet, so that a project of it may take it on.

    A project that `follows` another may take on what that one served, too. Source: A40.
    """
    here = Need.region_id.in_(select(Region.id).where(within(region)))
    waiting: ColumnElement[bool] = Need.state.in_(ANSWERABLE)
    if follows is not None:
        waiting |= Need.state.in_(SERVED) & Need.id.in_(_needs_behind(follows))
    return here & Need.listed & waiting


def _needs_behind(project: Project) -> Select[int]:
    return select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)


def needs_to_take_further(region: Region, follows: Project) -> Sequence[int]:
    """The needs of a project that one which follows it may answer."""
    return db.session.scalars(
        select(Need.id).where(Need.id.in_(_needs_behind(follows)), can_answer(region, follows)).order_by(Need.id)
    ).all()


def needs_to_answer(
    region: Region, besides: Sequence[int] = (), most: int = 40, *, follows: Project | None = None
) -> Sequence[Row[Any]]:
    """Needs that a project may answer: those named `besides`, then the accepted ones with most people behind them."""
    return db.session.execute(
        select(Need.id, Need.title, Need.translations, Need.supporters)
        .where(can_answer(region, follows), (Need.state == NeedState.ACCEPTED) | Need.id.in_(besides))
        .order_by(Need.id.in_(besides).desc(), Need.supporters.desc(), Need.id.desc())
        .limit(most + len(besides))
    ).all()


def needs_of_groups(region: Region, groups: Sequence[int]) -> Sequence[int]:
    """The needs of these groups that a project of the region may still answer."""
    held = select(NeedGroupMember.need_id).where(NeedGroupMember.group_id.in_(groups))
    rows = select(Need.id).where(Need.id.in_(held), can_answer(region)).order_by(Need.id)
    return db.session.scalars(rows).all() if groups else []


def is_picture_of(region: Region, name: str) -> bool:
    """Whether the picture called `name` is of a design of the region."""
    shown = exists().where(
        DesignOption.picture == name, DesignOption.project_id == Project.id, Project.region_id == region.id
    )
    return bool(db.session.scalar(select(shown)))
