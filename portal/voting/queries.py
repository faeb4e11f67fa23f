"""Votes as residents see them: what is open, one's own ballot, and results, never before the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, func, select

from portal.accounts.models import Residency
from portal.accounts.queries import Home, lives_below
from portal.projects.models import DesignOption, Project
from portal.regions.models import Region
from portal.rules import ballots, tally
from portal.rules.ballots import Stage, Standing
from portal.rules.permissions import Actor
from portal.rules.tally import Candidate, Result
from portal.store import db
from portal.store.clock import now
from portal.voting.models import Round, RoundCount, Vote

MOST_CLOSED = 50


class Poll(NamedTuple):
    """A round with the project that it decides and the region whose residents vote."""

    round: Round
    project: Project
    region: Region


def find_poll(number: int, found: dict[str, Any]) -> Poll | None:
    """A round by its number, under its region or any place below it, for those vote too."""
    poll = db.session.execute(
        select(Round, Project, Region)
        .join(Project, Project.id == Round.project_id)
        .join(Region, Region.id == Round.region_id)
        .where(Round.id == number)
    ).first()
    return Poll(*poll) if poll and found["region"].path.startswith(poll.Region.path) else None


def stage_of(round: Round | Row[Any]) -> Stage:
    """Where a round stands at this moment."""
    return ballots.stage(round.opens_at, round.closes_at, now())


def standing_of(actor: Actor, home: Home | None, region: Region) -> Standing:
    """What `actor`, who lives at `home`, is to a round of `region`."""
    return ballots.standing(
        signed_in=actor.id is not None,
        home=home.path if home else None,
        verified=home is not None and home.verified,
        region=region.path,
    )


def rounds_of(region: Region) -> dict[Stage, list[Row[Any]]]:
    """The rounds in which residents of `region` may vote, its own and those of the regions above it, by stage.

    Open ones with the nearest end first, coming ones in order, the latest of the closed ones.
    """
    above = [int(number) for number in region.path.split(".") if number]
    designs = (
        select(func.count()).select_from(DesignOption).where(DesignOption.project_id == Project.id).scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Round.id,
            Round.opens_at,
            Round.closes_at,
            Project.title,
            Project.translations,
            Project.budget_fen,
            Project.place,
            Region,
            designs.label("designs"),
        )
        .join(Project, Project.id == Round.project_id)
        .join(Region, Region.id == Round.region_id)
        .where(Round.region_id.in_(above))
        .order_by(Round.closes_at.desc(), Round.id.desc())
        .limit(MOST_CLOSED)
    ).all()
    by_stage: dict[Stage, list[Row[Any]]] = {stage: [] for stage in Stage}
    for row in rows:
        by_stage[stage_of(row)].append(row)
    by_stage[Stage.OPEN].reverse()
    by_stage[Stage.COMING].sort(key=lambda row: (row.opens_at, row.id))
    return by_stage


def round_of(project: Project) -> Round | None:
    return db.session.scalar(select(Round).where(Round.project_id == project.id))


def ballot_of(round: Round, actor: Actor) -> Sequence[Row[Any]]:
    """The designs as they were listed, each with whether `actor` approves it."""
    mine = and_(Vote.round_id == round.id, Vote.person_id == actor.id, Vote.design_id == DesignOption.id)
    return db.session.execute(
        select(*_DESIGN, exists().where(mine).label("approved"))
        .where(DesignOption.project_id == round.project_id)
        .order_by(DesignOption.id)
    ).all()


_DESIGN = (
    DesignOption.id,
    DesignOption.title,
    DesignOption.story,
    DesignOption.translations,
    DesignOption.cost_fen,
    DesignOption.picture,
)


@dataclass(frozen=True)
class Outcome:
    """What a closed round came to; `results` in order, each with the design's words in `designs`."""

    results: list[Result]
    designs: dict[int, Row[Any]]
    eligible: int
    voters: int
    left_fen: int

    @property
    def turnout(self) -> Fraction | None:
        return tally.turnout(self.voters, self.eligible)

    @property
    def votes(self) -> int:
        return sum(one.votes for one in self.results)


class NotClosed(LookupError):
    """Somebody asked for the result of a round that has not closed: nobody may have it, through no way."""


def results_of(poll: Poll) -> Outcome:
    """The result of a closed round, as counted, or counted now where that is still to be done. Raises NotClosed."""
    if stage_of(poll.round) is not Stage.CLOSED:
        raise NotClosed
    designs = {row.id: row for row in db.session.execute(select(*_DESIGN).where(_on_ballot(poll.round)))}
    votes = _counted(poll.round) if poll.round.eligible is not None else count_votes(poll.round)
    eligible, voters = poll.round.eligible, poll.round.voters
    if eligible is None or voters is None:
        eligible, voters = count_people(poll.round, poll.region)
    candidates = [Candidate(row.id, row.cost_fen, votes.get(row.id, 0)) for row in designs.values()]
    results = tally.results(candidates, poll.project.budget_fen)
    return Outcome(results, designs, eligible, voters, tally.money_left(results, poll.project.budget_fen))


def _on_ballot(round: Round) -> ColumnElement[bool]:
    return DesignOption.project_id == round.project_id


def _counted(round: Round) -> dict[int, int]:
    rows = db.session.execute(select(RoundCount.design_id, RoundCount.votes).where(RoundCount.round_id == round.id))
    return {row.design_id: row.votes for row in rows}


def count_votes(round: Round) -> dict[int, int]:
    """The votes of each design that has any. For the count after the end only."""
    rows = db.session.execute(
        select(Vote.design_id, func.count().label("votes")).where(Vote.round_id == round.id).group_by(Vote.design_id)
    )
    return {row.design_id: row.votes for row in rows}


def count_people(round: Round, region: Region) -> tuple[int, int]:
    """How many might have voted, and how many did.

    Those might who were confirmed residents when it closed, and those who voted as such and have moved since.
    """
    resident = and_(lives_below(region.path), Residency.verified_at <= round.closes_at)
    voted = exists().where(Vote.round_id == round.id, Vote.person_id == Residency.person_id)
    homes = select(func.count(), func.count().filter(voted)).select_from(Residency)
    residents, here = db.session.execute(homes.join(Region, Region.id == Residency.region_id).where(resident)).one()
    voters = db.session.scalar(select(func.count(Vote.person_id.distinct())).where(Vote.round_id == round.id)) or 0
    return residents + voters - here, voters


def uncounted_rounds(at: datetime) -> Sequence[Round]:
    """Rounds that had closed `at` this moment and wait for their count."""
    return db.session.scalars(
        select(Round).where(Round.closes_at <= at, Round.eligible.is_(None)).order_by(Round.id)
    ).all()
