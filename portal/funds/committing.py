"""Promise money of a budget line, pay of what was promised, and give the rest back. Source: B24, B26."""

import secrets
from collections.abc import Collection

from sqlalchemy import func, select

from portal.funds.balances import promised_of
from portal.funds.models import Allocation, BudgetLine, Commitment, FundEntry
from portal.rules import enforce, funds
from portal.rules.funds import Way
from portal.store import action, db, locked
from portal.store.clock import now


def free_of(line: BudgetLine) -> int:
    """What of a line is not promised yet, in fen."""
    return line.amount_fen - promised_of(line)


@action
def commit_money(line: BudgetLine, amount_fen: int, subject: str) -> Commitment:
    """Promise `amount_fen` (more) of `line` to `subject` ("contract:12"). Refused beside `amount` above what is free.

    Simultaneous deeds wait for each other at the line, so it is never overdrawn. Source: B24.
    """
    locked(line)
    enforce(funds.may_commit(amount_fen, free_of(line)))
    found = _commitment(line, subject)
    if found is None:
        found = Commitment(line_id=line.id, subject=subject, amount_fen=0, paid_fen=0, at=now())
        db.session.add(found)
    found.amount_fen += amount_fen
    return found


@action
def release_money(subject: str, most_fen: int | None = None, lines: Collection[int] | None = None) -> int:
    """Give back what was promised to `subject` and is not paid, and say how much it was.

    `most_fen`: not more than that; `lines`: only of the lines with these numbers.
    """
    released = 0
    for line in _lines_of(subject):
        found = _commitment(locked(line), subject) if lines is None or line.id in lines else None
        if found is None:
            continue
        unpaid = found.amount_fen - found.paid_fen
        part = unpaid if most_fen is None else min(unpaid, most_fen - released)
        released += part
        if part == found.amount_fen:
            db.session.delete(found)
        else:
            found.amount_fen -= part
    return released


def unpaid_of(subject: str) -> int:
    """What is promised to `subject` and not paid, in fen."""
    unpaid = select(func.coalesce(func.sum(Commitment.amount_fen - Commitment.paid_fen), 0))
    return int(db.session.scalar(unpaid.where(Commitment.subject == subject)) or 0)


@action
def pay_money(subject: str, amount_fen: int) -> None:
    """Note that `amount_fen` of what was promised to `subject` was paid, from its lines in their order.

    Each part goes out of the fund from which its line comes. Raises ValueError above what was promised, or for an
    amount that is not above zero: what is to be paid was checked before.
    """
    if amount_fen <= 0:
        raise ValueError("an amount above zero is paid")
    left = amount_fen
    for line in _lines_of(subject):
        found = _commitment(locked(line), subject)
        part = min(left, found.amount_fen - found.paid_fen) if found is not None else 0
        if found is not None and part:
            found.paid_fen += part
            _pay_out(line, subject, part)
            left -= part
    if left:
        raise ValueError("more was to be paid than was promised")


def _pay_out(line: BudgetLine, subject: str, amount_fen: int) -> None:
    """Take a payment out of the line's fund: it holds enough, because nothing is promised that it does not hold."""
    fund_id = select(Allocation.fund_id).where(Allocation.id == line.allocation_id)
    db.session.add(
        FundEntry(
            key=secrets.token_hex(16),
            fund_id=db.session.scalars(fund_id).one(),
            amount_fen=-amount_fen,
            way=Way.PURCHASE.value,
            category=line.category,
            words=line.title,
            subject=subject,
            at=now(),
        )
    )


def _lines_of(subject: str) -> list[BudgetLine]:
    lines = select(BudgetLine).join(Commitment, Commitment.line_id == BudgetLine.id)
    return list(db.session.scalars(lines.where(Commitment.subject == subject).order_by(BudgetLine.id)))


def _commitment(line: BudgetLine, subject: str) -> Commitment | None:
    """What is promised to `subject` of a line that is locked, as it is now."""
    found = select(Commitment).where(Commitment.line_id == line.id, Commitment.subject == subject)
    return db.session.scalar(found.execution_options(populate_existing=True))
