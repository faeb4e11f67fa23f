"""Providers bid under seal: nobody reads a bid, or learns that there is one, before all are opened."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from portal.audit.models import AuditEntry
from portal.purchases.bidding import send_bid, withdraw_bid
from portal.purchases.models import Bid
from portal.purchases.opening import open_bids
from portal.purchases.queries import count_bids, opened_bids
from portal.rules import Refused
from portal.store import action, db
from tests import builders as a
from tests.laws.test_routes import routes
from tests.purchases import making

ENGLISH = {"Accept-Language": "en"}
PRICE = 3_987_600
WORDS = "我们派两名持证社工，每周上门一次。"


@pytest.fixture
def purchase(project):
    return making.a_purchase(project)


@pytest.fixture
def provider(project):
    return making.a_bidder(project, "柳溪县暖阳服务中心")


def bids():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Bid))


def test_a_provider_bids_changes_its_bid_and_takes_it_back(client, village, purchase, provider):  # B8
    a.signed_in(client, a.staff_of(provider))
    page = f"/{village.code}/purchases/{purchase.id}/bid"
    assert client.get(page).status_code == 200
    for price in ("39876", "39876", "38000"):
        assert client.post(page, data={"price": price, "words": WORDS}).location == page
    bid = db.session.scalars(select(Bid)).one()
    assert (bid.price_fen, bid.withdrawn_at) == (3_800_000, None)
    assert "38000" in client.get(page).text
    for _ in range(2):
        client.post(f"{page}/withdraw", data={"provider": provider.id})
    assert db.session.scalars(select(Bid)).one().withdrawn_at
    client.post(page, data={"price": "37000", "words": WORDS})
    assert db.session.scalars(select(Bid)).one().withdrawn_at is None


@pytest.mark.parametrize(
    ("price", "said"), [("50000.01", "above the budget"), ("cheap", "above zero"), ("0", "above zero")]
)
def test_a_price_that_cannot_be_is_refused_beside_its_field(client, village, purchase, provider, price, said):  # B24
    a.signed_in(client, a.staff_of(provider))
    answer = client.post(
        f"/{village.code}/purchases/{purchase.id}/bid", data={"price": price, "words": WORDS}, headers=ENGLISH
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert WORDS in answer.text
    assert bids() == 0


def test_no_page_tells_anyone_of_a_bid_before_bids_are_opened(app, client, project, purchase, provider):  # B8
    bid = making.a_bid(purchase, provider, price_fen=PRICE)
    making.a_judge(purchase, 1)
    rival = making.a_bidder(project, "另一家服务中心")
    buyer, place = making.the_buyer(project), db.session.get_one(a.Region, project.region_id)
    people = (
        None,
        a.an_official(buyer),
        making.an_expert(1),
        a.staff_of(rival),
        a.a_committee(place),
        a.a_resident(place),
    )
    told = ("39876", "39,876", str(PRICE), WORDS, provider.name)
    words = {"purchase": purchase.id, "bid": bid.id, "challenge": 1, "project": project.id}
    for moment in (purchase.published_at, purchase.bids_due_at, purchase.bids_due_at + timedelta(days=1)):
        with a.at(moment):
            for person in people:
                a.signed_in(client, person)
                for rule, method in routes(app):
                    if rule.endpoint.startswith("purchases.") and method == "GET":
                        for region in (buyer, place):
                            with app.test_request_context():
                                url = app.url_for(
                                    rule.endpoint,
                                    **{
                                        k: v
                                        for k, v in (words | {"region": region.code}).items()
                                        if k in rule.arguments
                                    },
                                )
                            text = client.get(url, inspect=False, follow_redirects=True).text
                            # a closed tender's form of invitations may list every provider; nothing else names one
                            names = told if "prepare" not in url and "revise" not in url else told[:-1]
                            assert not [one for one in names if one in text], url
    assert opened_bids(purchase) == []
    assert not [entry for entry in db.session.scalars(select(AuditEntry)) if str(PRICE) in str(entry.detail)]


def test_nobody_learns_how_many_bid_before_they_are_due(purchase, provider):  # B8
    making.a_bid(purchase, provider)
    assert count_bids(purchase) is None
    with a.at(purchase.bids_due_at + timedelta(seconds=1)):
        assert count_bids(purchase) == 1


def test_after_the_last_day_nothing_is_sent_changed_or_taken_back(client, village, purchase, provider):
    making.a_bid(purchase, provider)
    staff = a.actor(a.staff_of(provider))
    with a.at(purchase.bids_due_at):
        send_bid(staff, purchase, provider, 3_900_000, WORDS)
    with a.at(purchase.bids_due_at + timedelta(seconds=1)):
        with pytest.raises(Refused, match="due earlier"):
            send_bid(staff, purchase, provider, 3_800_000, WORDS)
        with pytest.raises(Refused, match="due earlier"):
            withdraw_bid(staff, purchase, provider)
    with a.at(purchase.bids_due_at + timedelta(seconds=1)):
        a.signed_in(client, a.staff_of(provider))
        answer = client.post(f"/{village.code}/purchases/{purchase.id}/bid", data={"price": "1", "words": WORDS})
        assert answer.status_code == 422
    assert db.session.scalars(select(Bid)).one().price_fen == 3_900_000


def test_bids_stay_sealed_until_they_are_due_and_are_opened_at_once(purchase, official):  # B8
    for _ in range(3):
        making.a_bid(purchase)
    with a.at(purchase.bids_due_at), pytest.raises(Refused, match="sealed until"):
        open_bids(official, purchase)
    with a.at(purchase.bids_due_at + timedelta(seconds=1)):
        for _ in range(2):
            open_bids(official, purchase)
    assert len(opened_bids(purchase)) == 3


def test_too_few_bids_are_never_opened(purchase, official):  # B8
    making.a_bid(purchase)
    taken_back = making.a_bid(purchase)
    withdraw_bid(official, purchase, db.session.get_one(a.Provider, taken_back.provider_id))
    making.a_bid(purchase)
    with a.at(purchase.bids_due_at + timedelta(hours=1)), pytest.raises(Refused, match="Bids: 2; it takes at least 3"):
        open_bids(official, purchase)
    assert opened_bids(purchase) == []


def test_only_providers_of_the_place_that_are_invited_where_the_method_is_closed_bid(project):  # B7
    place = db.session.get_one(a.Region, project.region_id)
    one, other = a.a_provider(place, "晨光"), a.a_provider(place, "暖阳")
    stranger = a.a_provider(a.a_region_tree().villages[1], "外地")
    purchase = making.a_purchase(
        project, method="single_source", ground="只有一家登记的机构能够提供这项服务。", invited=(one.id,)
    )
    with pytest.raises(Refused, match="invited providers only"):
        making.a_bid(purchase, other)
    with pytest.raises(Refused, match="registered for this place"):
        making.a_bid(purchase, stranger)
    making.a_bid(purchase, one)


def test_who_drafted_the_project_does_not_bid_for_it(project, purchase, provider):  # rules-and-standards 2.1
    drafter = a.actor(db.session.get_one(a.Person, project.drafted_by_id))
    with pytest.raises(Refused, match="drafted the project"):
        send_bid(drafter, purchase, provider, PRICE, WORDS)


def test_the_database_refuses_to_change_an_opened_bid(purchase):  # B8
    making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)

    @action
    def tamper():
        db.session.execute(update(Bid).values(price_fen=1))

    with pytest.raises(DBAPIError, match="frozen"):
        tamper()
