"""Opening hours, bookings without overlap, and how much premises are used. Times are minutes of a day in China."""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from portal.rules import N_, Refusal
from portal.rules.wording import personal_numbers

DAY = 24 * 60
LONGEST_PURPOSE = 100
Span = tuple[int, int]
"""From and to, in minutes after midnight."""
Week = tuple[Span | None, ...]
"""When it is open, Monday first; None: closed."""
NEVER: Week = (None,) * 7


@dataclass(frozen=True)
class Hours:
    """The opening hours that hold from a day on."""

    from_on: date
    week: Week


@dataclass(frozen=True)
class Slot:
    """A time of one day."""

    day: date
    starts: int
    ends: int


@dataclass(frozen=True)
class Taken:
    """A time of the day that somebody has booked; `body` as it is called in public."""

    starts: int
    ends: int
    body: str


@dataclass(frozen=True)
class Availability:
    """When premises can be booked at all."""

    hours: Sequence[Hours]
    from_on: date | None = None
    until_on: date | None = None

    def span(self, day: date) -> Span | None:
        """The opening hours of `day`."""
        if (self.from_on and day < self.from_on) or (self.until_on and day > self.until_on):
            return None
        held = [one for one in self.hours if one.from_on <= day]
        return max(held, key=lambda one: one.from_on).week[day.weekday()] if held else None


def holds(slot: Slot, available: Availability) -> bool:
    """Whether the whole of `slot` lies within the opening hours of its day."""
    span = available.span(slot.day)
    return span is not None and span[0] <= slot.starts < slot.ends <= span[1]


def booking_refusals(
    slot: Slot, purpose: str, *, now: tuple[date, int], last: date, available: Availability, taken: Iterable[Taken]
) -> Iterator[Refusal]:
    """Why `slot` cannot be booked at `now` (day, minute); `taken`: what is booked on its day. Source: A52."""
    if not 2 <= len(purpose) <= LONGEST_PURPOSE:
        values = {"most": LONGEST_PURPOSE}
        yield Refusal(N_("Please say what it is for, in two to %(most)s characters."), "purpose", values)
    yield from personal_numbers(purpose, "purpose")
    wrong = next(_time_refusals(slot, now, last, available), None)
    if wrong is not None:
        yield wrong
        return
    for one in taken:
        if one.starts < slot.ends and slot.starts < one.ends:
            values_taken = {"from": clock_of(one.starts), "to": clock_of(one.ends), "body": one.body}
            yield Refusal(N_("Taken from %(from)s to %(to)s by %(body)s."), "starts", values_taken)


def _time_refusals(slot: Slot, now: tuple[date, int], last: date, available: Availability) -> Iterator[Refusal]:
    if slot.ends <= slot.starts:
        yield Refusal(N_("It ends before it begins."), "ends")
    if (slot.day, slot.starts) < now:
        yield Refusal(N_("This time has passed."), "starts" if slot.day == now[0] else "day")
    if slot.day > last:
        yield Refusal(N_("This is too far ahead; please book nearer to the day."), "day")
    span = available.span(slot.day)
    if span is None:
        yield Refusal(N_("It is closed on this day."), "day")
    elif not holds(slot, available):
        values = {"from": clock_of(span[0]), "to": clock_of(span[1])}
        beside = "starts" if slot.starts < span[0] else "ends"
        yield Refusal(N_("It is open from %(from)s to %(to)s on this day."), beside, values)


def cancel_refusals(slot: Slot, now: tuple[date, int], *, own: bool) -> Iterator[Refusal]:
    """Why a booking cannot be cancelled: it is another body's, or has begun. Source: A52."""
    if not own:
        yield Refusal(N_("Only who booked it can cancel it."))
    if (slot.day, slot.starts) < now:
        yield Refusal(N_("This time has passed."))


def week_refusals(week: Week | None) -> Iterator[Refusal]:
    """Why these are no opening hours."""
    if week is None:
        yield Refusal(N_("Please give opening hours such as 09:00 to 17:30, or leave both empty."), "hours")
        return
    if any(span is not None and not 0 <= span[0] < span[1] <= DAY for span in week):
        yield Refusal(N_("On one of these days it closes before it opens."), "hours")


def week_of(typed: Sequence[tuple[str, str]]) -> Week | None:
    """The opening hours that were typed, Monday first; None where one cannot be read. Closing at 00:00 is midnight.

    >>> week_of([("9:00", "17:30"), ("", "")] + [("", "")] * 5)[:2]
    ((540, 1050), None)
    """
    week: list[Span | None] = []
    for opens, closes in typed:
        if not opens and not closes:
            week.append(None)
            continue
        span = minute_of(opens), minute_of(closes)
        if span[0] is None or span[1] is None:
            return None
        week.append((span[0], span[1] or DAY))
    return tuple(week)


_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


def minute_of(typed: str) -> int | None:
    """The minute of the day that was typed as a time; None if it is none.

    >>> minute_of("09:30"), minute_of("９：５"), minute_of("24:00"), minute_of("25:00")
    (570, None, 1440, None)
    """
    match = _CLOCK.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    minute = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else DAY + 1
    return minute if minute <= DAY else None


def clock_of(minute: int) -> str:
    """The time of day as it is written.

    >>> clock_of(570), clock_of(1440)
    ('09:30', '24:00')
    """
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True)
class Use:
    """How many minutes premises were open and how many of them were booked."""

    open: int = 0
    booked: int = 0

    @property
    def share(self) -> Fraction | None:
        """Booked open hours / open hours; None where nothing was open. Source: A55."""
        return Fraction(self.booked, self.open) if self.open else None

    @property
    def hundredths(self) -> int | None:
        """The share in hundredths of a percent, cut and not rounded up."""
        return self.booked * 10_000 // self.open if self.open else None

    def __add__(self, other: "Use") -> "Use":
        return Use(self.open + other.open, self.booked + other.booked)


def open_minutes(available: Availability, month: date) -> int:
    """How many minutes premises are open in the month of `month`."""
    spans = (available.span(day) for day in days_of(month))
    return sum(span[1] - span[0] for span in spans if span is not None)


def days_of(month: date) -> list[date]:
    """The days of the month that `month` lies in."""
    first = month.replace(day=1)
    return [first + timedelta(days=n) for n in range(calendar.monthrange(first.year, first.month)[1])]


def month_of(typed: str) -> date | None:
    """The first day of the month that was typed; None if it is none.

    >>> month_of("2026-11"), month_of("2026-13"), month_of("")
    (datetime.date(2026, 11, 1), None, None)
    """
    match = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", typed)
    return date(int(match[1]), int(match[2]), 1) if match else None
