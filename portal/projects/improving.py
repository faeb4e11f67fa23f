"""What is to get better after a project, and the next project that takes it up. Source: A40."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from portal import audit
from portal.projects.models import ImprovementAction, Project
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import N_, Refusal, enforce, improving
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.store import action, db, locked, put_once
from portal.store.clock import now, today
from portal.web.addresses import row_number


def actions_of(project: Project) -> Sequence[ImprovementAction]:
    """What is to get better in a project, as it was noted."""
    of_project = select(ImprovementAction).where(ImprovementAction.project_id == project.id)
    return db.session.scalars(of_project.order_by(ImprovementAction.id)).all()


def open_actions_in(region: Region, most: int = 200) -> Sequence[Row[ImprovementAction, Project, Region]]:
    """What is to get better in a region and all below it and no next project has taken up, soonest due first.

    Each with its project and that project's region; what is not done yet comes before what is done.
    """
    return db.session.execute(
        select(ImprovementAction, Project, Region)
        .join(Project, Project.id == ImprovementAction.project_id)
        .join(Region, Region.id == Project.region_id)
        .where(within(region), ImprovementAction.fed_project_id.is_(None))
        .order_by(ImprovementAction.done_at.is_not(None), ImprovementAction.due_on, ImprovementAction.id)
        .limit(most)
    ).all()


def count_waiting(project: Project) -> int:
    """How many of its actions are neither done nor taken up."""
    waiting = select(func.count()).where(
        ImprovementAction.project_id == project.id,
        ImprovementAction.done_at.is_(None),
        ImprovementAction.fed_project_id.is_(None),
    )
    return db.session.scalar(waiting) or 0


def find_action(number: int, found: dict[str, object]) -> ImprovementAction | None:
    """An action by its number under its project."""
    one, project = db.session.get(ImprovementAction, number), found.get("project")
    return one if one and isinstance(project, Project) and one.project_id == project.id else None


@action
def note_improvement(actor: Actor, project: Project, words: str, owner: str, due_on: date | None, key: str) -> None:
    """Note what is to get better, who sees to it and by when; once by `key`."""
    locked(project)
    if db.session.scalar(select(ImprovementAction.id).where(ImprovementAction.key == key)):
        return
    enforce(improving.action_refusals(ProjectState(project.state), words, owner, due_on, today()))
    facts = {"project_id": project.id, "words": words, "owner": owner, "due_on": due_on, "result": ""}
    if put_once(ImprovementAction, by="key", key=key, **facts):
        audit.record(actor, Deed.MOVE_PROJECT, project, improvement=True)


@action
def note_done(actor: Actor, one: ImprovementAction, result: str) -> None:
    """Note that something got better, and how; twice in the same words is once."""
    locked(one)
    if one.done_at is not None and one.result == result:
        return
    enforce(improving.done_refusals(result, done=one.done_at is not None))
    one.result, one.done_at = result, now()
    audit.record(actor, Deed.MOVE_PROJECT, one, done=True)


@dataclass(frozen=True)
class Further:
    """An earlier project that a new one takes further, and the action of it that is taken up, if one is."""

    project: Project
    action: ImprovementAction | None

    def typed(self) -> dict[str, Any]:
        """What the form of the new project begins with."""
        values = {"title": self.project.title, "category": self.project.category, "place": self.project.place}
        story = self.action.words if self.action else ""
        return values | {"story": story, "follows": self.project.id, "action": self.action.id if self.action else ""}


def further(region: Region, follows: Any, number: Any) -> Further | None:
    """What a new project in `region` takes further, as the address or the form says; None where that is nothing.

    It goes on in the same place, in one above it, or in one below it.
    """
    earlier = db.session.get(Project, _number(follows))
    home = db.session.get(Region, earlier.region_id) if earlier else None
    if earlier is None or home is None:
        return None
    if not (home.path.startswith(region.path) or region.path.startswith(home.path)):
        return None
    return Further(earlier, find_action(_number(number), {"project": earlier}))


def _number(typed: Any) -> int:
    try:
        return row_number(typed or 0)
    except (TypeError, ValueError):
        return 0


def take_up(project: Project, taken: Further) -> None:
    """Let a new project take an earlier one further, and its action; inside the deed that drafts it. Source: A40."""
    project.follows_id = taken.project.id
    if taken.action is not None:
        if locked(taken.action).fed_project_id is not None:
            enforce([Refusal(N_("Another project has taken this up already."))])
        taken.action.fed_project_id = project.id
