"""Voters are told that they are marked as having voted: in groups, so that no notice tells when."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from portal.notifications.actions import tell_all
from portal.notifications.models import Notice
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules.ballots import Stage
from portal.store import action, db, locked
from portal.store.clock import CHINA, now
from portal.voting.electors import ACCOUNT
from portal.voting.log import put
from portal.voting.models import LedgerEntry, LedgerMember, Round
from portal.voting.queries import stage_of

TEMPLATE = "vote_marked"
EVENING = time(20)
"""From this hour in China on whoever still waits is told, once that day, however few they are."""
PLAIN: dict[str, Any] = {"synchronize_session": False}


def tell_voters() -> int:
    """Tell those who voted since the last time, ten together or in the evening; gives how many were told."""
    going = select(Round).where(Round.frozen_at.is_not(None), Round.sealed_at.is_(None)).order_by(Round.id)
    return sum([_tell_group(round) for round in db.session.scalars(going).all()])


@action
def _tell_group(round: Round) -> int:
    locked(round)
    if round.sealed_at is not None:
        return 0
    waiting = _voters(round, ~LedgerEntry.told)
    fewest = rules_for(db.session.get_one(Region, round.region_id)).log_batch
    if len(waiting) < fewest and stage_of(round) is not Stage.CLOSED and not _evening(round.told_at):
        return 0
    _tell(round, waiting)
    return len(waiting)


def settle(round: Round) -> None:
    """At the sealing: tell the rest; then all notices are as if everyone had been told together, at the closing."""
    _tell(round, _voters(round, ~LedgerEntry.told))
    link, voters = _link(round), _voters(round)
    members = select(LedgerMember.person_id).where(LedgerMember.round_id == round.id)
    known = members.union_all(select(RollEntry.person_id))
    hers = Notice.person_id.in_(known), Notice.template == TEMPLATE, Notice.link == link
    seen = set(db.session.scalars(select(Notice.person_id).where(*hers, Notice.read_at.is_not(None))))
    db.session.execute(delete(Notice).where(*hers), execution_options=PLAIN)
    same = {"at": round.closes_at, "template": TEMPLATE, "values": named(round), "link": link}
    notices = [same | {"person_id": one, "read_at": round.closes_at if one in seen else None} for one in voters]
    put(Notice, notices)
    round.told_at = None


def named(round: Round) -> dict[str, Any]:
    """What a notice calls a round: by its question, in each language that it was translated to."""
    titles = {tag: said["question"] for tag, said in (round.translations or {}).items() if "question" in said}
    return {"title": round.question, "titles": titles} if titles else {"title": round.question}


def _evening(told_at: datetime | None) -> bool:
    """Whether it is evening in China and nobody has been told since it began."""
    here = now().astimezone(CHINA)
    begun = datetime.combine(here, EVENING, CHINA)
    return here >= begun and (told_at is None or told_at < begun)


def _voters(round: Round, *besides: ColumnElement[bool]) -> list[int]:
    """The people of the portal who are marked as having voted, in no order that tells when."""
    voted = (LedgerEntry.round_id == round.id, LedgerEntry.voted, *besides)
    who = (LedgerMember.round_id == LedgerEntry.round_id) & (LedgerMember.entry_id == LedgerEntry.by_number)
    people = select(ACCOUNT).join(RollEntry, RollEntry.id == LedgerMember.entry_id).join(LedgerEntry, who).where(*voted)
    return sorted({one for one in db.session.scalars(people) if one is not None})


def _tell(round: Round, people: Sequence[int]) -> None:
    tell_all(people, TEMPLATE, _link(round), **named(round))
    untold = update(LedgerEntry).where(LedgerEntry.round_id == round.id, LedgerEntry.voted, ~LedgerEntry.told)
    db.session.execute(untold.values(told=True), execution_options=PLAIN)
    round.told_at = now()


def _link(round: Round) -> str:
    return f"/{db.session.get_one(Region, round.region_id).code}/votes/{round.id}/"
