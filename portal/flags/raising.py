"""What looks odd is held, once for each thing, until two people have looked. Nothing is deleted. Source: F10, F11.

No entry of the log tells when: it would tell when somebody rated.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select, update

from portal.flags import queries
from portal.flags.models import HoldDecision
from portal.providers.models import Provider
from portal.ratings.models import Rating, RatingHold
from portal.rules.flags import Finding, Flag
from portal.rules.reviews import Verdict
from portal.store import action, db, put_once, take_turn
from portal.store.clock import today

PORTION = 500
PLAIN: dict[str, Any] = {"synchronize_session": False}


def raise_flags(on: date | None = None) -> int:
    """Look at everything that is not published yet; gives how many flags are new."""
    day = on or today()
    found = sorted(queries.findings(day), key=lambda one: one[0])
    return sum(_raise(provider_id, [one for _, one in those], day) for provider_id, those in _by_provider(found))


def _by_provider(found: Sequence[tuple[int, Finding]]) -> Iterable[tuple[int, Any]]:
    return groupby(found, key=lambda one: one[0])


@action
def _raise(provider_id: int, found: Iterable[Finding], day: date) -> int:
    """Hold what was found of one provider, while nothing of it is released."""
    take_turn(f"release {provider_id}")
    provider = db.session.get_one(Provider, provider_id)
    return sum(_hold(provider, one, day) for one in found)


def _hold(provider: Provider, found: Finding, day: date) -> bool:
    """Whether this needed a new flag; what comes before anybody has decided joins the one that is there."""
    earlier = _earlier(provider, found)
    last = earlier[-1] if earlier else None
    keys = _free(found)
    if not keys and found.flag is not Flag.TOO_GOOD:
        return False
    if last is not None and _is_settled(found, last):
        return False
    if last is not None and not last.verdict and not _is_looked_at(last):
        last.held += len(keys)
        last.evidence = {**found.evidence, "held": last.held}
        _keep_back(last, keys)
        return False
    about = f"{found.about}.{len(earlier) + 1}" if earlier else found.about
    hold = put_once(
        RatingHold,
        provider_id=provider.id,
        region_id=provider.region_id,
        flag=found.flag.value,
        about=about,
        evidence={**found.evidence, "held": len(keys)},
        held=len(keys),
        raised_on=day,
        verdict="",
    )
    if hold is not None:
        _keep_back(hold, keys)
    return hold is not None


def _earlier(provider: Provider, found: Finding) -> Sequence[RatingHold]:
    """The flags about the same, in order, nobody else's to change until this deed ends."""
    return db.session.scalars(
        select(RatingHold)
        .where(
            RatingHold.provider_id == provider.id,
            RatingHold.flag == found.flag.value,
            (RatingHold.about == found.about) | RatingHold.about.startswith(f"{found.about}.", autoescape=True),
        )
        .order_by(RatingHold.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _is_settled(found: Finding, last: RatingHold) -> bool:
    """Whether it was asked already: once a year what is too good, and what two people counted: for a month."""
    counted = last.verdict == Verdict.COUNTED.value
    return found.flag is Flag.TOO_GOOD or (counted and found.flag in (Flag.DEVICE, Flag.INVITER, Flag.BEST))


def _is_looked_at(hold: RatingHold) -> bool:
    return db.session.scalar(select(HoldDecision.id).where(HoldDecision.hold_id == hold.id).limit(1)) is not None


def _free(found: Finding) -> list[str]:
    """Those of its ratings that nothing else holds by now."""
    keys, free = sorted(found.keys), list[str]()
    for start in range(0, len(keys), PORTION):
        some = select(Rating.key).where(Rating.key.in_(keys[start : start + PORTION]), queries.FREE)
        free += db.session.scalars(some.with_for_update())
    return free


def _keep_back(hold: RatingHold, keys: Sequence[str]) -> None:
    for start in range(0, len(keys), PORTION):
        some = update(Rating).where(Rating.key.in_(keys[start : start + PORTION]))
        db.session.execute(some.values(hold_id=hold.id), execution_options=PLAIN)
