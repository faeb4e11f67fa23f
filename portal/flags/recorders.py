"""Who recorded which services: for flags, and so that nobody decides about what she recorded herself."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import exists, func, or_, select

from portal.accounts.secrets import keyed_hash
from portal.ratings.inviting import inviter_mark
from portal.ratings.models import Rating, RatingHold, ServiceRecord
from portal.store import db
from portal.store.clock import today

MONTHS = 9
"""So old a rating that waits may be: a service is rated for three months, few ratings wait for months."""
BEFORE = timedelta(days=120)
"""Before the first rating that waits: from what happened then it is known what is usual."""
IN_PERSON = or_(ServiceRecord.key.is_(None), ServiceRecord.key.not_like("%:%"))
"""Recorded by somebody, not by a list."""


def unmasked() -> dict[str, str]:
    """For each mark that a rating may have the name under which flags know who recorded it, the same in all months."""
    recorders = select(ServiceRecord.recorded_by_id).where(ServiceRecord.served_on >= today() - MONTHS * timedelta(31))
    return {
        inviter_mark(person_id, month): name_of(person_id)
        for person_id in db.session.scalars(recorders.distinct())
        for month in _months()
    }


@dataclass
class Recorded:
    """How many services each recorded before the first rating of a provider that waits, and since."""

    before: Counter[str] = field(default_factory=Counter)
    since: Counter[str] = field(default_factory=Counter)
    began: date = date.max

    def span(self, first: date, monday: date) -> float:
        """How long it is from the `first` to the `monday`, as a part of the time before."""
        return max(1, (monday - first).days) / max(1, (first - self.began).days)


def recorders_of(first: Mapping[int, date], monday: date) -> dict[int, Recorded]:
    """By provider who recorded how much in the months before its `first` rating that waits, and until `monday`."""
    found = defaultdict[int, Recorded](Recorded)
    if not first:
        return found
    by = (ServiceRecord.provider_id, ServiceRecord.recorded_by_id, ServiceRecord.served_on)
    recent = ServiceRecord.served_on >= min(first.values()) - BEFORE
    rows = db.session.execute(select(*by, func.count()).where(recent, IN_PERSON).group_by(*by))
    for provider_id, person_id, served_on, services in rows:
        one, turn = found[provider_id], first.get(provider_id, date.min)
        if turn <= served_on < monday:
            one.since[name_of(person_id)] += services
        elif served_on < turn and served_on >= turn - BEFORE:
            one.before[name_of(person_id)] += services
            one.began = min(one.began, served_on)
    return found


def recorded_some(person_id: int, hold: RatingHold) -> bool:
    """Whether somebody recorded a service whose rating is held; what a list recorded nobody did in person."""
    own = [inviter_mark(person_id, month) for month in _months()]
    return bool(db.session.scalar(select(exists().where(Rating.hold_id == hold.id, Rating.inviter.in_(own)))))


def name_of(person_id: int) -> str:
    """Under which flags know who recorded something; it is kept nowhere."""
    return keyed_hash("recorder", str(person_id))[:16]


def _months() -> Iterator[str]:
    """The last months, `2026-11`."""
    day = today().replace(day=1)
    for _ in range(MONTHS + 1):
        yield f"{day:%Y-%m}"
        day = (day - timedelta(days=1)).replace(day=1)
