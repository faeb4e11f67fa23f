"""Promise money of a budget line, pay of what was promised, and give the rest back. Source: B24, B26."""

from sqlalchemy import func, select

from portal.funds.models import BudgetLine, Commitment
from portal.rules import enforce, funds
from portal.store import action, db, locked
from portal.store.clock import now


def free_of(line: BudgetLine) -> int:
    """What of a line is not promised yet, in fen."""
    promised = select(func.coalesce(func.sum(Commitment.amount_fen), 0)).where(Commitment.line_id == line.id)
    return line.amount_fen - int(db.session.scalar(promised) or 0)


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
def release_money(subject: str) -> None:
    """Give back what was promised to `subject` and is not paid."""
    for line in _lines_of(subject):
        found = _commitment(locked(line), subject)
        if found is not None:
            if found.paid_fen:
                found.amount_fen = found.paid_fen
            else:
                db.session.delete(found)


@action
def pay_money(subject: str, amount_fen: int) -> None:
    """Note that `amount_fen` of what was promised to `subject` was paid, from its lines in their order.

    Raises ValueError above what was promised: what is to be paid was checked before.
    """
    left = amount_fen
    for line in _lines_of(subject):
        found = _commitment(locked(line), subject)
        if found is not None:
            part = min(left, found.amount_fen - found.paid_fen)
            found.paid_fen += part
            left -= part
    if left:
        raise ValueError("more was to be paid than was promised")


def _lines_of(subject: str) -> list[BudgetLine]:
    lines = select(BudgetLine).join(Commitment, Commitment.line_id == BudgetLine.id)
    return list(db.session.scalars(lines.where(Commitment.subject == subject).order_by(BudgetLine.id)))


def _commitment(line: BudgetLine, subject: str) -> Commitment | None:
    return db.session.scalar(select(Commitment).where(Commitment.line_id == line.id, Commitment.subject == subject))
