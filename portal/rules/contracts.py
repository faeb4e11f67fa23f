"""Where a contract stands, what its draft must say, and how it comes to its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.clauses import LONGEST_WORDS, term_refusals
from portal.rules.funds import yuan
from portal.rules.numbers import Numbers
from portal.rules.parties import LONGEST_NAME, Party, assisting_refusals
from portal.rules.wording import public_text

LONGEST_TITLE = 120
MOST_FEN = 10**14


class ContractState(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    SERVING = "serving"
    ENDED = "ended"
    """Delivered, accepted and settled."""
    TERMINATED = "terminated"
    """Broken off before it was delivered. Source: B33."""


NEXT = {
    ContractState.DRAFT: {ContractState.SIGNED},
    ContractState.SIGNED: {ContractState.SERVING, ContractState.TERMINATED},
    ContractState.SERVING: {ContractState.ENDED, ContractState.TERMINATED},
    ContractState.ENDED: set(),
    ContractState.TERMINATED: set(),
}
RUNNING = (ContractState.SIGNED, ContractState.SERVING)


@dataclass(frozen=True)
class ContractDraft:
    """What was typed of a contract before it is signed; amounts are None where none could be read."""

    title: str
    purchaser: str
    price_fen: int | None
    starts_on: date | None
    ends_on: date | None
    in_kind_fen: int | None = 0
    in_kind_basis: str = ""
    conditions: Mapping[str, str] | None = None
    """The evidence of each condition that was ticked."""
    purchaser_duties: str = ""
    provider_duties: str = ""
    assisting: Party | None = None


def refusals(
    draft: ContractDraft, numbers: Numbers, *, most_fen: int, first_start: date | None = None
) -> Iterator[Refusal]:
    """Why `draft` is no contract, where at most `most_fen` were awarded and what it replaces began on `first_start`."""
    yield from public_text(draft.title, "title", LONGEST_TITLE, fewest=2)
    yield from public_text(draft.purchaser, "purchaser", LONGEST_NAME, fewest=2)
    yield from public_text(draft.purchaser_duties, "purchaser_duties", LONGEST_WORDS)
    yield from public_text(draft.provider_duties, "provider_duties", LONGEST_WORDS)
    yield from _price_refusals(draft, most_fen)
    if draft.assisting is not None:
        yield from assisting_refusals(draft.assisting, draft.price_fen)
    yield from term_refusals(draft.starts_on, draft.ends_on, draft.conditions or {}, numbers, first_start)


def _price_refusals(draft: ContractDraft, most_fen: int) -> Iterator[Refusal]:
    """Money and value in kind are kept apart, and both count towards the price that won. Source: A54, 2.2."""
    yield from public_text(draft.in_kind_basis, "in_kind_basis", LONGEST_WORDS)
    if draft.price_fen is None or not 0 < draft.price_fen <= MOST_FEN:
        yield Refusal(N_("Please give an amount above zero in yuan, such as 12000 or 12000.50."), "price")
    if draft.in_kind_fen is None or not 0 <= draft.in_kind_fen <= MOST_FEN:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "in_kind")
    elif draft.in_kind_fen and not draft.in_kind_basis:
        yield Refusal(N_("Please say how the value was found, and by whom."), "in_kind_basis")
    yield from award_refusals((draft.price_fen or 0) + (draft.in_kind_fen or 0), most_fen)


def award_refusals(total_fen: int, most_fen: int) -> Iterator[Refusal]:
    """`most_fen`: what was awarded, less what was paid to those whom a contract replaces. Source: 2.2."""
    if total_fen > most_fen:
        yield Refusal(
            N_("Money and value in kind together may be at most %(most)s yuan: what was awarded and is not paid yet."),
            "price",
            {"most": yuan(max(most_fen, 0))},
        )


def draft_refusals(state: ContractState) -> Iterator[Refusal]:
    """Nothing of a signed contract is edited. Source: B31, B32."""
    if state is not ContractState.DRAFT:
        yield Refusal(N_("This contract is signed: nothing of it is edited any more. Changes are added to it."))


def once_refusals(*, elsewhere: bool) -> Iterator[Refusal]:
    """The same form counts once; `elsewhere`: its key stands at another contract."""
    if elsewhere:
        yield Refusal(N_("This form was sent for another contract already. Please open the page again."))


def next_refusals(state: ContractState, to: ContractState) -> Iterator[Refusal]:
    """Refuse a step that is not the next one."""
    if to not in NEXT[state]:
        yield Refusal(N_("This contract has gone on meanwhile; please look at it again."))


def termination_refusals(state: ContractState, *, accepted: bool) -> Iterator[Refusal]:
    """What was accepted with the recipients is ended, not broken off. Source: B33."""
    yield from next_refusals(state, ContractState.TERMINATED)
    if accepted:
        yield Refusal(N_("This service was accepted already: please end the contract instead."))


def unheld_refusals(state: ContractState) -> Iterator[Refusal]:
    """Those who are being served are not left alone: their contract is broken off only through an exit. Source: B33."""
    if state is ContractState.SERVING:
        yield Refusal(
            N_("People are being served: please begin the exit of the provider, so that nobody is left alone.")
        )


def day_refusals(day: date | None, signed_on: date | None, today: date) -> Iterator[Refusal]:
    """A signed contract is filed and published on or after the day of its signature."""
    if day is None or signed_on is None or not signed_on <= day <= today:
        yield Refusal(N_("Please give a day from the signature until today."), "day")


@dataclass(frozen=True)
class AcceptanceDraft:
    """What came of an acceptance with the recipients."""

    held_on: date | None
    invited: int | None
    took_part: int | None
    passed: bool
    words: str


def acceptance_refusals(draft: AcceptanceDraft, starts_on: date, today: date) -> Iterator[Refusal]:
    """Recipients are invited and their opinion is recorded. Source: 2.2 (Regulation 45)."""
    if draft.held_on is None or not starts_on <= draft.held_on <= today:
        yield Refusal(N_("Please give the day; it cannot lie ahead, nor before the service began."), "held_on")
    if draft.invited is None or not 1 <= draft.invited < 10**6:
        yield Refusal(N_("Recipients must be invited: please say how many were."), "invited")
    elif draft.took_part is None or not 0 <= draft.took_part <= draft.invited:
        yield Refusal(N_("At most as many take part as were invited."), "took_part")
    yield from public_text(draft.words, "words", LONGEST_WORDS, fewest=4)


def settled_refusals(*, accepted: bool, unpaid: bool, reason: str) -> Iterator[Refusal]:
    """A contract ends once it was accepted; what stays unpaid needs a reason that everyone reads."""
    if not accepted:
        yield Refusal(N_("A contract ends after its acceptance with the recipients; please record that first."))
    if unpaid:
        yield from public_text(reason, "reason", LONGEST_WORDS, fewest=4)


def reason_refusals(reason: str) -> Iterator[Refusal]:
    yield from public_text(reason, "reason", LONGEST_WORDS, fewest=4)


@dataclass(frozen=True)
class Clock:
    """A deadline of the law: until when, when it was done, and how many days late it is or was. Source: 2.2."""

    due_on: date
    done_on: date | None
    late_days: int


def clock(due_on: date, done_on: date | None, today: date) -> Clock:
    """How a deadline stands.

    >>> clock(date(2026, 3, 2), None, date(2026, 3, 5)).late_days
    3
    """
    return Clock(due_on, done_on, max(0, ((done_on or today) - due_on).days))
