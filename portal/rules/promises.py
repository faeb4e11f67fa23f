"""What was said to be done: those who asked for it say whether it is so. Source: A70, A27."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.needs import NeedState
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

LONGEST = 500
FEWEST_WORDS = 5


class Subject(StrEnum):
    """What was declared done."""

    NEED = "need"
    PROJECT = "project"
    IMPROVEMENT = "improvement"


class Answer(StrEnum):
    """What somebody who asked for it says."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Verdict(StrEnum):
    """What came of asking."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"
    UNKNOWN = "unknown"
    """Too few answered to say."""


DONE_FROM = (NeedState.ANSWERED, NeedState.IN_SERVICE, NeedState.CLOSED)
"""States in which a need can be declared done: there was an answer, or a service runs."""


def declare_refusals(state: NeedState, words: str, *, listed: bool, asked: bool) -> Iterator[Refusal]:
    """Why a need may not be declared done; `asked`: those behind it are being asked, or said it is so."""
    if not listed:
        yield Refusal(N_("Only a need on the public list can be declared done here."))
    elif state not in DONE_FROM:
        yield Refusal(N_("Please answer the need first; then you can say that it is done."))
    if asked:
        yield Refusal(N_("Those who asked for it are being asked already, or have said that it is so."))
    if len(words) < FEWEST_WORDS:
        yield Refusal(N_("Please say in a few words what was done."), "words")
    yield from public_text(words, "words", LONGEST)


def last_day(declared_on: date, numbers: Numbers) -> date:
    """The last day on which those who were asked can answer."""
    return declared_on + timedelta(days=numbers.promise_answer_days)


def answer_refusals(answer: str, today: date, closes_on: date, *, asked: bool, answered: bool) -> Iterator[Refusal]:
    """Why somebody may not answer: each supporter is asked once, and answers once."""
    if answer not in set(Answer):
        yield Refusal(N_("Please choose one of the three answers."), "answer")
    if not asked:
        yield Refusal(N_("Only those who asked for it when it was declared done can say whether it is so."))
    elif answered:
        yield Refusal(N_("You have answered already. Thank you."))
    elif today > closes_on:
        yield Refusal(N_("The days in which this could be answered are over."))


def verdict(yes: int, partly: int, no: int, least: int) -> Verdict:
    """Kept or not, where more than half say so; too few answers say nothing. Source: ratings F9 (cells).

    >>> verdict(4, 1, 2, 5)
    <Verdict.KEPT: 'kept'>
    >>> verdict(4, 2, 2, 5)
    <Verdict.PARTLY: 'partly'>
    """
    answers = yes + partly + no
    if answers < least:
        return Verdict.UNKNOWN
    if 2 * yes > answers:
        return Verdict.KEPT
    return Verdict.NOT_KEPT if 2 * no > answers else Verdict.PARTLY


@dataclass(frozen=True)
class Rate:
    """How many promises were kept, of those on which enough people answered; `unknown`: too few did."""

    kept: int
    judged: int
    unknown: int


def kept_rate(counts: Mapping[str, int]) -> Rate:
    """The kept-promise rate of so many of each verdict: silence is neither kept nor broken. Source: ratings F5."""
    unknown = counts.get(Verdict.UNKNOWN, 0)
    judged = sum(counts.get(one, 0) for one in (Verdict.KEPT, Verdict.PARTLY, Verdict.NOT_KEPT))
    return Rate(counts.get(Verdict.KEPT, 0), judged, unknown)
