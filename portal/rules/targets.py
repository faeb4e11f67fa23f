"""How far a service should have come by a day, and when it is so far behind that somebody has to look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.rules import N_, Refusal
from portal.rules.contracts import RUNNING, ContractState
from portal.rules.numbers import Numbers
from portal.rules.wording import personal_numbers, public_text

MOST_VALUE = 10**9
LONGEST_INDICATOR = 120
LONGEST_UNIT = 20
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class TargetDraft:
    """What is to be reached; numbers are None where none could be read; `number` is its place in the form."""

    indicator: str
    unit: str
    baseline: int | None
    target: int | None
    due_on: date | None
    number: int = 0


@dataclass(frozen=True)
class Standing:
    """How a target stands: "green", "amber", "red", or "" while there is nothing to say."""

    light: str
    expected: Fraction
    """What a steady way would have reached on the day that is looked at."""
    behind_percent: int
    """By how much of the whole way it is behind, in percent and rounded down."""


def target_refusals(drafts: Sequence[TargetDraft], starts_on: date, ends_on: date) -> Iterator[Refusal]:
    """Why these are no targets: each says what is measured, from where, to where and until when. Source: A61."""
    for draft in drafts:
        beside = f"target{draft.number}"
        if not 2 <= len(draft.indicator) <= LONGEST_INDICATOR:
            yield Refusal(N_("Please say what is measured."), f"{beside}_indicator")
        yield from personal_numbers(draft.indicator, f"{beside}_indicator")
        if not 1 <= len(draft.unit) <= LONGEST_UNIT:
            yield Refusal(N_("Please say in what it is counted, such as people or hours."), f"{beside}_unit")
        for name, value in (("baseline", draft.baseline), ("target", draft.target)):
            if value is None or not 0 <= value <= MOST_VALUE:
                yield Refusal(N_("Please give a whole number."), f"{beside}_{name}")
        if draft.target is not None and draft.target == draft.baseline:
            yield Refusal(N_("The target is where it begins: nothing would have to be done."), f"{beside}_target")
        if draft.due_on is None or not starts_on <= draft.due_on <= ends_on:
            yield Refusal(
                N_("Please give a day from %(first)s to %(latest)s."),
                f"{beside}_due",
                {"first": starts_on.isoformat(), "latest": ends_on.isoformat()},
            )


def reading_refusals(
    value: int | None,
    read_on: date | None,
    words: str,
    *,
    state: ContractState,
    starts_on: date,
    today: date,
    before: int | None,
) -> Iterator[Refusal]:
    """Why this is no reading; a second one for a day corrects the first (`before`) and says why. Source: A62."""
    if state not in RUNNING:
        yield Refusal(N_("This contract does not run: nothing is read for it, and the provider's access has ended."))
    if value is None or not 0 <= value <= MOST_VALUE:
        yield Refusal(N_("Please give a whole number."), "value")
    if read_on is None or not starts_on <= read_on <= today:
        yield Refusal(N_("Please give the day; it cannot lie ahead, nor before the service began."), "read_on")
    if before is not None and len(words) < 4:
        yield Refusal(
            N_("For this day %(before)s was read already. It stays in the list; please say why it is corrected."),
            "words",
            {"before": before},
        )
    yield from public_text(words, "words", LONGEST_WORDS)


def expected(baseline: int, target: int, starts_on: date, due_on: date, day: date) -> Fraction:
    """What a steady way from `baseline` to `target` has reached on `day`, exactly. Source: A62.

    >>> expected(0, 100, date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 4))
    Fraction(30, 1)
    """
    if day >= due_on:
        return Fraction(target)
    if day <= starts_on:
        return Fraction(baseline)
    return baseline + Fraction((target - baseline) * (day - starts_on).days, (due_on - starts_on).days)


def standing(
    baseline: int,
    target: int,
    starts_on: date,
    due_on: date,
    reading: tuple[date, int] | None,
    today: date,
    numbers: Numbers,
) -> Standing:
    """How a target stands by its latest reading, looked at on the day of the reading; once it is due, on that day."""
    day = due_on if today >= due_on else reading[0] if reading else today
    should = expected(baseline, target, starts_on, due_on, day)
    if reading is None:
        return Standing("red" if today >= due_on else "", should, 0)
    behind = Fraction(should - reading[1]) / (target - baseline) * 100
    if behind > numbers.target_red_percent:
        light = "red"
    else:
        light = "amber" if behind > numbers.target_amber_percent else "green"
    return Standing(light, should, max(0, behind.__floor__()))


def midterm(starts_on: date, ends_on: date) -> date:
    """The middle of a term, from which a mid-term check is due. Source: A62."""
    return starts_on + (ends_on - starts_on) // 2


def evaluation_refusals(targets: int, readings: int) -> Iterator[Refusal]:
    """An evaluation opens only when targets were set and monitored. Source: A63."""
    if not targets:
        yield Refusal(N_("There are no performance targets to evaluate by."))
    elif not readings:
        yield Refusal(N_("No target was read yet: an evaluation needs monitoring before it."))
