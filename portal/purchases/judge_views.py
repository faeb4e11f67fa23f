"""Judges score the bids, each for herself, or step back."""

from typing import Any

from flask import abort, flash, url_for

from portal.purchases import judging, queries
from portal.purchases.blueprint import bp
from portal.purchases.forms import RecuseForm, scores_form
from portal.purchases.models import Judge
from portal.purchases.panel import judge_of
from portal.purchases.queries import Case
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.rules.projects import fen_of
from portal.rules.purchases import PurchaseState
from portal.rules.selection import Tie
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.route("/<int:purchase>/judge", methods=["GET", "POST"], deed=Deed.JUDGE_BIDS)
def judge(region: Region, purchase: Case) -> Any:
    """A judge scores the bids; the other judges' scores she sees when all have."""
    me = _judge(purchase)
    waits = purchase.purchase.state == PurchaseState.OPENED and me.done_at is None
    cells = judging.cells_of(purchase.purchase) if waits else {}
    form = scores_form(cells) if waits else None
    if form and form.validate_on_submit():
        with form.refusals():
            judging.hand_in_scores(actor(), purchase.purchase, {cell: _given(form, cell) for cell in cells})
            flash(gettext(N_("Your scores are handed in. Thank you.")))
            return see_other(url_for(".judge", region=region.code, purchase=purchase.purchase.id))
    bids = queries.opened_bids(purchase.purchase) if waits else []
    return page(region=region, form=form, case=purchase, judge=me, cells=cells, bids=bids)


def _given(form: Any, cell: judging.Cell) -> judging.Given:
    """A score is typed as an amount is, and kept in hundredths as an amount is in fen."""
    bid, factor = cell
    return judging.Given(fen_of(form[f"s{bid}_{factor}"].data or ""), form[f"w{bid}_{factor}"].data or "")


@bp.route("/<int:purchase>/judge/recuse", methods=["GET", "POST"], deed=Deed.JUDGE_BIDS)
def recuse(region: Region, purchase: Case) -> Any:
    """A judge steps back."""
    _judge(purchase)
    form = RecuseForm()
    if form.validate_on_submit():
        with form.refusals():
            judging.recuse(actor(), purchase.purchase, Tie(form.tie.data))
            flash(gettext(N_("You have stepped back. Thank you for saying so.")))
            return see_other(url_for(".show", region=region.code, purchase=purchase.purchase.id))
    return page(region=region, form=form, case=purchase)


def _judge(case: Case) -> Judge:
    return judge_of(actor(), case.purchase) or abort(404)
