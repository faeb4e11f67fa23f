"""Which numbers and which working days hold, and what is being tried out."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.policies.models import CalendarDay, Pilot, RuleSet
from portal.regions.models import Region
from portal.rules import clocks
from portal.rules.numbers import Numbers
from portal.store import db
from portal.store.clock import CHINA, today
from portal.store.memory import kept

NAMES = {field.name for field in fields(Numbers)}


def rules_for(region: Region, day: date | None = None) -> Numbers:
    """The numbers that hold in `region` on a day (today): the law's, then the sets from the top of the tree down."""
    return _numbers(region.path, day or today())


@kept
def _numbers(path: str, day: date) -> Numbers:
    sets = db.session.scalars(
        select(RuleSet)
        .where(RuleSet.region_id.in_(ids_of(path)), RuleSet.valid_from <= day, RuleSet.withdrawn_at.is_(None))
        .order_by(RuleSet.valid_from)
    ).all()
    return replace(Numbers(), **{name: value for name, (value, _) in merged(path, sets).items()})


def merged(path: str, sets: Iterable[RuleSet]) -> dict[str, tuple[Any, RuleSet]]:
    """Each number that was set for the region at `path`, and the set that says so; `sets` older first.

    A lower region's word counts before a higher one's, whenever it was said; None takes it back. Source: A44.
    """
    own: dict[int, dict[str, tuple[Any, RuleSet]]] = {region_id: {} for region_id in ids_of(path)}
    for rule_set in (one for one in sets if one.region_id in own):
        for name, value in rule_set.numbers.items():
            if name in NAMES and value is None:
                own[rule_set.region_id].pop(name, None)
            elif name in NAMES:
                own[rule_set.region_id][name] = (_tuple(value), rule_set)
    return {name: said for region_id in ids_of(path) for name, said in own[region_id].items()}


def ids_of(path: str) -> list[int]:
    """The numbers of the regions on a path, highest first."""
    return [int(number) for number in path.split(".") if number]


def national_rules() -> Numbers:
    """The numbers for what belongs to no region, such as signing in."""
    top = db.session.scalar(select(Region).where(Region.parent_id.is_(None)).order_by(Region.id).limit(1))
    return rules_for(top) if top else Numbers()


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def is_piloting(region: Region, feature: str, day: date | None = None) -> bool:
    """Whether `feature` (one of `rules.policies.Feature`) is being tried out in `region` on a day (today).

    Source: B9.
    """
    when = day or today()
    return bool(
        db.session.scalar(
            select(func.count())
            .select_from(Pilot)
            .where(
                Pilot.feature == feature,
                Pilot.region_id.in_(ids_of(region.path)),
                Pilot.from_on <= when,
                Pilot.until_on.is_(None) | (Pilot.until_on >= when),
            )
        )
    )


def working_days_after(start: datetime, days: int) -> datetime:
    """The end, in China, of the `days`-th working day after the day of `start`, as the working calendar has it."""
    return clocks.end_of_day(clocks.working_day_after(_china(start), days, working_calendar()))


@kept
def working_calendar() -> dict[date, bool]:
    """The days that the official calendar names, and whether they are worked."""
    return {day.day: day.works for day in db.session.scalars(select(CalendarDay))}


def _china(when: datetime) -> date:
    return when.astimezone(CHINA).date()
