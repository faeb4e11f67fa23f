"""At the sealing everything goes that leads from voters to ballots: rows, their order, and what files still hold."""

from operator import attrgetter
from typing import Any

from sqlalchemy import Result, delete, select, update

from portal.notifications.models import Notice
from portal.rolls.models import RollEntry
from portal.rules import opencount
from portal.store import action, db, engines
from portal.voting import log
from portal.voting.models import Ballot, BallotRecord, LedgerEntry, Round

PLAIN: dict[str, Any] = {"synchronize_session": False}
CLEANED = [model.__tablename__ for model in (Ballot, LedgerEntry, RollEntry, Notice, Round)]
"""Tables with rows that go, or are written anew, at a sealing; rooms above add theirs."""


def forget_who(round: Round) -> None:
    """Write ballots and roll anew in the order of their keys; what linked them, and what was taken back, is gone."""
    _publish(round)
    db.session.execute(delete(Ballot).where(Ballot.round_id == round.id), execution_options=PLAIN)
    _rewrite_roll(round)
    round.salt = None


def _publish(round: Round) -> None:
    """Keep what is published of the ballots, and nothing where only totals are."""
    if round.published == opencount.AGGREGATE:
        return
    ballots: Result[Any] = db.session.execute(
        select(Ballot.code, Ballot.choices, Ballot.secret)
        .where(Ballot.round_id == round.id, ~Ballot.void)
        .execution_options(yield_per=log.AT_ONCE)
    )
    records = [record for ballot in ballots for record in log.records_of(round, ballot)]
    records.sort(key=attrgetter("tag"))
    rows = ({"round_id": round.id, "tag": one.tag, "choices": one.choices, "nonce": one.nonce} for one in records)
    log.put(BallotRecord, rows)


def _rewrite_roll(round: Round) -> None:
    """No line may tell by its place, or by the transaction that wrote it, when somebody voted."""
    last = 0
    of_round, number = LedgerEntry.round_id == round.id, LedgerEntry.number
    while True:
        some = select(LedgerEntry.__table__).where(of_round, number > last).order_by(number).limit(log.AT_ONCE)
        lines = [dict(line) for line in db.session.execute(some).mappings()]
        if not lines:
            break
        first, last = lines[0]["number"], lines[-1]["number"]
        db.session.execute(delete(LedgerEntry).where(of_round, number.between(first, last)), execution_options=PLAIN)
        log.put(LedgerEntry, lines)
    here = select(LedgerEntry.region_id).where(of_round)
    again = update(RollEntry).where(RollEntry.region_id.in_(here)).values(person_id=RollEntry.person_id)
    db.session.execute(again, execution_options=PLAIN)  # some were claimed by voters on their way to the ballot


def clean() -> bool:
    """Leave nothing in the database's files of what sealings deleted; what hinders it now is tried again later."""
    sealed = Round.sealed_at.is_not(None), ~Round.cleaned
    waiting = list(db.session.scalars(select(Round.id).where(*sealed)))
    if not waiting:
        return True
    db.session.rollback()
    if not engines.scrub(db.engine, *CLEANED):
        return False
    _note_cleaned(waiting)
    return True


@action
def _note_cleaned(numbers: list[int]) -> None:
    db.session.execute(update(Round).where(Round.id.in_(numbers)).values(cleaned=True))
