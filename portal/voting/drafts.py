"""What a vote can be about, and what is proposed for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from portal.projects.models import DesignOption, Project
from portal.projects.queries import designs_of
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.lifecycle import can_be_voted_on
from portal.rules.projects import ProjectState
from portal.rules.rounds import OptionDraft, RoundDraft
from portal.store import db
from portal.voting.queries import BESIDE


def designs_draft(project: Project, opens_at: datetime | None, closes_at: datetime | None) -> RoundDraft:
    """A vote on all designs of one project, as is usual: approve any, greedily, Equal Shares beside it."""
    return RoundDraft(
        question=project.title,
        translations=_titles(project, "question"),
        options=tuple(_design(one) for one in designs_of(project)),
        budget_fen=project.budget_fen,
        project_id=project.id,
        opens_at=opens_at,
        closes_at=closes_at,
        beside=BESIDE,
    )


def options_from(region: Region, numbers: Sequence[int], whole: bool) -> tuple[OptionDraft, ...]:
    """What the projects of `region` with these numbers put to the vote: themselves, each at its budget, or designs."""
    projects = db.session.scalars(
        select(Project).where(Project.id.in_(numbers), _of(region)).order_by(Project.id)
    ).all()
    if whole:
        return tuple(OptionDraft(one.id, None, one.title, _titles(one, "title"), one.budget_fen) for one in projects)
    designs = select(DesignOption).where(DesignOption.project_id.in_([one.id for one in projects]))
    ordered = designs.order_by(DesignOption.project_id, DesignOption.id)
    return tuple(_design(one) for one in db.session.scalars(ordered))


def places_of(options: Sequence[OptionDraft]) -> dict[int, tuple[int, ...]]:
    """Which options (1, 2, …) each project has."""
    found: dict[int, tuple[int, ...]] = {}
    for place, option in enumerate(options, 1):
        if option.project_id is None:
            continue
        found[option.project_id] = (*found.get(option.project_id, ()), place)
    return found


def projects_to_vote_on(region: Region, besides: Sequence[int], most: int) -> Sequence[Row[Any]]:
    """Drafted projects of a region and all below it, newest first.

    Those named `besides` come before, where residents can vote on them, though they have voted before.
    """
    named = Project.id.in_(besides) & Project.state.in_([state for state in ProjectState if can_be_voted_on(state)])
    return db.session.execute(
        select(Project.id, Project.title, Project.translations, Project.budget_fen, Region.name)
        .join(Region, Region.id == Project.region_id)
        .where(within(region), or_(named, Project.state == ProjectState.DRAFTED))
        .order_by(Project.id.in_(besides).desc(), Project.id.desc())
        .limit(most)
    ).all()


def _of(region: Region) -> ColumnElement[bool]:
    return Project.region_id.in_(select(Region.id).where(within(region)))


def _design(design: DesignOption) -> OptionDraft:
    return OptionDraft(design.project_id, design.id, design.title, design.translations, design.cost_fen)


def _titles(project: Project, field: str) -> dict[str, dict[str, str]]:
    return {tag: {field: said["title"]} for tag, said in (project.translations or {}).items() if "title" in said}
