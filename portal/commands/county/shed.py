"""The old bicycle shed: what residents chose for it is being judged now."""

from sqlalchemy import select

from portal.commands.county import content
from portal.commands.county.chain import approved
from portal.commands.county.people import OFFICIAL
from portal.commands.county.telling import Chapter, Teller
from portal.commands.county.tender import NEVER_LATE, appointed, published, scored
from portal.purchases.bidding import send_bid
from portal.purchases.models import Bid
from portal.purchases.opening import open_bids
from portal.store import db


def shed(teller: Teller) -> Chapter:
    """What residents chose for the old bicycle shed is being judged now."""
    given = content.story()["shed"]
    yield given["notice"] + 1
    project = teller.projects["bike-shed"]
    yield from approved(teller, given | {"home": "hepan"}, given, project)
    purchase = yield from published(teller, given, given, project)
    for number, bid in enumerate(given["bid"]):
        yield given["due"] + NEVER_LATE + len(given["bid"]) - number
        provider = teller.providers[bid["by"]]
        send_bid(teller.staff_of(bid["by"]), purchase, provider, bid["price"] * 100, bid["words"])
    yield from appointed(teller, purchase, given["due"] + 1, recused=False)
    yield given["open"]
    open_bids(teller.actor(OFFICIAL), purchase)
    yield 1
    second = content.story()["judge"][1]["name"]
    bids = db.session.scalars(select(Bid).where(Bid.purchase_id == purchase.id).order_by(Bid.id)).all()
    scored(teller, purchase, second, dict(zip(bids, (91, 86, 80), strict=True)), 0)
