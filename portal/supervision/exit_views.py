"""Officials see a provider out; everyone sees who is left without cover."""

from typing import Any

from flask import abort, flash, request, url_for

from portal.regions.models import Region
from portal.rules import N_
from portal.rules.contracts import ContractState
from portal.rules.exits import NEXT, ExitState, may_replace
from portal.rules.permissions import Deed, may
from portal.supervision import leaving, queries
from portal.supervision.blueprint import bp
from portal.supervision.forms import MOST_DIGITS, CountForm, CoverForm, ExitForm, StepForm
from portal.supervision.queries import Exit, Watched
from portal.web.door import actor, page, see_other
from portal.web.forms import whole
from portal.web.words import gettext

STATES = {
    ExitState.TRIGGERED: N_("The provider has to leave"),
    ExitState.PLANNED: N_("The contingency plan has started"),
    ExitState.LISTED: N_("Everyone affected is listed"),
    ExitState.COVERED: N_("Everyone is covered without a day between"),
    ExitState.SETTLED: N_("The contract is settled"),
    ExitState.CLOSED: N_("Closed with a report"),
}


@bp.get("/<int:contract>/exit/", deed=Deed.READ_PUBLIC)
def leave(region: Region, contract: Watched) -> Any:
    """Everyone sees how a provider leaves and whether anybody is left without cover."""
    found = _exit(contract)
    runs = _runs(contract)
    return page(
        "supervision/exit.html",
        region=region,
        watched=contract,
        leaving=found,
        runs=runs,
        replaces=runs and may_replace(ContractState(contract.contract.state), found.leaving),
        next=_next(found),
    )


@bp.route("/<int:contract>/exit/begin", methods=["GET", "POST"], deed=Deed.RUN_EXIT)
def begin(region: Region, contract: Watched) -> Any:
    """An official begins the exit of a provider."""
    _only_who_runs(contract)
    form = ExitForm(trigger=request.args.get("trigger", ""))
    if form.validate_on_submit():
        with form.refusals():
            leaving.begin_exit(actor(), contract, form.draft())
            return _back(region, contract, N_("The exit has begun. Now start the plan and list everyone affected."))
    return page("supervision/begin.html", region=region, watched=contract, form=form)


@bp.route("/<int:contract>/exit/recipients", methods=["GET", "POST"], deed=Deed.RUN_EXIT)
def recipients(region: Region, contract: Watched) -> Any:
    """An official lists how many people are affected, by numbers only."""
    _only_who_runs(contract)
    found, form = _exit(contract), CountForm()
    if form.validate_on_submit():
        with form.refusals():
            leaving.list_recipients(actor(), found.case, whole(form.count.data, MOST_DIGITS))
            return _back(region, contract, N_("They are on the list, by numbers."))
    return page("supervision/recipients.html", region=region, watched=contract, form=form)


@bp.route("/<int:contract>/exit/cover", methods=["GET", "POST"], deed=Deed.RUN_EXIT)
def cover(region: Region, contract: Watched) -> Any:
    """An official says who serves the recipients from which day on, or why nobody needs to."""
    _only_who_runs(contract)
    found, form = _exit(contract), CoverForm(queries.others_serving(contract))
    if form.validate_on_submit():
        with form.refusals():
            _cover(found, form)
            return _back(region, contract, N_("Noted."))
    return page("supervision/cover.html", region=region, watched=contract, leaving=found, form=form)


def _cover(found: Exit, form: CoverForm) -> None:
    first = whole(form.first.data, MOST_DIGITS) or 0
    last = whole(form.last.data, MOST_DIGITS) or first
    if form.released.data:
        leaving.release_recipients(actor(), found.case, first, last, form.released.data)
        return
    provider = queries.provider_at(form.provider.data)
    leaving.cover_recipients(actor(), found.case, first, last, provider, form.covered_from.data)


@bp.route("/<int:contract>/exit/step", methods=["GET", "POST"], deed=Deed.RUN_EXIT)
def step(region: Region, contract: Watched) -> Any:
    """An official takes an exit to its next step."""
    _only_who_runs(contract)
    found, form = _exit(contract), StepForm()
    to = _next(found)
    if to is None:
        return see_other(url_for(".leave", region=region.code, contract=contract.contract.id))
    if form.validate_on_submit():
        with form.refusals():
            leaving.advance_exit(actor(), contract, to, form.words.data or "")
            return _back(region, contract, STATES[to])
    return page("supervision/step.html", region=region, watched=contract, leaving=found, form=form, to=to)


def _runs(contract: Watched) -> bool:
    """Whether the one who asks acts for whose government bought."""
    return may(actor(), Deed.RUN_EXIT, contract.region.path)


def _only_who_runs(contract: Watched) -> None:
    if not _runs(contract):
        abort(403)


def _exit(contract: Watched) -> Exit:
    return queries.exit_of(contract.contract) or abort(404)


def _next(found: Exit) -> ExitState | None:
    return NEXT[ExitState(found.case.state)]


def _back(region: Region, contract: Watched, said: str) -> Any:
    flash(gettext(said))
    return see_other(url_for(".leave", region=region.code, contract=contract.contract.id))
