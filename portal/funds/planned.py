"""Officials share funds out and plan what is bought."""

from typing import Any

from flask import flash, url_for

from portal.funds import queries
from portal.funds.allocating import add_line, allocate, give_on, resize_allocation, resize_line
from portal.funds.balances import free_of_allocation, free_of_fund, promised_of, used_of
from portal.funds.blueprint import bp
from portal.funds.forms import AllocateForm, LineForm, ResizeForm
from portal.funds.models import Allocation, BudgetLine, Fund
from portal.regions.models import Region
from portal.regions.queries import children, find_region
from portal.rules import N_, Refusal, enforce
from portal.rules.permissions import Deed, may
from portal.rules.projects import yuan_of
from portal.store import db
from portal.web.door import actor, page, see_other
from portal.web.words import gettext, in_words


@bp.route("/<int:fund>/allocate", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def share_out(region: Region, fund: Fund) -> Any:
    """An official gives a part of a fund to the fund's own place or one below."""
    form = AllocateForm(_places(region, own=True))
    if form.validate_on_submit():
        with form.refusals():
            allocate(actor(), fund, _place(form), form.fen, form.key.data or "")
            return _given(region)
    return page("funds/give.html", region=region, form=form, free=free_of_fund(fund), back=f"../{fund.id}/")


@bp.get("/allocations/<int:allocation>/", deed=Deed.READ_PUBLIC)
def allocation(region: Region, allocation: Allocation) -> Any:
    """Everyone sees what became of the money that a place was given."""
    return page(
        region=region,
        allocation=allocation,
        fund=db.session.get_one(Fund, allocation.fund_id),
        holder=db.session.get_one(Region, db.session.get_one(Fund, allocation.fund_id).region_id),
        free=free_of_allocation(allocation),
        lines=queries.lines_of_allocation(allocation),
        keeps=may(actor(), Deed.KEEP_FUNDS, region.path),
    )


@bp.route("/allocations/<int:allocation>/give", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def give(region: Region, allocation: Allocation) -> Any:
    """An official gives a part of what a place was given on to a place below it."""
    form = AllocateForm(_places(region))
    if form.validate_on_submit():
        with form.refusals():
            give_on(actor(), allocation, _place(form), form.fen, form.key.data or "")
            return _given(region)
    return page(region=region, form=form, free=free_of_allocation(allocation), back="./")


@bp.route("/allocations/<int:allocation>/resize", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def resize(region: Region, allocation: Allocation) -> Any:
    """An official makes an allocation larger or smaller, where it comes from a fund or a place that is hers to keep."""
    _only_from_above(region, allocation)
    form = ResizeForm(amount=yuan_of(allocation.amount_fen))
    if form.validate_on_submit():
        with form.refusals():
            resize_allocation(actor(), allocation, form.fen)
            return _saved(region, allocation.id)
    return page(region=region, form=form, used=used_of(allocation), back="./")


@bp.route("/allocations/<int:allocation>/plan", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def plan(region: Region, allocation: Allocation) -> Any:
    """An official plans to buy something with a part of what a place was given."""
    form = LineForm()
    if form.validate_on_submit():
        with form.refusals():
            add_line(actor(), allocation, form.title.data or "", form.fen, form.key.data or "", **form.kind())
            return _saved(region, allocation.id)
    return page(region=region, form=form, free=free_of_allocation(allocation))


@bp.route("/lines/<int:line>/resize", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def resize_planned(region: Region, line: BudgetLine) -> Any:
    """An official makes a budget line larger or smaller."""
    form = ResizeForm(amount=yuan_of(line.amount_fen))
    if form.validate_on_submit():
        with form.refusals():
            resize_line(actor(), line, form.fen)
            return _saved(region, line.allocation_id)
    back = f"../../allocations/{line.allocation_id}/"
    return page("funds/resize.html", region=region, form=form, line=line, used=promised_of(line), back=back)


def _only_from_above(region: Region, allocation: Allocation) -> None:
    """What a place was given is not its own to change: whoever gave it keeps it."""
    source: Allocation | Fund = (
        db.session.get_one(Allocation, allocation.parent_id)
        if allocation.parent_id
        else db.session.get_one(Fund, allocation.fund_id)
    )
    giver = db.session.get_one(Region, source.region_id)
    if not may(actor(), Deed.KEEP_FUNDS, giver.path):
        enforce([Refusal(N_("Only who has given this money can change how much it is."))])


def _places(region: Region, own: bool = False) -> dict[str, str]:
    """The codes and names of the places one step down, after the place itself where it may be chosen."""
    return {one.code: in_words(one, "name") for one in ([region] if own else []) + children(region)}


def _place(form: AllocateForm) -> Region:
    found = find_region(form.place.data or "")
    if found is None:
        enforce([Refusal(N_("Please choose one of the places shown."), "place")])
    assert found is not None
    return found


def _given(region: Region) -> Any:
    flash(gettext(N_("Given. What is left can be given on, too.")))
    return see_other(url_for(".index", region=region.code))


def _saved(region: Region, allocation_id: int) -> Any:
    flash(gettext(N_("Saved.")))
    return see_other(url_for(".allocation", region=region.code, allocation=allocation_id))
