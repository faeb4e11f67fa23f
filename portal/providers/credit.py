"""Stars and credit of providers as they stand on a day: what selection, supervision and pages read."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.providers.models import CreditEvent, StandingEntry, StarLevel
from portal.rules.credit import Credit, Event, EventKind, credit_on
from portal.rules.numbers import Numbers
from portal.rules.outside import Entry, EntryKind
from portal.store import db
from portal.store.clock import CHINA, today


def stars_on(provider_ids: Sequence[int], day: date) -> dict[int, StarLevel]:
    """The last award of each provider until `day`, in one statement; whether it holds says `holding`."""
    newest = (
        select(StarLevel.provider_id, func.max(StarLevel.quarter).label("quarter"))
        .where(StarLevel.provider_id.in_(provider_ids), StarLevel.valid_from <= day)
        .group_by(StarLevel.provider_id)
        .subquery()
    )
    same = (StarLevel.provider_id == newest.c.provider_id) & (StarLevel.quarter == newest.c.quarter)
    return {one.provider_id: one for one in db.session.scalars(select(StarLevel).join(newest, same))}


def holding(level: StarLevel | None, day: date) -> int:
    """How many stars hold on `day`; 0: not rated."""
    if level is None or day > level.valid_until or (level.withdrawn_on is not None and level.withdrawn_on <= day):
        return 0
    return level.stars


def stars_now(provider_id: int) -> int:
    """How many stars of a provider hold today; 0: not rated."""
    return holding(stars_on([provider_id], today()).get(provider_id), today())


def credits_of(provider_ids: Sequence[int], numbers: Numbers, day: date) -> dict[int, Credit]:
    """The credit of each of these providers on `day`."""
    return {number: credit_on(*record, day, numbers) for number, record in records_of(provider_ids).items()}


def records_of(provider_ids: Sequence[int]) -> dict[int, tuple[list[Event], list[Entry]]]:
    """The credit record of each of these providers, in two statements however many they are."""
    found: dict[int, tuple[list[Event], list[Entry]]] = {number: ([], []) for number in provider_ids}
    for event in db.session.scalars(_of(CreditEvent, provider_ids)):
        found[event.provider_id][0].append(as_event(event))
    for entry in db.session.scalars(_of(StandingEntry, provider_ids)):
        found[entry.provider_id][1].append(as_entry(entry))
    return found


def _of(model: Any, provider_ids: Sequence[int]) -> Any:
    return select(model).where(model.provider_id.in_(provider_ids)).order_by(model.id)


def as_event(event: CreditEvent) -> Event:
    """An event as the rules count it."""
    day = event.at.astimezone(CHINA).date()
    return Event(event.id, EventKind(event.kind), event.points, day, event.expires_on, event.ended_on)


def as_entry(entry: StandingEntry) -> Entry:
    return Entry(EntryKind(entry.kind), entry.from_on, entry.until_on, entry.grade)
