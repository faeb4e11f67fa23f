"""The purchase chain, for journeys: how its forms are filled, and what has happened before someone comes."""

from datetime import timedelta
from typing import Any

import pytest

from portal.burden.actions import push_task
from portal.burden.models import CommitteeTask
from portal.contracts.drafting import draft_contract
from portal.contracts.models import Contract
from portal.contracts.queries import find_award
from portal.contracts.signing import publish_contract
from portal.funds.granting import open_call
from portal.funds.models import GrantCall
from portal.projects.models import Project
from portal.projects.noticing import put_on_notice
from portal.providers.models import Provider
from portal.purchases.models import Bid, Purchase
from portal.regions.models import Region
from portal.rules.burden import TaskDraft
from portal.rules.grants import CallDraft
from portal.rules.supervision import CheckDraft
from portal.store import clock, db
from portal.supervision.checking import check_delivery
from portal.supervision.models import DeliveryCheck
from portal.supervision.queries import find_watched
from tests import builders
from tests.contracts import making as contracts
from tests.funds.making import a_fund, a_key, keeper
from tests.journeys.walker import LOCALES, PHONE, Walker
from tests.projects.making import REASON
from tests.purchases.making import TENDER_DAYS, a_bid, a_judge, a_purchase

DESK = {"width": 1200, "height": 800}
"""Where officials work."""


def on(*walks: tuple[str, str]) -> Any:
    """Only these engines and languages: official pages are long, and each is looked at in all languages elsewhere."""
    return pytest.mark.parametrize(("house", "language"), walks, indirect=["house"], scope="session")


each_language = on(*zip(("sqlite", "postgresql", "sqlite"), LOCALES, strict=True))


def picks(walker: Walker, name: str, value: str | int) -> None:
    """Tap the chip of a choice."""
    walker.tap(f"label.chip:has(input[name='{name}'][value='{value}'])")


def fills(walker: Walker, **typed: str) -> None:
    """Type into fields by their names; what can only be chosen is chosen."""
    for name, words in typed.items():
        field = walker.page.locator(f"main [name='{name}']:not([type=hidden])")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(words)
        else:
            field.fill(words)


def sends(walker: Walker, form: str, then: str = "") -> None:
    """Send a form and arrive; without `then` it comes back."""
    walker.tap(f"#{form} .form-end button")
    if then:
        walker.is_at(then)


def refused(walker: Walker, *fields: str) -> None:
    """Wait until the form is back with an error beside just these fields, and the page's own list of them."""
    walker.sees("main .problem")
    for field in fields:
        walker.sees(f"#{field}-error", 1)
    walker.sees("main .error", len(fields))


def kept(walker: Walker, **typed: str) -> None:
    """What was typed still stands in the fields."""
    there = {name: walker.page.locator(f"main [name='{name}']:not([type=hidden])").input_value() for name in typed}
    assert there == typed


def pictured_on_both(walker: Walker, step: str) -> None:
    """Pictures on a phone and on a desk."""
    walker.picture(step)
    walker.page.set_viewport_size(DESK)
    walker.picture(f"{step}-wide")
    walker.page.set_viewport_size(PHONE)


def noticed(village: Region) -> Project:
    """A project of `village` whose public notice has ended, and nobody objected."""
    project, committee = builders.a_project(village), builders.actor(builders.a_committee(village))
    with builders.at(clock.now() - timedelta(days=30)):
        put_on_notice(committee, project, village, REASON)
    return project


def a_closed_call(project: Project) -> tuple[Purchase, list[Bid]]:
    """A purchase of `project` with three judges, whose three bids wait to be opened since the day before yesterday."""
    with builders.at(clock.now() - timedelta(days=TENDER_DAYS + 2)):
        purchase = a_purchase(project)
        bids = [a_bid(purchase, price_fen=price) for price in (4_000_000, 4_200_000, 4_500_000)]
        for number in range(1, 4):
            a_judge(purchase, number)
    return purchase, bids


def a_task(village: Region, county: Region) -> int:
    """Something on no list that the county asks of the committee, and gives nothing for."""
    draft = TaskDraft("统计每户用水量", "下周一前交表。", None, clock.today() + timedelta(days=9), 600, 0, 0)
    push_task(builders.actor(builders.an_official(county)), village, county, draft, a_key())
    mine = db.select(CommitteeTask.id).where(CommitteeTask.region_id == village.id)
    return db.session.scalars(mine.order_by(CommitteeTask.id.desc())).first() or 0


def served(village: Region, provider: Provider | None = None) -> Contract:
    """A contract under which a service is going on in `village`, bought by its county."""
    return contracts.a_serving_contract(builders.a_project(village), provider)


def a_check(village: Region, contract: Contract) -> DeliveryCheck:
    """What the committee of `village` found in a service and its provider has to mend."""
    watched = find_watched(contract.id, {"region": village})
    draft = CheckDraft("served_as_agreed", clock.today(), "两次没有按时上门。", True, 3)
    committee = builders.actor(builders.a_committee(village))
    assert watched
    check = check_delivery(committee, village, watched, draft, a_key())
    assert check
    return check


def a_call(village: Region) -> GrantCall:
    """A call for grants of `village` that is open."""
    fund = a_fund(village, 5_000_000, "community")
    draft = CallDraft("邻里活动资助", "请社区社会组织申请。", 1_000_000, clock.today() + timedelta(days=9))
    return open_call(keeper(village), fund, draft, a_key())


def signed_for(purchase: Purchase) -> Contract:
    """The signed and published contract of an awarded purchase."""
    buyer = db.session.get_one(Region, purchase.region_id)
    award = find_award(purchase.id, {"region": buyer})
    assert award
    official = builders.actor(builders.an_official(buyer))
    contract = draft_contract(official, buyer, award, contracts.a_draft(award.bid.price_fen), a_key())
    contracts.signed(contracts.completed(contract))
    publish_contract(official, contract)
    return contract
