"""Calls for grants: everyone reads them, organisations ask, officials or residents decide."""

from typing import Any

from flask import abort, flash, url_for

from portal.funds import queries
from portal.funds.balances import free_of_fund, left_of_call
from portal.funds.blueprint import bp
from portal.funds.forms import AskForm, CallForm, DecideForm
from portal.funds.granting import ask_grant, decide_grant, finish_call, open_call, pay_grant
from portal.funds.models import Fund, GrantCall, GrantRequest
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.providers.queries import names_serving
from portal.providers.views import own_providers
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.projects import yuan_of
from portal.store import db
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.words import gettext, in_words


@bp.get("/grants/", deed=Deed.READ_PUBLIC)
def grants(region: Region) -> Any:
    """Everyone sees for what grants can be asked here."""
    return page(region=region, calls=queries.calls_of(region), today=today())


@bp.route("/<int:fund>/call", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def call_for(region: Region, fund: Fund) -> Any:
    """An official calls for requests to an incubation or community fund."""
    form = CallForm()
    if form.validate_on_submit():
        with form.refusals():
            made = open_call(actor(), fund, form.draft(), form.key.data or "")
            return _to_call(region, made, N_("The call is public."))
    return page("funds/call_for.html", region=region, form=form, free=free_of_fund(fund), months=_months(region))


@bp.get("/calls/<int:call>/", deed=Deed.READ_PUBLIC)
def call(region: Region, call: GrantCall) -> Any:
    """Everyone sees what was asked of a call and what was granted, to whom and why."""
    me = actor()
    return page(
        region=region,
        call=call,
        fund=db.session.get_one(Fund, call.fund_id),
        wishes=queries.wishes_of(call),
        left=left_of_call(call),
        open_still=call.closes_on >= today() and not call.finished_at and not call.vote_id,
        months=_months(region),
        keeps=may(me, Deed.KEEP_FUNDS, region.path),
        runs=may(me, Deed.RUN_ROUND, region.path),
        asks=bool(own_providers()),
    )


@bp.route("/calls/<int:call>/ask", methods=["GET", "POST"], deed=Deed.ASK_GRANT)
def ask(region: Region, call: GrantCall) -> Any:
    """An organisation's staff asks for a grant."""
    form, own = AskForm(), own_providers()
    names = names_serving(region, own)
    form.provider.choices = [(one.id, in_words(one, "name")) for one in names]
    if form.validate_on_submit():
        if form.provider.data not in own:
            abort(403)
        with form.refusals():
            provider = db.session.get_one(Provider, form.provider.data)
            ask_grant(actor(), call, provider, form.draft(), form.key.data or "")
            return _to_call(region, call, N_("Your request is public. You can read here what becomes of it."))
    return page(region=region, call=call, form=form, months=_months(region))


@bp.route("/calls/<int:call>/requests/<int:wish>/decide", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def decide(region: Region, call: GrantCall, wish: GrantRequest) -> Any:
    """An official grants what was asked for, a part of it, or nothing, and says why."""
    form = DecideForm(amount=yuan_of(wish.amount_fen))
    if form.validate_on_submit():
        with form.refusals():
            decide_grant(actor(), call, wish, form.fen, form.reason.data or "")
            return _to_call(region, call, N_("Decided. Everyone can read it."))
    return page(region=region, call=call, wish=wish, form=form, left=left_of_call(call))


@bp.post("/calls/<int:call>/requests/<int:wish>/pay", deed=Deed.KEEP_FUNDS)
def pay(region: Region, call: GrantCall, wish: GrantRequest) -> Any:
    """An official notes that a grant was paid."""
    pay_grant(actor(), call, wish)
    return _to_call(region, call, N_("Paid. It is in the fund's account."))


@bp.post("/calls/<int:call>/finish", deed=Deed.KEEP_FUNDS)
def finish(region: Region, call: GrantCall) -> Any:
    """An official ends a call; what is left of its budget goes back to the fund."""
    finish_call(actor(), call)
    return _to_call(region, call, N_("The call is ended. What was left is free in the fund again."))


def _months(region: Region) -> int:
    return rules_for(region).startup_months


def _to_call(region: Region, call: GrantCall, said: str) -> Any:
    flash(gettext(said))
    return see_other(url_for(".call", region=region.code, call=call.id))
