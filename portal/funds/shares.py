"""The shares of a division and fiscal year, computed from what is promised, planned and held. Source: A46, A47, B25."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, case, func, select

from portal.funds.models import Allocation, BudgetLine, Commitment, Fund, FundEntry, ShareFact, ShareReason
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.regions.queries import is_below, within
from portal.rules import shares
from portal.rules.funds import FundKind, Way
from portal.rules.shares import Light, Share, ShareKind, Spending
from portal.store import db


@dataclass(frozen=True)
class Shares:
    """The shares of one place and year, each with its light, and the reasons that were given."""

    social: Share
    on_file: Share
    in_kind_fen: int
    assistance: Share
    lottery: Share
    lottery_before: Share
    lights: dict[ShareKind, Light]
    asked: dict[ShareKind, int]
    """Hundredths of a percent."""
    reasons: dict[ShareKind, list[Row[Any]]]
    """The newest first."""
    places: list[tuple[Region, Share, Light]] = field(default_factory=list)
    """The 30 % of the places one step down."""


def shares_of(region: Region, year: int) -> Shares:
    """What `rules.shares` says of `region` with all below it."""
    numbers, spendings, reasons = rules_for(region), _spendings(region, year), _reasons(region, year)
    by_kind: dict[ShareKind, list[Row[Any]]] = {kind: [] for kind in ShareKind}
    for row in reasons:
        if row.region_id == region.id:
            by_kind[ShareKind(row.share)].append(row)
    social = shares.social_share(one for _, one in spendings)
    assistance = Share(*_planned(region, year))
    lottery, before = (Share(*_lottery(region, one)) for one in (year, year - 1))
    return Shares(
        social,
        shares.on_file_share(one for _, one in spendings),
        _in_kind(region, year),
        assistance,
        lottery,
        before,
        {
            ShareKind.SOCIAL: shares.social_light(
                social, numbers.social_share_points, explained=bool(by_kind[ShareKind.SOCIAL])
            ),
            ShareKind.ASSISTANCE: shares.assistance_light(assistance, numbers.assistance_share_points),
            ShareKind.LOTTERY: shares.lottery_light(lottery, before),
        },
        {ShareKind.SOCIAL: numbers.social_share_points, ShareKind.ASSISTANCE: numbers.assistance_share_points},
        by_kind,
        _by_place(region, spendings, reasons, numbers.social_share_points),
    )


def _spendings(region: Region, year: int) -> list[tuple[str, Spending]]:
    """What contracts of `region` and all below it promise out of funds of the year, with the path of their place."""
    total = func.sum(Commitment.amount_fen)
    rows = db.session.execute(
        select(Region.path, ShareFact.provider_kind, BudgetLine.is_new, ShareFact.counted, total)
        .join(Commitment, Commitment.subject == ShareFact.subject)
        .join(BudgetLine, BudgetLine.id == Commitment.line_id)
        .join(Allocation, Allocation.id == BudgetLine.allocation_id)
        .join(Fund, Fund.id == Allocation.fund_id)
        .join(Region, Region.id == ShareFact.region_id)
        .where(Fund.year == year, within(region))
        .group_by(Region.path, ShareFact.provider_kind, BudgetLine.is_new, ShareFact.counted)
    )
    return [(path, Spending(kind, int(fen), is_new, not counted)) for path, kind, is_new, counted, fen in rows]


def _by_place(
    region: Region, spendings: Sequence[tuple[str, Spending]], reasons: Sequence[Row[Any]], points: int
) -> list[tuple[Region, Share, Light]]:
    steps = {_step_below(region, path) for path, _ in spendings} - {0}
    if not steps:
        return []
    explained = {row.region_id for row in reasons if row.share == ShareKind.SOCIAL}
    found = []
    for place in db.session.scalars(select(Region).where(Region.id.in_(steps)).order_by(Region.code)):
        share = shares.social_share(one for path, one in spendings if path.startswith(place.path))
        found.append((place, share, shares.social_light(share, points, explained=place.id in explained)))
    return found


def _step_below(region: Region, path: str) -> int:
    """The number of the region one step below `region` on the way to `path`; 0 for `region` itself."""
    return int((path[len(region.path) :] or "0.").split(".")[0])


def _reasons(region: Region, year: int) -> Sequence[Row[Any]]:
    query: Any = (
        select(ShareReason.region_id, ShareReason.share, ShareReason.words, ShareReason.at)
        .join(Region, Region.id == ShareReason.region_id)
        .where(ShareReason.year == year, is_below(Region.path, region.path))
        .order_by(ShareReason.id.desc())
        .limit(500)
    )
    return db.session.execute(query).all()


def _planned(region: Region, year: int) -> tuple[int, int]:
    """What budget lines plan of the earmarked assistance funds of `region` and below, and what came into those."""
    held = _held(region, year, FundKind.ASSISTANCE)
    planned = (
        select(func.coalesce(func.sum(BudgetLine.amount_fen), 0))
        .join(Allocation, Allocation.id == BudgetLine.allocation_id)
        .where(Allocation.fund_id.in_(held))
    )
    return _both(planned, held)


def _lottery(region: Region, year: int) -> tuple[int, int]:
    """What contracts are promised of the lottery funds of `region` and below, and what came into those."""
    held = _held(region, year, FundKind.LOTTERY)
    promised = (
        select(func.coalesce(func.sum(Commitment.amount_fen), 0))
        .join(BudgetLine, BudgetLine.id == Commitment.line_id)
        .join(Allocation, Allocation.id == BudgetLine.allocation_id)
        .where(Allocation.fund_id.in_(held))
    )
    return _both(promised, held)


def _held(region: Region, year: int, kind: FundKind) -> Any:
    funds = select(Fund.id).join(Region, Region.id == Fund.region_id)
    return funds.where(Fund.year == year, Fund.kind == kind.value, within(region))


def _both(part: Any, held: Any) -> tuple[int, int]:
    income = select(func.coalesce(func.sum(FundEntry.amount_fen), 0)).where(
        FundEntry.fund_id.in_(held), FundEntry.way == Way.INCOME.value
    )
    found = db.session.execute(select(part.scalar_subquery(), income.scalar_subquery())).one()
    return int(found[0]), int(found[1])


def _in_kind(region: Region, year: int) -> int:
    """What the counted contracts get in kind: of contracts with money of the year's funds. Source: A46 (1.4)."""
    of_year = (
        select(Commitment.subject)
        .join(BudgetLine, BudgetLine.id == Commitment.line_id)
        .join(Allocation, Allocation.id == BudgetLine.allocation_id)
        .join(Fund, Fund.id == Allocation.fund_id)
        .where(Fund.year == year)
    )
    total = func.coalesce(func.sum(case((ShareFact.counted, ShareFact.in_kind_fen), else_=0)), 0)
    found = select(total).join(Region, Region.id == ShareFact.region_id)
    return int(db.session.scalar(found.where(within(region), ShareFact.subject.in_(of_year))) or 0)
