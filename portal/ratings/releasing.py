"""Ratings are published: many at once, in batches that never change. Every figure is a sum of whole batches."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, update

from portal.policies.queries import rules_for
from portal.providers.models import Provider, RatingBatch, RatingRelease
from portal.providers.queries import YEAR
from portal.ratings.models import Rating, RatingHold, RatingMix, ServiceRecord
from portal.regions.models import Region
from portal.rules.clocks import end_of_day
from portal.rules.releasing import Pool, Waiting, is_due, pools
from portal.rules.services import BY_MESSAGE
from portal.store import action, db, take_turn
from portal.store.clock import today

PORTION = 400
PLAIN: dict[str, Any] = {"synchronize_session": False}
WAITS = and_(Rating.batch_id.is_(None), Rating.settled, Rating.hold_id.is_(None))


def release_ratings(on: date | None = None) -> int:
    """Publish what waits, of every provider whose time has come; gives how many ratings. Source: trust 4.2."""
    day = on or today()
    waiting = select(Rating.provider_id).where(WAITS).group_by(Rating.provider_id).order_by(Rating.provider_id)
    released = sum(_release(provider_id, day) for provider_id in db.session.scalars(waiting).all())
    if released:
        count_mix(day)
    return released


@action
def _release(provider_id: int, day: date) -> int:
    """All of a provider's ratings that wait, in one transaction; nothing where it is too early."""
    take_turn(f"release {provider_id}")
    region = db.session.scalars(
        select(Region).join(Provider, Provider.region_id == Region.id).where(Provider.id == provider_id)
    ).one()
    numbers = rules_for(region)
    last = db.session.scalars(
        select(RatingRelease)
        .where(RatingRelease.provider_id == provider_id)
        .order_by(RatingRelease.number.desc())
        .limit(1)
    ).first()
    if last and (day - last.released_on).days < numbers.batch_days:
        return 0
    waiting = _waiting(provider_id)
    if not is_due(waiting, last.released_on if last else None, day, numbers):
        return 0
    made = pools(waiting, numbers.batch_ratings)
    release = _put_release(provider_id, last, day, made, timedelta(days=numbers.rating_revision_days))
    _put_batches(release, made)
    return len(waiting)


def _waiting(provider_id: int) -> list[Waiting]:
    rows = db.session.execute(
        select(
            Rating.key,
            Rating.contract_id,
            Region.path,
            Rating.category,
            Rating.rater,
            Rating.grade,
            Rating.by_staff,
            Rating.channel.not_in([channel.value for channel in BY_MESSAGE]),
            Rating.inviter,
            Rating.rated_on,
        )
        .join(Region, Region.id == Rating.region_id)
        .where(Rating.provider_id == provider_id, WAITS)
        .order_by(Rating.key)
    )
    return [Waiting._make(row) for row in rows]


def _put_release(
    provider_id: int, last: RatingRelease | None, day: date, made: Sequence[Pool], rest: timedelta
) -> RatingRelease:
    """Note the release. Counted as invited is who could have answered by when the last of these ratings was settled."""
    groups = Counter(member.category[:2] for pool in made for member in pool.members)
    since = last.released_on if last else date.min
    release = RatingRelease(
        provider_id=provider_id,
        number=last.number + 1 if last else 1,
        released_on=day,
        invited=_invited(provider_id, since - rest if last else None, day - rest),
        held=_held(provider_id),
        left_out=_left_out(provider_id, since, day),
        group_code=min(groups, key=lambda group: (-groups[group], group)),
        **_grades(tuple(sum(column) for column in zip(*(pool.counts for pool in made), strict=True))),
    )
    db.session.add(release)
    db.session.flush()
    return release


def _invited(provider_id: int, since: date | None, until: date) -> int:
    """Services whose recipients were asked after the day `since` and by the day `until`: each was asked once."""
    asked = select(func.count()).where(
        ServiceRecord.provider_id == provider_id, ServiceRecord.recorded_at <= end_of_day(until)
    )
    if since is not None:
        asked = asked.where(ServiceRecord.recorded_at > end_of_day(since))
    return db.session.scalar(asked) or 0


def _held(provider_id: int) -> int:
    held = (
        select(func.count())
        .select_from(Rating)
        .join(RatingHold, RatingHold.id == Rating.hold_id)
        .where(RatingHold.provider_id == provider_id, RatingHold.verdict == "")
    )
    return db.session.scalar(held) or 0


def _left_out(provider_id: int, since: date, day: date) -> int:
    closed = select(func.coalesce(func.sum(RatingHold.held), 0)).where(
        RatingHold.provider_id == provider_id,
        RatingHold.verdict == "left_out",
        RatingHold.closed_at <= end_of_day(day),
    )
    if since > date.min:
        closed = closed.where(RatingHold.closed_at > end_of_day(since))
    return int(db.session.scalar(closed) or 0)


def _put_batches(release: RatingRelease, made: Sequence[Pool]) -> None:
    """The batches in an order that is chance; their ratings forget who gave them, and on what."""
    order = list(made)
    SystemRandom().shuffle(order)
    for pool in order:
        batch = RatingBatch(
            release_id=release.id,
            provider_id=release.provider_id,
            contract_id=pool.label.contract_id,
            region_id=int(pool.label.path.split(".")[-2]),
            category=pool.label.category,
            released_on=release.released_on,
            raters=pool.raters,
            by_staff=sum(member.by_staff for member in pool.counted),
            **_grades(pool.counts),
        )
        db.session.add(batch)
        db.session.flush()
        keys = [member.key for member in pool.members]
        forgotten = {"batch_id": batch.id, "rater": "", "inviter": "", "device": ""}
        for start in range(0, len(keys), PORTION):
            portion = update(Rating).where(Rating.key.in_(keys[start : start + PORTION])).values(forgotten)
            db.session.execute(portion, execution_options=PLAIN)


def _grades(counts: Sequence[int]) -> dict[str, int]:
    return {f"n{grade}": count for grade, count in enumerate(counts, 1)}


@action
def count_mix(day: date) -> None:
    """Count anew what F3 compares with: what all providers of a group of services published in the year to `day`."""
    take_turn("rating mix")
    group = func.substr(RatingBatch.category, 1, 2).label("group_code")
    sums = [func.sum(getattr(RatingBatch, f"n{grade}")) for grade in range(1, 6)]
    rows = db.session.execute(
        select(group, *sums)
        .where(RatingBatch.released_on > day - YEAR, RatingBatch.released_on <= day, RatingBatch.category != "")
        .group_by(group)
    ).all()
    db.session.execute(delete(RatingMix), execution_options=PLAIN)
    mixes = [
        {"group_code": row[0], "grade": grade, "ratings": int(row[grade])} for row in rows for grade in range(1, 6)
    ]
    if mixes:
        db.session.execute(insert(RatingMix), mixes)
