"""Figures of every region with its subtree, counted from needs, ratings and votes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Row, case, func, select

from portal.needs.models import Need, NeedStep
from portal.policies.queries import national_rules
from portal.providers.models import RatingBatch, RatingRelease
from portal.providers.standings import GRADES, QUARTER, YEAR, five, usual_mixes
from portal.regions.models import Region
from portal.rules.clocks import end_of_day
from portal.rules.needs import NeedState
from portal.rules.publishing import publishable
from portal.rules.scoring import DEFAULT_MIX, provider_score
from portal.store import db
from portal.store.clock import CHINA
from portal.voting.models import LedgerEntry, Round

AGES = (7, 30, 90)
"""Days up to which a waiting need is of the first, second, third age; the fourth is older."""
MONTHS = 12

Grades = list[int]


@dataclass
class Tally:
    """What `models.Summary` keeps of a region, while it is being added up."""

    states: Counter[str] = field(default_factory=Counter)
    waiting: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    overdue: int = 0
    open_rounds: int = 0
    months: dict[str, Grades] = field(default_factory=lambda: defaultdict(lambda: [0] * 5))
    recent: Grades = field(default_factory=lambda: [0] * 5)
    before: Grades = field(default_factory=lambda: [0] * 5)

    def rated(self, day: date, counts: Grades, today: date) -> None:
        _add(self.months[f"{day:%Y-%m}"], counts)
        if day > today - QUARTER:
            _add(self.recent, counts)
        elif day > today - 2 * QUARTER:
            _add(self.before, counts)

    def grades(self) -> Grades:
        return [sum(month[grade] for month in self.months.values()) for grade in range(5)]


def bases(moment: datetime, turnouts: Iterable[Row[Any]]) -> dict[str, str]:
    """What the figures of each kind hang on, in words that cost little to get: the same words, the same figures."""
    *counted, rated, regions = db.session.execute(
        select(
            select(func.max(Need.id)).scalar_subquery(),
            select(func.max(NeedStep.id)).scalar_subquery(),
            select(func.count()).select_from(Need).where(Need.due_at < moment).scalar_subquery(),
            select(func.max(RatingRelease.id)).scalar_subquery(),
            select(func.max(Region.id)).scalar_subquery(),
        )
    ).one()
    rounds = crc32(" ".join(str(row.round_id) for row in turnouts).encode())
    standings = f"{moment.astimezone(CHINA).date()} {rated} {regions}"
    return {"summary": " ".join(map(str, (standings, *counted, rounds))), "standings": standings}


def summaries(moment: datetime, turnouts: Iterable[Row[Any]]) -> Iterator[dict[str, Any]]:
    """A row of `Summary` for each region where anything happened at or below it."""
    paths = _paths()
    tallies: dict[int, Tally] = defaultdict(Tally)
    for region_id, state, needs in db.session.execute(_needs_by_state()):
        for tally in _up(tallies, paths[region_id]):
            tally.states[state] += needs
    for region_id, age, needs, late in db.session.execute(_waiting_by_age(moment)):
        for tally in _up(tallies, paths[region_id]):
            tally.waiting[age] += needs
            tally.overdue += late
    today = moment.astimezone(CHINA).date()
    for row in db.session.execute(_batches_by_day(today)):
        for tally in _up(tallies, paths[row.region_id]):
            tally.rated(row.released_on, list(five(row)), today)
    for row in turnouts:
        for tally in _up(tallies, row.path):
            tally.open_rounds += 1
    return _rows(tallies)


def _up(tallies: dict[int, Tally], path: str) -> Iterator[Tally]:
    """The tallies of the region at `path` and of all above it."""
    return (tallies[int(number)] for number in path.split(".") if number)


def _rows(tallies: Mapping[int, Tally]) -> Iterator[dict[str, Any]]:
    for region_id, tally in tallies.items():
        yield {
            "region_id": region_id,
            "states": dict(sorted(tally.states.items())),
            "waiting": tally.waiting,
            "overdue": tally.overdue,
            "open_rounds": tally.open_rounds,
            "grades": tally.grades(),
            "months": dict(sorted(tally.months.items())),
            "recent": tally.recent,
            "before": tally.before,
        }


def _paths() -> dict[int, str]:
    return {row.id: row.path for row in db.session.execute(select(Region.id, Region.path))}


def _needs_by_state() -> Any:
    counted = select(Need.region_id, Need.state, func.count()).group_by(Need.region_id, Need.state)
    return counted.where(Need.state != NeedState.DRAFT)


def _waiting_by_age(moment: datetime) -> Any:
    """Needs without a first answer, by whole days in China since they were reported."""
    today = moment.astimezone(CHINA).date()
    ends = [end_of_day(today - timedelta(days=days + 1)) for days in AGES]
    age: ColumnElement[int] = case(*((Need.reported_at > end, n) for n, end in enumerate(ends)), else_=len(AGES))
    return (
        select(Need.region_id, age.label("age"), func.count(), func.count().filter(Need.due_at < moment))
        .where(Need.due_at.is_not(None), Need.state == NeedState.SUBMITTED)
        .group_by(Need.region_id, "age")
    )


def months_to(day: date) -> list[str]:
    """The months of the year to `day`, oldest first, such as `2026-11`: twelve, and the one that it begins in."""
    months = day.year * 12 + day.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(months - MONTHS, months + 1)]


def _batches_by_day(today: date) -> Any:
    """What was published in the year to `today`, by the place of its batches and the day."""
    keys = (RatingBatch.region_id, RatingBatch.released_on)
    return _of_year(select(*keys, *_sums()), today).group_by(*keys)


def _sums() -> list[Any]:
    return [func.sum(getattr(RatingBatch, name)).label(name) for name in GRADES]


def _of_year(query: Any, today: date) -> Any:
    return query.where(RatingBatch.released_on > today - YEAR, RatingBatch.released_on <= today)


def standings(moment: datetime) -> Iterator[dict[str, Any]]:
    """A row of `ProviderStanding` for each provider in each region, and above it, where anything was published of it.

    Each is a sum of whole batches, so none is of few people, nor is the difference of any two.
    """
    numbers, paths, mixes = national_rules(), _paths(), usual_mixes()
    by_provider: dict[int, dict[int, Grades]] = defaultdict(lambda: defaultdict(lambda: [0] * 5))
    usual: dict[int, Counter[str]] = defaultdict(Counter)
    keys = (RatingBatch.provider_id, RatingBatch.region_id, func.substr(RatingBatch.category, 1, 2).label("group_code"))
    today = moment.astimezone(CHINA).date()
    for row in db.session.execute(_of_year(select(*keys, *_sums()), today).group_by(*keys)):
        counts = five(row)
        usual[row.provider_id][row.group_code] += sum(counts)
        for number in paths[row.region_id].split(".")[:-1]:
            _add(by_provider[row.provider_id][int(number)], counts)
    for provider_id, places in by_provider.items():
        mix = mixes.get(usual[provider_id].most_common(1)[0][0], DEFAULT_MIX)
        for region_id, grades in places.items():
            if publishable(grades, least=numbers.ratings_to_publish):
                score = provider_score(grades, mix, weight=numbers.prior_weight)
                kept = {name: round(value, 3) for name, value in asdict(score).items()}
                yield {"region_id": region_id, "provider_id": provider_id, "ratings": sum(grades), **kept}


def _add(counts: Grades, more: Sequence[int]) -> None:
    for grade, count in enumerate(more):
        counts[grade] += count


def turnouts(moment: datetime) -> list[Row[Any]]:
    """Each open round with its region's path, how many have voted and how many may."""
    voters = select(func.count()).where(LedgerEntry.round_id == Round.id, LedgerEntry.voted).scalar_subquery()
    return list(
        db.session.execute(
            select(
                Round.id.label("round_id"),
                Region.path,
                voters.label("voters"),
                func.coalesce(Round.eligible, 0).label("eligible"),
            )
            .join(Region, Region.id == Round.region_id)
            .where(Round.opens_at <= moment, Round.closes_at > moment)
            .order_by(Round.id)
        )
    )
