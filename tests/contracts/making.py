"""Contracts at each step of their life, made by the deeds of officials. Call them inside an application's context."""

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from portal.contracts import carrying, completing, contents, drafting, replacing, signing
from portal.contracts.models import Contract, PerformanceTarget
from portal.contracts.queries import Award
from portal.contracts.targets import targets_of
from portal.projects.lifecycle import took_part
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.purchases.models import Bid, Purchase
from portal.regions.models import Region
from portal.rules.clauses import Condition, latest_end
from portal.rules.contracts import AcceptanceDraft, ContractDraft
from portal.rules.instalments import Part
from portal.rules.lifecycle import Way
from portal.rules.parties import Party, PartyRole
from portal.rules.permissions import Actor
from portal.rules.projects import ProjectState
from portal.rules.purchases import PurchaseState
from portal.rules.targets import TargetDraft
from portal.store import action, clock, db
from tests import builders as a
from tests.funds.making import a_line
from tests.projects.making import gone_on
from tests.purchases.making import the_buyer

PRICE = 4_000_000
CLAUSES = {
    "content": "每周上门探访独居老人一次，陪诊、代办、心理疏导。",
    "quality_standard": "每次服务不少于四十五分钟，满意率不低于九成。",
    "capacity": "两名持证社工，十名登记志愿者。",
    "place": "长桥社区老人家中及社区活动室。",
    "manner": "上门服务，每月汇总一次。",
    "breach_liability": "未按约定服务的，按次扣减服务费，并在五个工作日内补足。",
    "dispute_resolution": "双方协商；协商不成的，向甲方所在地人民法院起诉。",
    "rights_and_duties": "甲方按期付款并监督；乙方按约定服务并保护受助人信息。",
}
CONDITIONS = {condition.value: "有连续三年的预算和服务记录。" for condition in Condition}
ASSISTING = Party(PartyRole.ASSISTING, "长桥社区居民委员会", duties="协助入户并核对服务记录。", fee_fen=100_000)


def a_key() -> str:
    return secrets.token_hex(16)


def the_official(contract: Contract) -> Actor:
    """The official who keeps a contract."""
    return a.actor(a.an_official(db.session.get_one(Region, contract.region_id)))


@action
def awarded(project: Project, provider: Provider, price_fen: int, buyer: Region | None = None) -> Award:
    """That `provider` won the purchase of `project` for this price, written down without the way there.

    `buyer`: whose government buys, if not the county.
    """
    gone_on(project, ProjectState.AWARDED)
    purchase = Purchase(
        key=a_key(),
        project_id=project.id,
        region_id=(buyer or the_buyer(project)).id,
        purchaser="柳溪县民政局",
        purchaser_kind="civil_affairs",
        method="open_tender",
        ground="《中华人民共和国政府采购法》第二十六条",
        scoring="comprehensive",
        budget_fen=project.budget_fen,
        state=PurchaseState.AWARDED.value,
        prepared_at=clock.now(),
        noticed_at=clock.now(),
    )
    db.session.add(purchase)
    db.session.flush()
    bid = Bid(
        purchase_id=purchase.id,
        provider_id=provider.id,
        price_fen=price_fen,
        story="两名持证社工，每周上门一次。",
        sent_at=clock.now(),
        sent_by_id=project.drafted_by_id,
        won=True,
    )
    db.session.add(bid)
    db.session.flush()
    return Award(purchase, project, bid, provider)


def an_award(
    price_fen: int = PRICE,
    project: Project | None = None,
    provider: Provider | None = None,
    buyer: Region | None = None,
) -> Award:
    project = project or a.a_project(a.a_region_tree().villages[0])
    provider = provider or a.a_provider(the_buyer(project))
    return awarded(project, provider, price_fen, buyer)


def a_won_purchase(project: Project, provider: Provider, buyer: Region) -> Purchase:
    """A purchase of `buyer` that waits for its contract."""
    return an_award(project=project, provider=provider, buyer=buyer).purchase


