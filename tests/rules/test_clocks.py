"""Deadlines count Chinese working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.clocks import end_of_day, working_day_after, works

NATIONAL_DAY = {date(2026, 10, day): False for day in range(1, 8)} | {
    date(2026, 9, 20): True,
    date(2026, 10, 10): True,
}


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-21", 1, "2026-11-23"),  # from a Saturday
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-09-30", 1, "2026-10-08"),  # over a holiday
        ("2026-10-09", 1, "2026-10-10"),  # to a Saturday that is worked
        ("2026-09-18", 1, "2026-09-20"),  # to a Sunday that is worked
    ],
)
def test_the_nth_working_day(start: str, days: int, end: str) -> None:  # A24
    assert working_day_after(date.fromisoformat(start), days, NATIONAL_DAY) == date.fromisoformat(end)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_a_deadline_is_a_working_day_and_exactly_that_many_later(start: date, days: int) -> None:
    end = working_day_after(start, days, NATIONAL_DAY)
    between = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    assert works(end, NATIONAL_DAY)
    assert sum(works(day, NATIONAL_DAY) for day in between) == days


def test_a_day_in_china_ends_8_hours_before_it_does_in_utc() -> None:
    assert end_of_day(date(2026, 11, 22)) == datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
