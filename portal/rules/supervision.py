"""Supervision before, during and after delivery, and answers in time. Source: A31, B30."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.credit import Effect
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

LONGEST_WORDS = 2000


class Phase(StrEnum):
    """事前、事中、事后"""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Point(StrEnum):
    """What is looked at in each phase. Source: B30; texts for people are said by the room."""

    NEEDS_ASKED = "needs_asked"
    OPEN_CHOICE = "open_choice"
    QUALIFIED = "qualified"
    PLAN_READY = "plan_ready"
    SERVED_AS_AGREED = "served_as_agreed"
    STAFF_AS_AGREED = "staff_as_agreed"
    DATA_KEPT = "data_kept"
    MONEY_AS_AGREED = "money_as_agreed"
    RECIPIENTS_HEARD = "recipients_heard"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    LEARNED = "learned"


PHASES: dict[Phase, tuple[Point, ...]] = {
    Phase.BEFORE: (Point.NEEDS_ASKED, Point.OPEN_CHOICE, Point.QUALIFIED, Point.PLAN_READY),
    Phase.DURING: (Point.SERVED_AS_AGREED, Point.STAFF_AS_AGREED, Point.DATA_KEPT, Point.MONEY_AS_AGREED),
    Phase.AFTER: (Point.RECIPIENTS_HEARD, Point.ACCEPTED, Point.PUBLISHED, Point.LEARNED),
}
PHASE_OF = {point: phase for phase, points in PHASES.items() for point in points}


def every_days(effects: Collection[Effect], numbers: Numbers) -> int:
    """Days between two looks at each point, by what follows from the provider's credit today. Source: A69, B30.

    >>> every_days((Effect.PRIORITY, Effect.FEWER_CHECKS), Numbers()), every_days((), Numbers())
    (60, 30)
    """
    if Effect.MORE_CHECKS in effects:
        return numbers.supervision_more_every_days
    return numbers.supervision_fewer_every_days if Effect.FEWER_CHECKS in effects else numbers.supervision_every_days


@dataclass(frozen=True)
class Due:
    """By when a point of the list has to be looked at, when it was last, and how many days it is late."""

    point: Point
    due_on: date
    done_on: date | None
    late_days: int


def due_points(
    starts_on: date, ends_on: date, done: dict[Point, date], today: date, *, every_days: int, after_days: int
) -> list[Due]:
    """The list of a contract: before points are due on the first day, during ones every `every_days`, after ones
    `after_days` after the last day. A during point is late from the day on which its next look was due.
    """
    return [_due(point, starts_on, ends_on, done.get(point), today, every_days, after_days) for point in PHASE_OF]


def _due(point: Point, starts_on: date, ends_on: date, done: date | None, today: date, every: int, after: int) -> Due:
    phase = PHASE_OF[point]
    if phase is Phase.DURING:
        due = min((done or starts_on) + timedelta(days=every), ends_on)
        finished = done is not None and done >= ends_on
        return Due(point, due, done, 0 if finished else max(0, (min(today, ends_on) - due).days))
    due = starts_on if phase is Phase.BEFORE else ends_on + timedelta(days=after)
    return Due(point, due, done, 0 if done else max(0, (today - due).days))


@dataclass(frozen=True)
class CheckDraft:
    """What was found on a visit; `present` recipients or residents took part."""

    point: str
    found_on: date | None
    words: str
    mend: bool
    """Whether the provider has something to mend and must answer."""
    present: int | None = 0


def refusals(draft: CheckDraft, *, starts_on: date, today: date) -> Iterator[Refusal]:
    """Why a check may not be written down so. Source: A31."""
    if draft.point not in set(Point):
        yield Refusal(N_("Please choose what was looked at."), "point")
    if draft.found_on is None or draft.found_on > today:
        yield Refusal(N_("Please give a day until today."), "found_on")
    elif draft.point in set(Point) and PHASE_OF[Point(draft.point)] is not Phase.BEFORE and draft.found_on < starts_on:
        yield Refusal(N_("The service had not begun on that day."), "found_on")
    if len(draft.words) < 2:
        yield Refusal(N_("Please say in a few words what was found."), "words")
    if draft.present is None or not 0 <= draft.present <= 100_000:
        yield Refusal(N_("Please give a whole number, 0 or more."), "present")
    yield from public(draft.words, "words")


def public(words: str, field: str) -> Iterator[Refusal]:
    """Text that everyone reads: not too long, and no person's numbers."""
    yield from public_text(words, field, LONGEST_WORDS)


def may_answer(answer: str, *, answered: bool) -> Iterator[Refusal]:
    """Why a provider's answer is not taken."""
    if answered:
        yield Refusal(N_("This check has been answered already."))
    if len(answer) < 2:
        yield Refusal(N_("Please say what was done about it."), "answer")
    yield from public(answer, "answer")


def may_close(*, mend: bool, answered: bool) -> Iterator[Refusal]:
    """A check with something to mend is closed only after the provider's answer. Source: A31."""
    if mend and not answered:
        yield Refusal(N_("The provider has not answered yet."))
