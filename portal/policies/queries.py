"""Which numbers and which working days hold."""

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.policies.models import CalendarDay, RuleSet
from portal.regions.models import Region
from portal.rules import clocks
from portal.rules.numbers import Numbers
from portal.store import db
from portal.store.clock import CHINA, today
from portal.store.memory import kept

NAMES = {field.name for field in fields(Numbers)}


def rules_for(region: Region) -> Numbers:
    """The numbers that hold in `region` today: the law's, then the sets from the top of the tree down, older first."""
    return _numbers(region.path, today())


@kept
def _numbers(path: str, day: date) -> Numbers:
    above = [int(number) for number in path.split(".") if number]
    sets = db.session.scalars(
        select(RuleSet).where(RuleSet.region_id.in_(above), RuleSet.valid_from <= day).order_by(RuleSet.valid_from)
    ).all()
    numbers = Numbers()
    for rule_set in sorted(sets, key=lambda one: above.index(one.region_id)):
        numbers = replace(numbers, **{name: _tuple(value) for name, value in rule_set.numbers.items() if name in NAMES})
    return numbers


def national_rules() -> Numbers:
    """The numbers for what belongs to no region, such as signing in."""
    top = db.session.scalar(select(Region).where(Region.parent_id.is_(None)).order_by(Region.id).limit(1))
    return rules_for(top) if top else Numbers()


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def working_days_after(start: datetime, days: int) -> datetime:
    """The end, in China, of the `days`-th working day after the day of `start`, as the working calendar has it."""
    return clocks.end_of_day(clocks.working_day_after(_china(start), days, _calendar()))


@kept
def _calendar() -> dict[date, bool]:
    return {day.day: day.works for day in db.session.scalars(select(CalendarDay))}


def _china(when: datetime) -> date:
    return when.astimezone(CHINA).date()
