"""Slips with personal codes, and ballots of paper: what may stand on them, and who enters them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.rules import N_, Refusal
from portal.rules.ballots import Mark, Stage, Standing, Terms, choices_of, may_vote
from portal.rules.elections import BallotKind, ballot_refusals

CODE_DIGITS = 16
SERIAL_DIGITS = 8
TRIES_PER_ADDRESS = 300
"""Codes that may be typed from one network address in an hour; a whole committee may share one [I]."""
TAPS = 100_000
"""More taps than a ballot gets."""
MOST_SLIPS = 200
"""Slips in one go of the printer [I]."""
MOST_PAPERS = 100
"""Ballots of paper in one go of the printer [I]."""


class PaperState(StrEnum):
    """Where a ballot of paper stands."""

    PRINTED = "printed"
    HANDED = "handed"
    """In for a voter on the roll; nobody has entered it."""
    ONCE = "once"
    """Entered by one person."""
    DIFFERS = "differs"
    """Two people read it differently; a third one settles it."""
    COUNTED = "counted"
    PASSED = "passed"
    """The voter voted again after it: that counts instead."""
    VOID = "void"


WAITING = (PaperState.HANDED, PaperState.ONCE, PaperState.DIFFERS)
"""Papers that somebody still has to enter."""


class Void(StrEnum):
    """Why a paper cannot be counted."""

    TOO_MANY = "too-many"
    OVER_BUDGET = "over-budget"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Entry:
    """What one person read on a paper: values by option number (1, points, or rank), or why it cannot be counted."""

    values: Mapping[int, int] = field(default_factory=dict)
    void: Void | None = None

    def as_json(self) -> dict[str, Any]:
        return {"values": {str(option): value for option, value in self.values.items()}, "void": self.void}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Entry":
        return cls(
            {int(option): value for option, value in kept["values"].items()}, kept["void"] and Void(kept["void"])
        )


def read(terms: Terms, values: Mapping[int, int], void: str = "") -> Entry:
    """What was typed as an entry: nothing beside a reason why it is void; ranks without gaps, best first."""
    if void:
        return Entry({}, Void(void))
    marked = {option: value for option, value in sorted(values.items()) if value}
    if terms.kind is BallotKind.ORDINAL and len(set(marked.values())) == len(marked):
        ranked = sorted(marked, key=lambda option: marked[option])
        marked = {option: ranked.index(option) + 1 for option in marked}
    return Entry(marked)


def agree(first: Entry, second: Entry) -> bool:
    """Whether two people read the same; of a paper that cannot be counted they need not name the same reason."""
    return first == second or (first.void is not None and second.void is not None)


def entry_refusals(terms: Terms, entry: Entry) -> Iterator[Refusal]:
    """Why an entry cannot be counted as the vote that it says. Source: A26, trust 2 (class 5)."""
    for option, value in entry.values.items():
        if option not in terms.costs or value < 1 or (value > 1 and not _counts(terms.kind)):
            yield Refusal(N_("Please look at this number again."), f"option_{option}")
    if terms.kind is BallotKind.ORDINAL and len(set(entry.values.values())) < len(entry.values):
        yield Refusal(
            N_("Two options have the same rank. If the paper says so, choose “cannot be counted” below."), "void"
        )
    choices = choices_of(terms.kind, {option: Mark(value, 0) for option, value in entry.values.items()})
    keys = {str(option): cost for option, cost in terms.costs.items()}
    if list(ballot_refusals(terms.kind, choices, keys=keys, most=terms.most, costs=keys, budget=terms.budget_fen)):
        yield Refusal(
            N_("This is more than the vote allows. If the paper says so, choose “cannot be counted” below."), "void"
        )


def void_refusals(terms: Terms, values: Mapping[int, int], void: str) -> Iterator[Refusal]:
    """Why a paper may not be called one that cannot be counted: what was marked beside that could be."""
    entry = read(terms, values)
    if void and entry.values and not list(entry_refusals(terms, entry)):
        yield Refusal(VALID, "void")


VALID = N_("What is marked above could be counted. Please take the marks away, or choose “Yes, as entered above”.")


def _counts(kind: BallotKind) -> bool:
    return kind in (BallotKind.CUMULATIVE, BallotKind.ORDINAL)


def handing_refusals(state: PaperState, voter: Standing, when: Stage) -> Iterator[Refusal]:
    """Why a paper may not be taken in for a voter: not before the opening, not after the closing, and only once."""
    if state is PaperState.VOID:
        yield Refusal(N_("This paper cannot be counted any more; another one took its place."), "serial")
    elif state is not PaperState.PRINTED:
        yield Refusal(N_("This paper was handed in already."), "serial")
    yield from may_vote(voter, when)


def entering_refusals(state: PaperState, first_by: int | None, by: int, *, sealed: bool) -> Iterator[Refusal]:
    """Why a person may not enter a paper now: two different people do, each without seeing what the other entered."""
    if sealed:
        yield Refusal(N_("This vote is counted; papers cannot be entered any more."))
    elif state is PaperState.PRINTED:
        yield Refusal(N_("Please say first who handed this paper in."))
    elif state is PaperState.DIFFERS:
        yield Refusal(N_("Two people read this paper differently; a third one settles it."))
    elif state not in WAITING:
        yield Refusal(N_("This paper was dealt with already."))
    elif state is PaperState.ONCE and first_by == by:
        yield Refusal(N_("You have entered this paper. Somebody else has to enter it again."))


def settling_refusals(
    state: PaperState, entered_by: tuple[int | None, ...], by: int, *, sealed: bool
) -> Iterator[Refusal]:
    """Why a person may not settle what two others read differently."""
    if sealed:
        yield Refusal(N_("This vote is counted; papers cannot be entered any more."))
    elif state is not PaperState.DIFFERS:
        yield Refusal(N_("There is nothing to settle about this paper."))
    elif by in entered_by:
        yield Refusal(N_("You have entered this paper. A third person has to settle it."))


def waited_for(closes_at: datetime, at: datetime, hours: int) -> bool:
    """Whether the count still waits for papers that were handed in before the closing."""
    return at < closes_at + timedelta(hours=hours)


def slip_refusals(ended: bool) -> Iterator[Refusal]:
    """Why a slip does not vote any more."""
    if ended:
        yield Refusal(N_("This slip has ended, because a newer one was printed. Please use the newer one."))


def digits_of(typed: str) -> str:
    """The digits in what was typed, or in the end of a link that was pasted.

    >>> digits_of("https://portal.example.cn/b/1234-5678 ９０１２ 3456")
    '1234567890123456'
    """
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", typed).strip().rstrip("/").rpartition("/")[2])


def grouped(digits: str) -> str:
    """Digits in groups of four, as people read them aloud."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
