"""The one place that moves a project on, and the ledger of who took part. Source: A23, A40."""

from typing import Any

from portal.projects.models import Participation, Project, ProjectStep
from portal.rules.lifecycle import STAGE_OF, Way
from portal.rules.permissions import Actor
from portal.rules.projects import ProjectState
from portal.store import action, db, locked, put_once
from portal.store.clock import now


@action
def move(actor: Actor, project: Project, state: ProjectState, words: str = "", **evidence: Any) -> None:
    """Take `project` to `state`, the next in its life; `evidence` says where it can be looked up (`round=3`)."""
    locked(project)
    project.state = state.value
    db.session.add(
        ProjectStep(
            project_id=project.id,
            state=state.value,
            at=now(),
            actor_id=actor.id,
            words=words,
            evidence=evidence or None,
        )
    )


@action
def took_part(
    project: Project, way: Way, source: str, took_part: int, *, asked: int | None = None, words: str = ""
) -> None:
    """Note once, for `source` ("round:3"), how many took part in the stage that `project` is in."""
    put_once(
        Participation,
        project_id=project.id,
        stage=STAGE_OF[ProjectState(project.state)].value,
        way=way.value,
        asked=asked,
        took_part=took_part,
        words=words,
        source=source,
        at=now(),
    )