def a_draft(price_fen: int = PRICE, starts_on: date | None = None, **changes: Any) -> ContractDraft:
    """What is typed of a contract of one year."""
    starts_on = starts_on or clock.today()
    draft = ContractDraft(
        title="居家养老服务合同",
        purchaser="柳溪县民政局",
        price_fen=price_fen,
        starts_on=starts_on,
        ends_on=latest_end(starts_on, 1),
        purchaser_duties="按期付款。",
        provider_duties="按约定服务。",
        assisting=ASSISTING,
    )
    return replace(draft, **changes)


def a_contract(
    project: Project | None = None,
    provider: Provider | None = None,
    *,
    price_fen: int = PRICE,
    starts_on: date | None = None,
    complete: bool = True,
    buyer: Region | None = None,
    **changes: Any,
) -> Contract:
    """A draft of a contract; `complete`: with all clauses but unsigned, money of a line of its own, two instalments
    and a target. `changes`: of the ContractDraft.
    """
    award = an_award(price_fen + changes.get("in_kind_fen", 0), project, provider, buyer)
    buyer = db.session.get_one(Region, award.purchase.region_id)
    official = a.actor(a.an_official(buyer))
    draft = a_draft(price_fen, starts_on, **changes)
    contract = drafting.draft_contract(official, buyer, award, draft, a_key())
    if complete:
        completed(contract)
    return contract


@action
def completed(contract: Contract) -> Contract:
    """`contract` with everything that a signature asks for."""
    official = the_official(contract)
    region = db.session.get_one(Region, contract.region_id)
    line = a_line(region, contract.price_fen * 2)
    completing.write_clauses(official, contract, CLAUSES)
    completing.say_money(official, contract, [Part(contract.price_fen, line_id=line.id, number=1)])
    half = contract.price_fen // 2
    parts = [Part(half, contract.starts_on), Part(contract.price_fen - half, contract.ends_on)]
    completing.say_instalments(official, contract, parts)
    completing.set_targets(official, contract, [TargetDraft("上门服务人次", "人次", 0, 1200, contract.ends_on)])
    return contract


def signed(contract: Contract, signed_on: date | None = None) -> Contract:
    """`contract`, signed on its first day or today, whichever is earlier."""
    day = signed_on or min(contract.starts_on, clock.today())
    signing.sign_contract(the_official(contract), contract, contents.clauses_of(contract), day)
    return contract


def a_signed_contract(project: Project | None = None, provider: Provider | None = None, **given: Any) -> Contract:
    """A signed contract; `given` as `a_contract` takes. It begins today if nothing else is said."""
    return signed(a_contract(project, provider, **given))


def a_serving_contract(project: Project | None = None, provider: Provider | None = None, **given: Any) -> Contract:
    """A published contract under which the service is going on; `given` as `a_contract` takes."""
    contract = a_signed_contract(project, provider, **given)
    official = the_official(contract)
    signing.publish_contract(official, contract)
    project = db.session.get_one(Project, contract.project_id)
    took_part(project, Way.NONE, f"contract:{contract.id}", 0, words="合同由民政局与承接方签订，过程已公示。")
    carrying.start_service(official, contract)
    return contract


def accepted(contract: Contract, took_part: int = 8) -> Contract:
    """`contract` after a passed acceptance with the recipients."""
    draft = AcceptanceDraft(clock.today(), 10, took_part, True, "老人们说来得准时，讲话和气。")
    carrying.accept_service(the_official(contract), contract, draft, a_key())
    return contract


def terminated(contract: Contract) -> Contract:
    """`contract` after it was broken off, as the exit of its provider does in the end."""
    carrying.break_off(the_official(contract), contract, "承接方停业，无法继续服务。")
    return contract


def a_replacement(contract: Contract, provider: Provider | None = None, **given: Any) -> Contract:
    """The draft of another provider's contract in the place of `contract`, which was terminated or whose provider leaves."""
    region = db.session.get_one(Region, contract.region_id)
    provider = provider or a.a_provider(region, "柳溪县暖阳社会服务中心")
    return replacing.draft_replacement(the_official(contract), contract, provider, a_key(), **given)


def target_of(contract: Contract) -> PerformanceTarget:
    """The one target of a complete contract."""
    (found,) = targets_of(contract)
    return found.target
