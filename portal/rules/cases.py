"""What becomes of a bad rating: contact, verify, repair, public answer, call-back. Source: requirements 1.6, 2.4."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.accounts import phone_number
from portal.rules.clocks import working_day_after
from portal.rules.numbers import Numbers
from portal.rules.permissions import BY_ROLE, Actor, Deed
from portal.rules.privacy import publishable_paths
from portal.rules.wording import public_text, too_long

LONGEST = 500
LONGEST_CONTACT = 60
BAD_GRADES = (1, 2)
"""Source: ratings (grades 1 and 2 are bad ratings)."""


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


class Way(StrEnum):
    """How she who rated can be reached."""

    PHONE = "phone"
    COMMITTEE = "committee"


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


# Who may touch it


def is_for_provider(finding: str) -> bool:
    """Whether the provider knows of a case: not before it is found right, so that no day tells when she asked."""
    return finding == Finding.UPHELD


def bodies_of(actor: Actor, path: str) -> frozenset[str]:
    """The committees and offices for which `actor` handles cases of the region at `path`: "committee:1.18.203."."""
    return frozenset(
        f"{grant.role}:{grant.path}"
        for grant in actor.grants
        if Deed.HANDLE_CASE in BY_ROLE[grant.role] and path.startswith(grant.path)
    )


def body_of(actor: Actor, path: str) -> str:
    """The one of them that is nearest to the place."""
    return max(bodies_of(actor, path), key=len, default="")


def tied_refusals(actor: Actor, provider_id: int, paid: Collection[str]) -> Iterator[Refusal]:
    """Refuse who is tied to the provider; `paid`: paths of regions that are paid in one of its contracts.

    Source: A28 (assisting units), requirements 1.4 (conflicts of interest).
    """
    if actor.works_for(provider_id):
        yield Refusal(N_("You work for this provider: you decide nothing about it."))
    elif any(grant.path in paid for grant in actor.grants if Deed.HANDLE_CASE in BY_ROLE[grant.role]):
        yield Refusal(N_("You are paid in a contract of this provider: the office above decides about it."))


def other_body_refusals(
    actor: Actor, path: str, handlers: Collection[int | None], bodies: Collection[str]
) -> Iterator[Refusal]:
    """Refuse who belongs to those whose work is looked at. Source: requirements 1.6 (review by another body).

    `handlers`, `bodies`: who had the case in hand, and for which committees and offices.
    """
    if actor.id in handlers or not bodies_of(actor, path).isdisjoint(bodies):
        yield Refusal(N_("Somebody of another body has to look at this: you, or your colleagues, had it in hand."))


# What is said


@dataclass(frozen=True)
class CaseDraft:
    """What she who rated says when she wants it put right."""

    way: str
    contact: str
    words: str
    agrees: bool
    """That the handlers may know who she is."""
    to_provider: bool
    """That the provider may know it, too."""


def opening_refusals(draft: CaseDraft, grade: int | None) -> Iterator[Refusal]:
    """Why no case can be opened; `grade`: that of the rating, None when it is not known or no more to be found."""
    if grade is None:
        yield Refusal(N_("This is possible while a rating can be changed. Your committee hears you at any time."))
    elif grade not in BAD_GRADES:
        yield Refusal(N_("You were not dissatisfied, so there is nothing to put right."))
    if draft.way not in set(Way):
        yield Refusal(N_("Please choose how you can be reached."), "way")
    elif draft.way == Way.PHONE and phone_number(draft.contact) is None:
        yield Refusal(
            N_("This does not look like a mobile number. It has 11 digits, such as 138 0013 8000."), "contact"
        )
    elif len(draft.contact) < 2:
        yield Refusal(N_("Please say for whom the committee should ask, and in which building."), "contact")
    yield from too_long(draft.contact, "contact", LONGEST_CONTACT)
    yield from too_long(draft.words, "words", LONGEST)
    if not draft.agrees:
        yield Refusal(N_("Without your consent nobody can be told how to reach you."), "agrees")


def public_words(words: str, field: str) -> Iterator[Refusal]:
    """Refuse what cannot stand as a public answer."""
    if len(words) < 2:
        yield Refusal(N_("Please say it in a few words; everyone reads it."), field)
    yield from public_text(words, field, LONGEST)


def evidence_refusals(evidence: str) -> Iterator[Refusal]:
    """Nobody is called malicious without evidence."""
    if len(evidence) < 10:
        yield Refusal(N_("Please write down the evidence, so that another body can look at it."), "evidence")
    yield from too_long(evidence, "evidence", LONGEST)


def instead_refusals(due: date | None, today: date) -> Iterator[Refusal]:
    """Who handles a case has it repaired in the provider's place only when the provider let its time pass."""
    if due is None or today <= due:
        yield Refusal(N_("The provider still has time to repair it and to answer."))


def reopening_refusals(closed_on: date | None, today: date, numbers: Numbers) -> Iterator[Refusal]:
    """Why a closed case is not opened again."""
    if closed_on is None or (today - closed_on).days > numbers.case_reopen_days:
        yield Refusal(N_("A case can be opened again within %(days)s days."), values={"days": numbers.case_reopen_days})


# The three rates


@dataclass(frozen=True)
class Rate:
    """A share as its two counts; `shown`: whether there are enough to show it."""

    part: int
    whole: int
    shown: bool = True


@dataclass(frozen=True)
class Rates:
    """响应率, 解决率, 满意率. Source: rules-and-standards 2.4 (接诉即办), requirements 1.6."""

    response: Rate
    """In time, of those whose first answer was due."""
    solved: Rate
    """Closed as repaired, of those that were upheld and due."""
    satisfied: Rate
    """Confirmed by her who rated, of those who were asked."""


def shown_rates(counts: Mapping[str, tuple[int, int, int, int, int, int]], least: int) -> dict[str, Rates]:
    """The rates of a place ("") and of its bodies, from (part, whole) of the three in turn.

    What is of fewer than `least` stays hidden, and so does what could be taken from the whole to show it (F9).
    """
    found = {name: _pairs(row) for name, row in counts.items()}
    shown = [_shown({name: pairs[turn][1] for name, pairs in found.items()}, least) for turn in range(3)]
    return {
        name: Rates(*(Rate(*pair, shown=name in shown[turn]) for turn, pair in enumerate(pairs)))
        for name, pairs in found.items()
    }


def _pairs(row: tuple[int, int, int, int, int, int]) -> tuple[tuple[int, int], ...]:
    return ((row[0], row[1]), (row[2], row[3]), (row[4], row[5]))


def _shown(wholes: Mapping[str, int], least: int) -> set[str]:
    paths = {f"{name}." if name else "": whole for name, whole in wholes.items()}
    return {path.rstrip(".") for path in publishable_paths(paths, least)}
