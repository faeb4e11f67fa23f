"""The one place that moves a project on, and the ledger of who took part. Source: A23, A40."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select

from portal.projects.models import Participation, Project, ProjectStep
from portal.rules import Refusal, enforce
from portal.rules.lifecycle import STAGE_OF, Stage, Way, may_move
from portal.rules.permissions import Actor
from portal.rules.projects import ProjectState
from portal.store import action, db, locked, put_all_once
from portal.store.clock import now

FOLLOWS: list[Callable[[Actor, Project], None]] = []
"""What else is done, in the same deed, when a project has come to a state; other rooms say so."""
HOLDS: list[Callable[[Project], list[Refusal]]] = []
"""Why a project is not given up yet: what of it has to be ended first; other rooms say so."""
FIXED: list[Callable[[Project], bool]] = []
"""Whether nothing of a project may be changed, as residents vote on it or have done so; other rooms say so."""


@action
def move(actor: Actor, project: Project, state: ProjectState, words: str = "", **evidence: Any) -> None:
    """Take `project` to `state`, the next in its life; `evidence` says where it can be looked up (`round=3`).

    Where it stands there already, nothing happens, so that a deed can be sent twice. Refused: see `rules.lifecycle`.
    """
    _move([locked(project)], actor, state, words, now(), evidence)


@action
def move_all(
    actor: Actor,
    numbers: Iterable[int],
    state: ProjectState,
    words: str = "",
    *,
    at: datetime | None = None,
    **evidence: Any,
) -> None:
    """Take all projects with these numbers to `state` at once; `at`: when that was, if not now."""
    db.session.flush()
    rows = select(Project).where(Project.id.in_(list(numbers))).order_by(Project.id)
    found = db.session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
    _move(found, actor, state, words, at or now(), evidence)


def _move(
    projects: Sequence[Project], actor: Actor, state: ProjectState, words: str, at: datetime, evidence: dict[str, Any]
) -> None:
    going = [project for project in projects if project.state != state]
    with_people = stages_with_people([project.id for project in going])
    for project in going:
        there = with_people.get(project.id, frozenset())
        enforce(may_move(ProjectState(project.state), state, words=words, stages_with_people=there))
        if state is ProjectState.STOPPED:
            enforce(refusal for hold in HOLDS for refusal in hold(project))
    for project in going:
        project.state = state.value
    step = {"state": state.value, "at": at, "actor_id": actor.id, "words": words.strip(), "evidence": evidence or None}
    if going:
        db.session.execute(insert(ProjectStep), [step | {"project_id": project.id} for project in going])
    for project in going:
        for follow in FOLLOWS:
            follow(actor, project)


def stages_with_people(numbers: Sequence[int]) -> dict[int, frozenset[str]]:
    """By project, the stages in which somebody took part or for which it is said why nobody did."""
    if not numbers:
        return {}
    counts = or_(Participation.took_part > 0, Participation.way == Way.NONE.value)
    rows = db.session.execute(
        select(Participation.project_id, Participation.stage)
        .where(Participation.project_id.in_(numbers), counts)
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for number, stage in rows:
        found.setdefault(number, set()).add(stage)
    return {number: frozenset(stages) for number, stages in found.items()}


@action
def begin(actor: Actor, project: Project, people: int) -> None:
    """Write down the first step of a new project, and that `people` stand behind the needs it answers."""
    db.session.add(
        ProjectStep(project_id=project.id, state=project.state, at=project.drafted_at, actor_id=actor.id, words="")
    )
    if people:
        took_part(project, Way.NEED, "needs", people)


@action
def took_part(
    project: Project,
    way: Way,
    source: str,
    took_part: int,
    *,
    asked: int | None = None,
    words: str = "",
    stage: Stage | None = None,
) -> None:
    """Note once, for `source` ("round:3"), how many took part in `stage` (that in which `project` is, if not said)."""
    all_took_part([project], way, source, took_part, asked=asked, words=words, stage=stage)


def all_took_part(
    projects: Sequence[Project],
    way: Way,
    source: str,
    took_part: int,
    *,
    asked: int | None = None,
    words: str = "",
    stage: Stage | None = None,
    at: datetime | None = None,
) -> None:
    """As `took_part`, of several projects at once, inside a deed."""
    same = {
        "way": way.value,
        "asked": asked,
        "took_part": took_part,
        "words": words.strip(),
        "source": source,
        "at": at or now(),
    }
    stages = {project.id: stage or STAGE_OF[ProjectState(project.state)] for project in projects}
    put_all_once(Participation, [same | {"project_id": one, "stage": stages[one].value} for one in stages])
