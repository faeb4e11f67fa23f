"""Providers bid, take bids back, and challenge results."""

from typing import Any

from flask import abort, flash, url_for

from portal.providers.models import Provider
from portal.providers.queries import find_provider, names_serving
from portal.purchases import bidding, deciding, due, queries
from portal.purchases.blueprint import bp
from portal.purchases.forms import BidForm, ChallengeForm
from portal.purchases.queries import Case
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.rules.projects import fen_of, yuan_of
from portal.store.clock import now
from portal.web.door import actor, page, see_other
from portal.web.forms import flashed_refusals
from portal.web.words import gettext, in_words


@bp.route("/<int:purchase>/bid", methods=["GET", "POST"], deed=Deed.BID)
def bid(region: Region, purchase: Case) -> Any:
    """A provider bids for a purchase, or changes its bid, until bids are due."""
    _called(purchase)
    sent = queries.own_bid(actor(), purchase)
    form = BidForm(**({"price": yuan_of(sent.price_fen), "words": sent.story} if sent else {}))
    own = _choose(form, purchase)
    if form.validate_on_submit():
        with form.refusals():
            price = fen_of(form.price.data or "")
            bidding.send_bid(actor(), purchase.purchase, _provider(form), price, form.words.data or "")
            flash(gettext(N_("Your bid is sealed: nobody reads it before all bids are opened.")))
            return see_other(url_for(".bid", region=region.code, purchase=purchase.purchase.id))
    open = bool(own) and not any(bidding.in_time(purchase.purchase))
    return page(region=region, form=form if open or form.errors else None, case=purchase, own=own, sent=sent)


@bp.post("/<int:purchase>/bid/withdraw", deed=Deed.BID)
def withdraw(region: Region, purchase: Case) -> Any:
    """A provider takes its bid back, until bids are due."""
    _called(purchase)
    form = BidForm()
    _choose(form, purchase)
    with flashed_refusals():
        bidding.withdraw_bid(actor(), purchase.purchase, _provider(form))
    return see_other(url_for(".bid", region=region.code, purchase=purchase.purchase.id))


@bp.route("/<int:purchase>/challenge", methods=["GET", "POST"], deed=Deed.BID)
def challenge(region: Region, purchase: Case) -> Any:
    """A bidder challenges the result in time."""
    _called(purchase)
    form = ChallengeForm()
    own = _choose(form, purchase)
    if form.validate_on_submit():
        with form.refusals():
            deciding.challenge_purchase(actor(), purchase.purchase, _provider(form), form.words.data or "")
            flash(gettext(N_("Your challenge is sent. The answer will be on the page of the purchase.")))
            return see_other(url_for(".show", region=region.code, purchase=purchase.purchase.id))
    until = due.challenge_until(purchase)
    return page(region=region, form=form, case=purchase, own=own, until=until, now=now())


def _called(case: Case) -> None:
    """Nobody who may bid learns of a purchase before its call for bids is public."""
    if case.purchase.published_at is None:
        abort(404)


def _choose(form: BidForm | ChallengeForm, case: Case) -> list[tuple[int, str]]:
    """Offer the providers for which the one who asks works, and take the only one."""
    ours = queries.own_providers(actor(), case.place)
    own = [(row.id, in_words(row, "name")) for row in names_serving(case.place, ours)]
    form.provider.choices = own
    if form.provider.data not in dict(own):
        form.provider.data = own[0][0] if own else None
    return own


def _provider(form: BidForm | ChallengeForm) -> Provider:
    return (find_provider(form.provider.data) if form.provider.data else None) or abort(403)
