"""What flags look at, and what waits for two people."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from portal.flags.models import HoldDecision
from portal.flags.recorders import recorders_of, unmasked
from portal.flags.served import releases_until, served_after
from portal.policies.queries import rules_for
from portal.providers.models import Provider, RatingBatch, RatingMix, RatingRelease
from portal.ratings.models import Rating, RatingDay, RatingHold
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import flags
from portal.rules.flags import Finding, Flag, Seen, Usual
from portal.rules.numbers import Numbers
from portal.rules.reviews import Verdict
from portal.rules.scoring import Counts
from portal.store import db

MOST = 100
YEAR = timedelta(days=365)
FREE = and_(Rating.batch_id.is_(None), Rating.hold_id.is_(None), ~Rating.cleared)
"""What is not published, not held, and was not counted by two people."""
NOTHING: tuple[Counts, int] = ((0, 0, 0, 0, 0), 0)
SEEN = ("key", "grade", "rater", "inviter", "device", "by_staff", "early", "settled", "words")


def findings(day: date) -> Iterator[tuple[int, Finding]]:
    """Everything that is odd now, with the provider it is about."""
    seen = _seen()
    regions = _homes(seen)
    numbers = {provider_id: rules_for(region) for provider_id, region in regions.items()}
    usual = _usual(day, {provider_id: min(one.day for one in those) for provider_id, those in seen.items()}, numbers)
    for provider_id, those in seen.items():
        for found in flags.findings(those, usual[provider_id], day, numbers[provider_id]):
            yield provider_id, found
    if numbers:
        strictest = min(numbers.values(), key=lambda one: one.same_raters)
        yield from flags.same_raters(seen, strictest)
    yield from _too_good(day)


def _seen() -> dict[int, list[Seen]]:
    """By provider the ratings that wait and were not looked at; those who recorded told apart across months."""
    columns = (getattr(Rating, name) for name in SEEN)
    rows = db.session.execute(select(Rating.provider_id, Rating.rated_on, *columns).where(FREE).order_by(Rating.key))
    masks = unmasked()
    seen = defaultdict[int, list[Seen]](list)
    for row in rows:
        told = {name: getattr(row, name) for name in SEEN}
        told["inviter"] = masks.get(row.inviter, row.inviter)
        seen[row.provider_id].append(Seen(day=row.rated_on, **told))
    return seen


def _homes(provider_ids: Mapping[int, Any]) -> dict[int, Region]:
    waiting = select(Rating.provider_id).where(FREE)
    rows = db.session.execute(
        select(Provider.id, Region).join(Region, Region.id == Provider.region_id).where(Provider.id.in_(waiting))
    )
    return {row[0]: row[1] for row in rows if row[0] in provider_ids}


def _usual(day: date, first: Mapping[int, date], numbers: Mapping[int, Numbers]) -> dict[int, Usual]:
    """What is usual for each provider that has ratings waiting, the `first` of them of a day."""
    days, published, suspects = _days(day), _published(day), _suspects()
    monday = day - timedelta(days=day.weekday())
    recorded = recorders_of(first, monday)
    releases, last = releases_until(day)
    counted = {one: last[one] - timedelta(numbers[one].rating_revision_days) for one in first if one in last}
    served = served_after(counted, monday - timedelta(days=1))
    return {
        provider_id: Usual(
            days.get(provider_id, {}),
            published.get(provider_id, NOTHING)[0],
            published.get(provider_id, NOTHING)[1],
            recorded[provider_id].before,
            recorded[provider_id].since,
            recorded[provider_id].span(began, monday),
            releases.get(provider_id, ()),
            served.get(provider_id, {}),
            suspects.get(provider_id, ()),
        )
        for provider_id, began in first.items()
    }


def _days(day: date) -> dict[int, Counter[date]]:
    """Ratings of each day: those that were settled, and those that still have their day, published or not."""
    days = defaultdict[int, Counter[date]](Counter)
    kept = select(RatingDay.provider_id, RatingDay.day, RatingDay.ratings).where(RatingDay.day > day - timedelta(60))
    open_ones = (
        select(Rating.provider_id, Rating.rated_on, func.count())
        .where(~Rating.settled)
        .group_by(Rating.provider_id, Rating.rated_on)
    )
    for query in (kept, open_ones):
        for provider_id, when, ratings in db.session.execute(query):
            days[provider_id][when] += ratings
    return days


def _published(day: date) -> dict[int, tuple[Counts, int]]:
    """The grades published in the last twelve months, and how many of them staff entered."""
    columns = (RatingBatch.n1, RatingBatch.n2, RatingBatch.n3, RatingBatch.n4, RatingBatch.n5, RatingBatch.by_staff)
    rows = db.session.execute(
        select(RatingBatch.provider_id, *(func.sum(column) for column in columns))
        .where(RatingBatch.released_on > day - YEAR)
        .group_by(RatingBatch.provider_id)
    )
    return {row[0]: ((int(row[1]), int(row[2]), int(row[3]), int(row[4]), int(row[5])), int(row[6])) for row in rows}


def _suspects() -> dict[int, set[str]]:
    """What is being looked at or was left out, so that more from there waits too."""
    rows = db.session.execute(
        select(RatingHold.provider_id, RatingHold.about).where(
            RatingHold.flag.in_((Flag.DEVICE.value, Flag.INVITER.value)),
            RatingHold.verdict != Verdict.COUNTED.value,
        )
    )
    suspects = defaultdict[int, set[str]](set)
    for provider_id, about in rows:
        suspects[provider_id].add(about.partition(".")[0])
    return suspects


def _too_good(day: date) -> Iterator[tuple[int, Finding]]:
    """Published figures of the last twelve months that nobody can believe."""
    published = _published(day)
    rows = db.session.execute(
        select(Provider.id, Region, func.sum(RatingRelease.invited))
        .join(Region, Region.id == Provider.region_id)
        .join(RatingRelease, RatingRelease.provider_id == Provider.id)
        .where(RatingRelease.released_on > day - YEAR)
        .group_by(Provider.id, Region.id)
    )
    mix = _mix()
    for provider_id, region, invited in rows:
        grades, _ = published.get(provider_id, NOTHING)
        if found := flags.too_good(grades, int(invited), mix, day, rules_for(region)):
            yield provider_id, found


def _mix() -> Counts:
    """The grades of all services of everybody in the last year."""
    rows = db.session.execute(select(RatingMix.grade, func.sum(RatingMix.ratings)).group_by(RatingMix.grade))
    sums = {row[0]: row[1] for row in rows}
    one, two, three, four, five = (int(sums.get(grade) or 0) for grade in range(1, 6))
    return (one, two, three, four, five)


# What people see


@dataclass(frozen=True)
class Held:
    """A flag with whose ratings it is about, and what was said so far."""

    hold: RatingHold
    provider: Provider
    region: Region
    decisions: Sequence[HoldDecision] = ()

    @property
    def said(self) -> list[Verdict]:
        return [Verdict(one.verdict) for one in self.decisions]


def find_hold(number: int, found: dict[str, Any]) -> Held | None:
    """A flag that the people of a region, or of one below it, look at."""
    row = db.session.execute(_holds().where(RatingHold.id == number, within(found["region"]))).first()
    return Held(row[0], row[1], row[2], decisions_of(row[0])) if row else None


def decisions_of(hold: RatingHold) -> Sequence[HoldDecision]:
    """What was said, in order."""
    said = select(HoldDecision).where(HoldDecision.hold_id == hold.id).order_by(HoldDecision.id)
    return db.session.scalars(said.execution_options(populate_existing=True)).all()


def holds_in(region: Region) -> list[tuple[Held, int]]:
    """The flags of a region and all below it, open ones first, each with how many have decided."""
    count = select(func.count()).where(HoldDecision.hold_id == RatingHold.id).correlate(RatingHold).scalar_subquery()
    rows = db.session.execute(
        _holds()
        .add_columns(count)
        .where(within(region))
        .order_by(RatingHold.verdict != "", RatingHold.id.desc())
        .limit(MOST)
    )
    return [(Held(hold, provider, home), said) for hold, provider, home, said in rows]


def _holds() -> Any:
    query = select(RatingHold, Provider, Region).join(Provider, Provider.id == RatingHold.provider_id)
    return query.join(Region, Region.id == RatingHold.region_id)


def holds_of(provider: Provider) -> list[tuple[RatingHold, list[str]]]:
    """The flags of a provider, newest first, each with the reasons that were given once it was decided."""
    decided = and_(HoldDecision.hold_id == RatingHold.id, HoldDecision.verdict == RatingHold.verdict)
    rows = db.session.execute(
        select(RatingHold, HoldDecision.reason)
        .outerjoin(HoldDecision, decided)
        .where(RatingHold.provider_id == provider.id)
        .order_by(RatingHold.id.desc(), HoldDecision.id)
        .limit(MOST)
    ).all()
    reasons: dict[RatingHold, list[str]] = {}
    for hold, reason in rows:
        reasons.setdefault(hold, []).extend([reason] if reason else [])
    return list(reasons.items())


def held_now(provider_id: int) -> int:
    """How many ratings of a provider wait for two people now."""
    held = select(func.count(Rating.key)).join(RatingHold, RatingHold.id == Rating.hold_id)
    return db.session.scalar(held.where(RatingHold.provider_id == provider_id, RatingHold.verdict == "")) or 0


def is_doubted(provider_id: int) -> bool:
    """Whether a provider's published figures stand with a note that they are too good to be true."""
    doubted = select(RatingHold.id).where(
        RatingHold.provider_id == provider_id,
        RatingHold.flag == Flag.TOO_GOOD.value,
        or_(RatingHold.verdict == "", RatingHold.verdict == Verdict.LEFT_OUT.value),
    )
    return db.session.scalar(doubted.limit(1)) is not None
