"""Votes as residents see them: what is open, one's own ballot, and results, never before the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from portal.projects.models import DesignOption, Project
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules import ballots, counting, decisions
from portal.rules.ballots import Mark, Stage, Terms
from portal.rules.counting import Completion, Method, Outcome, Rule
from portal.rules.decisions import Share
from portal.rules.elections import BallotKind, Election
from portal.rules.elections import Project as Candidate
from portal.rules.permissions import NOBODY, Actor
from portal.rules.places import WHOLE
from portal.store import db
from portal.store.clock import now
from portal.store.memory import kept
from portal.voting.electors import Elector, part_of
from portal.voting.keys import handle_of
from portal.voting.models import Ballot, LedgerEntry, LedgerMember, OptionCount, PlaceCount, Round, RoundOption

MOST_CLOSED = 50
MOST_LISTED = 100
"""Open and coming ones before closed ones, so that no closed one hides an open one."""
BESIDE = Method(Rule.EQUAL_SHARES, completion=Completion.ADD1, increment=100)
"""What is shown beside a greedy count. Source: domain/voting, defaults."""


class Poll(NamedTuple):
    """A round with the region whose residents vote, and the project that it is about, if it is about one."""

    round: Round
    region: Region
    project: Project | None


def find_poll(number: int, found: dict[str, Any]) -> Poll | None:
    """A round by its number, under its region or any place below it, for those vote too."""
    poll = db.session.execute(
        select(Round, Region, Project)
        .join(Region, Region.id == Round.region_id)
        .outerjoin(Project, Project.id == Round.project_id)
        .where(Round.id == number)
    ).first()
    return Poll(*poll) if poll and found["region"].path.startswith(poll.Region.path) else None


def stage_of(round: Round | Row[Any]) -> Stage:
    """Where a round stands at this moment; what is sealed stays closed, whatever a clock says."""
    if getattr(round, "sealed_at", None):
        return Stage.CLOSED
    return ballots.stage(round.opens_at, round.closes_at, now())


def rounds_of(region: Region, actor: Actor = NOBODY) -> dict[Stage, list[Row[Any]]]:
    """The rounds in which residents of `region` may vote, its own and those of the regions above it, by stage.

    Open ones with the nearest end first, coming ones in order, the latest of the closed ones.
    """
    above = [int(number) for number in region.path.split(".") if number]
    options = select(func.count()).where(RoundOption.round_id == Round.id).scalar_subquery()
    rows = db.session.execute(
        select(
            Round.id,
            Round.opens_at,
            Round.closes_at,
            Round.question,
            Round.translations,
            Round.budget_fen,
            Region,
            options.label("options"),
            part_of(actor).label("part"),
        )
        .join(Region, Region.id == Round.region_id)
        .where(Round.region_id.in_(above))
        .order_by(Round.closes_at <= now(), Round.closes_at.desc(), Round.id.desc())
        .limit(MOST_LISTED)
    ).all()
    by_stage: dict[Stage, list[Row[Any]]] = {stage: [] for stage in Stage}
    for row in rows:
        by_stage[stage_of(row)].append(row)
    by_stage[Stage.OPEN].reverse()
    by_stage[Stage.COMING].sort(key=lambda row: (row.opens_at, row.id))
    return by_stage


def rounds_on(project: Project) -> Sequence[Round]:
    """The rounds in which a project, or a design of it, can be chosen, the newest first."""
    return db.session.scalars(
        select(Round)
        .where(Round.id.in_(select(RoundOption.round_id).where(RoundOption.project_id == project.id)))
        .order_by(Round.id.desc())
    ).all()


def options_of(round: Round) -> Sequence[RoundOption]:
    """What can be chosen, as listed."""
    return db.session.scalars(
        select(RoundOption).where(RoundOption.round_id == round.id).order_by(RoundOption.number)
    ).all()


def shown_options(round: Round) -> Sequence[Row[Any]]:
    """What can be chosen, as listed, with story and picture of the design or project."""
    return _kept_options(round.id) if round.frozen_at else _shown_options(round.id)


def _shown_options(round_id: int) -> Sequence[Row[Any]]:
    return db.session.execute(
        select(
            RoundOption.number,
            RoundOption.title,
            RoundOption.cost_fen,
            RoundOption.project_id,
            func.coalesce(DesignOption.translations, Project.translations, type_=RoundOption.translations.type).label(
                "translations"
            ),
            func.coalesce(DesignOption.story, Project.story, RoundOption.story).label("story"),
            DesignOption.picture,
            Region.code.label("region_code"),
        )
        .outerjoin(Project, Project.id == RoundOption.project_id)
        .outerjoin(Region, Region.id == Project.region_id)
        .outerjoin(DesignOption, DesignOption.id == RoundOption.design_id)
        .where(RoundOption.round_id == round_id)
        .order_by(RoundOption.number)
    ).all()


_kept_options = kept(_shown_options)
"""Of a frozen round nothing that is shown changes any more."""


def terms_of(round: Round) -> Terms:
    """What a ballot of the round may hold."""
    costs = {one.number: one.cost_fen for one in shown_options(round)}
    return Terms(BallotKind(round.ballot), round.most, costs, round.budget_fen)


def own_ballot(round: Round, elector: Elector | None, *, void: bool = False) -> Ballot | None:
    """The ballot that `elector` cast, while the round is not sealed; nobody else's.

    `void`: also one that she took back, for its turn.
    """
    if elector is None or round.salt is None or elector.standing is not ballots.Standing.VOTER:
        return None
    mine = (Ballot.round_id == round.id, Ballot.handle == handle_of(round, elector.number))
    found = db.session.scalar(select(Ballot).where(*mine))
    return found if found and (void or not found.void) else None


def votes_of(actor: Actor, home: str = "") -> Sequence[Row[Any]]:
    """The latest rounds on whose rolls `actor` stands, and her `part` in them: whether she voted, never what.

    `home`: the path of where she lives, if she has said so; else the community on whose roll she is known.
    """
    own = select(Region.path).join(RollEntry, RollEntry.region_id == Region.id).where(RollEntry.person_id == actor.id)
    above = [int(number) for number in (home or db.session.scalar(own) or "").split(".") if number]
    elsewhere = select(LedgerMember.round_id).where(LedgerMember.person_id == actor.id)
    part = part_of(actor)
    return db.session.execute(
        select(
            Round.id,
            Round.question,
            Round.translations,
            Round.closes_at,
            Round.sealed_at,
            Region.code,
            part.label("part"),
        )
        .join(Region, Region.id == Round.region_id)
        .where(Round.region_id.in_(above) | Round.id.in_(elsewhere), part.is_not(None))
        .order_by(Round.closes_at.desc(), Round.id.desc())
        .limit(MOST_CLOSED)
    ).all()


def marks_of(ballot: Ballot) -> dict[int, Mark]:
    return {int(option): Mark(*mark) for option, mark in ballot.marks.items()}


@dataclass(frozen=True)
class Result:
    """What a sealed round came to. Votes by option number; money in fen."""

    outcome: Outcome
    beside: Outcome | None
    counts: dict[int, int]
    options: dict[int, Row[Any]]
    eligible: int
    voters: int
    legal: decisions.Standing

    @property
    def turnout(self) -> Fraction | None:
        """實到 out of 應到, exactly; None where nobody might. Source: A23, domain/voting."""
        return Fraction(self.voters, self.eligible) if self.eligible else None


class NotClosed(LookupError):
    """Somebody asked for the result of a round that is not sealed: nobody may have it, through no way."""


def result_of(poll: Poll) -> Result:
    """The result of a sealed round. Raises NotClosed."""
    round = poll.round
    if round.sealed_at is None or round.eligible is None or round.voters is None:
        raise NotClosed
    rows = db.session.execute(select(OptionCount.number, OptionCount.votes).where(OptionCount.round_id == round.id))
    counts = {row.number: row.votes for row in rows}
    options = {one.number: one for one in shown_options(round)}
    outcome = Outcome.from_json(round.outcome) if round.outcome else _recounted(round, counts, options)
    return Result(
        outcome,
        Outcome.from_json(round.beside_outcome) if round.beside_outcome else None,
        {number: counts.get(number, 0) for number in options},
        options,
        round.eligible,
        round.voters,
        decisions.record(round.eligible, round.voters, share(round.quorum), share(round.majority)),
    )


class PlaceShare(NamedTuple):
    """One community in a sealed round: its ballots, and how many name each option; None: hidden."""

    region: Region
    ballots: int | None
    votes: dict[int, int | None]


def places_of(round: Round) -> list[PlaceShare]:
    """The support by community, where several voted, in the order of the places."""
    rows = db.session.execute(
        select(Region, PlaceCount.number, PlaceCount.votes)
        .join(PlaceCount, PlaceCount.region_id == Region.id)
        .where(PlaceCount.round_id == round.id)
        .order_by(Region.path, PlaceCount.number)
    )
    found: dict[int, PlaceShare] = {}
    for region, number, votes in rows:
        if number == WHOLE:
            found[region.id] = PlaceShare(region, votes, {})
        else:
            found[region.id].votes[number] = votes
    return list(found.values())


def share(text: str | None) -> Share | None:
    return Share.read(text) if text else None


def _recounted(round: Round, counts: dict[int, int], options: dict[int, Row[Any]]) -> Outcome:
    """Votes older than the log have totals only: equal ones go by cost, then as listed, as was said then."""
    ordered = sorted(options.values(), key=lambda one: (one.cost_fen, one.number))
    election = Election(
        BallotKind(round.ballot),
        round.budget_fen,
        tuple(Candidate(str(one.number), one.cost_fen) for one in options.values()),
        {(str(number),): votes for number, votes in counts.items()},
        lot={str(one.number): place for place, one in enumerate(ordered)},
    )
    return counting.count(election, Method.from_json(round.method))


def count_voted(round: Round) -> int:
    """How many have voted so far; who, nobody is told."""
    mine = (LedgerEntry.round_id == round.id, LedgerEntry.voted)
    return db.session.scalar(select(func.count()).select_from(LedgerEntry).where(*mine)) or 0


def unsealed_rounds(at: datetime) -> Sequence[Round]:
    """Rounds that had closed `at` this moment and are not counted yet."""
    return db.session.scalars(
        select(Round).where(Round.closes_at <= at, Round.sealed_at.is_(None)).order_by(Round.id)
    ).all()
