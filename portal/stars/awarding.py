"""Once a quarter every provider gets its stars, with everything that made them. Source: A68, ratings F7."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.policies.queries import rules_for, working_calendar
from portal.providers.credit import as_event
from portal.providers.models import CreditEvent, Provider, RatingBatch, StarLevel
from portal.regions.models import Region
from portal.rules.clocks import working_day_after
from portal.rules.credit import WITHDRAWS, Event
from portal.rules.evaluation import Party
from portal.rules.evaluation_results import outcome
from portal.rules.numbers import Numbers
from portal.rules.pleas import PleaKind
from portal.rules.scoring import provider_score
from portal.rules.stars import (
    Seen,
    StarRules,
    Step,
    following,
    last_day,
    next_stars,
    preceding,
    quarter_of,
    year_before,
)
from portal.stars.figures import Year, years_of
from portal.stars.models import CreditPlea
from portal.store import action, db, put_once, take_turn
from portal.store.clock import today

AT_ONCE = 200


@dataclass(frozen=True)
class Award:
    """The stars of a quarter, computed from what was published and written down."""

    provider_id: int
    quarter: str
    stars: int
    working: dict[str, Any]
    valid_from: date
    valid_until: date
    withdrawn_on: date | None

    def same_as(self, level: StarLevel) -> bool:
        """Whether a row says exactly this."""
        return all(getattr(level, name) == value for name, value in asdict(self).items())


def award_stars(on: date | None = None) -> int:
    """Give every provider the stars of the last quarter that is due, once; those it missed before it as well.

    Gives how many were written down.
    """
    due = due_quarter(on or today())
    lacking = _lacking(due)
    return sum(_award(lacking[start : start + AT_ONCE], due) for start in range(0, len(lacking), AT_ONCE))


def due_quarter(day: date) -> str:
    """The last quarter whose stars are given by `day`: on the first working day after it."""
    quarter = preceding(quarter_of(day))
    return quarter if awarded_on(quarter) <= day else preceding(quarter)


def awarded_on(quarter: str) -> date:
    """The first working day after a quarter: on it its stars are given."""
    return working_day_after(last_day(quarter), 1, working_calendar())


def _lacking(due: str) -> list[int]:
    """The providers with published figures that lack the stars of the quarter `due`."""
    has = select(StarLevel.provider_id).where(StarLevel.quarter == due)
    query = select(RatingBatch.provider_id).where(
        RatingBatch.released_on <= last_day(due), RatingBatch.provider_id.not_in(has)
    )
    return list(db.session.scalars(query.distinct().order_by(RatingBatch.provider_id)))


@action
def _award(provider_ids: Sequence[int], due: str) -> int:
    take_turn("stars")
    stands = _stars_so_far(provider_ids)
    written = 0
    for award in awards(provider_ids, due, stands):
        if (award.provider_id, award.quarter) not in stands:
            written += put_once(StarLevel, **asdict(award)) is not None
    return written


def _stars_so_far(provider_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = db.session.execute(
        select(StarLevel.provider_id, StarLevel.quarter, StarLevel.stars).where(StarLevel.provider_id.in_(provider_ids))
    )
    return {(number, quarter): stars for number, quarter, stars in rows}


def replayed(provider_ids: Sequence[int], until: date | None = None) -> list[Award]:
    """Every award of these providers, computed anew from batches, results, events and rule sets alone."""
    return list(awards(provider_ids, due_quarter(until or today()), {}))


def awards(provider_ids: Sequence[int], due: str, stands: dict[tuple[int, str], int]) -> Iterator[Award]:
    """The awards from each provider's first figures to the quarter `due`, oldest first, but those that stand."""
    begun = _begun(provider_ids)
    homes, events = _homes(provider_ids), withdrawing(provider_ids)
    before: dict[int, int] = {}
    quarter = min(begun.values(), default=following(due))
    while quarter <= due:
        here = [number for number in provider_ids if begun.get(number, following(due)) <= quarter]
        asked = [number for number in here if (number, quarter) not in stands]
        years = years_of(asked, last_day(quarter)) if asked else {}
        for number in here:
            if number in years:
                award = _one(number, quarter, years[number], before.get(number, 0), homes[number], events[number])
                before[number] = award.stars
                yield award
            else:
                before[number] = stands[number, quarter]
        quarter = following(quarter)


def _begun(provider_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(RatingBatch.provider_id, func.min(RatingBatch.released_on))
        .where(RatingBatch.provider_id.in_(provider_ids))
        .group_by(RatingBatch.provider_id)
    )
    return {number: quarter_of(day) for number, day in rows}


def _homes(provider_ids: Sequence[int]) -> dict[int, Region]:
    rows = db.session.execute(
        select(Provider.id, Region).join(Region, Region.id == Provider.region_id).where(Provider.id.in_(provider_ids))
    )
    return {row.id: row.Region for row in rows}


