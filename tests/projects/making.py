"""Projects that have gone on: by the same steps as real ones, with somebody who took part in each stage."""

import secrets
from datetime import date, timedelta

from portal.projects.lifecycle import move, took_part
from portal.projects.models import ImprovementAction, Project, ProjectNotice, ProjectObjection
from portal.regions.models import Region
from portal.rules.lifecycle import NEXT, Stage, Way
from portal.rules.permissions import NOBODY
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.store.clock import now, today
from tests import builders

WAY_ON = (
    ProjectState.DRAFTED,
    ProjectState.NOTICED,
    ProjectState.APPROVED,
    ProjectState.TENDERED,
    ProjectState.AWARDED,
    ProjectState.CONTRACTED,
    ProjectState.SERVING,
    ProjectState.ACCEPTED,
    ProjectState.EVALUATED,
    ProjectState.IMPROVING,
    ProjectState.CLOSED,
)
"""The shortest way through a project's life: without a vote."""
REASON = "居民会议上已经说定，不再投票。"


@action
def gone_on(project: Project, state: ProjectState) -> Project:
    """`project` after it has come to `state`, in which somebody takes part in every stage on the way."""
    here = WAY_ON.index(ProjectState(project.state)) if project.state in WAY_ON else 0
    for step in WAY_ON[here + 1 : WAY_ON.index(state) + 1]:
        assert step in NEXT[ProjectState(project.state)]
        with_everyone(project)
        move(NOBODY, project, step, REASON)
    return project


@action
def with_everyone(project: Project) -> Project:
    """`project` with somebody who took part in each of its stages."""
    for stage in Stage:
        took_part(project, Way.MEETING, f"meeting:{stage.value}", 12, asked=30, stage=stage)
    return project


def a_project_in(region: Region, state: ProjectState, **given: object) -> Project:
    """A project of `region` that has come to `state`; `given`: as `builders.a_project` takes."""
    return gone_on(builders.a_project(region, **given), state)  # type: ignore[arg-type]


def an_approved_project(region: Region, **given: object) -> Project:
    return a_project_in(region, ProjectState.APPROVED, **given)


@action
def an_objection(project: Project, words: str = "灯太亮，照进卧室。") -> ProjectObjection:
    """What a resident says against `project`, which was on public notice for it."""
    notice = ProjectNotice(project_id=project.id, begins_at=now(), ends_at=now() + timedelta(days=7))
    db.session.add(notice)
    db.session.flush()
    person = builders.a_resident(db.session.get_one(Region, project.region_id))
    objection = ProjectObjection(
        key=secrets.token_hex(16),
        project_id=project.id,
        notice_id=notice.id,
        person_id=person.id,
        words=words,
        at=now(),
    )
    db.session.add(objection)
    db.session.flush()
    return objection


@action
def an_improvement(
    project: Project, words: str = "换成更省电的灯。", *, due_on: date | None = None
) -> ImprovementAction:
    """Something that is to get better in `project`, due in a month if not on `due_on`."""
    one = ImprovementAction(
        key=secrets.token_hex(16),
        project_id=project.id,
        words=words,
        owner="长桥社区居委会",
        due_on=due_on or today() + timedelta(days=30),
    )
    db.session.add(one)
    db.session.flush()
    return one
