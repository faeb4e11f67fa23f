"""Share a fund out to places, and plan what is bought with it: never more than there is. Source: B24, B26."""

from portal import audit
from portal.funds.balances import free_of_allocation, free_of_fund, promised_of, used_of
from portal.funds.keys import sent_before
from portal.funds.models import Allocation, BudgetLine, Fund
from portal.policies.catalogue import catalogue
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, funds
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now


@action
def allocate(actor: Actor, fund: Fund, to: Region, amount_fen: int | None, key: str) -> Allocation:
    """Give a part of a fund to its own region or one below."""
    locked(fund)
    if said := sent_before(Allocation, key, fund_id=fund.id, region_id=to.id, amount_fen=amount_fen):
        return said
    above = db.session.get_one(Region, fund.region_id).path
    enforce(funds.may_allocate(amount_fen, free_of_fund(fund), above=above, below=to.path, first=True))
    return _given(actor, Allocation(key=key, fund_id=fund.id, region_id=to.id, amount_fen=amount_fen, at=now()))


@action
def give_on(actor: Actor, parent: Allocation, to: Region, amount_fen: int | None, key: str) -> Allocation:
    """Give a part of an allocation to a region below."""
    locked(parent)
    if said := sent_before(Allocation, key, parent_id=parent.id, region_id=to.id, amount_fen=amount_fen):
        return said
    above = db.session.get_one(Region, parent.region_id).path
    enforce(funds.may_allocate(amount_fen, free_of_allocation(parent), above=above, below=to.path, first=False))
    child = Allocation(
        key=key, fund_id=parent.fund_id, parent_id=parent.id, region_id=to.id, amount_fen=amount_fen, at=now()
    )
    return _given(actor, child)


def _given(actor: Actor, allocation: Allocation) -> Allocation:
    db.session.add(allocation)
    audit.record(actor, Deed.KEEP_FUNDS, allocation, amount=allocation.amount_fen)
    return allocation


@action
def resize_allocation(actor: Actor, allocation: Allocation, amount_fen: int | None) -> Allocation:
    """Make an allocation larger or smaller: not above what there is, not below what is used of it."""
    if allocation.parent_id is None:
        room = free_of_fund(locked(db.session.get_one(Fund, allocation.fund_id)))
    else:
        room = free_of_allocation(locked(db.session.get_one(Allocation, allocation.parent_id)))
    locked(allocation)
    room += allocation.amount_fen
    enforce(funds.may_resize(amount_fen, used_fen=used_of(allocation), room_fen=room))
    assert amount_fen is not None
    audit.record(actor, Deed.KEEP_FUNDS, allocation, amount=amount_fen, before=allocation.amount_fen)
    allocation.amount_fen = amount_fen
    return allocation


@action
def add_line(
    actor: Actor,
    allocation: Allocation,
    title: str,
    amount_fen: int | None,
    key: str,
    *,
    category: str = "",
    is_new: bool = False,
) -> BudgetLine:
    """Plan to buy something with a part of an allocation. Source: B24, A46 (`is_new`)."""
    locked(allocation)
    if said := sent_before(BudgetLine, key, allocation_id=allocation.id, title=title, amount_fen=amount_fen):
        return said
    enforce(funds.may_plan(amount_fen, free_of_allocation(allocation), title))
    if category and category not in catalogue():
        enforce([Refusal(N_("Please choose one of the subjects shown."), "category")])
    line = BudgetLine(
        key=key,
        allocation_id=allocation.id,
        region_id=allocation.region_id,
        title=title,
        category=category,
        amount_fen=amount_fen,
        is_new=is_new,
        at=now(),
    )
    db.session.add(line)
    audit.record(actor, Deed.KEEP_FUNDS, line, amount=amount_fen, new=is_new)
    return line


@action
def resize_line(actor: Actor, line: BudgetLine, amount_fen: int | None) -> BudgetLine:
    """Make a budget line larger or smaller: not above what is left, not below what is promised. Source: B24."""
    allocation = locked(db.session.get_one(Allocation, line.allocation_id))
    locked(line)
    room = free_of_allocation(allocation) + line.amount_fen
    enforce(funds.may_resize(amount_fen, used_fen=promised_of(line), room_fen=room))
    assert amount_fen is not None
    audit.record(actor, Deed.KEEP_FUNDS, line, amount=amount_fen, before=line.amount_fen)
    line.amount_fen = amount_fen
    return line
