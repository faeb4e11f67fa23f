"""What stands for or against a provider, for how long, and what follows from it. Source: A67, A69, 2.5."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.numbers import Numbers
from portal.rules.outside import Entry, Listed, listed_on


class EventKind(StrEnum):
    """What happened."""

    EXIT = "exit"
    BREACH = "breach"
    UNREPAIRED = "unrepaired"
    FALSE_RATINGS = "false_ratings"
    FAILED = "failed"
    PASSED = "passed"
    KEPT = "kept_promises"
    BROKEN = "broken_promises"
    HONOUR = "honour"


RECORDED = tuple(kind for kind in EventKind if kind is not EventKind.EXIT)
"""What an office writes down; an exit writes itself when it is settled."""
WITHDRAWS = (EventKind.EXIT, EventKind.BREACH, EventKind.FALSE_RATINGS)
"""What takes the stars away. Source: ratings F6 (limiters)."""


class Effect(StrEnum):
    """What follows from a level of credit. Source: A69."""

    PRIORITY = "priority"
    FEWER_CHECKS = "fewer_checks"
    MORE_CHECKS = "more_checks"
    EXIT_REVIEW = "exit_review"
    BARRED = "barred"


@dataclass(frozen=True)
class Points:
    """What an event counts, and for how many years."""

    kind: EventKind
    points: int
    years: int


@dataclass(frozen=True)
class Level:
    """What follows from a score of `least` and above, up to the next level."""

    least: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Event:
    """An event as far as its counting goes; `ended_on`: from when it no longer counts."""

    id: int
    kind: EventKind
    points: int
    day: date
    expires_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Counted:
    """An event that counts on a day, and the first day on which it will not."""

    event: Event
    until: date


@dataclass(frozen=True)
class Credit:
    """Where a provider stands on a day."""

    score: int
    counted: tuple[Counted, ...]
    effects: tuple[Effect, ...]
    listed: Listed
    barred_until: date | None
    """The first day on which it may be selected again; None: it may."""


def points_of(numbers: Numbers) -> dict[EventKind, Points]:
    """What each kind of event counts; an exit by its own two numbers, what a table leaves out as everywhere else.

    >>> points_of(Numbers())[EventKind.BREACH]
    Points(kind=<EventKind.BREACH: 'breach'>, points=-20, years=3)
    """
    exits = Points(EventKind.EXIT, numbers.exit_credit_points, numbers.exit_credit_years)
    rows = map(_points, (*Numbers.credit_points, *numbers.credit_points))
    return {EventKind.EXIT: exits} | {one.kind: one for one in rows}


def _points(row: str) -> Points:
    kind, points, years = row.split(":")
    return Points(EventKind(kind), int(points), int(years))


def levels_of(numbers: Numbers) -> list[Level]:
    """The levels, best first."""
    return sorted(map(_level, numbers.credit_effects), key=lambda level: -level.least)


def _level(row: str) -> Level:
    least, effects = row.split(":")
    return Level(int(least), tuple(Effect(effect) for effect in effects.split("+") if effect))


def points_refusals(rows: Sequence[str], name: str) -> Iterator[Refusal]:
    """Why a table of points may not be set: each kind once, neither for ever nor without end. Source: A67."""
    try:
        kinds = [_points(row) for row in rows]
    except ValueError:
        yield Refusal(N_("Please write each as kind:points:years, such as breach:-20:3."), name)
        return
    if sorted(one.kind for one in kinds) != sorted(RECORDED):
        yield Refusal(N_("Each kind stands there once: %(kinds)s"), name, {"kinds": ", ".join(RECORDED)})
    if any(abs(one.points) > 100 or not 1 <= one.years <= 10 for one in kinds):
        yield Refusal(N_("At most 100 points, for 1 to 10 years."), name)


def levels_refusals(rows: Sequence[str], name: str) -> Iterator[Refusal]:
    """Why a table of effects may not be set: the levels begin at 0, no two at the same score."""
    try:
        levels = [_level(row) for row in rows]
    except ValueError:
        yield Refusal(N_("Please write each as points:effect+effect, such as 60:more_checks."), name)
        return
    least = {level.least for level in levels}
    if 0 not in least or len(least) != len(levels) or min(least) < 0:
        yield Refusal(N_("The levels begin at 0, and no two at the same score."), name)


def counting(events: Iterable[Event], day: date) -> tuple[Counted, ...]:
    """The events that count on `day`, oldest first, each with when it will not count any more.

    A repeated breach of the same kind restarts the clock of those before it that still count. Source: 2.5.
    """
    alive = sorted(
        (one for one in events if one.day <= day and (one.ended_on is None or one.ended_on > day)),
        key=lambda one: (one.day, one.id),
    )
    until: dict[int, date] = {}
    later: dict[EventKind, Event] = {}
    for one in reversed(alive):
        until[one.id] = one.expires_on
        again = later.get(one.kind)
        if one.points < 0 and again is not None and again.day < one.expires_on:
            until[one.id] = max(one.expires_on, until[again.id])
        later[one.kind] = one
    return tuple(Counted(one, until[one.id]) for one in alive if until[one.id] > day)


def score_of(counted: Iterable[Counted], numbers: Numbers) -> int:
    """The credit score: the base with all points that count, within its bounds. Source: A67."""
    total = numbers.credit_base + sum(one.event.points for one in counted)
    return max(numbers.credit_floor, min(numbers.credit_ceiling, total))


def effects_of(score: int, levels: Iterable[Level]) -> tuple[Effect, ...]:
    """What follows from a score. Source: A69."""
    return next((level.effects for level in levels if score >= level.least), ())


def credit_on(events: Sequence[Event], entries: Sequence[Entry], day: date, numbers: Numbers) -> Credit:
    """Where a provider stands on `day`, computed anew from everything that was ever written down. Source: A67, A69."""
    counted, levels = counting(events, day), levels_of(numbers)
    score = score_of(counted, numbers)
    listed = listed_on(entries, [one.day for one in events if _is_breach(one, day)], day, numbers)
    effects = dict.fromkeys(effects_of(score, levels))
    if listed.abnormal_since or listed.serious_since:
        effects = {Effect.MORE_CHECKS: None} | {
            e: None for e in effects if e not in (Effect.PRIORITY, Effect.FEWER_CHECKS)
        }
    until = _first_free(events, day, numbers) if Effect.BARRED in effects else None
    if listed.serious_since:
        effects[Effect.BARRED] = None
        until = max(filter(None, (until, listed.serious_until)))
    return Credit(score, counted, tuple(effects), listed, until)


def _is_breach(event: Event, day: date) -> bool:
    return event.points < 0 and event.day <= day and (event.ended_on is None or event.ended_on > day)


def _first_free(events: Sequence[Event], day: date, numbers: Numbers) -> date:
    """The first day on which what counts then bars no longer, if nothing happens any more."""
    levels = levels_of(numbers)
    while Effect.BARRED in effects_of(score_of(found := counting(events, day), numbers), levels) and found:
        day = min(one.until for one in found)
    return day


def bar_refusals(until: date | None, beside: str = "") -> Iterator[Refusal]:
    """Why a provider may not be selected. Source: A69."""
    if until is not None:
        yield Refusal(N_("This provider is barred from selection until %(day)s."), beside, {"day": until.isoformat()})
