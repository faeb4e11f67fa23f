"""From which lines a contract is paid, in which parts, and when each of them is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules import N_, Refusal
from portal.rules.contracts import RUNNING, ContractState
from portal.rules.funds import yuan
from portal.rules.numbers import Numbers


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
