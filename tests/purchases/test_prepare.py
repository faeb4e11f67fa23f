"""Officials prepare a purchase, publish it, and from then on nothing of it changes."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from portal.projects.models import ProjectStep
from portal.purchases.models import Purchase, PurchaseInvitation, ScoringFactor
from portal.purchases.preparing import end_purchase, prepare_purchase, publish_purchase, revise_purchase
from portal.rules import Refused
from portal.rules.projects import ProjectState
from portal.rules.purchases import PurchaseState
from portal.store import action, clock, db
from tests import builders as a
from tests.purchases import making

ENGLISH = {"Accept-Language": "en"}


def typed(**changes):
    values = {
        "key": "k" * 32,
        "purchaser": "柳溪县民政局",
        "purchaser_kind": "civil_affairs",
        "method": "open_tender",
        "ground": "《中华人民共和国政府采购法》第二十六条",
        "budget": "50,000",
        "scoring": "comprehensive",
    }
    for n, (kind, points) in enumerate((("price", 20), ("quality", 30), ("capacity", 30), ("satisfaction", 20)), 1):
        row = {"factor": kind, "title": f"因素{n}", "indicator": "每响应一项服务要求得5分。", "points": str(points)}
        values |= {f"factor{n}_{part}": value for part, value in row.items()}
    return values | changes


@pytest.fixture
def office(client, project):
    return a.signed_in(client, a.an_official(making.the_buyer(project)))


@pytest.fixture
def at_prepare(project):
    return f"/{making.the_buyer(project).code}/purchases/prepare/{project.id}"


def the_purchase():
    db.session.rollback()
    return db.session.scalars(select(Purchase)).one()


def test_an_official_prepares_publishes_and_everyone_reads_how_bids_are_scored(  # B7, B8, B22
    office, client, project, at_prepare
):
    assert "Factor 1" in office.get(at_prepare, headers=ENGLISH).text
    there = office.post(at_prepare, data=typed(), headers=ENGLISH).location
    purchase = the_purchase()
    assert there.endswith(f"/purchases/{purchase.id}/run")
    assert purchase.budget_fen == 5_000_000
    page = there.removesuffix("run")
    assert a.signed_in(client, None).get(page).status_code == 404, "not published yet"
    a.signed_in(client, a.an_official(making.the_buyer(project)))
    due = clock.today() + timedelta(days=20)
    assert client.post(f"{page}publish", data={"due": due.isoformat()}).location == f"{page}run"
    db.session.refresh(project)
    assert project.state == ProjectState.TENDERED
    text = a.signed_in(client, None).get(page, headers=ENGLISH).text
    for said in (
        "第二十六条",
        "柳溪县民政局",
        "因素2",
        "每响应一项服务要求得5分。",
        "Open tendering",
        "Comprehensive scoring",
    ):
        assert said in text
    listed = client.get(f"/{a.a_region_tree().villages[0].code}/purchases/").text
    assert page in listed
    assert client.get(f"/{a.a_region_tree().villages[0].code}/purchases/project/{project.id}").location == page


def test_a_form_sent_again_prepares_once(office, at_prepare):
    first = office.post(at_prepare, data=typed()).location
    assert office.post(at_prepare, data=typed()).location == first
    the_purchase()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"purchaser_kind": "mass_organisation"}, "do not purchase"),
        ({"purchaser_kind": "township"}, "no purchaser of this kind"),
        ({"method": "single_source"}, "A single source is one provider"),
        ({"method": "telepathy"}, "choose a method"),
        ({"ground": ""}, "the reason in writing"),
        ({"budget": "60000"}, "more than the project"),
        ({"budget": "much"}, "above zero"),
        ({"factor2_points": "29"}, "exactly 100; now they are 99"),
        ({"factor2_points": "3o"}, "whole points"),
        ({"factor3_factor": "quality"}, "Price, quality, capacity"),
        ({"scoring": "lowest_price"}, "the reason in writing"),
    ],
)
def test_a_slip_is_shown_beside_its_field_and_nothing_typed_is_lost(  # B14, B20, B21, B22
    office, at_prepare, changes, said
):
    answer = office.post(at_prepare, data=typed(**changes), headers=ENGLISH)
    assert answer.status_code == 422
    assert said in answer.text
    assert "因素4" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Purchase)) == 0


def test_from_a_community_s_address_one_comes_to_who_buys(office, project, village):  # B14
    there = office.get(f"/{village.code}/purchases/prepare/{project.id}").location
    assert there == f"/{making.the_buyer(project).code}/purchases/prepare/{project.id}"


def test_an_official_of_a_lower_place_runs_no_purchase_of_the_county(client, project, village):
    purchase = making.a_purchase(project)
    a.signed_in(client, a.an_official(village))
    for page in ("run", "publish", "judges", "award", "end"):
        assert client.get(f"/{village.code}/purchases/{purchase.id}/{page}").status_code == 403, page
    assert client.post(f"/{village.code}/purchases/{purchase.id}/open").status_code == 403


def test_only_an_approved_project_is_purchased_and_by_one_purchase(project, official, village):
    drafted = a.a_project(village)
    buyer = making.the_buyer(project)
    with pytest.raises(Refused, match="approved"):
        prepare_purchase(official, buyer, drafted, making.a_draft(drafted), "a" * 32)
    making.a_purchase(project, published=False)
    with pytest.raises(Refused, match="already"):
        prepare_purchase(official, buyer, project, making.a_draft(project), "b" * 32)


def test_a_purchase_is_changed_until_it_is_published(project, official):  # B22
    purchase = making.a_purchase(project, published=False)
    revise_purchase(
        official, purchase, making.a_draft(project, purchaser="柳溪县人民政府", purchaser_kind="government")
    )
    assert purchase.purchaser == "柳溪县人民政府"
    assert len(db.session.scalars(select(ScoringFactor)).all()) == 4
    publish_purchase(official, purchase, clock.today() + timedelta(days=30))
    with pytest.raises(Refused, match="gone on"):
        revise_purchase(official, purchase, making.a_draft(project))


@pytest.mark.parametrize(
    "change",
    [
        update(ScoringFactor).values(points=1),
        delete(ScoringFactor),
        update(Purchase).values(ground="x"),
        update(Purchase).values(budget_fen=1),
        update(Purchase).values(bids_due_at=None),
        delete(PurchaseInvitation),
        update(PurchaseInvitation).values(provider_id=PurchaseInvitation.provider_id + 1),
    ],
    ids=str,
)
def test_the_database_refuses_to_change_what_was_published(project, change):  # B22
    place = db.session.get_one(a.Region, project.region_id)
    invited = (a.a_provider(place, "晨光").id,)
    making.a_purchase(project, method="single_source", ground="只有一家登记的机构能够提供。", invited=invited)

    @action
    def tamper():
        db.session.execute(change, execution_options={"synchronize_session": False})

    with pytest.raises(DBAPIError, match="frozen"):
        tamper()


def test_publishing_twice_is_once_and_too_short_a_time_is_refused(project, official):  # rules-and-standards 2.2
    purchase = making.a_purchase(project, published=False)
    with pytest.raises(Refused, match="at least 20 days"):
        publish_purchase(official, purchase, clock.today() + timedelta(days=19))
    due = clock.today() + timedelta(days=20)
    publish_purchase(official, purchase, due)
    publish_purchase(official, purchase, due)
    steps = select(func.count()).where(ProjectStep.project_id == project.id, ProjectStep.state == "tendered")
    assert db.session.scalar(steps) == 1


def test_a_place_sets_its_own_time_to_bid(project, official):  # A44
    a.with_numbers(making.the_buyer(project), tender_days=5)
    purchase = making.a_purchase(project, published=False)
    publish_purchase(official, purchase, clock.today() + timedelta(days=5))


@pytest.mark.parametrize("state", [PurchaseState.FAILED, PurchaseState.CANCELLED])
def test_a_purchase_that_ends_leaves_the_project_to_be_purchased_anew(project, official, state):
    purchase = making.a_purchase(project)
    with pytest.raises(Refused, match="reason in writing"):
        end_purchase(official, purchase, state, "不")
    for _ in range(2):
        end_purchase(official, purchase, state, "只收到一份投标，不足三家。")
    assert (purchase.state, project.state) == (state, ProjectState.APPROVED)
    assert making.a_purchase(project).id != purchase.id
