"""What an official sees of a region: kept figures only, so a province costs what a village does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Row, case, func, select, type_coerce

from portal.insights.models import ProviderStanding, Refresh, Summary, Turnout
from portal.insights.rollups import AGES, months_to
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import PSEUDO_LEVELS, is_below
from portal.rules.needs import NeedState
from portal.rules.numbers import Numbers
from portal.rules.publishing import publishable, roughly, told_score, told_trend
from portal.rules.scoring import Score, Trend, provider_score, shared_places, trend
from portal.store import db
from portal.store.clock import now, today
from portal.voting.models import Round

MOST_PROVIDERS = 3
MOST_ROUNDS = 10
COVERED = (NeedState.MATCHED, NeedState.IN_SERVICE)
ACCEPTED = (NeedState.ACCEPTED, *COVERED)


@dataclass(frozen=True)
class Satisfaction:
    """A score and of how many ratings it is, in steps of five. Source: trust 4.3."""

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
    return Overview(
        as_of=rows[0].as_of if rows else None,
        satisfaction=_satisfaction(own, numbers),
        trend=_trend(own.before, own.recent, numbers) if own and own.before else trend([0] * 5, [0] * 5),
        months={month: _month_score(grades, numbers) for month, grades in months.items()},
        states=own.states or {} if own else {},
        ages=(own and own.waiting) or [0] * (len(AGES) + 1),
        overdue=(own and own.overdue) or 0,
        open_rounds=(own and own.open_rounds) or 0,
        rounds=_rounds(region) if own and own.open_rounds else (),
        worst=_worst(region, numbers),
        places=[*places, *_elsewhere(own, rows, numbers)],
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
            type_coerce(case((Region.id == region.id, Summary.recent)), JSON).label("recent"),
            type_coerce(case((Region.id == region.id, Summary.before)), JSON).label("before"),
            type_coerce(case((Region.id == region.id, Summary.months)), JSON).label("months"),
            select(func.max(Refresh.at)).scalar_subquery().label("as_of"),
        )
        .outerjoin(Summary, Summary.region_id == Region.id)
        .where((Region.id == region.id) | (child & Region.valid_to.is_(None) & Region.name.not_in(PSEUDO_LEVELS)))
        .order_by(Region.code)
    )


def _place(row: Row[Any], numbers: Numbers) -> Place:
    return Place(row, _satisfaction(row, numbers), sum(row.waiting or ()), row.overdue or 0, row.open_rounds or 0)


def _elsewhere(own: Row[Any] | None, rows: Sequence[Row[Any]], numbers: Numbers) -> list[Place]:
    """What happened in a region, but in none of those one level down: so that the parts are the whole.

    Of ratings these are the batches that hold people of several places: whole ones, as everywhere.
    """
    below = [row for row in rows if own is not None and row.id != own.id]
    if own is None or own.waiting is None or not below:
        return []
    waiting = sum(own.waiting) - sum(sum(row.waiting or ()) for row in below)
    overdue = own.overdue - sum(row.overdue or 0 for row in below)
    rounds = own.open_rounds - sum(row.open_rounds or 0 for row in below)
    grades = [count - sum((row.grades or [0] * 5)[grade] for row in below) for grade, count in enumerate(own.grades)]
    found = Place(None, _score(grades, numbers), waiting, overdue, rounds)
    return [found] if waiting or overdue or rounds or found.satisfaction else []


def _satisfaction(row: Row[Any] | None, numbers: Numbers) -> Satisfaction | None:
    return None if row is None or row.grades is None else _score(row.grades, numbers)


def _score(grades: list[int], numbers: Numbers) -> Satisfaction | None:
    if not publishable(grades, least=numbers.ratings_to_publish):
        return None
    score = provider_score(grades, weight=numbers.prior_weight)
    return Satisfaction(told_score(score, sum(grades), numbers.grades_to_publish), roughly(sum(grades)))


def _trend(before: list[int], recent: list[int], numbers: Numbers) -> Trend:
    return told_trend(trend(before, recent), min(sum(before), sum(recent)), numbers.grades_to_publish)


def _grades(months: dict[str, list[int]] | None, month: str) -> list[int]:
    return (months or {}).get(month) or [0] * 5


def _month_score(grades: list[int], numbers: Numbers) -> Score | None:
    found = _score(grades, numbers)
    return found.score if found else None


def _worst(region: Region, numbers: Numbers) -> list[Standing]:
    """The providers with the lowest lower bounds here. Source: F9, expectation 40."""
    rows = db.session.execute(
        select(ProviderStanding, Provider.id, Provider.name, Provider.translations)
        .join(Provider, Provider.id == ProviderStanding.provider_id)
        .where(ProviderStanding.region_id == region.id)
        .order_by(ProviderStanding.low, ProviderStanding.provider_id)
        .limit(MOST_PROVIDERS)
    ).all()
    told = [(row, _told(row.ProviderStanding, numbers)) for row in rows]
    told.sort(key=lambda one: (one[1].score.low, one[1].score.mean))
    ranks = shared_places([(found.score.mean, found.score.sd) for _, found in told])
    return [Standing(rank, row, found) for rank, (row, found) in zip(ranks, told, strict=True)]


def _told(kept: ProviderStanding, numbers: Numbers) -> Satisfaction:
    score = Score(kept.mean, kept.sd, kept.low, kept.high)
    return Satisfaction(told_score(score, kept.ratings, numbers.grades_to_publish), roughly(kept.ratings))


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
