"""What happens to a round after its closing: counted, sealed, published."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, func, insert, select

from portal.policies.queries import rules_for
from portal.projects.lifecycle import all_took_part, move_all
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules import counting, elections, opencount, places
from portal.rules.ballots import Stage
from portal.rules.counting import Method, Outcome
from portal.rules.elections import BallotKind, Election
from portal.rules.equal_shares import TooLong
from portal.rules.lifecycle import Way
from portal.rules.numbers import Numbers
from portal.rules.permissions import NOBODY
from portal.rules.projects import ProjectState
from portal.store import action, db, locked
from portal.store.clock import now
from portal.voting import forgetting, log, notices
from portal.voting.models import Ballot, BallotRecord, LedgerEntry, OptionCount, PlaceCount, Round, RoundOption
from portal.voting.queries import count_voted, options_of, stage_of, unsealed_rounds
from portal.voting.rounds import freeze_round, one_by_one

Patterns = dict[tuple[int, str], int]
_chance = secrets.SystemRandom()
WAITS: list[Callable[[Round], bool]] = []
"""Whether a closed round still waits for something, such as papers to be entered; rooms above say so."""
FORGETS: list[Callable[[Round], None]] = []
"""What else is forgotten when a round is sealed; rooms above say so, and name its table in forgetting.CLEANED."""
PATIENCE = 20_000_000
"""So many ballots are looked at for the result that is only shown beside; that takes some seconds."""
PAUSE = timedelta(minutes=10)
"""Between two batches of the public log. Source: trust 3.5."""


class Counted(NamedTuple):
    """What a count came to: votes or points by key, what decides, and what is shown beside it if that can be had."""

    scores: dict[str, int]
    outcome: Outcome
    beside: Outcome | None


def log_waiting_ballots() -> int:
    """Give the public log of each open round what waits, where enough ballots wait to hide in each other."""
    going = select(Round).where(Round.frozen_at.is_not(None), Round.sealed_at.is_(None)).order_by(Round.id)
    return one_by_one(log_batch, [round for round in db.session.scalars(going).all() if _rested(round)])


@action
def log_batch(round: Round) -> int:
    """Log the ballots that wait, but for as many as make a batch; which of them stay behind is drawn.

    So each batch, the last one too, has enough ballots to hide in, and who follows the log cannot tell
    by the hour in which batch a ballot is. Gives how many were logged.
    """
    locked(round)
    fewest = rules_for(db.session.get_one(Region, round.region_id)).log_batch
    if round.sealed_at is not None or not _rested(round):
        return 0
    waiting = _waiting(round)
    cast = [ballot.handle for ballot in waiting if not ballot.void]
    if len(cast) < 2 * fewest:
        return 0
    staying = set(_chance.sample(cast, fewest))
    log.log_ballots(round, [ballot for ballot in waiting if ballot.handle not in staying])
    return len(waiting) - fewest


def _rested(round: Round) -> bool:
    head = log.newest_head(round)
    return head is None or head.size == 1 or abs(now() - head.at) >= PAUSE


def _waiting(round: Round) -> Sequence[Row[Any]]:
    db.session.flush()
    return db.session.execute(
        select(Ballot.handle, Ballot.code, Ballot.choices, Ballot.secret, Ballot.void, Ballot.leaves)
        .where(Ballot.round_id == round.id, ~Ballot.logged)
        .with_for_update()
    ).all()


def seal_closed_rounds() -> int:
    """Count and seal every round that has closed; gives how many this call sealed. Nothing stays that links them."""
    sealed = one_by_one(seal_round, unsealed_rounds(now()))
    forgetting.clean()
    return sealed


def seal_round(round: Round) -> bool:
    """Count a closed round, publish it and destroy what leads from voters to ballots, once, whoever comes first.

    It is counted before anybody has to wait; if it changes meanwhile, the next call seals it.
    """
    if not _due(round):
        return False
    freeze_round(round)
    patterns = _patterns(round)
    return _seal(round, patterns, _counted(round, patterns))


def _due(round: Round) -> bool:
    closed = round.sealed_at is None and stage_of(round) is Stage.CLOSED
    return closed and not any(waits(round) for waits in WAITS)


@action
def _seal(round: Round, patterns: Patterns, counted: Counted) -> bool:
    """Roll and ballots are written anew in the order of their keys, in one transaction. Source: trust 3.6."""
    locked(round)
    if not _due(round) or _patterns(round) != patterns:
        return False
    numbers = rules_for(db.session.get_one(Region, round.region_id))
    cast = _cast(patterns)
    round.published = opencount.form_at_closing(
        round.publish, BallotKind(round.ballot), round.method, cast, log.fewest_of(round)
    )
    _keep(round, counted)
    _count_places(round, patterns, numbers)
    round.voters = count_voted(round)
    log.close(round, _waiting(round), sum(cast.values()), round.voters, round.published)
    notices.settle(round)
    forgetting.forget_who(round)
    for forget in FORGETS:
        forget(round)
    round.sealed_at = now()
    _note_vote(round)
    return True


def _note_vote(round: Round) -> None:
    """The projects that were voted on go on, and everyone reads how many took part. Source: A23."""
    of_round = select(RoundOption.project_id).where(RoundOption.round_id == round.id)
    rows = select(Project).where(Project.id.in_(of_round), Project.state == ProjectState.CONSULTED)
    projects = db.session.scalars(rows.order_by(Project.id)).all()
    all_took_part(projects, Way.VOTE, f"round:{round.id}", round.voters or 0, asked=round.eligible)
    move_all(NOBODY, [one.id for one in projects], ProjectState.VOTED, round=round.id)


def _patterns(round: Round) -> Patterns:
    """How many ballots there are of each community and content."""
    rows = db.session.execute(
        select(Ballot.region_id, Ballot.choices, func.count())
        .where(Ballot.round_id == round.id, ~Ballot.void)
        .group_by(Ballot.region_id, Ballot.choices)
    )
    return {(region_id, choices): times for region_id, choices, times in rows}


def _cast(patterns: Patterns) -> Counter[str]:
    """How many ballots there are of each content."""
    cast = Counter[str]()
    for (_, choices), times in patterns.items():
        cast[choices] += times
    return cast


def _counted(round: Round, patterns: Patterns) -> Counted:
    """What decides, and what is shown beside it, as far as that can be had in reasonable time."""
    election, beside = election_of(round, _cast(patterns)), None
    if round.beside:
        with suppress(TooLong):
            beside = counting.count(election, Method.from_json(round.beside), PATIENCE)
    return Counted(elections.scores(election), counting.count(election, Method.from_json(round.method)), beside)


def _keep(round: Round, counted: Counted) -> None:
    round.outcome = counted.outcome.as_json()
    round.beside_outcome = counted.beside.as_json() if counted.beside else None
    totals = [{"round_id": round.id, "number": int(key), "votes": votes} for key, votes in counted.scores.items()]
    if totals:
        db.session.execute(insert(OptionCount), totals)


def election_of(round: Round, cast: Counter[str]) -> Election:
    """A round as it is counted; the lots come from its seed."""
    kind, options = BallotKind(round.ballot), options_of(round)
    drawn = sorted((str(one.number) for one in options), key=lambda key: opencount.lot(round.seed, key))
    return Election(
        kind,
        round.budget_fen,
        tuple(elections.Project(str(one.number), one.cost_fen) for one in options),
        {elections.choices_of(kind, choices): times for choices, times in cast.items()},
        tuple(frozenset(str(number) for number in group) for group in round.conflicts),
        {key: place for place, key in enumerate(drawn)},
    )


def _count_places(round: Round, patterns: Patterns, numbers: Numbers) -> None:
    """Keep how many of each community's ballots name each option, as far as it tells nothing about single voters."""
    kind, on_roll = BallotKind(round.ballot), select(LedgerEntry.region_id).where(LedgerEntry.round_id == round.id)
    by_place = {region_id: Counter[int]() for region_id in db.session.scalars(on_roll.distinct())}
    for (region_id, choices), times in patterns.items():
        place = by_place.setdefault(region_id, Counter())
        place[places.WHOLE] += times
        for mark in elections.choices_of(kind, choices):
            place[int(mark if isinstance(mark, str) else mark[0])] += times
    if len(by_place) < 2:
        return
    shown = places.publishable(
        by_place,
        [one.number for one in options_of(round)],
        numbers.cell_to_publish,
        places.rows_of(kind, round.published or round.publish),
    )
    rows = [
        {"round_id": round.id, "region_id": region_id, "number": number, "votes": votes}
        for region_id, cells in shown.items()
        for number, votes in cells.items()
    ]
    db.session.execute(insert(PlaceCount), rows)


def open_data(round: Round) -> str:
    """The bundle of a sealed round, as docs/open-count.md describes it."""
    assert round.outcome is not None
    records = db.session.execute(
        select(BallotRecord.tag, BallotRecord.choices, BallotRecord.nonce).where(BallotRecord.round_id == round.id)
    )
    roll = db.session.execute(select(LedgerEntry.line, LedgerEntry.voted).where(LedgerEntry.round_id == round.id))
    counts = db.session.execute(
        select(OptionCount.number, OptionCount.votes)
        .where(OptionCount.round_id == round.id)
        .order_by(OptionCount.number)
    )
    outcome = counting.Outcome.from_json(round.outcome)
    return opencount.bundle(
        log.leaves_of(round),
        log.published(log.daily_heads(round)),
        [opencount.Record(*one) for one in records],
        {one.line: one.voted for one in roll},
        opencount.Counted({str(one.number): one.votes for one in counts}, outcome.winners, outcome.total, outcome.ties),
    )
