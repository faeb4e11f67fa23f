"""What offices ask of committees, and what committees say to it."""

from sqlalchemy import select

from portal import audit
from portal.accounts.models import RoleGrant
from portal.burden import queries
from portal.burden.models import AssistedMatter, CommitteeTask
from portal.notifications.actions import tell_all
from portal.regions.models import Region
from portal.rules import burden, enforce
from portal.rules.burden import TaskDraft, TaskState
from portal.rules.permissions import Actor, Deed, Role
from portal.store import action, db, locked, put_once
from portal.store.clock import now, today


@action
def push_task(actor: Actor, region: Region, office: Region, draft: TaskDraft, key: str) -> None:
    """Ask the committee of `region` for something; it is told. What is on no list waits for its answer. Source: A29."""
    matters = [matter.id for matter in queries.matters_for(region)]
    enforce(burden.refusals(draft, matters=matters, today=today()))
    task = put_once(
        CommitteeTask,
        by="key",
        key=key,
        region_id=region.id,
        office_id=office.id,
        matter_id=draft.matter_id,
        title=draft.title,
        story=draft.story,
        due_on=draft.due_on,
        minutes=draft.minutes,
        budget_fen=draft.budget_fen,
        helpers=draft.helpers,
        state=burden.first_state(draft).value,
        reason="",
        asked_at=now(),
    )
    if task:
        audit.record(actor, Deed.PUSH_TASK, task, state=task.state)
        members = select(RoleGrant.person_id).where(
            RoleGrant.role == Role.COMMITTEE.value, RoleGrant.region_id == region.id
        )
        tell_all(db.session.scalars(members).all(), "task_asked", f"/{region.code}/burden/", title=task.title)


@action
def move_task(actor: Actor, deed: Deed, task: CommitteeTask, to: TaskState, reason: str = "") -> None:
    """Take a task, refuse it, report it done, or (the office) withdraw it. A refusal is final and public."""
    locked(task)
    if task.state == to.value:
        return
    enforce(burden.may_move(TaskState(task.state), to, reason))
    task.state, task.reason, task.decided_at = to.value, reason, now()
    audit.record(actor, deed, task, state=to.value)


@action
def list_matter(actor: Actor, region: Region, title: str, cites: str, key: str) -> None:
    """Put a matter on the public list of those in which committees help. Source: A29."""
    enforce(burden.refusals_of_matter(title, cites))
    values = {"region_id": region.id, "title": title, "cites": cites, "listed_at": now()}
    matter = put_once(AssistedMatter, by="key", key=key, **values)
    if matter:
        audit.record(actor, Deed.PUSH_TASK, matter)


@action
def end_matter(actor: Actor, matter: AssistedMatter) -> None:
    """Take a matter off the list; what was asked under it stays as it is."""
    locked(matter)
    if matter.ended_at is None:
        matter.ended_at = now()
        audit.record(actor, Deed.PUSH_TASK, matter, ended=True)
