"""How the case of a bad rating goes on: contact, verify, repair, public answer, call-back; and how long each may take.

Source: requirements 1.6, 2.4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.clocks import working_day_after
from portal.rules.numbers import Numbers


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    """Waits for somebody to contact the one who rated."""
    VERIFYING = "verifying"
    REVIEWING = "reviewing"
    """One body calls it malicious; another one looks."""
    REPAIRING = "repairing"
    ASKING = "asking"
    """She is asked whether it is put right."""
    CHECKING = "checking"
    """Somebody of another body looks at the evidence."""
    CLOSED = "closed"


class Finding(StrEnum):
    """What came of verifying a bad rating. Source: 国办发〔2019〕51号 (rules-and-standards 2.4)."""

    UPHELD = "upheld"
    MISTAKEN = "mistaken"
    MALICIOUS = "malicious"


class Move(StrEnum):
    """What takes a case on."""

    CONTACT = "contact"
    UPHOLD = "uphold"
    MISTAKE = "mistake"
    ACCUSE = "accuse"
    AGREE = "agree"
    CLEAR = "clear"
    """The other body does not find it malicious."""
    REPAIR = "repair"
    CONFIRM = "confirm"
    REJECT = "reject"
    SILENCE = "silence"
    ACCEPT = "accept"
    RETURN = "return"
    WITHDRAW = "withdraw"
    """She wants no more of it."""
    REOPEN = "reopen"


S, M = CaseState, Move
BY_RESIDENT = frozenset({M.CONFIRM, M.REJECT, M.WITHDRAW, M.REOPEN})
BY_OTHER_BODY = frozenset({M.AGREE, M.CLEAR, M.ACCEPT, M.RETURN})
HANDLED = frozenset({M.CONTACT, M.UPHOLD, M.MISTAKE, M.ACCUSE, M.REPAIR})
"""Who did one of these had the case in hand."""
RISING = frozenset({S.RECEIVED, S.VERIFYING, S.REVIEWING, S.REPAIRING, S.CHECKING})
"""States in which somebody else than the resident lets a case wait: overdue it rises to the next level."""
WAYS: dict[CaseState, frozenset[Move]] = {
    S.RECEIVED: frozenset({M.CONTACT, M.WITHDRAW}),
    S.VERIFYING: frozenset({M.UPHOLD, M.MISTAKE, M.ACCUSE, M.WITHDRAW}),
    S.REVIEWING: frozenset({M.AGREE, M.CLEAR, M.WITHDRAW}),
    S.REPAIRING: frozenset({M.REPAIR, M.WITHDRAW}),
    S.ASKING: frozenset({M.CONFIRM, M.REJECT, M.SILENCE, M.WITHDRAW}),
    S.CHECKING: frozenset({M.ACCEPT, M.RETURN, M.WITHDRAW}),
    S.CLOSED: frozenset({M.REOPEN}),
}


@dataclass(frozen=True)
class Standing:
    """How a case stands; `named`: she who rated left a way to reach her, otherwise it is about a published batch."""

    state: CaseState
    named: bool
    finding: Finding | None = None
    complex: bool = False
    cleared: bool = False
    """Whether another body said that it is not malicious: nobody calls it so again."""
    reopened: bool = False

    @property
    def moves(self) -> frozenset[Move]:
        return WAYS[self.state]


def begun(*, named: bool) -> Standing:
    """A new case. Nobody can be contacted about ratings without names: those are verified at once."""
    return Standing(S.RECEIVED if named else S.VERIFYING, named)


def move_refusals(standing: Standing, move: Move) -> Iterator[Refusal]:
    """Why a case cannot go on so. Source: requirements 1.6."""
    if move not in standing.moves:
        yield Refusal(N_("This case has gone on meanwhile. Please look at it again."))
    elif not standing.named and move in BY_RESIDENT | {M.ACCUSE}:
        yield Refusal(N_("Nobody is known here: ratings without names are never called malicious."), "finding")
    elif move is M.ACCUSE and standing.cleared:
        yield Refusal(N_("Another body has found that this rating is not malicious."), "finding")
    elif move is M.REOPEN and standing.reopened:
        yield Refusal(N_("A case can be opened again once; this was done."))


def moved(standing: Standing, move: Move, *, complex: bool = False) -> Standing:
    """How a case stands after a `move` that nothing refuses; `complex`: the repair needs the longer time."""
    match move:
        case M.CONTACT:
            return replace(standing, state=S.VERIFYING)
        case M.UPHOLD:
            return replace(standing, state=S.REPAIRING, finding=Finding.UPHELD, complex=complex)
        case M.MISTAKE:
            return _answered(replace(standing, finding=Finding.MISTAKEN))
        case M.ACCUSE:
            return replace(standing, state=S.REVIEWING, finding=None)
        case M.AGREE:
            return replace(standing, state=S.CLOSED, finding=Finding.MALICIOUS)
        case M.CLEAR:
            return replace(standing, state=S.VERIFYING, cleared=True)
        case M.REPAIR:
            return _answered(standing)
        case M.REJECT if standing.reopened:
            return replace(standing, state=S.CHECKING)
        case M.REJECT | M.REOPEN:
            return replace(_again(standing), reopened=True)
        case M.SILENCE:
            return replace(standing, state=S.CHECKING)
        case M.RETURN:
            return _again(standing)
        case M.CONFIRM | M.ACCEPT | M.WITHDRAW:
            return replace(standing, state=S.CLOSED)


def _answered(standing: Standing) -> Standing:
    """She is asked; where nobody can be, another body looks. Source: requirements 1.6 (call-back)."""
    return replace(standing, state=S.ASKING if standing.named else S.CHECKING)


def _again(standing: Standing) -> Standing:
    """Back to the work: what was upheld is repaired once more, anything else is verified once more."""
    return replace(standing, state=S.REPAIRING if standing.finding is Finding.UPHELD else S.VERIFYING)


def working_days(standing: Standing, numbers: Numbers) -> int | None:
    """The working days that a case may stand so; None when it is closed."""
    match standing.state:
        case S.RECEIVED:
            return numbers.case_contact_working_days
        case S.VERIFYING | S.REVIEWING:
            return numbers.case_verify_working_days
        case S.REPAIRING:
            return numbers.case_complex_working_days if standing.complex else numbers.case_repair_working_days
        case S.ASKING:
            return numbers.case_callback_working_days
        case S.CHECKING:
            return numbers.case_check_working_days
        case S.CLOSED:
            return None


def due_on(standing: Standing, start: date, numbers: Numbers, calendar: Mapping[date, bool]) -> date | None:
    """The last day on which a case that came to stand so on the day `start` is in time."""
    days = working_days(standing, numbers)
    return None if days is None else working_day_after(start, days, calendar)


def rises_on(start: date, numbers: Numbers, calendar: Mapping[date, bool]) -> date:
    """The last day that the next level has before an overdue case rises once more."""
    return working_day_after(start, numbers.case_rise_working_days, calendar)
