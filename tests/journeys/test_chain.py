"""The purchase chain by its real pages: what a committee, an official, a provider and a resident do in it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.contracts.models import Contract
from portal.disclosure.models import DisclosureItem
from portal.funds.models import Fund, FundEntry
from portal.matching.models import ProjectOffer
from portal.projects.models import Project
from portal.purchases.models import Bid, Purchase
from portal.resources.models import Booking
from portal.rules.catalogue import EXCLUSIONS
from portal.store import clock, db
from portal.supervision.models import DeliveryCheck
from tests import builders
from tests.contracts.making import CLAUSES, target_of
from tests.counting import count
from tests.funds.making import a_fund, a_line
from tests.journeys.chained import (
    a_call,
    a_check,
    a_closed_call,
    a_task,
    each_language,
    fills,
    kept,
    noticed,
    on,
    picks,
    pictured_on_both,
    refused,
    sends,
    served,
    signed_for,
)
from tests.journeys.conftest import House, signs_in, signs_in_by_password
from tests.journeys.walker import Walker
from tests.projects.making import an_approved_project
from tests.purchases.making import a_purchase, an_award, judged
from tests.resources.making import a_resource

LAMPS = ("三号楼楼道灯坏了，晚上看不见", "五号楼楼道灯不亮，老人摔倒过")


def _day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def _the(model: Any, *where: Any) -> Any:
    """The one row that there is at this moment, as it is now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(db.select(model).where(*where)).one()


def _state(project: Project) -> str:
    db.session.rollback()
    return str(db.session.scalar(db.select(Project.state).where(Project.id == project.id)))


