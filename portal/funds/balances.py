"""What is still free of a fund, an allocation, a budget line and a call for grants, in fen."""

from typing import Any

from sqlalchemy import Select, and_, case, func, select

from portal.funds.models import Allocation, BudgetLine, Commitment, Fund, FundEntry, GrantCall, GrantRequest
from portal.store import db


def balance_of(fund: Fund) -> int:
    """What a fund holds: the sum of its entries."""
    return _sum(select(_total(FundEntry.amount_fen)).where(FundEntry.fund_id == fund.id))


def free_of_fund(fund: Fund) -> int:
    """What of a fund is neither shared out nor kept for grants.

    In one statement, because payments, which change the balance and what is shared out alike, do not wait here.
    """
    balance = select(_total(FundEntry.amount_fen)).where(FundEntry.fund_id == fund.id)
    shared = select(_total(Allocation.amount_fen)).where(Allocation.fund_id == fund.id, Allocation.parent_id.is_(None))
    paid = (
        select(_total(Commitment.paid_fen))
        .join(BudgetLine, BudgetLine.id == Commitment.line_id)
        .join(Allocation, Allocation.id == BudgetLine.allocation_id)
        .where(Allocation.fund_id == fund.id)
    )
    kept = select(_total(GrantCall.budget_fen)).where(GrantCall.fund_id == fund.id, GrantCall.finished_at.is_(None))
    owed = case(
        (and_(GrantCall.finished_at.is_not(None), GrantRequest.paid_at.is_(None)), GrantRequest.granted_fen),
        (and_(GrantCall.finished_at.is_(None), GrantRequest.paid_at.is_not(None)), -GrantRequest.granted_fen),
        else_=0,
    )
    grants = select(_total(owed)).join(GrantCall, GrantCall.id == GrantRequest.call_id)
    parts = (balance, shared, paid, kept, grants.where(GrantCall.fund_id == fund.id))
    found = db.session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    has, given, spent, reserved, granted = map(int, found)
    return has - (given - spent) - reserved - granted


def used_of(allocation: Allocation) -> int:
    """What of an allocation is given on or planned in budget lines."""
    children = select(_total(Allocation.amount_fen)).where(Allocation.parent_id == allocation.id)
    lines = select(_total(BudgetLine.amount_fen)).where(BudgetLine.allocation_id == allocation.id)
    return _sum(children) + _sum(lines)


def free_of_allocation(allocation: Allocation) -> int:
    return allocation.amount_fen - used_of(allocation)


def promised_of(line: BudgetLine) -> int:
    return _sum(select(_total(Commitment.amount_fen)).where(Commitment.line_id == line.id))


def left_of_call(call: GrantCall) -> int:
    """What of a call's budget is not granted yet."""
    granted = select(_total(GrantRequest.granted_fen)).where(GrantRequest.call_id == call.id)
    return call.budget_fen - _sum(granted)


def _total(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _sum(query: Select[Any]) -> int:
    return int(db.session.scalar(query) or 0)
