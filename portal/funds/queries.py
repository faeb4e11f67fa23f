"""What everyone may read of funds: what they hold, how they are shared out, and what is promised and paid."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import aliased

from portal.funds.models import Allocation, BudgetLine, Commitment, Fund, FundEntry, GrantCall, GrantRequest
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import is_below, within
from portal.store import db
from portal.store.paging import Page, page_of

MOST = 300
"""Allocations of one sheet."""


def find_fund(number: int, found: dict[str, Any]) -> Fund | None:
    """A fund by its number, under the region that holds it."""
    return _of(found["region"], db.session.get(Fund, number))


def find_fund_entry(number: int, found: dict[str, Any]) -> FundEntry | None:
    """An entry of the fund of the address."""
    entry = db.session.get(FundEntry, number)
    return entry if entry is not None and entry.fund_id == found["fund"].id else None


def find_allocation(number: int, found: dict[str, Any]) -> Allocation | None:
    """An allocation, under the region to which it was given."""
    return _of(found["region"], db.session.get(Allocation, number))


def find_line(number: int, found: dict[str, Any]) -> BudgetLine | None:
    return _of(found["region"], db.session.get(BudgetLine, number))


def find_call(number: int, found: dict[str, Any]) -> GrantCall | None:
    return _of(found["region"], db.session.get(GrantCall, number))


def find_wish(number: int, found: dict[str, Any]) -> GrantRequest | None:
    """A request of the call of the address."""
    wish = db.session.get(GrantRequest, number)
    return wish if wish is not None and wish.call_id == found["call"].id else None


def _of(region: Region, row: Any) -> Any:
    return row if row is not None and row.region_id == region.id else None


def funds_of(region: Region, year: int) -> Sequence[Row[Any]]:
    """The funds of `region` and of places below it in a fiscal year: what came in, went out, is left and shared out."""
    came = func.sum(case((FundEntry.way == "income", FundEntry.amount_fen), else_=0))
    money = (
        select(FundEntry.fund_id, func.sum(FundEntry.amount_fen).label("balance"), came.label("income"))
        .group_by(FundEntry.fund_id)
        .subquery()
    )
    shared = (
        select(Allocation.fund_id, func.sum(Allocation.amount_fen).label("shared"))
        .where(Allocation.parent_id.is_(None))
        .group_by(Allocation.fund_id)
        .subquery()
    )
    return db.session.execute(
        select(
            Fund,
            Region,
            func.coalesce(money.c.balance, 0).label("balance"),
            func.coalesce(money.c.income, 0).label("income"),
            func.coalesce(shared.c.shared, 0).label("shared"),
        )
        .join(Region, Region.id == Fund.region_id)
        .outerjoin(money, money.c.fund_id == Fund.id)
        .outerjoin(shared, shared.c.fund_id == Fund.id)
        .where(Fund.year == year, within(region))
        .order_by(Region.path, Fund.id)
        .limit(MOST)
    ).all()


def years_of(region: Region) -> list[int]:
    """The fiscal years of which there are funds or allocations here, the newest first."""
    own = select(Fund.year).join(Region, Region.id == Fund.region_id).where(within(region))
    given = (
        select(Fund.year)
        .join(Allocation, Allocation.fund_id == Fund.id)
        .join(Region, Region.id == Allocation.region_id)
        .where(within(region))
    )
    return sorted(set(db.session.scalars(own.union(given))), reverse=True)


class Node(NamedTuple):
    """An allocation in its tree: how deep below the region that is shown, and what of it is used."""

    allocation: Allocation
    fund: Fund
    region: Region
    depth: int
    given_on: int
    planned: int

    @property
    def free(self) -> int:
        return self.allocation.amount_fen - self.given_on - self.planned


def tree_of(region: Region, year: int) -> list[Node]:
    """The allocations to `region` and to places below it, each after the one of which it is a part."""
    child = aliased(Allocation)
    given = select(func.sum(child.amount_fen)).where(child.parent_id == Allocation.id).scalar_subquery()
    planned = select(func.sum(BudgetLine.amount_fen)).where(BudgetLine.allocation_id == Allocation.id).scalar_subquery()
    rows = db.session.execute(
        select(Allocation, Fund, Region, func.coalesce(given, 0), func.coalesce(planned, 0))
        .join(Fund, Fund.id == Allocation.fund_id)
        .join(Region, Region.id == Allocation.region_id)
        .where(Fund.year == year, within(region))
        .order_by(Fund.id, Allocation.id)
        .limit(MOST)
    ).all()
    parts: dict[int | None, list[Any]] = {}
    shown = {row[0].id for row in rows}
    for row in rows:
        parent = row[0].parent_id
        parts.setdefault(parent if parent in shown else None, []).append(row)

    def below(parent: int | None, depth: int) -> list[Node]:
        found = []
        for allocation, fund, place, given_on, in_lines in parts.get(parent, []):
            found.append(Node(allocation, fund, place, depth, int(given_on), int(in_lines)))
            found += below(allocation.id, depth + 1)
        return found

    return below(None, 0)


def lines_of(region: Region, year: int, after: str = "", size: int = 50) -> Page[Any]:
    """The budget lines of `region` and of places below it, the newest first, with what is promised and paid."""
    return page_of(_lines().where(Fund.year == year, within(region)), (BudgetLine.id,), after, size)


def lines_of_allocation(allocation: Allocation) -> Sequence[Row[Any]]:
    rows = _lines().where(BudgetLine.allocation_id == allocation.id).order_by(BudgetLine.id).limit(MOST)
    return db.session.execute(rows).all()


def sources_of(subject: str) -> Sequence[Row[Any]]:
    """From which funds the money comes that is promised to `subject` ("contract:12"), for its own page. Source: A47."""
    query: Any = (
        select(Fund, BudgetLine.title, Commitment.amount_fen, Commitment.paid_fen)
        .join(Allocation, Allocation.fund_id == Fund.id)
        .join(BudgetLine, BudgetLine.allocation_id == Allocation.id)
        .join(Commitment, Commitment.line_id == BudgetLine.id)
        .where(Commitment.subject == subject)
        .order_by(BudgetLine.id)
    )
    return db.session.execute(query).all()


def _lines() -> Any:
    promised = (
        select(
            Commitment.line_id,
            func.sum(Commitment.amount_fen).label("promised"),
            func.sum(Commitment.paid_fen).label("paid"),
        )
        .group_by(Commitment.line_id)
        .subquery()
    )
    return (
        select(
            BudgetLine.id,
            BudgetLine.title,
            BudgetLine.category,
            BudgetLine.amount_fen,
            BudgetLine.is_new,
            Fund.kind,
            Fund.channel,
            Region,
            func.coalesce(promised.c.promised, 0).label("promised"),
            func.coalesce(promised.c.paid, 0).label("paid"),
        )
        .join(Allocation, Allocation.id == BudgetLine.allocation_id)
        .join(Fund, Fund.id == Allocation.fund_id)
        .join(Region, Region.id == BudgetLine.region_id)
        .outerjoin(promised, promised.c.line_id == BudgetLine.id)
    )


def entries_of(fund: Fund, after: str = "", size: int = 50) -> Page[Any]:
    """The account of a fund, the newest first: never who entered it."""
    counter = aliased(FundEntry)
    query: Any = select(
        FundEntry.id,
        FundEntry.at,
        FundEntry.amount_fen,
        FundEntry.way,
        FundEntry.words,
        FundEntry.subject,
        FundEntry.corrects_id,
        counter.id.label("counter_id"),
    ).outerjoin(counter, counter.corrects_id == FundEntry.id)
    return page_of(query.where(FundEntry.fund_id == fund.id), (FundEntry.id,), after, size)


def used_by_way(region: Region, year: int) -> Sequence[Row[Any]]:
    """What went out of the funds of `region` and of places below it, by kind of fund, subject and way. Source: A45."""
    category = func.substr(FundEntry.category, 1, 2)
    return db.session.execute(
        select(Fund.kind, category.label("category"), FundEntry.way, (-func.sum(FundEntry.amount_fen)).label("spent"))
        .join(Fund, Fund.id == FundEntry.fund_id)
        .join(Region, Region.id == Fund.region_id)
        .where(Fund.year == year, within(region), FundEntry.way != "income")
        .group_by(Fund.kind, category, FundEntry.way)
        .order_by(Fund.kind, category, FundEntry.way)
    ).all()


def calls_of(region: Region) -> Sequence[Row[Any]]:
    """Calls for grants in which providers of `region` may ask: its own and those of places above, open ones first."""
    above = [int(number) for number in region.path.split(".") if number]
    query: Any = (
        select(GrantCall, Fund.kind, Region)
        .join(Fund, Fund.id == GrantCall.fund_id)
        .join(Region, Region.id == GrantCall.region_id)
        .where(GrantCall.region_id.in_(above) | is_below(Region.path, region.path))
        .order_by(GrantCall.closes_on.desc(), GrantCall.id.desc())
        .limit(MOST)
    )
    return db.session.execute(query).all()


def wishes_of(call: GrantCall) -> Sequence[Row[Any]]:
    """What was asked of a call, in the order in which it came, with the organisation."""
    query: Any = (
        select(GrantRequest, Provider)
        .join(Provider, Provider.id == GrantRequest.provider_id)
        .where(GrantRequest.call_id == call.id)
        .order_by(GrantRequest.id)
        .limit(MOST)
    )
    return db.session.execute(query).all()


def fund_totals(fund: Fund) -> Row[Any]:
    """What came into a fund, what went out by each way, and what is left."""
    sums = [
        func.coalesce(func.sum(case((and_(FundEntry.way == way), FundEntry.amount_fen), else_=0)), 0).label(way)
        for way in ("income", "direct", "purchase", "grant")
    ]
    total = func.coalesce(func.sum(FundEntry.amount_fen), 0).label("balance")
    return db.session.execute(select(total, *sums).where(FundEntry.fund_id == fund.id)).one()
