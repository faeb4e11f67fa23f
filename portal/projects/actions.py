"""What committees do with projects, until residents vote on them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from portal import audit
from portal.needs.actions import move, tell_author
from portal.needs.models import Need
from portal.policies.catalogue import catalogue_for
from portal.projects import bundling, queries
from portal.projects.improving import Further, take_up
from portal.projects.lifecycle import FIXED, begin
from portal.projects.models import DesignOption, Project, ProjectNeed, project_search
from portal.projects.stages import people_behind
from portal.regions.models import Region
from portal.rules import Refusal, bundles, enforce, projects
from portal.rules.needs import NeedState
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectDraft, ProjectState
from portal.store import action, db, locked, put_once
from portal.store.clock import now
from portal.web.addresses import LARGEST


@action
def draft_project(
    actor: Actor, region: Region, draft: ProjectDraft, key: str = "", taken: Further | None = None
) -> Project:
    """Propose a project that answers listed needs, with designs to choose from; the needs' authors are told.

    The same `key` again gives the project that was drafted with it; `taken`: what it takes further.
    """
    if key and (drafted := db.session.scalar(select(Project).where(Project.key == key))):
        return drafted
    needs = db.session.scalars(
        select(Need)
        .where(Need.id.in_([number for number in draft.needs if 0 < number <= LARGEST]))
        .where(queries.can_answer(region, taken.project if taken else None))
        .order_by(Need.id)
        .with_for_update()
    ).all()
    enforce(_refusals(region, draft, [need.id for need in needs]))
    facts = {"region_id": region.id, "drafted_at": now(), "drafted_by_id": actor.id, **_facts(draft)}
    project = put_once(Project, by="key", key=key or None, **facts)
    if project is None:  # the same form, quicker by a moment
        return db.session.scalars(select(Project).where(Project.key == key)).one()
    db.session.add_all(ProjectNeed(project_id=project.id, need_id=need.id) for need in needs)
    _list_designs(project, draft)
    _put_together(project, draft)
    for need in needs:
        if need.state == NeedState.ACCEPTED:
            move(need, NeedState.MATCHED, office=region)
            tell_author(need, db.session.get_one(Region, need.region_id), "need_matched")
    begin(actor, project, people_behind([need.id for need in needs]))
    if taken:
        take_up(project, taken)
    audit.record(actor, Deed.DRAFT_PROJECT, project, needs=list(draft.needs), budget_fen=draft.budget_fen)
    return project


@action
def revise_project(actor: Actor, project: Project, draft: ProjectDraft) -> None:
    """Change a project before a vote on it is announced; the needs that it answers stay, their authors were told."""
    locked(project)
    enforce(projects.may_revise(ProjectState(project.state), voted_on=any(fixed(project) for fixed in FIXED)))
    needs = db.session.scalars(select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)).all()
    region = db.session.get_one(Region, project.region_id)
    enforce(_refusals(region, replace(draft, needs=tuple(needs)), needs))
    for name, value in _facts(draft).items():
        setattr(project, name, value)
    project.translations = None
    db.session.execute(delete(DesignOption).where(DesignOption.project_id == project.id))
    _list_designs(project, draft)
    _put_together(project, draft)
    audit.record(actor, Deed.DRAFT_PROJECT, project, revised=True, budget_fen=draft.budget_fen)


def _refusals(region: Region, draft: ProjectDraft, needs: Sequence[int]) -> Iterator[Refusal]:
    implementing = {
        item.code: item.implementing_level for item in catalogue_for(region).values() if item.resident_visible
    }
    yield from projects.refusals(draft, categories=implementing, needs=needs)
    yield from bundles.refusals(
        draft.bundle,
        draft.category,
        implementing=implementing,
        places=bundling.places_among(region, draft.bundle.places),
        resources=bundling.resources_among(region, draft.bundle.resources),
    )


def _put_together(project: Project, draft: ProjectDraft) -> None:
    bundling.put_together(project, draft.bundle)
    project_search.put(project.id, f"{draft.title} {draft.story} {draft.place}")


@action
def fill_search() -> None:
    """Bring projects into the full text where it holds none, as after a migration."""
    if project_search.is_empty():
        rows = db.session.execute(select(Project.id, Project.title, Project.story, Project.place))
        project_search.put_all({row.id: f"{row.title} {row.story} {row.place}" for row in rows})


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
