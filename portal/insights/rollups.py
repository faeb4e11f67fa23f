"""Figures of every region with its subtree, counted from needs, ratings and votes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Row, case, func, select

from portal.needs.models import Need, NeedStep
from portal.policies.queries import national_rules
from portal.providers.models import RatingMix, RatingMonth
from portal.providers.queries import MONTHS, month_before
from portal.ratings.models import RatingRefresh
from portal.regions.models import Region
from portal.rules.clocks import end_of_day
from portal.rules.needs import NeedState
from portal.rules.numbers import Numbers
from portal.rules.privacy import above, publishable_paths
from portal.rules.scoring import DEFAULT_MIX, Mix, mix_of, provider_score
from portal.store import db
from portal.store.clock import CHINA
from portal.voting.models import LedgerEntry, Round

AGES = (7, 30, 90)
"""Days up to which a waiting need is of the first, second, third age; the fourth is older."""

Grades = list[int]


@dataclass
class Tally:
    """What `models.Summary` keeps of a region, while it is being added up."""

    states: Counter[str] = field(default_factory=Counter)
    waiting: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    overdue: int = 0
    open_rounds: int = 0
    months: dict[str, Grades] = field(default_factory=lambda: defaultdict(lambda: [0] * 5))

    def grades(self) -> Grades:
        return [sum(month[grade] for month in self.months.values()) for grade in range(5)]


def bases(moment: datetime, turnouts: Iterable[Row[Any]]) -> dict[str, str]:
    """What the figures of each kind hang on, in words that cost little to get: the same words, the same figures."""
    *counted, rated, regions = db.session.execute(
        select(
            select(func.max(Need.id)).scalar_subquery(),
            select(func.max(NeedStep.id)).scalar_subquery(),
            select(func.count()).select_from(Need).where(Need.due_at < moment).scalar_subquery(),
            select(func.max(RatingRefresh.at)).scalar_subquery(),
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
    for region_id, month, grade, ratings in db.session.execute(_ratings_by_month(moment)):
        for tally in _up(tallies, paths[region_id]):
            tally.months[month][grade - 1] += ratings
    for row in turnouts:
        for tally in _up(tallies, row.path):
            tally.open_rounds += 1
    return _rows(tallies, paths)


def _up(tallies: dict[int, Tally], path: str) -> Iterator[Tally]:
    """The tallies of the region at `path` and of all above it."""
    return (tallies[int(number)] for number in path.split(".") if number)


def _rows(tallies: Mapping[int, Tally], paths: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    grades = {region_id: tally.grades() for region_id, tally in tallies.items()}
    published = _published({paths[region_id]: sum(found) for region_id, found in grades.items()}, national_rules())
    for region_id, tally in tallies.items():
        yield {
            "region_id": region_id,
            "states": dict(sorted(tally.states.items())),
            "waiting": tally.waiting,
            "overdue": tally.overdue,
            "open_rounds": tally.open_rounds,
            "grades": grades[region_id],
            "months": dict(sorted(tally.months.items())),
            "published": paths[region_id] in published,
        }


def _published(people: dict[str, int], numbers: Numbers) -> set[str]:
    everywhere = sum(count for path, count in people.items() if not above(path))
    return publishable_paths({**people, "": everywhere}, numbers.ratings_to_publish)


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
    """The twelve months that end with that of `day`, oldest first, such as `2026-11`."""
    return [month_before(day, back) for back in reversed(range(MONTHS))]


def _this_year(moment: datetime) -> ColumnElement[bool]:
    months = months_to(moment.astimezone(CHINA).date())
    return RatingMonth.month.between(months[0], months[-1])


def _ratings_by_month(moment: datetime) -> Any:
    return (
        select(RatingMonth.region_id, RatingMonth.month, RatingMonth.grade, func.sum(RatingMonth.ratings))
        .where(_this_year(moment))
        .group_by(RatingMonth.region_id, RatingMonth.month, RatingMonth.grade)
    )


def standings(moment: datetime) -> Iterator[dict[str, Any]]:
    """A row of `ProviderStanding` for each provider in each region, and above it, where enough people rated it."""
    numbers, paths = national_rules(), _paths()
    mixes = _mixes()
    by_provider: dict[int, dict[str, Grades]] = defaultdict(lambda: defaultdict(lambda: [0] * 5))
    usual: dict[int, Counter[str]] = defaultdict(Counter)
    group_code = func.substr(RatingMonth.category, 1, 2)
    keys = (RatingMonth.provider_id, RatingMonth.region_id, group_code, RatingMonth.grade)
    for provider_id, region_id, group, grade, ratings in db.session.execute(
        select(*keys, func.sum(RatingMonth.ratings)).where(_this_year(moment)).group_by(*keys)
    ):
        usual[provider_id][group] += ratings
        for path in _ways_up(paths[region_id]):
            by_provider[provider_id][path][grade - 1] += ratings
    ids = {path: region_id for region_id, path in paths.items()}
    for provider_id, places in by_provider.items():
        mix = mixes.get(usual[provider_id].most_common(1)[0][0], DEFAULT_MIX)
        for path in publishable_paths(
            {path: sum(grades) for path, grades in places.items()}, numbers.ratings_to_publish
        ):
            if path:
                score = provider_score(places[path], mix, weight=numbers.prior_weight)
                kept = {name: round(value, 3) for name, value in asdict(score).items()}
                yield {"region_id": ids[path], "provider_id": provider_id, "ratings": sum(places[path]), **kept}


def _ways_up(path: str) -> Iterator[str]:
    """`path`, all above it, and "" for everywhere."""
    while path:
        yield path
        path = above(path)
    yield ""


def _mixes() -> dict[str, Mix]:
    """The usual grades of each group of services in the last year. Source: F3."""
    counted: dict[str, Grades] = defaultdict(lambda: [0] * 5)
    for group, grade, ratings in db.session.execute(select(RatingMix.group_code, RatingMix.grade, RatingMix.ratings)):
        counted[group][grade - 1] = ratings
    return {group: mix_of(grades) for group, grades in counted.items()}


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
