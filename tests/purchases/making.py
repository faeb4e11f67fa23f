"""Purchases at each step of their life, made by the deeds that officials, providers and judges do."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Delete, delete

from portal.accounts.models import Person
from portal.projects.models import Project
from portal.providers.models import Provider, ProviderArea
from portal.purchases.bidding import send_bid
from portal.purchases.deciding import award_purchase, challenge_purchase, publish_result, report_scores
from portal.purchases.judging import Given, cells_of, hand_in_scores
from portal.purchases.models import Bid, Judge, Purchase, PurchaseChallenge
from portal.purchases.opening import open_bids
from portal.purchases.panel import appoint_judge
from portal.purchases.preparing import prepare_purchase, publish_purchase
from portal.regions.models import Region
from portal.rules.permissions import Actor
from portal.rules.projects import ProjectState
from portal.rules.purchases import Method, PurchaseDraft
from portal.rules.selection import Basis, Factor, FactorDraft
from portal.store import clock, db
from tests import builders as a
from tests.projects.making import gone_on

FACTORS = (
    FactorDraft(Factor.PRICE, "报价", "最低报价除以本报价再乘以分值。", 20, Basis.PRICE, 1),
    FactorDraft(Factor.QUALITY, "服务方案", "每响应一项服务要求得5分。", 30, Basis.JUDGES, 2),
    FactorDraft(Factor.CAPACITY, "人员配备", "每名持证社工得5分，最高30分。", 30, Basis.JUDGES, 3),
    FactorDraft(Factor.REPUTATION, "居民满意度", "取本平台公布的满意度，按比例得分。", 20, Basis.SATISFACTION, 4),
)
TENDER_DAYS = 21


def approved(project: Project) -> Project:
    """`project` after it was approved."""

    return gone_on(project, ProjectState.APPROVED)


def the_buyer(project: Project) -> Region:
    """The county above a project; the highest place where there is none."""
    place = db.session.get_one(Region, project.region_id)
    above = [db.session.get_one(Region, int(number)) for number in place.path.split(".") if number]
    return next((region for region in above if region.level == "county"), above[0])


def the_official(project: Project) -> Actor:
    return a.actor(a.an_official(the_buyer(project)))


def a_draft(project: Project, **changes: Any) -> PurchaseDraft:
    values: dict[str, Any] = {
        "purchaser": "柳溪县民政局",
        "purchaser_kind": "civil_affairs",
        "method": Method.OPEN_TENDER.value,
        "ground": "《中华人民共和国政府采购法》第二十六条",
        "budget_fen": project.budget_fen,
        "level_reason": "本项目由县民政局统一组织实施。",
        "factors": FACTORS,
        **changes,
    }
    return PurchaseDraft(**values)


def a_purchase(project: Project, *, published: bool = True, key: str = "", **changes: Any) -> Purchase:
    """The purchase of `project` (approved first), by its county; open for bids for three weeks, or only prepared."""
    approved(project)
    draft = a_draft(project, **changes)
    key = key or secrets.token_hex(16)
    purchase = prepare_purchase(the_official(project), the_buyer(project), project, draft, key)
    if published:
        publish_purchase(the_official(project), purchase, clock.today() + timedelta(days=TENDER_DAYS))
    return purchase


def a_bidder(project: Project, name: str = "") -> Provider:
    """A provider that serves the project's place."""
    place = db.session.get_one(Region, project.region_id)
    return a.a_provider(place, name or f"服务中心{secrets.token_hex(3)}")


def a_bid(purchase: Purchase, provider: Provider | None = None, *, price_fen: int = 4_000_000) -> Bid:
    """The bid of `provider` (a new one, if None)."""
    provider = provider or a_bidder(the_project(purchase))
    staff = a.actor(a.staff_of(provider))
    return send_bid(staff, purchase, provider, price_fen, "我们派两名持证社工，每周上门一次。")


def the_project(purchase: Purchase) -> Project:
    return db.session.get_one(Project, purchase.project_id)


def an_expert(number: int) -> Person:
    """Someone with an account and no role. Twice it is the same."""
    login = f"expert.{number}"
    person = db.session.scalar(db.select(Person).where(Person.login == login))
    if person is None:
        a.save_account(login, login, "x" * 60)
        person = db.session.scalars(db.select(Person).where(Person.login == login)).one()
    return person


def a_judge(purchase: Purchase, number: int) -> Judge:
    """One of the judges, numbered from 1."""
    official, expert = the_official(the_project(purchase)), an_expert(number)
    return appoint_judge(
        official, purchase, str(expert.login), f"评委{'甲乙丙丁戊己庚'[number - 1]}", "清和市评审专家库"
    )


def opened(purchase: Purchase, *prices: int, judges: int = 3) -> list[Bid]:
    """The bids of new providers with these prices in fen, opened, and so many judges appointed."""
    bids = [a_bid(purchase, price_fen=price) for price in prices]
    for number in range(1, judges + 1):
        a_judge(purchase, number)
    with a.at(purchase.bids_due_at + timedelta(hours=9)):
        open_bids(the_official(the_project(purchase)), purchase)
    return bids


def judged(purchase: Purchase, bids: list[Bid], *shares: int, judges: int = 3) -> Purchase:
    """Each judge gives each bid its share (in hundredths) of all points that she has to give; the first most, if none."""
    found = dict(zip([bid.id for bid in bids], shares or range(90, 0, -10), strict=False))
    for number in range(1, judges + 1):
        expert = a.actor(an_expert(number))
        cells = cells_of(purchase)
        given = {cell: Given(found[cell[0]] * factor.points) for cell, factor in cells.items()}
        hand_in_scores(expert, purchase, given)
    return purchase


def an_award(project: Project, price_fen: int = 4_000_000, *, provider: Provider | None = None) -> tuple[Purchase, Bid]:
    """A purchase of `project` that `provider` (a new one, if None) won for this price, published with its result.

    Its bids were open for three weeks that ended now, so its clock begins in the past.
    """
    then = clock.now() - timedelta(days=TENDER_DAYS + 2)
    with a.at(then):
        purchase = a_purchase(project)
        bids = [a_bid(purchase, provider, price_fen=price_fen)]
        dearer = min(project.budget_fen, price_fen + 10_000)
        bids += [a_bid(purchase, price_fen=dearer) for _ in range(2)]
        for number in range(1, 4):
            a_judge(purchase, number)
    official = the_official(project)
    open_bids(official, purchase)
    judged(purchase, bids)
    report_scores(official, purchase)
    award_purchase(official, purchase, bids[0])
    publish_result(official, purchase)
    return purchase, bids[0]


def a_challenge(purchase: Purchase, bid: Bid) -> PurchaseChallenge:
    """What the provider of `bid` says against the result."""
    provider = db.session.get_one(Provider, bid.provider_id)
    return challenge_purchase(a.actor(a.staff_of(provider)), purchase, provider, "评分没有按公布的标准进行，请复核。")


def delete_areas(provider_id: int) -> Delete:
    """The statement by which a provider is registered nowhere any more."""
    return delete(ProviderArea).where(ProviderArea.provider_id == provider_id)
