"""A project is not given up while it is being purchased, and no official decides on the bid of her own provider."""

import pytest

from portal.accounts import actions as accounts
from portal.projects.models import Project
from portal.projects.stages import take_on
from portal.purchases.deciding import answer_challenge, award_purchase, report_scores
from portal.purchases.models import Bid
from portal.purchases.opening import open_bids, refuse_bid
from portal.purchases.panel import appoint_judge
from portal.purchases.preparing import end_purchase
from portal.rules import Refused
from portal.rules.permissions import Role
from portal.rules.projects import ProjectState
from portal.rules.purchases import UNDER_WAY, PurchaseState
from portal.store import action, db
from tests import builders as a
from tests.purchases import making

ENGLISH = {"Accept-Language": "en"}
REASON = "居民不再需要这项服务。"


def standing(purchase, state):
    """`purchase`, written down as standing at `state`."""

    @action
    def write():
        purchase.state = state.value

    write()
    return purchase


def gives_up(project, village):
    take_on(a.actor(a.a_committee(village)), project, village, ProjectState.STOPPED, REASON)


def state_of(project):
    return db.session.get_one(Project, project.id, populate_existing=True).state


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_a_project_is_not_given_up_while_it_is_being_purchased(project, village, state):  # A40, B8
    purchase = standing(making.a_purchase(project), state)
    with pytest.raises(Refused) as refused:
        gives_up(project, village)
    assert [one.values for one in refused.value.refusals] == [{"number": purchase.id}]
    assert state_of(project) == ProjectState.TENDERED


@pytest.mark.parametrize("state", [PurchaseState.FAILED, PurchaseState.CANCELLED])
def test_when_its_purchase_has_ended_a_project_is_given_up(project, village, official, state):  # A40
    purchase = making.a_purchase(project)
    end_purchase(official, purchase, state, "因预算调整，取消本次采购。")
    gives_up(project, village)
    assert state_of(project) == ProjectState.STOPPED


def test_a_purchase_that_is_only_prepared_keeps_no_project(project, village, official):  # A40
    purchase = making.a_purchase(project, published=False)
    gives_up(project, village)
    assert state_of(project) == ProjectState.STOPPED
    end_purchase(official, purchase, PurchaseState.CANCELLED, "因项目中止，取消本次采购。")


def test_the_page_names_the_purchase_that_has_to_be_ended_first(client, project, village):  # A40
    purchase = making.a_purchase(project)
    a.signed_in(client, a.a_committee(village))
    page = f"/{village.code}/projects/{project.id}/go-on"
    answer = client.post(page, data={"state": "stopped", "words": REASON}, headers=ENGLISH)
    assert answer.status_code == 422
    assert f"Purchase {purchase.id} of this project is under way" in answer.text
    assert REASON in answer.text


# An official of the buyer who works for a bidder


@pytest.fixture
def purchase(project):
    return making.a_purchase(project)


@pytest.fixture
def provider(project, purchase):
    return making.a_bidder(project)


@pytest.fixture
def bids(purchase, provider):
    """The bid of her provider, dearest, and two others."""
    return [
        making.a_bid(purchase, provider, price_fen=4_900_000),
        *(making.a_bid(purchase, price_fen=price) for price in (4_000_000, 4_100_000)),
    ]


@pytest.fixture
def hers(project, provider, bids):
    """An official who works for a bidder besides."""
    person = a.an_official(making.the_buyer(project))
    accounts.grant(person, Role.PROVIDER, a.a_region_tree().county, provider.id)
    return a.actor(person)


def another(project):
    """An official of the province above the buyer, who works for nobody else."""
    return a.actor(a.an_official(db.session.get_one(a.Region, int(making.the_buyer(project).path.split(".")[0]))))


def refused():
    return pytest.raises(Refused, match="You work for a bidder")


def test_who_works_for_a_bidder_neither_appoints_judges_nor_opens_bids(project, purchase, hers):  # B22
    with refused():
        appoint_judge(hers, purchase, making.an_expert(1).login, "评委甲", "")
    with a.at(purchase.bids_due_at + making.timedelta(hours=9)):
        with refused():
            open_bids(hers, purchase)
        assert db.session.get_one(type(purchase), purchase.id, populate_existing=True).opened_at is None
        open_bids(another(project), purchase)


def judged_by_another(project, purchase, bids):
    official = another(project)
    for number in range(1, 4):
        expert = making.an_expert(number)
        appoint_judge(official, purchase, expert.login, f"评委{'甲乙丙'[number - 1]}", "")
    with a.at(purchase.bids_due_at + making.timedelta(hours=9)):
        open_bids(official, purchase)
    return official


def test_who_works_for_a_bidder_refuses_no_bid_chooses_no_winner_and_ends_nothing(  # B22
    project, purchase, bids, hers
):
    official = judged_by_another(project, purchase, bids)
    with refused():
        refuse_bid(hers, purchase, bids[1], "没有响应招标文件的实质性要求。")
    making.judged(purchase, bids)
    report_scores(official, purchase)
    with refused():
        award_purchase(hers, purchase, bids[0], "我们认为更合适，理由已写明。")
    with refused():
        end_purchase(hers, purchase, PurchaseState.FAILED, "因预算调整，取消本次采购。")
    award_purchase(official, purchase, bids[0], "我们认为更合适，理由已写明。")
    assert db.session.scalars(db.select(Bid.id).where(Bid.won)).all() == [bids[0].id]


def test_who_works_for_a_bidder_answers_no_challenge(project):  # B22, rules-and-standards 2.2 (Law 52)
    purchase, bid = making.an_award(project)
    made = making.a_challenge(purchase, bid)
    person = a.an_official(making.the_buyer(project))
    accounts.grant(person, Role.PROVIDER, a.a_region_tree().county, bid.provider_id)
    with refused():
        answer_challenge(a.actor(person), purchase, made, upheld=False, answer="经复核，评分符合公布的标准。")
    answer_challenge(another(project), purchase, made, upheld=False, answer="经复核，评分符合公布的标准。")


def test_the_page_says_why_she_may_not_open_them(client, project, purchase, hers):  # B22
    a.signed_in(client, a.an_official(making.the_buyer(project)))
    page = f"/{making.the_buyer(project).code}/purchases/{purchase.id}/"
    with a.at(purchase.bids_due_at + making.timedelta(hours=9)):
        client.post(f"{page}open", headers=ENGLISH)
        assert "another official has to do this" in client.get(f"{page}run", headers=ENGLISH).text


# What is not public yet


@pytest.mark.parametrize("what", ["bid", "challenge"])
def test_a_purchase_that_is_not_published_has_no_page_for_bidders(client, project, village, what):  # B8
    purchase = making.a_purchase(project, published=False)
    a.signed_in(client, a.staff_of(making.a_bidder(project)))
    page = f"/{village.code}/purchases/{purchase.id}/{what}"
    assert client.get(page, inspect=False).status_code == 404
    assert client.post(page, data={"price": "1", "words": REASON}, inspect=False).status_code == 404
    assert client.post(f"/{village.code}/purchases/{purchase.id}/bid/withdraw", inspect=False).status_code == 404