def withdrawing(provider_ids: Sequence[int]) -> dict[int, list[Event]]:
    """The events of each provider that take stars away; what an appeal overturned never was. Source: ratings F6."""
    overturned = select(CreditPlea.event_id).where(
        CreditPlea.kind == PleaKind.APPEAL.value, CreditPlea.granted.is_(True)
    )
    rows = db.session.scalars(
        select(CreditEvent)
        .where(
            CreditEvent.provider_id.in_(provider_ids),
            CreditEvent.kind.in_([kind.value for kind in WITHDRAWS]),
            CreditEvent.id.not_in(overturned),
        )
        .order_by(CreditEvent.id)
    )
    found: dict[int, list[Event]] = {number: [] for number in provider_ids}
    for event in rows:
        found[event.provider_id].append(as_event(event))
    return found


def _one(number: int, quarter: str, year: Year, before: int, home: Region, events: Sequence[Event]) -> Award:
    until, given = last_day(quarter), awarded_on(quarter)
    numbers = rules_for(home, until)
    withheld = [one for one in events if _keeps_back(one, given, numbers)]
    step, working = worked_out(year, before, numbers, withheld=bool(withheld))
    valid_until = last_day(following(quarter)) + timedelta(days=numbers.star_valid_days)
    return Award(
        number,
        quarter,
        step.stars,
        {"since": year_before(until).isoformat(), "until": until.isoformat(), "withheld": [e.id for e in withheld]}
        | working,
        given,
        valid_until,
        _withdrawn(step.stars, events, given, valid_until),
    )


def _keeps_back(event: Event, day: date, numbers: Numbers) -> bool:
    ended = event.ended_on is not None and event.ended_on <= day
    return not ended and event.day < day < event.day + timedelta(days=numbers.star_withheld_days)


def _withdrawn(stars: int, events: Iterable[Event], first: date, last: date) -> date | None:
    return min((one.day for one in events if first <= one.day <= last), default=None) if stars else None


def worked_out(year: Year, before: int, numbers: Numbers, *, withheld: bool = False) -> tuple[Step, dict[str, Any]]:
    """The stars of a year, and every number that made them, in hundredths of a point."""
    rules, ratings = StarRules.of(numbers), sum(year.counts)
    working: dict[str, Any] = {
        "before": before,
        "counts": list(year.counts),
        "invited": year.invited,
        "group": year.group,
        "mix": [round(10_000 * share) for share in year.mix],
        "weight": numbers.prior_weight,
        "results": year.results,
        "third": year.scores.get(Party.THIRD),
        "purchaser": year.scores.get(Party.PURCHASER),
        "rules": {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rules).items()},
        "weights": list(numbers.star_weights),
    }
    seen = None
    if ratings >= numbers.ratings_to_publish:
        score = provider_score(year.counts, year.mix, weight=numbers.prior_weight)
        working |= {"recipients": round(100 * score.mean), "recipients_sd": round(100 * score.sd)}
        seen = seen_of(working)
    step = next_stars(seen, before, rules, withheld=withheld)
    if seen is not None:
        working |= {"composite": seen.score, "sd": seen.sd}
    return step, working | {"plain": step.plain, "limit": step.limit, "why": step.why.value}


def seen_of(working: dict[str, Any], weights: Sequence[int] | None = None) -> Seen:
    """What a working says of a provider, weighed as it was or by other weights. Source: ratings F6."""
    given = {
        Party.RECIPIENTS: (working["recipients"], working["recipients_sd"]),
        Party.THIRD: (working["third"], 0) if working["third"] is not None else None,
        Party.PURCHASER: (working["purchaser"], 0) if working["purchaser"] is not None else None,
    }
    found = outcome(given, dict(zip(Party, weights or working["weights"], strict=True)))
    assert found.composite is not None
    assert found.sd is not None
    return Seen(
        found.composite,
        found.sd,
        sum(working["counts"]),
        working["recipients"],
        working["recipients_sd"],
        working["invited"] or None,
    )


def withdraw_stars(provider_id: int, day: date) -> None:
    """Inside a deed: the stars that hold on `day` hold no longer. Source: ratings F6 (limiters)."""
    for level in db.session.scalars(
        select(StarLevel).where(
            StarLevel.provider_id == provider_id,
            StarLevel.valid_from <= day,
            StarLevel.valid_until >= day,
            StarLevel.stars > 0,
            StarLevel.withdrawn_on.is_(None),
        )
    ):
        level.withdrawn_on = day


def correct_stars(provider_id: int) -> None:
    """Inside a deed: an appeal was upheld, and the awards are what they would have been without it."""
    levels = db.session.scalars(select(StarLevel).where(StarLevel.provider_id == provider_id)).all()
    anew = {award.quarter: award for award in replayed([provider_id])}
    for level in levels:
        award = anew[level.quarter]
        if not award.same_as(level):
            level.stars, level.working, level.withdrawn_on = award.stars, award.working, award.withdrawn_on
