"""Funds, allocations and budget lines, made by the deeds of officials. Call them inside an application's context."""

import secrets
from typing import Any

from portal.funds.allocating import add_line, allocate, give_on
from portal.funds.granting import ask_grant, open_call
from portal.funds.keeping import enter_money, open_fund
from portal.funds.models import Allocation, BudgetLine, Fund, FundEntry
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.funds import EntryDraft, FundDraft, FundKind, Way
from portal.rules.grants import CallDraft, RequestDraft
from portal.rules.permissions import Actor
from portal.store import clock, db
from tests import builders


def a_key() -> str:
    return secrets.token_hex(16)


def keeper(region: Region) -> Actor:
    """The official who keeps the funds of `region`."""
    return builders.actor(builders.an_official(region))


def a_fund(
    region: Region, fen: int = 100_000_00, kind: str = "budget", *, year: int = 0, name: str = "", channel: str = ""
) -> Fund:
    """A fund of `region` that holds `fen`."""
    draft = FundDraft(name or f"{FundKind(kind).value}资金", kind, year or clock.today().year, channel)
    fund = open_fund(keeper(region), region, draft, a_key())
    if fen:
        enter_money(keeper(region), fund, EntryDraft(Way.INCOME, fen, "年初预算下达"), a_key())
    return fund


def an_allocation(fund: Fund, to: Region, fen: int, parent: Allocation | None = None) -> Allocation:
    """A part of `fund`, or of the allocation `parent`, for the region `to`."""
    if parent is not None:
        return give_on(keeper(to), parent, to, fen, a_key())
    return allocate(keeper(to), fund, to, fen, a_key())


def a_line(region: Region, fen: int = 50_000_00, kind: str = "budget", **said: Any) -> BudgetLine:
    """A budget line of `region` of which `fen` are free, with a fund of its own; `said`: is_new, category, year."""
    fund = a_fund(region, fen, kind, year=said.pop("year", 0))
    allocation = an_allocation(fund, region, fen)
    return add_line(keeper(region), allocation, said.pop("title", "居家养老服务"), fen, a_key(), **said)


def a_ledger(region: Region, provider: Provider) -> dict[str, str | int]:
    """One of everything that an address of funds can name."""
    fund = a_fund(region, 50_000_00, "community")
    allocation = an_allocation(fund, region, 20_000_00)
    line = add_line(keeper(region), allocation, "居家养老服务", 10_000_00, a_key())
    call = open_call(keeper(region), fund, CallDraft("公益活动资助", "请申请", 10_000_00, clock.today()), a_key())
    staff, draft = builders.actor(builders.staff_of(provider)), RequestDraft("助老活动", "送餐", 10_00, clock.today())
    return {
        "fund": fund.id,
        "fund_entry": db.session.scalars(db.select(FundEntry.id).where(FundEntry.fund_id == fund.id)).one(),
        "allocation": allocation.id,
        "line": line.id,
        "call": call.id,
        "wish": ask_grant(staff, call, provider, draft, a_key()).id,
        "share": "social",
        "what": "funds",
        "suffix": "csv",
    }
