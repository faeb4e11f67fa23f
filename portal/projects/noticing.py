"""A project on public notice: objections, their public answers, and its approval. Source: A21, A24."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from portal import audit
from portal.notifications.actions import tell
from portal.policies.queries import rules_for, working_days_after
from portal.projects.lifecycle import move, took_part
from portal.projects.models import Project, ProjectNotice, ProjectObjection
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, noticing
from portal.rules.catalogue import refusals_of_purchase
from portal.rules.lifecycle import Way
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.projects import ProjectState
from portal.store import action, db, locked, put_once
from portal.store.clock import now


class Notice(NamedTuple):
    """The latest time for which a project was shown, with what was said against it."""

    begins_at: datetime
    ends_at: datetime
    id: int
    objections: Sequence[ProjectObjection]

    @property
    def unanswered(self) -> int:
        return sum(one.answered_at is None for one in self.objections)

    @property
    def upheld(self) -> int:
        return sum(bool(one.upheld) for one in self.objections)


def notice_of(project: Project) -> Notice | None:
    """When `project` was last put on public notice, and the objections of that time, oldest first."""
    latest = select(ProjectNotice.id).where(ProjectNotice.project_id == project.id).order_by(ProjectNotice.id.desc())
    rows = db.session.execute(
        select(ProjectNotice, ProjectObjection)
        .outerjoin(ProjectObjection, ProjectObjection.notice_id == ProjectNotice.id)
        .where(ProjectNotice.id == latest.limit(1).scalar_subquery())
        .order_by(ProjectObjection.id)
    ).all()
    if not rows:
        return None
    notice = rows[0][0]
    return Notice(notice.begins_at, notice.ends_at, notice.id, [objection for _, objection in rows if objection])


def find_objection(number: int, found: dict[str, object]) -> ProjectObjection | None:
    """An objection by its number under its project."""
    objection, project = db.session.get(ProjectObjection, number), found.get("project")
    return objection if objection and isinstance(project, Project) and objection.project_id == project.id else None


@action
def put_on_notice(actor: Actor, project: Project, region: Region, words: str = "") -> None:
    """Show a project to everyone for some working days before it is approved; without a vote only with a reason."""
    if locked(project).state == ProjectState.NOTICED:
        return
    ends_at = working_days_after(now(), rules_for(region).project_notice_working_days)
    move(actor, project, ProjectState.NOTICED, words)
    db.session.add(ProjectNotice(project_id=project.id, begins_at=now(), ends_at=ends_at))
    audit.record(actor, Deed.MOVE_PROJECT, project, state=ProjectState.NOTICED.value)


@action
def object_to_project(actor: Actor, project: Project, words: str, key: str) -> None:
    """Someone says what is wrong with a project on public notice, once by `key`; one objection of hers at a time."""
    locked(project)
    if db.session.scalar(select(ProjectObjection.id).where(ProjectObjection.key == key)):
        return
    notice = notice_of(project)
    ends_at = notice.ends_at if notice else None
    enforce(noticing.objection_refusals(words, ProjectState(project.state), ends_at, now()))
    assert notice is not None
    objection = put_once(
        ProjectObjection,
        key=key,
        project_id=project.id,
        notice_id=notice.id,
        person_id=actor.id,
        words=words,
        at=now(),
        answer="",
    )
    if objection is None:
        enforce([Refusal(N_("Your objection to this project waits for its answer; please wait for that."))])
    audit.record(actor, Deed.OBJECT_TO_PROJECT, project)


@action
def answer_objection(
    actor: Actor, region: Region, project: Project, objection: ProjectObjection, *, upheld: bool, answer: str
) -> None:
    """Answer an objection for everyone to read; who made it is told. Answered twice in the same way, it is once."""
    locked(objection)
    if objection.answered_at is not None and (objection.upheld, objection.answer) == (upheld, answer):
        return
    own = objection.person_id == actor.id
    enforce(noticing.answer_refusals(answer, answered=objection.answered_at is not None, own=own))
    objection.upheld, objection.answer = upheld, answer
    objection.answered_by_id, objection.answered_at = actor.id, now()
    audit.record(actor, Deed.MOVE_PROJECT, objection, upheld=upheld)
    tell(objection.person_id, "project_objection", f"/{region.code}/projects/{project.id}/", title=project.title)


@action
def approve(actor: Actor, project: Project, region: Region, answers: Mapping[str, bool], words: str = "") -> None:
    """An official approves a project after its public notice, having looked at what may not be bought (立项)."""
    if locked(project).state == ProjectState.APPROVED:
        return
    notice = notice_of(project)
    enforce(
        [
            *noticing.approval_refusals(
                is_official=actor.holds(Role.OFFICIAL, region.path),
                ends_at=notice.ends_at if notice else None,
                at=now(),
                unanswered=notice.unanswered if notice else 0,
                upheld=notice.upheld if notice else 0,
            ),
            *refusals_of_purchase(answers),
        ]
    )
    if notice and notice.objections:
        took_part(project, Way.NOTICE, f"notice:{notice.id}", len({one.person_id for one in notice.objections}))
    move(actor, project, ProjectState.APPROVED, words, notice=notice.id if notice else None)
    audit.record(actor, Deed.MOVE_PROJECT, project, state=ProjectState.APPROVED.value)
