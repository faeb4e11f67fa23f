"""What is done with votes: announce, cast, count."""

from datetime import datetime

from sqlalchemy import delete, select

from portal import audit
from portal.accounts.queries import home_of
from portal.projects.models import DesignOption, Project
from portal.projects.queries import designs_of
from portal.regions.models import Region
from portal.rules import ballots, enforce
from portal.rules.ballots import Stage
from portal.rules.permissions import NOBODY, Actor, Deed
from portal.rules.projects import ProjectState
from portal.store import action, db, locked, put_once
from portal.store.clock import now
from portal.voting import queries
from portal.voting.models import Round, RoundCount, Vote


@action
def open_round(actor: Actor, project: Project, opens_at: datetime | None, closes_at: datetime | None) -> Round:
    """Announce a vote on the designs of a project, open between two moments; from now on the project stays as it is."""
    locked(project)
    enforce(
        ballots.round_refusals(
            opens_at,
            closes_at,
            at=now(),
            designs=len(designs_of(project)),
            announced=queries.round_of(project) is not None,
        )
    )
    round = Round(project_id=project.id, region_id=project.region_id, opens_at=opens_at, closes_at=closes_at)
    db.session.add(round)
    project.state = ProjectState.CONSULTED.value
    audit.record(actor, Deed.RUN_ROUND, round, project=project.id)
    return round


@action
def cast_vote(actor: Actor, round: Round, design_id: int, approve: bool) -> None:
    """Approve a design, or take that back; said twice it counts once. Nothing is logged of who chose what.

    The round is held so that its count waits for this vote, while other voters need not wait.
    """
    db.session.refresh(round, with_for_update={"read": True, "key_share": True})
    region = db.session.get_one(Region, round.region_id)
    voter = queries.standing_of(actor, home_of(actor), region)
    designs = db.session.scalars(select(DesignOption.id).where(DesignOption.project_id == round.project_id)).all()
    enforce(ballots.may_vote(voter, queries.stage_of(round), design=design_id, designs=designs))
    if approve:
        put_once(Vote, round_id=round.id, person_id=actor.id, design_id=design_id, at=now())
    else:
        mine = (Vote.round_id == round.id, Vote.person_id == actor.id, Vote.design_id == design_id)
        db.session.execute(delete(Vote).where(*mine))


def count_closed_rounds() -> int:
    """Count every round that has closed and is not counted yet; gives how many this call counted."""
    return sum([count_round(round) for round in queries.uncounted_rounds(now())])


@action
def count_round(round: Round) -> bool:
    """Write down the votes, voters and eligible residents of a closed round, once, whoever comes first."""
    locked(round)
    if round.eligible is not None or queries.stage_of(round) is not Stage.CLOSED:
        return False
    votes = queries.count_votes(round)
    project = db.session.get_one(Project, round.project_id)
    round.eligible, round.voters = queries.count_people(round, db.session.get_one(Region, round.region_id))
    db.session.add_all(
        RoundCount(round_id=round.id, design_id=design.id, votes=votes.get(design.id, 0))
        for design in designs_of(project)
    )
    project.state = ProjectState.VOTED.value
    audit.record(NOBODY, Deed.RUN_ROUND, round, eligible=round.eligible, voters=round.voters, votes=votes)
    return True
