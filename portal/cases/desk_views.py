"""Committees and offices handle cases."""

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for

from portal.cases import handling, queries
from portal.cases.blueprint import bp
from portal.cases.forms import form_for
from portal.cases.models import BadRatingCase
from portal.cases.queries import OPEN_ONES, Filters, Handled
from portal.cases.rates import rates_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, Refused
from portal.rules.cases import CaseState, Finding
from portal.rules.permissions import Deed
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.forms import flashed_refusals
from portal.web.safety import unkept
from portal.web.words import gettext

TO_OTHERS = (CaseState.REVIEWING, CaseState.CHECKING)


@bp.get("/desk", deed=Deed.HANDLE_CASE)
def desk(region: Region) -> Any:
    """A committee or an office sees what is due first; closed cases only if it asks for them."""
    state = request.args.get("state", OPEN_ONES)
    filters = Filters(state if state in {*CaseState, OPEN_ONES} else "", late=request.args.get("late", "") == "yes")
    found = queries.desk_of(region, filters)
    rates = rates_of(region)
    return page("bad_ratings/desk.html", region=region, cases=found, filters=filters, rates=rates, today=today())


@bp.route("/<int:bad_case>/", methods=["GET", "POST"], deed=Deed.HANDLE_CASE)
def show(region: Region, bad_case: BadRatingCase) -> Any:
    """A committee or an office takes a case on; what is asked of it is what the case waits for."""
    one = queries.handled(bad_case, actor())
    form = form_for(CaseState(bad_case.state), named=bad_case.token_hash is not None)
    if form is not None and form.validate_on_submit():
        with form.refusals():
            _step(one, form)
            flash(gettext(N_("Noted; the case goes on.")))
            return see_other(url_for(".show", region=region.code, bad_case=bad_case.id))
    return page(
        "bad_ratings/show.html",
        region=region,
        one=one,
        case=bad_case,
        form=form if _asks(one) else None,
        handles=queries.may_handle(actor(), one),
        today=today(),
    )


def _asks(one: Handled) -> bool:
    """Whether the one who asks is to take the case on as it stands."""
    if one.case.state in TO_OTHERS:
        return not one.other_body
    if one.case.state == CaseState.REPAIRING and (one.case.due_on is None or today() <= one.case.due_on):
        return False
    return queries.may_handle(actor(), one)


def _step(one: Handled, form: Any) -> None:
    """Do what the form says. Raises Refused."""
    if form.state.data != one.case.state:
        raise Refused([Refusal(N_("This case has gone on meanwhile. Please look at it again."))])
    DEEDS[CaseState(one.case.state)](one.case, form)


def _contact(case: BadRatingCase, form: Any) -> None:
    handling.contact_rater(actor(), case, reached=_chosen(form.reached), words=form.words.data or "")


def _find(case: BadRatingCase, form: Any) -> None:
    if form.finding.data not in set(Finding):
        raise Refused([Refusal(N_("Please choose one."), "finding")])
    handling.find(
        actor(),
        case,
        Finding(form.finding.data),
        form.words.data or "",
        complex=form.complex.data,
        evidence=(form.evidence.data or "") if "evidence" in form else "",
    )


def _review(case: BadRatingCase, form: Any) -> None:
    handling.review(actor(), case, agrees=_chosen(form.agrees), words=form.words.data or "")


def _check(case: BadRatingCase, form: Any) -> None:
    handling.check(actor(), case, passes=_chosen(form.passes), words=form.words.data or "")


def _repair(case: BadRatingCase, form: Any) -> None:
    handling.repair_instead(actor(), case, form.words.data or "")


def _chosen(field: Any) -> bool:
    if field.data not in ("yes", "no"):
        raise Refused([Refusal(N_("Please choose one."), field.name)])
    return bool(field.data == "yes")


DEEDS: dict[CaseState, Callable[[BadRatingCase, Any], None]] = {
    CaseState.RECEIVED: _contact,
    CaseState.VERIFYING: _find,
    CaseState.REVIEWING: _review,
    CaseState.REPAIRING: _repair,
    CaseState.CHECKING: _check,
}


@bp.post("/<int:bad_case>/contact", deed=Deed.HANDLE_CASE)
def contact(region: Region, bad_case: BadRatingCase) -> Any:
    """Who handles a case sees how to reach her; the look is in the log."""
    back = url_for(".show", region=region.code, bad_case=bad_case.id)
    with flashed_refusals():
        reached, words = handling.look_at_contact(actor(), bad_case)
        return unkept(
            page(
                "bad_ratings/contact.html",
                region=region,
                case=bad_case,
                contact=reached,
                words=words,
                back=back,
                once=True,
            )
        )
    return see_other(back)
