"""What may still be added to a signed contract: more days, or a little more money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules import N_, Refusal
from portal.rules.clauses import LONGEST_WORDS, term_refusals
from portal.rules.contracts import RUNNING, ContractState
from portal.rules.funds import yuan
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text


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
    yield from public_text(draft.words, "words", LONGEST_WORDS, fewest=4)
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
