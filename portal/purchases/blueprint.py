"""The addresses of purchases; the views hang on this."""

from flask import abort

from portal.purchases import queries
from portal.purchases.queries import Case
from portal.regions.queries import find_region
from portal.rules.permissions import Deed, may
from portal.web.door import Guarded, actor

bp = Guarded(
    "purchases",
    __name__,
    url_prefix="/<code:region>/purchases",
    finds={
        "region": find_region,
        "project": queries.find_project_below,
        "purchase": queries.find_case,
        "bid": queries.find_bid,
        "challenge": queries.find_challenge,
    },
)


def for_buyer(case: Case) -> Case:
    """`case`, whose buyer the one who asks works for: an address may be that of a place below, too."""
    if not may(actor(), Deed.RUN_PURCHASE, case.buyer.path):
        abort(403)
    return case


def address_of(case: Case, rest: str = "") -> str:
    """The one address at which a purchase is always found."""
    return f"/{case.buyer.code}/purchases/{case.purchase.id}/{rest}"