@each_language
def test_a_committee_makes_a_project_of_two_needs_and_answers_who_objects(  # A22, A24
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    first, second = (builders.a_need(village, words) for words in LAMPS)
    here = f"/{village.code}"
    he = walker(language, "committee", builders.a_committee(village))

    he.goes(f"{here}/needs/groups/new?need={first.id}")
    he.tap(f"label.chip:has(input[name=needs][value='{second.id}'])")
    he.picture("gathers")
    he.tap("#group_form .form-end button")
    he.sees("main ol.cards > li", 2)
    he.picture("group")

    he.tap("main a[href*='/projects/draft?group=']")
    he.sees("#needs input:checked", 2)
    fills(he, title="楼道照明改造", category="0901", budget="50000")
    fills(he, design1_title="声控灯", design1_cost="48000", design2_title="常亮灯", design2_cost="60000")
    he.tap("#draft_form details:has(#items) > summary >> nth=0")
    he.tap("#draft_form details details:has([name=items]) > summary")
    he.page.locator("main input[name=items][value='0401']").check(force=True)
    he.picture("draft")
    sends(he, "draft_form")
    refused(he, "design2_cost")
    kept(he, title="楼道照明改造", budget="50000", design1_cost="48000", design2_cost="60000")
    assert he.page.locator("main input[name=items][value='0401']").is_checked()
    fills(he, design2_cost="30000")
    he.tap("#draft_form .form-end button")
    he.page.wait_for_url("**/votes/announce/*")
    project = _the(Project, Project.region_id == village.id)

    his_page = f"{here}/projects/{project.id}/"
    he.goes(his_page)
    he.picture("project")
    he.tap("main a[href=notice]")
    fills(he, words="居民会议上已经说定，不再投票。")
    sends(he, "notice_form", his_page)

    phone = f"136{village.id:08}"
    builders.a_resident(village, phone=phone)
    she = walker(language, "objects")
    she.goes(his_page)
    she.picture("on-notice")
    she.goes(f"{his_page}object")
    signs_in(she, phone)
    she.is_at(f"{his_page}object")
    fills(she, words="灯太亮，照进卧室。")
    she.picture("objection")
    sends(she, "object_form", his_page)
    she.sees("main", words="灯太亮")

    he.goes(his_page)
    he.tap("main a[href*='objections/']")
    picks(he, "upheld", "no")
    fills(he, answer="换成较暗的灯罩，不照进卧室。")
    he.picture("answers")
    sends(he, "answer_form", his_page)
    he.sees("main", words="较暗的灯罩")
    he.picture("answered")
    she.goes("/mine/")
    she.sees(f"li.fresh a[href^='{his_page}']")


@each_language
def test_a_committee_checks_a_service_refuses_a_task_and_books_a_room(  # A29, A31, A38
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    contract, task, room = served(village), a_task(village, house.tree.county), a_resource(village)
    here = f"/{village.code}"
    he = walker(language, "desk", builders.a_committee(village))

    he.goes(f"{here}/supervision/")
    pictured_on_both(he, "watched")
    he.tap(f"main a[href='{contract.id}/']")
    he.tap("main a[href=check]")
    fills(he, point="served_as_agreed", words="两次没有按时上门。", present="3")
    he.page.locator("main input[name=mend]").check()
    he.picture("check")
    sends(he, "check_form", f"{here}/supervision/{contract.id}/")
    he.sees("main .thread > li", 1)
    he.picture("checked")
    assert count(DeliveryCheck, DeliveryCheck.contract_id == contract.id, DeliveryCheck.mend) == 1

    he.goes(f"{here}/burden/")
    he.picture("burden")
    he.tap(f"#task-{task} a[href='{task}/refuse']")
    sends(he, "reason_form")
    refused(he, "reason")
    fills(he, reason="不在清单上，也没有人手。")
    sends(he, "reason_form", f"{here}/burden/")
    he.sees(f"#task-{task} .quote", words="不在清单上")
    he.picture("refused")

    he.goes(f"{here}/resources/{room.id}/book")
    fills(he, day=_day(1), starts="09:00", ends="11:00", purpose="健康讲座")
    he.picture("books")
    sends(he, "book_form", f"{here}/resources/{room.id}/calendar")
    he.picture("booked")
    assert count(Booking, Booking.resource_id == room.id) == 1


@on(("sqlite", "zh-Hans"), ("postgresql", "zh-Hant"))
def test_an_official_approves_and_calls_for_bids(  # A21, A32, A33, A34
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    project = noticed(village)
    county, his_page = f"/{house.tree.county.code}", f"/{village.code}/projects/{project.id}/"
    he = walker(language, "official")

    signs_in_by_password(he, builders.an_official(house.tree.county).login or "", his_page)
    he.tap("main a[href=approve]")
    first, *others = (one.value for one in EXCLUSIONS)
    picks(he, first, "yes")
    for name in others:
        picks(he, name, "no")
    fills(he, words="符合指导性目录。")
    pictured_on_both(he, "checklist")
    sends(he, "approve_form")
    refused(he, first)
    kept(he, words="符合指导性目录。")
    he.sees(f"input[name={first}][value=yes]:checked", 1)
    he.picture("checklist-refused")
    picks(he, first, "no")
    sends(he, "approve_form", his_page)
    assert _state(project) == "approved"

    he.goes(f"{county}/purchases/")
    he.tap(f"main a[href='{county}/purchases/prepare/{project.id}']")
    fills(he, purchaser="柳溪县民政局", purchaser_kind="civil_affairs", ground="政府采购法第二十六条，公开招标。")
    if he.page.locator("#level_reason").count():
        fills(he, level_reason="本项目由县民政局统一组织实施。")
    for number in (2, 3):
        fills(he, **{f"factor{number}_indicator": "每响应一项要求得5分。"})
    fills(he, factor1_points="15")
    pictured_on_both(he, "prepare")
    sends(he, "prepare_form")
    refused(he, "factors")
    kept(he, purchaser="柳溪县民政局", factor1_points="15", factor3_indicator="每响应一项要求得5分。")
    he.picture("not-a-hundred")
    fills(he, factor1_points="20")
    he.tap("#prepare_form .form-end button")
    he.page.wait_for_url("**/run")
    purchase = _the(Purchase, Purchase.project_id == project.id)

    he.tap("main a[href$='/publish']")
    fills(he, due=_day(3))
    sends(he, "publish_form")
    refused(he, "due")
    fills(he, due=_day(30))
    he.picture("publish")
    sends(he, "publish_form", f"{county}/purchases/{purchase.id}/run")
    pictured_on_both(he, "published")
    assert _state(project) == "tendered"


@on(("sqlite", "en"), ("postgresql", "zh-Hans"))
def test_an_official_opens_bids_and_signs_with_the_winner(  # B7, B8, A46, B23
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    project = builders.a_project(village)
    (purchase, bids), line = a_closed_call(project), a_line(house.tree.county, 5_000_000)
    county = f"/{house.tree.county.code}"
    run, books = f"{county}/purchases/{purchase.id}/run", f"{county}/disclosure/{purchase.id}/"
    he = walker(language, "official", builders.an_official(house.tree.county))

    he.goes(run)
    he.picture("to-open")
    he.tap(f"form[action='{county}/purchases/{purchase.id}/open'] button")
    he.sees("section[aria-labelledby=bids] li", 3)
    pictured_on_both(he, "opened")
    judged(_the(Purchase, Purchase.id == purchase.id), bids)
    he.goes(run)
    he.tap(f"form[action='{county}/purchases/{purchase.id}/report'] button")
    he.tap("main a[href$='/award']")
    pictured_on_both(he, "award")
    picks(he, "bid", bids[0].id)
    sends(he, "award_form", run)
    he.tap(f"form[action='{county}/purchases/{purchase.id}/notice'] button")
    he.sees(f"form[action='{county}/purchases/{purchase.id}/notice']", 0)
    he.goes(f"{county}/purchases/{purchase.id}/")
    he.sees("#result")
    pictured_on_both(he, "result")

    he.goes(books)
    he.picture("to-disclose")
    for item in ("purchaser", "result"):
        he.tap(f"main a[href='{item}/publish']")
        he.picture(f"discloses-{item}")
        he.tap("#disclose_form .form-end button")
        he.goes(books)
    assert count(DisclosureItem, DisclosureItem.purchase_id == purchase.id) == 2

    he.goes(f"{county}/contracts/")
    he.picture("to-draft")
    he.tap(f"main a[href$='draft/{purchase.id}']")
    fills(he, starts_on=_day(0), ends_on=_day(300))
    he.picture("contract-draft")
    he.tap("#draft_form .form-end button")
    he.sees("main a[href=clauses]")
    contract = _the(Contract, Contract.purchase_id == purchase.id)
    his_page = f"{county}/contracts/{contract.id}/"
    he.is_at(his_page)

    lacking = {name: words for name, words in CLAUSES.items() if name != "breach_liability"}
    he.tap("main a[href=clauses]")
    fills(he, **lacking)
    sends(he, "clauses_form", his_page)
    he.tap("main li a[href=money]")
    fills(he, part1_line=str(line.id), part1_amount="40000")
    sends(he, "money_form", his_page)
    he.tap("main li a[href=instalments]")
    fills(he, part1_due=_day(0), part1_amount="15000", part2_due=_day(300), part2_amount="25000")
    he.picture("instalments")
    sends(he, "instalments_form", his_page)
    he.tap("main li a[href=targets]")
    fills(he, target1_indicator="上门服务人次", target1_unit="人次", target1_target="1200", target1_due=_day(300))
    sends(he, "targets_form", his_page)
    pictured_on_both(he, "contract-drafted")

    he.tap("main a[href=sign]")
    sends(he, "sign_form")
    refused(he, "breach_liability")
    kept(he, **lacking)
    he.picture("clause-missing")
    fills(he, breach_liability=CLAUSES["breach_liability"])
    sends(he, "sign_form", his_page)
    he.tap("main a[href=publish]")
    sends(he, "contract_form", his_page)
    he.goes(f"/{village.code}/projects/{project.id}/taking-part")
    fills(he, way="meeting", took_part="12", words="开标时居民代表在场。")
    sends(he, "taking_part_form", f"/{village.code}/projects/{project.id}/")
    he.goes(his_page)
    he.tap("main a[href=start]")
    sends(he, "contract_form", his_page)
    pictured_on_both(he, "serving")
    assert _state(project) == "serving"


@on(("sqlite", "zh-Hant"), ("postgresql", "en"))
def test_an_official_sees_a_provider_out(
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:  # B33
    contract = served(village)
    other = builders.a_provider(village, "暖阳服务中心")
    here = f"/{house.tree.county.code}/supervision/{contract.id}/"
    he = walker(language, "exit", builders.an_official(house.tree.county))

    he.goes(here)
    he.tap(f"main a[href='{here}exit/begin']")
    picks(he, "trigger", "cannot_deliver")
    fills(he, words="承接方停业。", plan="社区先派志愿者上门，两周内换人。", last_day=_day(900))
    sends(he, "begin_form")
    refused(he, "last_day")
    fills(he, last_day=_day(5))
    he.picture("exit-begins")
    sends(he, "begin_form", f"{here}exit/")
    he.tap("main a[href=recipients]")
    fills(he, count="3")
    sends(he, "recipients_form", f"{here}exit/")
    he.sees(".alarm")
    he.tap("main a[href=cover]")
    fills(he, first="1", last="2", provider=str(other.id), covered_from=_day(6))
    he.picture("covers")
    sends(he, "cover_form", f"{here}exit/")
    he.sees("main .alarm")
    he.sees("main tbody .late", 1)
    pictured_on_both(he, "exit-with-a-gap")


@on(("sqlite", "en"), ("postgresql", "zh-Hant"))
def test_an_official_keeps_staff_numbers_and_money(  # B28, A55, B22
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    fund = a_fund(village, 1_000_000, name="社区发展资金", kind="community")
    here = f"/{village.code}"
    he = walker(language, "books", builders.an_official(house.tree.county))

    he.goes(f"/{house.tree.township.code}/staffing/count")
    fills(he, served="1600", staff="2")
    sends(he, "count_form")
    refused(he, "reason")
    kept(he, served="1600", staff="2")
    fills(he, reason="正在招聘两人。")
    he.picture("staff")
    sends(he, "count_form", f"/{house.tree.township.code}/staffing/")
    pictured_on_both(he, "staffing")

    he.goes(f"{here}/policies/rules/put")
    he.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    fills(he, valid_from=_day(0), cites="县民政局 2026 年第 3 号通知", undo_days="1000000")
    sends(he, "rules_form")
    refused(he, "undo_days")
    fills(he, undo_days="9")
    he.picture("numbers")
    he.tap("#rules_form .form-end button")
    he.page.wait_for_url(lambda url: "/rules/put" not in url)
    he.picture("rule-set")

    he.goes(f"{here}/funds/{fund.id}/")
    he.tap("main a[href=enter]")
    picks(he, "way", "direct")
    fills(he, amount="10000.01", words="重阳节活动")
    sends(he, "entry_form")
    refused(he, "amount")
    kept(he, amount="10000.01", words="重阳节活动")
    he.picture("overdraw")
    fills(he, amount="9999.99")
    sends(he, "entry_form", f"{here}/funds/{fund.id}/")
    pictured_on_both(he, "fund")
    assert count(FundEntry, FundEntry.fund_id == fund.id) == 2
    assert count(Fund, Fund.region_id == village.id) == 1


@each_language
def test_a_provider_offers_bids_reads_a_target_answers_and_asks(  # A30, B7, A55, A31, A56
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    provider = builders.a_provider(village, "桃溪社会工作服务中心")
    looking, tendered = an_approved_project(village), a_purchase(builders.a_project(village))
    contract = served(village, provider)
    check, call = a_check(village, contract), a_call(village)
    here = f"/{village.code}"
    they = walker(language, "provider", builders.staff_of(provider))

    they.goes(f"{here}/matching/skills")
    fills(they, category="0901", people_a_month="40")
    they.picture("skill")
    sends(they, "skill_form", f"{here}/matching/mine")
    they.picture("what-fits-us")
    they.tap(f"main a[href$='/matching/project/{looking.id}']")
    they.tap("main a[href$='/offer']")
    fills(they, words="每周上门两次。", people_a_month="30", start_on=_day(14))
    they.picture("offer")
    sends(they, "offer_form", f"{here}/matching/project/{looking.id}")
    they.picture("offered")
    assert count(ProjectOffer, ProjectOffer.project_id == looking.id) == 1

    bid = f"{here}/purchases/{tendered.id}/bid"
    they.goes(f"/{house.tree.county.code}/purchases/{tendered.id}/")
    they.tap(f"main a[href='{bid}']")
    fills(they, price="50000.01", words="两名持证社工，每周上门一次，价格包含材料。")
    sends(they, "bid_form")
    refused(they, "price")
    fills(they, price="41000")
    they.picture("bid")
    sends(they, "bid_form", bid)
    they.sees(f"form[action='{bid}/withdraw']")
    they.picture("sealed")
    assert count(Bid, Bid.purchase_id == tendered.id, Bid.price_fen == 4_100_000) == 1

    target = target_of(contract)
    they.goes("/targets/")
    they.tap(f"main a[href='{target.id}']")
    fills(they, value="300", words="一季度")
    they.picture("target")
    sends(they, "read_form", f"/targets/{target.id}")
    they.sees("main .light")

    they.goes("/checks/")
    they.tap(f"main a[href='/checks/{check.id}']")
    sends(they, "answer_form")
    refused(they, "answer")
    fills(they, answer="已换人，今后按时上门。")
    they.picture("check-answer")
    sends(they, "answer_form", "/checks/")
    they.picture("checks-answered")

    they.goes(f"{here}/funds/calls/{call.id}/")
    they.tap("main a[href=ask]")
    fills(
        they,
        provider=str(provider.id),
        title="邻里百家宴",
        amount="20000",
        purpose="买菜、租桌椅",
        founded_on="2020-05-06",
    )
    sends(they, "ask_form")
    refused(they, "amount")
    fills(they, amount="3000")
    they.picture("grant")
    sends(they, "ask_form", f"{here}/funds/calls/{call.id}/")
    they.sees("li[id^=request-]", 1)
    they.picture("asked")


@each_language
def test_a_resident_follows_her_need_to_the_contract_without_scripts(  # A40, B31
    house: House, village: Any, walker: Callable[..., Walker], language: str
) -> None:
    need = builders.a_need(village, LAMPS[0])
    provider = builders.a_provider(village)
    project = builders.a_project(village, needs=(need,))
    purchase, _ = an_award(project, provider=provider)
    contract = signed_for(purchase)
    steps = (
        f"/{village.code}/projects/{project.id}/",
        f"/{house.tree.county.code}/purchases/{purchase.id}/",
        f"/{house.tree.county.code}/disclosure/{purchase.id}/",
        f"/{house.tree.county.code}/contracts/{contract.id}/",
        f"/{house.tree.county.code}/supervision/{contract.id}/",
        f"/{village.code}/providers/{provider.id}/",
    )
    she = walker(language, "follows", java_script_enabled=False)
    for step in steps:
        she.goes(f"/t/{need.id}")
        she.is_at(f"/{village.code}/thread/{need.id}")
        she.tap(f"main a[href='{step}'] >> nth=0")
        she.is_at(step)
        she.sees("h1", 1)
        she.picture(step.split("/")[2])
    she.goes(f"/t/{need.id}")
    she.picture("thread")
    she.goes(f"/{village.code}/")
    she.tap("main a[href='open/']")
    she.is_at(f"/{village.code}/open/")
    she.picture("open-books")
    assert not she.page.locator("main a").filter(has_text="1" * 11).count(), "no phone number"
