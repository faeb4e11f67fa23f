"""Opening hours, bookings that never overlap, and the use of premises."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from portal.rules import enforce
from portal.rules.bookings import (
    DAY,
    NEVER,
    Availability,
    Hours,
    Slot,
    Taken,
    Use,
    Week,
    booking_refusals,
    cancel_refusals,
    clock_of,
    days_of,
    holds,
    minute_of,
    month_of,
    open_minutes,
    week_of,
    week_refusals,
)

MONDAY = date(2026, 11, 23)
OFFICE: Week = ((540, 1020),) * 5 + (None, None)
AVAILABLE = Availability([Hours(date(2026, 1, 1), OFFICE)])
LAST = MONDAY + timedelta(days=90)


def said(
    slot: Slot, *taken: Taken, now: tuple[date, int] = (MONDAY, 0), available: Availability = AVAILABLE
) -> list[str]:
    found = booking_refusals(slot, "义诊", now=now, last=LAST, available=available, taken=taken)
    return [f"{one.beside}: {one.text % one.values}" for one in found]


@pytest.mark.parametrize(
    ("slot", "beside"),
    [
        (Slot(MONDAY, 540, 1020), []),
        (Slot(MONDAY, 539, 1020), ["starts"]),
        (Slot(MONDAY, 540, 1021), ["ends"]),
        (Slot(MONDAY, 600, 600), ["ends"]),
        (Slot(MONDAY, 700, 600), ["ends"]),
        (Slot(MONDAY - timedelta(days=3), 600, 700), ["day"]),
        (Slot(MONDAY + timedelta(days=5), 600, 700), ["day"]),
        (Slot(LAST + timedelta(days=3), 600, 700), ["day"]),
    ],
)
def test_a_booking_lies_ahead_and_within_the_opening_hours(slot: Slot, beside: list[str]) -> None:  # A52
    assert [one.partition(":")[0] for one in said(slot)] == beside


@pytest.mark.parametrize(
    ("starts", "ends", "free"),
    [(540, 600, True), (660, 720, True), (599, 601, False), (659, 700, False), (610, 650, False), (540, 1020, False)],
)
def test_what_touches_does_not_overlap(starts: int, ends: int, free: bool) -> None:  # A52
    found = said(Slot(MONDAY, starts, ends), Taken(600, 660, "长桥居委会"))
    assert found == ([] if free else ["starts: Taken from 10:00 to 11:00 by 长桥居委会."])


def test_what_began_cannot_be_booked_or_cancelled_and_the_minute_that_begins_can() -> None:  # A52
    slot = Slot(MONDAY, 600, 660)
    assert said(slot, now=(MONDAY, 600)) == []
    assert said(slot, now=(MONDAY, 601)) == ["starts: This time has passed."]
    assert not list(cancel_refusals(slot, (MONDAY, 600), own=True))
    assert list(cancel_refusals(slot, (MONDAY, 601), own=True))
    assert list(cancel_refusals(slot, (MONDAY, 600), own=False))


def test_premises_are_open_between_their_first_and_last_day_by_the_hours_of_the_time() -> None:  # A52, A55
    hours = [Hours(date(2026, 11, 1), OFFICE), Hours(date(2026, 11, 25), NEVER)]
    available = Availability(hours, date(2026, 11, 24), date(2026, 12, 1))
    spans = {day: available.span(day) for day in (MONDAY + timedelta(days=n) for n in range(3))}
    assert list(spans.values()) == [None, (540, 1020), None]
    assert Availability(()).span(MONDAY) is None
    assert open_minutes(available, MONDAY) == 480


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        ([("", "")] * 7, NEVER),
        ([("09:00", "17:00")] * 5 + [("", "")] * 2, OFFICE),
        ([("09:00", "")] + [("", "")] * 6, None),
        ([("9", "17:00")] + [("", "")] * 6, None),
        ([("00:00", "00:00")] * 7, ((0, DAY),) * 7),
        ([("09:00", "24:00")] * 7, ((540, DAY),) * 7),
    ],
)
def test_opening_hours_are_read_as_they_are_typed(typed: list[tuple[str, str]], week: Week | None) -> None:  # A52
    assert week_of(typed) == week


def test_hours_that_end_before_they_begin_are_refused() -> None:
    assert list(week_refusals(((600, 600),) + (None,) * 6))
    assert list(week_refusals(None))
    assert not list(week_refusals(OFFICE))


@given(st.integers(0, DAY))
def test_a_time_of_day_is_read_as_it_is_written(minute: int) -> None:
    assert minute_of(clock_of(minute)) == minute


@pytest.mark.parametrize("typed", ["", "25:00", "9", "09:60", "9:5", "养", "99999", "-1:00"])
def test_what_is_no_time_of_day_is_none(typed: str) -> None:
    assert minute_of(typed) is None


@pytest.mark.parametrize(
    ("month", "days"),
    [(date(2026, 2, 14), 28), (date(2028, 2, 1), 29), (date(2026, 12, 31), 31), (date(2026, 4, 1), 30)],
)
def test_a_month_has_its_days(month: date, days: int) -> None:  # A55
    assert len(days_of(month)) == days
    assert {day.month for day in days_of(month)} == {month.month}


@pytest.mark.parametrize("typed", ["", "2026", "2026-00", "2026-13", "1999-01", "2026-1", "养老"])
def test_what_is_no_month_is_none(typed: str) -> None:
    assert month_of(typed) is None


@pytest.mark.parametrize(
    ("use", "share", "hundredths"),
    [
        (Use(22320, 2400), Fraction(10, 93), 1075),
        (Use(3, 1), Fraction(1, 3), 3333),
        (Use(3, 2), Fraction(2, 3), 6666),
        (Use(60, 60), Fraction(1), 10_000),
        (Use(), None, None),
    ],
)
def test_the_share_is_exact_and_never_rounded_up(
    use: Use, share: Fraction | None, hundredths: int | None
) -> None:  # A55
    assert (use.share, use.hundredths) == (share, hundredths)


class Premises(RuleBasedStateMachine):
    """Any sequence of bookings and cancellations, against a plain account of every minute."""

    def __init__(self) -> None:
        super().__init__()
        self.standing: list[Slot] = []
        self.minutes: set[tuple[date, int]] = set()

    @rule(day=st.integers(0, 2), starts=st.integers(500, 1060), length=st.integers(-5, 200))
    def book(self, day: int, starts: int, length: int) -> None:
        slot = Slot(MONDAY + timedelta(days=day), starts, starts + length)
        wanted = {(slot.day, minute) for minute in range(slot.starts, slot.ends)}
        taken = [Taken(one.starts, one.ends, "x") for one in self.standing if one.day == slot.day]
        refused = bool(said(slot, *taken))
        possible = bool(wanted) and starts >= 540 and slot.ends <= 1020 and not wanted & self.minutes
        assert refused is not possible
        if not refused:
            self.standing.append(slot)
            self.minutes |= wanted

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if self.standing:
            slot = data.draw(st.sampled_from(self.standing))
            enforce(cancel_refusals(slot, (MONDAY, 0), own=True))
            self.standing.remove(slot)
            self.minutes -= {(slot.day, minute) for minute in range(slot.starts, slot.ends)}

    @invariant()
    def nothing_overlaps_and_nothing_is_outside_of_the_hours(self) -> None:  # A52
        assert all(holds(slot, AVAILABLE) for slot in self.standing)
        assert sum(slot.ends - slot.starts for slot in self.standing) == len(self.minutes)

    @invariant()
    def no_more_is_booked_than_is_open(self) -> None:  # A55
        use = Use(open_minutes(AVAILABLE, MONDAY), len(self.minutes))
        assert use.share is not None
        assert 0 <= use.share <= 1


TestPremises = Premises.TestCase
