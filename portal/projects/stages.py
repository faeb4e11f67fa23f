"""How far a project has come, who took part, and the steps that its committee and officials take by hand."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select, union

from portal import audit
from portal.needs.actions import move as move_need
from portal.needs.models import Need, NeedSupport
from portal.projects.improving import count_waiting
from portal.projects.lifecycle import FOLLOWS, move, took_part
from portal.projects.models import Participation, Project, ProjectNeed, ProjectStep
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, improving, lifecycle
from portal.rules.lifecycle import NEXT, STAGE_OF, STAGES, Stage, Way
from portal.rules.needs import NeedState
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.projects import ProjectState
from portal.store import action, db, locked

BY_HAND = (
    ProjectState.DRAFTED,
    ProjectState.VOTED,
    ProjectState.EVALUATED,
    ProjectState.IMPROVING,
    ProjectState.CLOSED,
    ProjectState.STOPPED,
)
"""States to which people take a project by a word of theirs; the others come with a deed of their own room."""
CONTRACTED = (ProjectState.CONTRACTED, ProjectState.SERVING)
"""States in which only an official gives a project up: there is a contract."""


class Seen(NamedTuple):
    """A stage as the progress bar shows it: done, current, to come, or never reached as the project was given up."""

    stage: Stage
    look: str


def progress_of(project: Project, steps: Sequence[ProjectStep]) -> list[Seen]:
    """The five stages with how far `project` has come; one that was given up stands where it was then."""
    state = ProjectState(project.state)
    before = [ProjectState(step.state) for step in steps if step.state != ProjectState.STOPPED]
    reached = STAGES.index(STAGE_OF[before[-1] if before and state is ProjectState.STOPPED else state])
    if state is ProjectState.STOPPED:
        return [Seen(stage, "done" if place < reached else "skipped") for place, stage in enumerate(STAGES)]
    looks = ("done", "current", "coming")
    last = state is ProjectState.CLOSED
    return [
        Seen(stage, "done" if last else looks[(place >= reached) + (place > reached)])
        for place, stage in enumerate(STAGES)
    ]


def steps_of(project: Project) -> Sequence[ProjectStep]:
    """The dated steps, in the order in which they were taken."""
    taken = select(ProjectStep).where(ProjectStep.project_id == project.id).order_by(ProjectStep.id)
    return db.session.scalars(taken).all()


def participation_in(project: Project) -> Sequence[Participation]:
    """Who took part in each stage, or why nobody did, in the order of the stages."""
    rows = db.session.scalars(
        select(Participation).where(Participation.project_id == project.id).order_by(Participation.id)
    )
    return sorted(rows, key=lambda one: STAGES.index(Stage(one.stage)))


def people_behind(needs: Any) -> int:
    """How many people stand behind needs (their numbers, or a query of them), each counted once.

    A need without an author is somebody's, too.
    """
    authors = select(func.coalesce(Need.author_id, -Need.id).label("who")).where(Need.id.in_(needs))
    supporters = select(NeedSupport.person_id.label("who")).where(NeedSupport.need_id.in_(needs))
    return db.session.scalar(select(func.count()).select_from(union(authors, supporters).subquery())) or 0


def steps_for(actor: Actor, project: Project, region: Region) -> list[ProjectState]:
    """Where `actor` may take `project` by hand now; from public notice it goes back to where it was before.

    While residents vote, nowhere: the vote is sealed, or withdrawn before it opens. Source: A24, A26.
    """
    state = ProjectState(project.state)
    if state is ProjectState.CONSULTED:
        return []
    possible = [to for to in BY_HAND if to in NEXT[state]]
    if state is ProjectState.NOTICED:
        voted = any(step.state == ProjectState.VOTED for step in steps_of(project))
        back = ProjectState.VOTED if voted else ProjectState.DRAFTED
        possible = [to for to in possible if to in (back, ProjectState.STOPPED)]
    if state in CONTRACTED and not actor.holds(Role.OFFICIAL, region.path):
        possible = [to for to in possible if to is not ProjectState.STOPPED]
    return possible


@action
def take_on(actor: Actor, project: Project, region: Region, state: str, words: str) -> None:
    """A committee or an official takes a project to its next state by hand, with words that everyone reads."""
    if locked(project).state == state:
        return
    if state not in steps_for(actor, project, region):
        enforce([Refusal(N_("From where this project stands you cannot take it there."), "state")])
    if len(words.strip()) < lifecycle.FEWEST_WORDS:
        enforce([Refusal(N_("Please say in a few words what came of it, or why; everyone reads it."), "words")])
    if state == ProjectState.CLOSED:
        enforce(improving.closing_refusals(count_waiting(project)))
    move(actor, project, ProjectState(state), words)
    audit.record(actor, Deed.MOVE_PROJECT, project, state=state)


@action
def note_taking_part(
    actor: Actor, project: Project, way: str, took: int | None, asked: int | None, words: str, key: str
) -> None:
    """Note how many took part in the present stage, or why nobody could; once by `key`. Source: A23."""
    locked(project)
    enforce(lifecycle.participation_refusals(ProjectState(project.state), way, took, asked, words))
    took_part(project, Way(way), f"said:{key[:32]}", took or 0, asked=asked, words=words)
    audit.record(actor, Deed.MOVE_PROJECT, project, took_part=took or 0)


def _serve_needs(actor: Actor, project: Project) -> None:
    """The needs that a project answers are being served from the day on which it is."""
    if project.state != ProjectState.SERVING:
        return
    answered = select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)
    waiting = select(Need).where(Need.id.in_(answered), Need.state == NeedState.MATCHED).order_by(Need.id)
    office = db.session.get_one(Region, project.region_id)
    for need in db.session.scalars(waiting.with_for_update()).all():
        move_need(need, NeedState.IN_SERVICE, office=office)


FOLLOWS.append(_serve_needs)
