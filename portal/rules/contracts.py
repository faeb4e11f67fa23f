"""What a contract must say, how long it may run, and what may still change once it is signed."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

LONGEST_NAME = 100
LONGEST_TITLE = 120
LONGEST_WORDS = 4000
LONGEST_EVIDENCE = 300
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


class PartyRole(StrEnum):
    """As what somebody is bound by a contract. Source: A28."""

    PURCHASER = "purchaser"
    PROVIDER = "provider"
    ASSISTING = "assisting_unit"
    """项目协助单位, third party to the contract."""


class Clause(StrEnum):
    """The twelve matters that every contract must settle. Source: B23."""

    CONTENT = "content"
    QUALITY = "quality_standard"
    PRICE = "price"
    CAPACITY = "capacity"
    TERM = "term"
    PLACE = "place"
    MANNER = "manner"
    PAYMENT = "payment"
    BREACH = "breach_liability"
    DISPUTE = "dispute_resolution"
    NO_REASSIGNMENT = "no_reassignment"
    RIGHTS = "rights_and_duties"


GIVEN = (Clause.PRICE, Clause.TERM, Clause.PAYMENT, Clause.NO_REASSIGNMENT)
"""Clauses whose words follow from the figures or from the law, so that nobody types something else."""
NO_REASSIGNMENT = N_(
    "The provider delivers the service itself. It may not pass this contract on to anybody else, "
    "whole or split into parts."
)
"""承接服务不得转包: the same words in every contract. Source: B23."""
TYPED = tuple(clause for clause in Clause if clause not in GIVEN)


class Condition(StrEnum):
    """What must be shown for a term above a year. Source: A41, 1.4."""

    CONTENT = "content_stable"
    CONTINUOUS = "continuous"
    FUNDING = "funding_stable"
    PRICE = "price_stable"
    BUDGET = "budget_assured"


@dataclass(frozen=True)
class Party:
    """Who is to be bound by a contract."""

    role: PartyRole
    name: str
    provider_id: int | None = None
    region_id: int | None = None
    duties: str = ""
    fee_fen: int | None = 0


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


def once_refusals(*, elsewhere: bool) -> Iterator[Refusal]:
    """The same form counts once; `elsewhere`: its key stands at another contract."""
    if elsewhere:
        yield Refusal(N_("This form was sent for another contract already. Please open the page again."))


def draft_refusals(state: ContractState) -> Iterator[Refusal]:
    """Nothing of a signed contract is edited. Source: B31, B32."""
    if state is not ContractState.DRAFT:
        yield Refusal(N_("This contract is signed: nothing of it is edited any more. Changes are added to it."))


def refusals(
    draft: ContractDraft, numbers: Numbers, *, most_fen: int, first_start: date | None = None
) -> Iterator[Refusal]:
    """Why `draft` is no contract, where at most `most_fen` were awarded and what it replaces began on `first_start`."""
    yield from _words(draft.title, "title", LONGEST_TITLE, fewest=2)
    yield from _words(draft.purchaser, "purchaser", LONGEST_NAME, fewest=2)
    yield from _words(draft.purchaser_duties, "purchaser_duties", LONGEST_WORDS)
    yield from _words(draft.provider_duties, "provider_duties", LONGEST_WORDS)
    yield from _price_refusals(draft, most_fen)
    if draft.assisting is not None:
        yield from _assisting_refusals(draft.assisting, draft.price_fen)
    yield from term_refusals(draft.starts_on, draft.ends_on, draft.conditions or {}, numbers, first_start)


def _price_refusals(draft: ContractDraft, most_fen: int) -> Iterator[Refusal]:
    """Money and value in kind are kept apart, and both count towards the price that won. Source: A54, 2.2."""
    yield from _words(draft.in_kind_basis, "in_kind_basis", LONGEST_WORDS)
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


def _assisting_refusals(party: Party, price_fen: int | None) -> Iterator[Refusal]:
    yield from _words(party.name, "assisting", LONGEST_NAME, fewest=2)
    if not party.duties:
        yield Refusal(N_("Please say what the assisting unit does."), "assisting_duties")
    yield from _words(party.duties, "assisting_duties", LONGEST_WORDS)
    if party.fee_fen is None or party.fee_fen < 0:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "assisting_fee")
    elif price_fen is not None and party.fee_fen > price_fen:
        yield Refusal(N_("The fee is paid out of the price, so it cannot be above it."), "assisting_fee")


def refusals_of_parties(parties: Sequence[Party], evaluators: Collection[str] = ()) -> Iterator[Refusal]:
    """Nobody stands on two sides of a contract, and who evaluates it stands on none.

    Source: A28, requirements 1.5 (assisting unit, evaluator and provider are three).
    """
    for number, party in enumerate(parties):
        beside = "assisting" if party.role is PartyRole.ASSISTING else party.role.value
        for other in parties[:number]:
            if _same_body(party, other):
                yield _conflict(party, other, beside)
        if same_name(party.name) in map(same_name, evaluators):
            yield Refusal(
                N_("%(name)s evaluates this service and cannot be a party of its contract."),
                beside,
                {"name": party.name},
            )


def _conflict(party: Party, other: Party, beside: str) -> Refusal:
    if party.role is other.role:
        return Refusal(N_("%(name)s is named twice."), beside, {"name": party.name})
    if PartyRole.ASSISTING not in (party.role, other.role):
        return Refusal(N_("Nobody can buy from itself: purchaser and provider are the same body."), "purchaser")
    return Refusal(
        N_("%(name)s is already a party in another role and cannot be the assisting unit, too."),
        "assisting",
        {"name": party.name},
    )


def _same_body(one: Party, other: Party) -> bool:
    return (
        same_name(one.name) == same_name(other.name)
        or (one.provider_id is not None and one.provider_id == other.provider_id)
        or (one.region_id is not None and one.region_id == other.region_id)
    )


def same_name(name: str) -> str:
    """The name of a body as it is compared: without blanks, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def anniversary(start: date, years: int) -> date:
    """The same day `years` later; after 29 February in a common year, 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def latest_end(start: date, years: int) -> date:
    """The last day that a term of `years` beginning on `start` can have. Source: 1.4 (A42)."""
    return anniversary(start, years) - timedelta(days=1)


def term_refusals(
    starts_on: date | None,
    ends_on: date | None,
    conditions: Mapping[str, str],
    numbers: Numbers,
    first_start: date | None = None,
) -> Iterator[Refusal]:
    """At most three years in all, whatever it is called; above a year only with all conditions shown.

    `first_start`: when the first contract of a chain of replacements began. Source: A41, A42, 1.4.
    """
    if starts_on is None or not 2000 <= starts_on.year <= 2100:
        yield Refusal(N_("Please give the first day."), "starts_on")
        return
    if ends_on is None or ends_on < starts_on:
        yield Refusal(N_("The last day must not be before the first."), "ends_on")
        return
    first = min(first_start or starts_on, starts_on)
    latest = latest_end(first, numbers.longest_contract_years)
    if ends_on > latest:
        yield Refusal(
            N_("A contract runs for at most %(years)s years with all that is added to it: here until %(latest)s."),
            "ends_on",
            {"years": numbers.longest_contract_years, "latest": latest.isoformat()},
        )
    if needs_conditions(first, ends_on, numbers):
        yield from condition_refusals(conditions)


def needs_conditions(starts_on: date, ends_on: date, numbers: Numbers) -> bool:
    """Whether a term is above what is usual. Source: A41."""
    return ends_on > latest_end(starts_on, numbers.usual_contract_years)


def condition_refusals(conditions: Mapping[str, str]) -> Iterator[Refusal]:
    """A term above a year needs each condition ticked, and shown in words. Source: A41."""
    for condition in Condition:
        evidence = conditions.get(condition.value, "")
        if len(evidence) < 4:
            yield Refusal(
                N_("A term above a year needs this condition: please tick it and say what shows it."), condition.value
            )
        yield from _words(evidence, condition.value, LONGEST_EVIDENCE)


def clause_refusals(clauses: Mapping[str, str]) -> Iterator[Refusal]:
    """Why clauses may not be kept so; an empty one is missing, which only a signature minds."""
    for clause in TYPED:
        yield from _words(clauses.get(clause.value, ""), clause.value, LONGEST_WORDS)


def missing(clauses: Mapping[str, str], *, priced: bool, paid: bool) -> list[Clause]:
    """The clauses that a contract still lacks. Source: B23.

    `priced`: its money adds up to its price; `paid`: its instalments do.
    """
    there = {
        Clause.PRICE: priced,
        Clause.TERM: True,
        Clause.PAYMENT: paid,
        Clause.NO_REASSIGNMENT: True,
        **{clause: bool(clauses.get(clause.value, "").strip()) for clause in TYPED},
    }
    return [clause for clause in Clause if not there[clause]]


MISSING = {
    Clause.PRICE: N_("Price: please say from which budget lines it comes; they must add up to it."),
    Clause.PAYMENT: N_("Payment: please list the instalments; they must add up to the price."),
    Clause.CONTENT: N_("A contract cannot be signed without saying what the service is."),
    Clause.QUALITY: N_("A contract cannot be signed without a quality standard."),
    Clause.CAPACITY: N_("A contract cannot be signed without the capacity that the provider keeps ready."),
    Clause.PLACE: N_("A contract cannot be signed without the place of the service."),
    Clause.MANNER: N_("A contract cannot be signed without saying how the service is delivered."),
    Clause.BREACH: N_("A contract cannot be signed without liability for breach."),
    Clause.DISPUTE: N_("A contract cannot be signed without saying how disputes are resolved."),
    Clause.RIGHTS: N_("A contract cannot be signed without rights and duties of both sides."),
}


def signing_refusals(
    lacking: Collection[Clause],
    *,
    targets: int,
    numbers: Numbers,
    signed_on: date | None,
    earliest: date,
    starts_on: date,
    today: date,
) -> Iterator[Refusal]:
    """Why a contract cannot be signed: a clause or what it is measured by is missing. Source: B23, A61."""
    for clause in lacking:
        yield Refusal(MISSING[clause], clause.value)
    if targets < numbers.fewest_targets:
        yield Refusal(
            N_("Please set performance targets first: at least %(fewest)s."),
            "targets",
            {"fewest": numbers.fewest_targets},
        )
    if signed_on is None or not earliest <= signed_on <= today:
        yield Refusal(
            N_("Please give the day of the signature, from %(first)s until today."),
            "signed_on",
            {"first": earliest.isoformat()},
        )
    elif signed_on > starts_on:
        yield Refusal(N_("A contract is signed before it begins; please move its first day."), "signed_on")


@dataclass(frozen=True)
class Part:
    """An instalment, or what a budget line gives; `number` is its place in the form."""

    amount_fen: int | None
    due_on: date | None = None
    line_id: int | None = None
    is_linked: bool = False
    number: int = 0


def money_refusals(parts: Sequence[Part], price_fen: int, free: Mapping[int, int]) -> Iterator[Refusal]:
    """What comes from each line is free there, and together it is the price exactly. Source: B24."""
    for part in parts:
        if part.line_id is None or part.line_id not in free:
            yield Refusal(N_("Please choose a budget line of this place."), f"part{part.number}_line")
        elif part.amount_fen is None or part.amount_fen <= 0:
            yield Refusal(N_("Please give an amount above zero."), f"part{part.number}_amount")
        elif part.amount_fen > free[part.line_id]:
            yield Refusal(
                N_("Only %(free)s yuan of this budget line are free."),
                f"part{part.number}_amount",
                {"free": yuan(free[part.line_id])},
            )
    lines = [part.line_id for part in parts]
    for place, part in enumerate(parts):
        if part.line_id in lines[:place]:
            yield Refusal(N_("This budget line is named twice."), f"part{part.number}_line")
    yield from _sum_refusals(parts, price_fen, "part1_amount")


def instalment_refusals(
    parts: Sequence[Part], price_fen: int, starts_on: date, ends_on: date, numbers: Numbers
) -> Iterator[Refusal]:
    """Instalments are the price exactly, one after the other, within the term and some days. Source: B23, A65."""
    latest = ends_on + timedelta(days=numbers.payment_days)
    before = starts_on
    for part in parts:
        beside = f"part{part.number}_due"
        if part.amount_fen is None or part.amount_fen <= 0:
            yield Refusal(N_("Please give an amount above zero."), f"part{part.number}_amount")
        if part.due_on is None or not starts_on <= part.due_on <= latest:
            yield Refusal(
                N_("Please give a day from %(first)s to %(latest)s."),
                beside,
                {"first": starts_on.isoformat(), "latest": latest.isoformat()},
            )
        elif part.due_on < before:
            yield Refusal(N_("This instalment is due before the one above it."), beside)
        before = part.due_on or before
    yield from _sum_refusals(parts, price_fen, "part1_amount")


def _sum_refusals(parts: Sequence[Part], price_fen: int, beside: str) -> Iterator[Refusal]:
    total = sum(part.amount_fen or 0 for part in parts)
    if total != price_fen:
        yield Refusal(
            N_("Together these are %(total)s yuan, but the price is %(price)s yuan."),
            beside,
            {"total": yuan(total), "price": yuan(price_fen)},
        )


@dataclass(frozen=True)
class ChangeDraft:
    """An extension or a supplement; what is supplemented is paid from a line on a day of its own."""

    words: str
    ends_on: date | None = None
    amount_fen: int | None = 0
    line_id: int | None = None
    due_on: date | None = None
    conditions: Mapping[str, str] | None = None
    signed_on: date | None = None


@dataclass(frozen=True)
class Terms:
    """What of a signed contract a change has to fit."""

    state: ContractState
    price_fen: int
    """As it was first signed; in a chain of replacements that of the first contract."""
    supplements_fen: int
    """All of them, of the whole chain."""
    starts_on: date
    ends_on: date
    first_start: date
    signed_on: date


def change_refusals(draft: ChangeDraft, terms: Terms, numbers: Numbers, today: date) -> Iterator[Refusal]:
    """Why a signed contract may not be changed so. Source: A41, A42, 2.2 (Law 49: 10 %)."""
    if terms.state not in RUNNING:
        yield Refusal(N_("Only a contract that runs can be changed."))
    yield from _words(draft.words, "words", LONGEST_WORDS, fewest=4)
    if draft.signed_on is None or not terms.signed_on <= draft.signed_on <= today:
        yield Refusal(N_("Please give the day of the signature; it cannot lie ahead."), "signed_on")
    if draft.amount_fen is None or draft.amount_fen < 0:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "amount")
    if draft.ends_on is None and not draft.amount_fen:
        yield Refusal(N_("Please give a new last day, an amount, or both."), "ends_on")
    beyond = list(_extension_refusals(draft, draft.ends_on, terms, numbers, today)) if draft.ends_on is not None else []
    yield from beyond
    if draft.amount_fen and not beyond:
        yield from _supplement_refusals(draft, draft.amount_fen, terms, numbers)


def _extension_refusals(
    draft: ChangeDraft, ends_on: date, terms: Terms, numbers: Numbers, today: date
) -> Iterator[Refusal]:
    if today > terms.ends_on:
        yield Refusal(N_("Its last day has passed: what is over is not extended."), "ends_on")
        return
    if ends_on <= terms.ends_on:
        yield Refusal(N_("The new last day must be after %(day)s."), "ends_on", {"day": terms.ends_on.isoformat()})
        return
    yield from term_refusals(terms.starts_on, ends_on, draft.conditions or {}, numbers, terms.first_start)


def _supplement_refusals(draft: ChangeDraft, amount_fen: int, terms: Terms, numbers: Numbers) -> Iterator[Refusal]:
    left = terms.price_fen * numbers.supplement_percent // 100 - terms.supplements_fen
    if amount_fen > left:
        yield Refusal(
            N_("Supplements may be at most %(percent)s %% of the first price in all: %(left)s yuan are left."),
            "amount",
            {"percent": numbers.supplement_percent, "left": yuan(max(left, 0))},
        )
    if draft.line_id is None:
        yield Refusal(N_("Please choose a budget line of this place."), "line")
    latest = max(draft.ends_on or terms.ends_on, terms.ends_on) + timedelta(days=numbers.payment_days)
    if draft.due_on is None or not terms.starts_on <= draft.due_on <= latest:
        yield Refusal(
            N_("Please give a day from %(first)s to %(latest)s."),
            "due_on",
            {"first": terms.starts_on.isoformat(), "latest": latest.isoformat()},
        )


@dataclass(frozen=True)
class Owed:
    """An instalment that is to be paid."""

    amount_fen: int
    promised_fen: int
    """What is still promised to the contract; a signed replacement takes its part of it."""
    due_on: date
    earlier_open: bool = False
    waits: bool = False
    """Whether how much of it is paid follows from the evaluation, and nothing was accepted yet."""


def payment_refusals(amount_fen: int | None, owed: Owed, state: ContractState, today: date) -> Iterator[Refusal]:
    """An instalment is paid once, when it is due, in its turn, and never above what was agreed. Source: B23, A65."""
    if state not in RUNNING:
        yield Refusal(N_("Only a contract that runs is paid."))
    if owed.earlier_open:
        yield Refusal(N_("Instalments are paid in their order; an earlier one is still open."))
    if owed.waits:
        yield Refusal(
            N_("How much of it is paid follows from the evaluation: please record a passed acceptance first.")
        )
    if today < owed.due_on:
        day = owed.due_on.isoformat()
        yield Refusal(N_("This instalment is due on %(day)s, not before."), "amount", {"day": day})
    if amount_fen is None or amount_fen <= 0:
        yield Refusal(N_("Please give an amount above zero."), "amount")
    elif amount_fen > owed.amount_fen:
        yield Refusal(N_("At most %(most)s yuan were agreed for it."), "amount", {"most": yuan(owed.amount_fen)})
    elif amount_fen > owed.promised_fen:
        yield Refusal(
            N_("Only %(left)s yuan are left here: the rest was promised to the provider who goes on."),
            "amount",
            {"left": yuan(owed.promised_fen)},
        )


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
    yield from _words(draft.words, "words", LONGEST_WORDS, fewest=4)


def settled_refusals(*, accepted: bool, unpaid: bool, reason: str) -> Iterator[Refusal]:
    """A contract ends once it was accepted; what stays unpaid needs a reason that everyone reads."""
    if not accepted:
        yield Refusal(N_("A contract ends after its acceptance with the recipients; please record that first."))
    if unpaid:
        yield from _words(reason, "reason", LONGEST_WORDS, fewest=4)


def reason_refusals(reason: str) -> Iterator[Refusal]:
    yield from _words(reason, "reason", LONGEST_WORDS, fewest=4)


def day_refusals(day: date | None, signed_on: date | None, today: date) -> Iterator[Refusal]:
    """A signed contract is filed and published on or after the day of its signature."""
    if day is None or signed_on is None or not signed_on <= day <= today:
        yield Refusal(N_("Please give a day from the signature until today."), "day")


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


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _words(words: str, beside: str, most: int, fewest: int = 0) -> Iterator[Refusal]:
    if len(words) < fewest:
        yield Refusal(N_("Please write a few words."), beside)
    yield from public_text(words, beside, most)
