"""A need goes to another office under its own number, and comes back with an answer. Source: B11."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from portal import audit
from portal.needs.actions import tell_author
from portal.needs.models import HandOver, Need
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.rules import enforce, handing
from portal.rules.needs import NeedState
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now

MOST = 100


@action
def hand_over(actor: Actor, need: Need, region: Region, to: Region | None, office: str, words: str) -> None:
    """Hand a need of `region` to an office of a place above it; its author is told. Said again, it is once."""
    locked(need)
    waiting = db.session.scalar(select(HandOver).where(HandOver.need_id == need.id, HandOver.answered_at.is_(None)))
    if waiting and to and (waiting.to_id, waiting.office, waiting.words) == (to.id, office, words):
        return
    above = to is not None and to.id != region.id and region.path.startswith(to.path)
    state = NeedState(need.state)
    waits = waiting is not None
    enforce(handing.refusals(state, listed=need.listed, waits=waits, above=above, office=office, words=words))
    moment = now()
    due = working_days_after(moment, rules_for(region).hand_over_working_days)
    case = HandOver(need_id=need.id, to_id=to.id if to else 0, office=office, words=words, at=moment, due_at=due)
    db.session.add(case)
    tell_author(need, region, "need_handed")
    audit.record(actor, Deed.ANSWER_NEED, case, need=need.id)


@action
def answer_case(actor: Actor, case: HandOver, words: str) -> None:
    """The office says what it did; everyone reads it, and its author is told. Source: B11, B3."""
    locked(case)
    if case.answered_at and case.answer == words:
        return
    enforce(handing.answer_refusals(words, answered=case.answered_at is not None))
    case.answer, case.answered_at = words, now()
    need = db.session.get_one(Need, case.need_id)
    tell_author(need, db.session.get_one(Region, need.region_id), "need_answered")
    audit.record(actor, Deed.TAKE_CASE, case, need=need.id)


def cases_of(need: Need) -> Sequence[Row[HandOver, Region]]:
    """Where a need was handed to, in order, each with the place of the office."""
    rows = select(HandOver, Region).join(Region, Region.id == HandOver.to_id).where(HandOver.need_id == need.id)
    return db.session.execute(rows.order_by(HandOver.id)).all()


def cases_for(region: Region) -> Sequence[Row[HandOver, Need, Region]]:
    """What was handed to the offices of `region`: what waits first, the longest overdue on top."""
    return db.session.execute(
        select(HandOver, Need, Region)
        .join(Need, Need.id == HandOver.need_id)
        .join(Region, Region.id == Need.region_id)
        .where(HandOver.to_id == region.id, Need.listed)
        .order_by(HandOver.answered_at.is_not(None), HandOver.due_at, HandOver.id)
        .limit(MOST)
    ).all()


def find_case(number: int, found: dict[str, Any]) -> HandOver | None:
    """A case of the offices of the region."""
    case = db.session.get(HandOver, number)
    return case if case is not None and case.to_id == found["region"].id else None


def need_of(case: HandOver) -> tuple[Need, Region]:
    row = select(Need, Region).join(Region, Region.id == Need.region_id).where(Need.id == case.need_id)
    need, region = db.session.execute(row).one()
    return need, region
