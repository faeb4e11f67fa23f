"""What an official sees of a region: kept figures only, so a province costs what a village does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist
from typing import Any

from sqlalchemy import JSON, Row, case, func, select, type_coerce

from portal.insights.models import ProviderStanding, Refresh, Summary, Turnout
from portal.insights.rollups import AGES, months_to
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.providers.queries import TREND_MONTHS
from portal.regions.models import Region
from portal.regions.queries import PSEUDO_LEVELS, is_below
from portal.rules.needs import NeedState
from portal.rules.numbers import Numbers
from portal.rules.scoring import Score, Trend, provider_score, trend
from portal.store import db
from portal.store.clock import now, today
from portal.voting.models import Round

Z_84 = NormalDist().inv_cdf(0.92)
"""Half the width, in standard deviations, of the 84 % intervals by which neighbours are told apart. Source: F9."""
MOST_PROVIDERS = 3
MOST_ROUNDS = 10
COVERED = (NeedState.MATCHED, NeedState.IN_SERVICE)
ACCEPTED = (NeedState.ACCEPTED, *COVERED)


@dataclass(frozen=True)
class Satisfaction:
    """A score and of how many ratings it is."""

    score: Score
    ratings: int


@dataclass(frozen=True)
class Place:
    """The key figures of a region; `region` None stands for what is in no region one level down."""

    region: Row[Any] | None
    satisfaction: Satisfaction | None
    waiting: int
    overdue: int
    open_rounds: int


@dataclass(frozen=True)
class Standing:
    """A provider among the worst; `rank` is shared where intervals overlap."""

    rank: int
    provider: Row[Any]
    satisfaction: Satisfaction


@dataclass(frozen=True)
class Overview:
    """All that the summary of a region shows."""

    as_of: datetime | None
    satisfaction: Satisfaction | None
    trend: Trend
    months: dict[str, Score | None]
    states: dict[str, int]
    ages: Sequence[int]
    overdue: int
    open_rounds: int
    rounds: Sequence[Row[Any]]
    worst: Sequence[Standing]
    places: Sequence[Place]
    least: int
    """People below which no cell of a table is shown."""

    @property
    def waiting(self) -> int:
        return sum(self.ages)

    @property
    def accepted(self) -> int:
        """Accepted needs that are not answered yet; those merged into another count once. Source: A22."""
        return sum(self.states.get(state, 0) for state in ACCEPTED)

    @property
    def covered(self) -> int:
        return sum(self.states.get(state, 0) for state in COVERED)


def overview(region: Region, numbers: Numbers) -> Overview:
    """The figures of `region` with its subtree, and the key figures of the regions one level down."""
    rows = db.session.execute(_figures(region)).all()
    own = next((row for row in rows if row.id == region.id), None)
    places = [_place(row, numbers) for row in rows if row.id != region.id]
    months = {month: _grades(own.months if own else None, month) for month in months_to(today())}
    published = bool(own and own.published)
    return Overview(
        as_of=rows[0].as_of if rows else None,
        satisfaction=_satisfaction(own, numbers),
        trend=_trend(list(months.values()) if published else []),
        months={month: _month_score(grades, numbers) if published else None for month, grades in months.items()},
        states=own.states or {} if own else {},
        ages=(own and own.waiting) or [0] * (len(AGES) + 1),
        overdue=(own and own.overdue) or 0,
        open_rounds=(own and own.open_rounds) or 0,
        rounds=_rounds(region) if own and own.open_rounds else (),
        worst=_worst(region),
        places=[*places, *_elsewhere(own, places)],
        least=numbers.cell_to_publish,
    )


def _figures(region: Region) -> Any:
    """The kept figures of `region` and of those one level down, in one statement."""
    pseudo = select(Region.id).where(Region.parent_id == region.id, Region.name.in_(PSEUDO_LEVELS))
    child = (Region.parent_id == region.id) | Region.parent_id.in_(pseudo)
    return (
        select(
            Region.id,
            Region.code,
            Region.name,
            Region.translations,
            Summary.states,
            Summary.waiting,
            Summary.overdue,
            Summary.open_rounds,
            Summary.grades,
            Summary.published,
            type_coerce(case((Region.id == region.id, Summary.months)), JSON).label("months"),
            select(func.max(Refresh.at)).scalar_subquery().label("as_of"),
        )
        .outerjoin(Summary, Summary.region_id == Region.id)
        .where((Region.id == region.id) | (child & Region.valid_to.is_(None) & Region.name.not_in(PSEUDO_LEVELS)))
        .order_by(Region.code)
    )


def _place(row: Row[Any], numbers: Numbers) -> Place:
    return Place(row, _satisfaction(row, numbers), sum(row.waiting or ()), row.overdue or 0, row.open_rounds or 0)


def _elsewhere(own: Row[Any] | None, places: Sequence[Place]) -> list[Place]:
    """What happened in a region, but in none of those one level down: so that the parts are the whole."""
    if own is None or own.waiting is None or not places:
        return []
    waiting = sum(own.waiting) - sum(place.waiting for place in places)
    overdue = own.overdue - sum(place.overdue for place in places)
    rounds = own.open_rounds - sum(place.open_rounds for place in places)
    return [Place(None, None, waiting, overdue, rounds)] if waiting or overdue or rounds else []


def _satisfaction(row: Row[Any] | None, numbers: Numbers) -> Satisfaction | None:
    if row is None or not row.published or sum(row.grades) < numbers.ratings_to_publish:
        return None
    return Satisfaction(provider_score(row.grades, weight=numbers.prior_weight), sum(row.grades))


def _grades(months: dict[str, list[int]] | None, month: str) -> list[int]:
    return (months or {}).get(month) or [0] * 5


def _month_score(grades: list[int], numbers: Numbers) -> Score | None:
    enough = sum(grades) >= numbers.ratings_to_publish
    return provider_score(grades, weight=numbers.prior_weight) if enough else None


def _trend(months: Sequence[list[int]]) -> Trend:
    """The last three months against the three before, since months are what is kept. Source: F8, B13."""
    recent, before = months[-TREND_MONTHS:], months[-2 * TREND_MONTHS : -TREND_MONTHS]
    return trend(_added(before), _added(recent))


def _added(months: Sequence[list[int]]) -> list[int]:
    return [sum(month[grade] for month in months) for grade in range(5)]


def _worst(region: Region) -> list[Standing]:
    """The providers with the lowest lower bounds here. Source: F9, expectation 40."""
    rows = db.session.execute(
        select(ProviderStanding, Provider.id, Provider.name, Provider.translations)
        .join(Provider, Provider.id == ProviderStanding.provider_id)
        .where(ProviderStanding.region_id == region.id)
        .order_by(ProviderStanding.low, ProviderStanding.provider_id)
        .limit(MOST_PROVIDERS)
    ).all()
    kept = [row.ProviderStanding for row in rows]
    ranks = shared_ranks([(one.mean, one.sd) for one in kept])
    return [
        Standing(rank, row, Satisfaction(Score(one.mean, one.sd, one.low, one.high), one.ratings))
        for rank, row, one in zip(ranks, rows, kept, strict=True)
    ]


def shared_ranks(scores: Sequence[tuple[float, float]]) -> list[int]:
    """Places of (mean, sd) in their order; neighbours whose 84 % intervals overlap share one. Source: F9."""
    ranks: list[int] = []
    for place, (mean, sd) in enumerate(scores, 1):
        before_mean, before_sd = scores[place - 2] if place > 1 else (mean, sd)
        shares = place > 1 and abs(mean - before_mean) <= Z_84 * (sd + before_sd)
        ranks.append(ranks[-1] if shares else place)
    return ranks


def _rounds(region: Region) -> Sequence[Row[Any]]:
    """The votes that are open in the region's subtree, first to close first."""
    return db.session.execute(
        select(
            Round.id,
            Round.closes_at,
            Project.title,
            Project.translations,
            Region.code,
            Region.name.label("place"),
            Turnout.voters,
            Turnout.eligible,
        )
        .select_from(Turnout)
        .join(Round, Round.id == Turnout.round_id)
        .join(Project, Project.id == Round.project_id)
        .join(Region, Region.id == Round.region_id)
        .where(is_below(Turnout.path, region.path), Round.closes_at > now())
        .order_by(Round.closes_at, Round.id)
        .limit(MOST_ROUNDS)
    ).all()
