"""What holds when several people act at the same moment."""

import secrets

from portal.projects.models import Project
from portal.providers.models import Provider
from portal.purchases.deciding import award_purchase, report_scores
from portal.purchases.models import Bid, Purchase
from portal.purchases.preparing import prepare_purchase
from portal.purchases.queries import opened_bids
from portal.store import db
from tests.counting import count
from tests.purchases import making
from tests.racing import TAPS, all_at_once


def test_a_project_is_purchased_once_however_many_officials_begin(project, official, elsewhere):
    buyer, draft, number = making.the_buyer(project), making.a_draft(project), project.id

    def prepare(_: int) -> None:
        prepare_purchase(official, buyer, db.session.get_one(Project, number), draft, secrets.token_hex(16))

    assert all_at_once(elsewhere, prepare) == ["done"] + ["refused"] * (TAPS - 1)
    assert count(Purchase) == 1


def test_a_provider_has_one_bid_however_often_it_is_sent(project, elsewhere):
    purchase, provider = making.a_purchase(project).id, making.a_bidder(project).id

    def bid(tap: int) -> None:
        bought, bidder = db.session.get_one(Purchase, purchase), db.session.get_one(Provider, provider)
        making.a_bid(bought, bidder, price_fen=1_000_000 + tap)

    making.a_bid(db.session.get_one(Purchase, purchase), db.session.get_one(Provider, provider))
    assert all_at_once(elsewhere, bid) == ["done"] * TAPS
    assert count(Bid) == 1


def test_one_bid_wins_however_many_are_chosen(project, official, elsewhere):
    purchase = making.a_purchase(project)
    bids = making.opened(purchase, 4_000_000, 4_000_000, 4_000_000)
    making.judged(purchase, bids)
    report_scores(official, purchase)
    number, numbers = purchase.id, [bid.id for bid in bids]

    def choose(tap: int) -> None:
        bought, bid = db.session.get_one(Purchase, number), db.session.get_one(Bid, numbers[tap % 3])
        award_purchase(official, bought, bid, "本单位经研究决定选择这家机构。")

    all_at_once(elsewhere, choose)
    assert len([one for one in opened_bids(purchase) if one.bid.won]) == 1
