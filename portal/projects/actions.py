"""What committees do with projects, until residents vote on them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from portal import audit
from portal.needs.actions import move, tell_author
from portal.needs.models import Need
from portal.policies.catalogue import catalogue
from portal.projects import queries
from portal.projects.models import DesignOption, Project, ProjectNeed
from portal.regions.models import Region
from portal.rules import enforce, projects
from portal.rules.needs import NeedState
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectDraft, ProjectState
from portal.store import action, db, locked
from portal.store.clock import now
from portal.web.addresses import LARGEST


@action
def draft_project(actor: Actor, region: Region, draft: ProjectDraft) -> Project:
    """Propose a project that answers listed needs, with designs to choose from; the needs' authors are told."""
    needs = db.session.scalars(
        select(Need)
        .where(Need.id.in_([number for number in draft.needs if 0 < number <= LARGEST]))
        .where(queries.can_answer(region))
        .order_by(Need.id)
        .with_for_update()
    ).all()
    enforce(projects.refusals(draft, categories=_categories(), needs=[need.id for need in needs]))
    project = Project(region_id=region.id, drafted_at=now(), drafted_by_id=actor.id, **_facts(draft))
    db.session.add(project)
    db.session.flush()
    db.session.add_all(ProjectNeed(project_id=project.id, need_id=need.id) for need in needs)
    _list_designs(project, draft)
    for need in needs:
        if need.state == NeedState.ACCEPTED:
            move(need, NeedState.MATCHED, office=region)
            tell_author(need, db.session.get_one(Region, need.region_id), "need_matched")
    audit.record(actor, Deed.DRAFT_PROJECT, project, needs=list(draft.needs), budget_fen=draft.budget_fen)
    return project


@action
def revise_project(actor: Actor, project: Project, draft: ProjectDraft) -> None:
    """Change a project before a vote on it is announced; the needs that it answers stay, their authors were told."""
    locked(project)
    enforce(projects.may_revise(ProjectState(project.state)))
    needs = db.session.scalars(select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)).all()
    enforce(projects.refusals(replace(draft, needs=tuple(needs)), categories=_categories(), needs=needs))
    for name, value in _facts(draft).items():
        setattr(project, name, value)
    project.translations = None
    db.session.execute(delete(DesignOption).where(DesignOption.project_id == project.id))
    _list_designs(project, draft)
    audit.record(actor, Deed.DRAFT_PROJECT, project, revised=True, budget_fen=draft.budget_fen)


def _categories() -> list[str]:
    return [item.code for item in catalogue().values() if item.resident_visible]


def _facts(draft: ProjectDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "story": draft.story,
        "category": draft.category,
        "place": draft.place,
        "budget_fen": draft.budget_fen,
    }


def _list_designs(project: Project, draft: ProjectDraft) -> None:
    for design in draft.designs:
        db.session.add(
            DesignOption(
                project_id=project.id,
                title=design.title,
                story=design.story,
                cost_fen=design.cost_fen,
                picture=design.picture,
            )
        )
        db.session.flush()  # one by one, so that they keep the order in which they were listed
