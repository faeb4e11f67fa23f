"""What stands for or against a provider, for how long, and what follows from it. Source: A67, A69, 2.5."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

LONGEST_REASON = 1000
LONGEST_EVIDENCE = 500
GRADES = ("5A", "4A", "3A", "2A", "1A")


class EventKind(StrEnum):
    """What happened."""

    EXIT = "exit"
    BREACH = "breach"
    UNREPAIRED = "unrepaired"
    FALSE_RATINGS = "false_ratings"
    FAILED = "failed"
    PASSED = "passed"
    KEPT = "kept_promises"
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


class PleaKind(StrEnum):
    """What a provider asks about an event."""

    APPEAL = "appeal"
    """It is not so."""
    REPAIR = "repair"
    """It is made good (信用修复)."""


class EntryKind(StrEnum):
    """What an outside body says of an organisation; kept apart from our own stars. Source: 2.5."""

    ASSESSMENT = "assessment"
    ABNORMAL = "abnormal"
    SERIOUS = "serious"


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
class Entry:
    """A line of an outside list; `until_on`: its last day, None while nobody said so."""

    kind: EntryKind
    from_on: date
    until_on: date | None
    grade: str = ""


@dataclass(frozen=True)
class Listed:
    """Which outside lists an organisation stands on, and its assessment grade ("" none, or expired)."""

    abnormal_since: date | None = None
    serious_since: date | None = None
    serious_until: date | None = None
    """The first day on which it can be off the serious list."""
    serious_open: bool = False
    """Whether it stays there until its source says that it is off."""
    grade: str = ""


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
    """What each kind of event counts; an exit by its own two numbers.

    >>> points_of(Numbers())[EventKind.BREACH]
    Points(kind=<EventKind.BREACH: 'breach'>, points=-20, years=3)
    """
    exits = Points(EventKind.EXIT, numbers.exit_credit_points, numbers.exit_credit_years)
    return {EventKind.EXIT: exits} | {one.kind: one for one in map(_points, numbers.credit_points)}


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


def listed_on(entries: Iterable[Entry], breaches: Iterable[date], day: date, numbers: Numbers) -> Listed:
    """Which outside lists an organisation stands on. Source: 2.5 (社会组织信用信息管理办法).

    Who stays on the abnormal list for two years comes on the serious one; there it stays two years at least, and a
    repeated breach restarts them. A grade that has expired is none.
    """
    found = [one for one in entries if one.from_on <= day]
    abnormal = [one for one in found if one.kind is EntryKind.ABNORMAL and _runs(one, day)]
    serious = sorted(
        filter(None, (_as_serious(one, day, numbers) for one in found)),
        key=lambda one: (one.from_on, one.until_on or day),
    )
    grades = [one for one in found if one.kind is EntryKind.ASSESSMENT and _runs(one, day)]
    since = until = None
    open_ = False
    for one in serious:
        restarts = [*breaches, *(other.from_on for other in serious)]
        ends = _ends(one, sorted(restarts), numbers.serious_years)
        if (one.until_on is None or ends > day) and (until is None or ends >= until):
            since, until, open_ = one.from_on, max(ends, day + timedelta(days=1)), one.until_on is None
    return Listed(
        min((one.from_on for one in abnormal), default=None),
        since,
        until,
        open_,
        max(grades, key=lambda one: one.from_on).grade if grades else "",
    )


def _runs(entry: Entry, day: date) -> bool:
    return entry.until_on is None or entry.until_on >= day


def _as_serious(entry: Entry, day: date, numbers: Numbers) -> Entry | None:
    """An entry as it stands on the serious list; an abnormal one does so after two years."""
    if entry.kind is EntryKind.SERIOUS:
        return entry
    turns = years_after(entry.from_on, numbers.abnormal_years)
    stayed = entry.kind is EntryKind.ABNORMAL and turns <= day and (entry.until_on is None or entry.until_on >= turns)
    return Entry(EntryKind.SERIOUS, turns, entry.until_on) if stayed else None


def _ends(entry: Entry, restarts: Sequence[date], years: int) -> date:
    """The first day on which an entry can be off the serious list."""
    ends = years_after(entry.from_on, years)
    for day in restarts:
        if entry.from_on <= day < ends:
            ends = max(ends, years_after(day, years))
    return max(ends, entry.until_on + timedelta(days=1)) if entry.until_on else ends


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True)
class EventDraft:
    """What an office writes down about a provider."""

    kind: str
    reason: str
    evidence: str


def event_refusals(draft: EventDraft, *, tied: bool) -> Iterator[Refusal]:
    """Why an event may not be written down so. Source: A67 (reason, evidence)."""
    yield from tied_refusals(tied=tied)
    if draft.kind not in RECORDED:
        yield Refusal(N_("Please choose what happened."), "kind")
    yield from _said(draft.reason, "reason", LONGEST_REASON)
    yield from _said(draft.evidence, "evidence", LONGEST_EVIDENCE)


def tied_refusals(*, tied: bool) -> Iterator[Refusal]:
    """People of a provider decide nothing about it."""
    if tied:
        yield Refusal(N_("You work for this provider: somebody else decides about it."))


def plea_refusals(
    kind: PleaKind, words: str, evidence: str, *, event: Event, waits: bool, appealed: bool, until: date, today: date,
    numbers: Numbers,
) -> Iterator[Refusal]:  # fmt: skip
    """Why an appeal or a repair is not taken; `until`: the last day for an appeal. Source: A67, 2.5."""
    if event.ended_on is not None or event.expires_on <= today:
        yield Refusal(N_("This does not count any more."))
    elif waits:
        yield Refusal(N_("What was sent about this is not decided yet."))
    elif event.points >= 0:
        yield Refusal(N_("This counts for the provider; there is nothing to put right."))
    elif kind is PleaKind.APPEAL and appealed:
        yield Refusal(N_("An appeal was decided already; it stands."))
    elif kind is PleaKind.APPEAL and today > until:
        yield Refusal(N_("Appeals were possible until %(day)s."), values={"day": until.isoformat()})
    elif kind is PleaKind.REPAIR and today < (first := event.day + timedelta(days=numbers.credit_repair_days)):
        yield Refusal(N_("It can be made good from %(day)s on."), values={"day": first.isoformat()})
    yield from _said(words, "words", LONGEST_REASON)
    yield from _said(evidence, "evidence", LONGEST_EVIDENCE)


def judge_refusals(answer: str, *, tied: bool, recorded: bool, decided: bool) -> Iterator[Refusal]:
    """Why somebody may not decide on an appeal or a repair so; `recorded`: she wrote the event down herself."""
    yield from tied_refusals(tied=tied)
    if recorded:
        yield Refusal(N_("You wrote this down yourself: somebody else decides about it."))
    if decided:
        yield Refusal(N_("This is decided already."))
    yield from _said(answer, "answer", LONGEST_REASON)


def _said(words: str, field: str, most: int) -> Iterator[Refusal]:
    if len(words) < 2:
        yield Refusal(N_("Please say it in a few words; everyone reads it."), field)
    yield from public_text(words, field, most)


def bar_refusals(until: date | None, beside: str = "") -> Iterator[Refusal]:
    """Why a provider may not be selected. Source: A69."""
    if until is not None:
        yield Refusal(N_("This provider is barred from selection until %(day)s."), beside, {"day": until.isoformat()})
