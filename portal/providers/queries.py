"""Who serves where, and how well those who were served say it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from portal.policies.queries import rules_for
from portal.providers.models import Provider, ProviderArea, RatingMix, RatingMonth
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import scoring
from portal.rules.numbers import Numbers
from portal.rules.scoring import Cell, Counts, Score, Trend
from portal.store import db
from portal.store.clock import today

MONTHS = 12
TREND_MONTHS = 3
MOST = 200


def find_provider(number: int, found: dict[str, Any] | None = None) -> Provider | None:
    return db.session.get(Provider, number)


def provider_with(usc_code: str) -> Provider | None:
    return db.session.scalar(select(Provider).where(Provider.usc_code == usc_code))


def serves(provider_id: int, region: Region) -> bool:
    """Whether a provider is registered for `region`, or for a place above it."""
    above = [int(number) for number in region.path.split(".") if number]
    area = select(ProviderArea.region_id).where(
        ProviderArea.provider_id == provider_id, ProviderArea.region_id.in_(above)
    )
    return db.session.scalar(area.limit(1)) is not None


@dataclass(frozen=True)
class Standing:
    """What is published of a provider's ratings of the last twelve months: nothing while there are too few."""

    ratings: int
    """How many there are; 0 while there are too few."""
    score: Score | None = None
    cells: tuple[Cell, ...] = ()
    trend: Trend | None = None


NOTHING = Standing(0)


@dataclass(frozen=True)
class Listed:
    """A provider in a list."""

    provider: Row[Any]
    standing: Standing


def providers_of(region: Region) -> list[Listed]:
    """Who serves `region` or a place in it, best lower bound of the score first, those without a score by name."""
    rows = db.session.execute(
        select(Provider.id, Provider.name, Provider.translations, Provider.kind)
        .where(Provider.id.in_(_serving(region)))
        .order_by(Provider.name, Provider.id)
        .limit(MOST)
    ).all()
    standings = standings_of([row.id for row in rows], rules_for(region))
    listed = [Listed(row, standings.get(row.id, NOTHING)) for row in rows]
    return sorted(listed, key=lambda one: -one.standing.score.low if one.standing.score else 1)


def names_serving(region: Region, among: Iterable[int] | None = None) -> Sequence[Row[Any]]:
    """Id and name of who is registered for `region` or for a place above it; only of those `among`, if given."""
    above = [int(number) for number in region.path.split(".") if number]
    here = select(ProviderArea.provider_id).where(ProviderArea.region_id.in_(above))
    query = select(Provider.id, Provider.name, Provider.translations).where(Provider.id.in_(here))
    if among is not None:
        query = query.where(Provider.id.in_(list(among)))
    return db.session.execute(query.order_by(Provider.name, Provider.id).limit(MOST)).all()


def _serving(region: Region) -> Any:
    above = [int(number) for number in region.path.split(".") if number]
    areas = select(ProviderArea.provider_id).join(Region, Region.id == ProviderArea.region_id)
    return areas.where(or_(Region.id.in_(above), within(region)))


def standing_of(provider: Provider, numbers: Numbers) -> Standing:
    """What is published of one provider."""
    return standings_of([provider.id], numbers, with_trend=True).get(provider.id, NOTHING)


def standings_of(provider_ids: Sequence[int], numbers: Numbers, *, with_trend: bool = False) -> dict[int, Standing]:
    """What is published of each of these providers, in two statements however many they are.

    A provider of several groups of services is compared with the group in which it has most ratings.
    """
    if not provider_ids:
        return {}
    counted = _counts_of(provider_ids, _month(MONTHS - 1))
    mixes = _mixes() if counted else {}
    trends = _trends(provider_ids) if with_trend and counted else {}
    standings = {}
    for provider_id, groups in counted.items():
        counts = _added(groups.values())
        if not scoring.publishable(counts, least=numbers.ratings_to_publish):
            continue
        main = max(groups, key=lambda group: sum(groups[group]))
        mix = scoring.mix_of(mixes.get(main, (0, 0, 0, 0, 0)))
        standings[provider_id] = Standing(
            sum(counts),
            scoring.provider_score(counts, mix, weight=numbers.prior_weight),
            scoring.cells(counts, least=numbers.ratings_to_publish, smallest=numbers.cell_to_publish),
            trends.get(provider_id),
        )
    return standings


def _counts_of(provider_ids: Sequence[int], since: str) -> dict[int, dict[str, Counts]]:
    """For each provider and group of services how many gave each grade from the month `since` on."""
    group = func.substr(RatingMonth.category, 1, 2)
    rows = db.session.execute(
        select(RatingMonth.provider_id, group, RatingMonth.grade, func.sum(RatingMonth.ratings))
        .where(RatingMonth.provider_id.in_(provider_ids), RatingMonth.month >= since)
        .group_by(RatingMonth.provider_id, group, RatingMonth.grade)
    )
    counts: dict[int, dict[str, list[int]]] = {}
    for provider_id, code, grade, ratings in rows:
        counts.setdefault(provider_id, {}).setdefault(code, [0] * 5)[grade - 1] += int(ratings)
    return {number: {code: _five(c) for code, c in groups.items()} for number, groups in counts.items()}


def _mixes() -> dict[str, Counts]:
    mixes: dict[str, list[int]] = {}
    for code, grade, ratings in db.session.execute(select(RatingMix.group_code, RatingMix.grade, RatingMix.ratings)):
        mixes.setdefault(code, [0] * 5)[grade - 1] = ratings
    return {code: _five(counts) for code, counts in mixes.items()}


def _trends(provider_ids: Sequence[int]) -> dict[int, Trend]:
    """The last three months against the three before, since months are what is kept. Source: ratings F8."""
    recent: ColumnElement[bool] = RatingMonth.month >= _month(TREND_MONTHS - 1)
    rows = db.session.execute(
        select(RatingMonth.provider_id, recent, RatingMonth.grade, func.sum(RatingMonth.ratings))
        .where(RatingMonth.provider_id.in_(provider_ids), RatingMonth.month >= _month(2 * TREND_MONTHS - 1))
        .group_by(RatingMonth.provider_id, recent, RatingMonth.grade)
    )
    spans: dict[int, tuple[list[int], list[int]]] = {}
    for provider_id, is_recent, grade, ratings in rows:
        spans.setdefault(provider_id, ([0] * 5, [0] * 5))[bool(is_recent)][grade - 1] = int(ratings)
    return {number: scoring.trend(before, recent) for number, (before, recent) in spans.items()}


def _month(back: int) -> str:
    """The month in China `back` months ago: `2026-11`."""
    return month_before(today(), back)


def month_before(day: date, back: int) -> str:
    months = day.year * 12 + day.month - 1 - back
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _five(counts: Sequence[int]) -> Counts:
    one, two, three, four, five = counts
    return (one, two, three, four, five)


def _added(counts: Iterable[Counts]) -> Counts:
    found = list(counts)
    return _five([sum(column) for column in zip(*found, strict=True)] if found else [0] * 5)
