"""Ratings that wait, odd or not, and flags about them. Call them inside an application's context."""

import secrets
from datetime import timedelta
from typing import Any

from portal.accounts.models import Person
from portal.flags.queries import Held, find_hold
from portal.flags.raising import raise_flags
from portal.flags.reviewing import review_hold
from portal.providers.models import Provider
from portal.ratings.models import Rating, RatingHold
from portal.regions.models import Region
from portal.rules.reviews import Verdict
from portal.store import action, clock, db
from tests import builders

WHY = "两位工作人员看过登记本，情况属实。"


@action
def waiting(provider: Provider, count: int, *, days_ago: int = 0, over: int = 6, **traits: Any) -> list[Rating]:
    """So many ratings of `provider` that are not published, each by somebody else; `traits`: of the rows.

    They came `over` six days, the last of them some `days_ago`.
    """
    values = {"category": "0401", "grade": 5, "reasons": [], "region_id": provider.region_id, **traits}
    last = clock.today() - timedelta(days=days_ago)
    rows = [
        Rating(
            key=secrets.token_hex(32),
            provider_id=provider.id,
            rated_on=last - timedelta(days=number % over),
            **{"rater": secrets.token_hex(8), "device": secrets.token_hex(8), **values},
        )
        for number in range(count)
    ]
    db.session.add_all(rows)
    return rows


def a_hold(provider: Provider, count: int = 12) -> RatingHold:
    """The flag about so many ratings of `provider` by one device."""
    waiting(provider, count, device=secrets.token_hex(8))
    raise_flags()
    return holds()[-1]


def holds() -> list[RatingHold]:
    """All flags, in order."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(RatingHold).order_by(RatingHold.id)))


def held(hold: RatingHold) -> Held:
    """`hold` as its own place's people find it."""
    found = find_hold(hold.id, {"region": db.session.get_one(Region, hold.region_id)})
    assert found
    return found


def decided(hold: RatingHold, person: Person, verdict: Verdict | str, reason: str = WHY) -> Verdict | None:
    """What is decided once `person` has said so."""
    return review_hold(builders.actor(person), held(hold), str(verdict), reason)


def decided_by_two(hold: RatingHold, verdict: Verdict) -> None:
    """`hold`, decided by the committee and the official of its place."""
    region = db.session.get_one(Region, hold.region_id)
    for person in (builders.a_committee(region), builders.an_official(region)):
        decided(hold, person, verdict)


def ratings_of(hold: RatingHold) -> list[Rating]:
    """The ratings that `hold` keeps back."""
    db.session.expire_all()
    return list(db.session.scalars(db.select(Rating).where(Rating.hold_id == hold.id)))
