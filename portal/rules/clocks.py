"""Deadlines count Chinese working days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def works(day: date, calendar: Mapping[date, bool]) -> bool:
    """Whether `day` is worked: as the year's official calendar says, else Monday to Friday.

    Source: rules-and-standards 2.2 (holidays and make-up days are data, per year).
    """
    return calendar.get(day, day.weekday() < 5)


def working_day_after(start: date, days: int, calendar: Mapping[date, bool]) -> date:
    """The `days`-th working day after `start`, which itself does not count. `days` ≥ 0."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= works(day, calendar)
    return day


def end_of_day(day: date) -> datetime:
    """The last moment of `day` in China, in UTC."""
    return datetime.combine(day, time.max, CHINA).astimezone(UTC).replace(microsecond=0)
