"""Everyone sees what becomes of bad ratings; she who rated and the provider see their own."""

from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.cases import answering, desk_views, opening, queries
from portal.cases.blueprint import bp, hers, repairs
from portal.cases.forms import AnswerForm, OpenForm
from portal.cases.models import BadRatingCase
from portal.cases.queries import Filters
from portal.cases.rates import rates_of
from portal.cases.repairs import repairs_of
from portal.cases.words import FINDINGS, STATES, STEPS
from portal.policies.catalogue import catalogue
from portal.ratings.devices import device
from portal.ratings.queries import invitation_of
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.cases import BY_RESIDENT, CaseState, Move
from portal.rules.permissions import Deed, may
from portal.rules.redress import BAD_GRADES, is_for_provider
from portal.store.clock import today
from portal.web.addresses import row_number
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.forms import flashed_refusals
from portal.web.safety import kept_to_oneself, unkept
from portal.web.words import gettext, in_words, language

__all__ = ["bp", "desk_views", "install"]


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees the cases of a place, what is overdue, and the three rates."""
    filters = filters_asked()
    return page(
        "bad_ratings/index.html",
        region=region,
        cases=queries.public_cases(region, filters, request.args.get("after", "")),
        late=queries.count_late(region),
        rates=rates_of(region),
        filters=filters,
        may_handle=may(actor(), Deed.HANDLE_CASE, region.path),
    )


@bp.get("/cases.csv", deed=Deed.READ_PUBLIC)
def table(region: Region) -> Any:
    """Everyone can save the public list."""
    head = ("number", "month", "place", "provider", "service", "named", "state", "finding", "late", "found", "answer")
    rows = (
        (
            one.id,
            one.opened_on.strftime("%Y-%m"),
            one.Region.name,
            one.Provider.name,
            group_of(one.category),
            int(one.named),
            one.state,
            one.finding,
            int(one.late),
            one.found,
            one.answer,
        )
        for one in queries.all_public_cases(region, filters_asked())
    )
    return table_as_csv("bad-ratings", head, rows)


def filters_asked() -> Filters:
    state = request.args.get("state", "")
    return Filters(
        state if state in set(CaseState) else "",
        request.args.get("provider", 0, row_number),
        request.args.get("late", "") == "yes",
    )


def group_of(category: str) -> str:
    """The group of services in the reader's words; several, where a batch has more than one."""
    group = catalogue().get(category[:2])
    return in_words(group, "title") if group else gettext(N_("several services"))


@hers.route("", methods=["GET", "POST"], deed=Deed.OPEN_CASE)
def mine(token: str) -> Any:
    """She who rated badly asks that it is put right, and follows what is done."""
    case = queries.case_of(token, device())
    if case is not None:
        return page("bad_ratings/mine.html", token=token, case=case, **_hers(case))
    asked = invitation_of(token, device())
    if asked is None:
        abort(404)
    form = OpenForm()
    if form.validate_on_submit():
        with form.refusals():
            opening.open_case(token, form.draft(), language(), device())
            return see_other(url_for(".mine", token=token))
    bad = asked.shown is not None and asked.shown.grade in BAD_GRADES
    return page("bad_ratings/open.html", token=token, invitation=asked, form=form if bad else None)


def _hers(case: BadRatingCase) -> dict[str, Any]:
    return {
        "provider": queries.provider_of(case),
        "steps": queries.steps_of(case),
        "moves": answering.moves_of(case),
        "today": today(),
    }


@hers.post("/say", deed=Deed.OPEN_CASE)
def say(token: str) -> Any:
    """She says whether it is put right, ends her case or opens it again."""
    case, move = queries.case_of(token, device()), request.form.get("move", "")
    if case is None or move not in set(BY_RESIDENT):
        abort(404)
    with flashed_refusals():
        answering.say_whether_it_is_right(case, Move(move))
        flash(gettext(N_("Thank you, it is noted.")))
    return see_other(url_for(".mine", token=token))


@hers.after_request
def keep_to_oneself(answer: Any) -> Any:
    """A private link stays in no cache and goes to nobody as a referrer."""
    return kept_to_oneself(answer)


@repairs.get("/", deed=Deed.ANSWER_CASE)
def index_of_own() -> Any:
    """A provider sees the cases about its services."""
    return page("bad_ratings/repairs.html", cases=repairs_of(actor()), today=today())


@repairs.route("/<int:bad_case>", methods=["GET", "POST"], deed=Deed.ANSWER_CASE)
def answer(bad_case: BadRatingCase) -> Any:
    """A provider says in public what it repaired."""
    _only_own(bad_case)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            answering.answer_case(actor(), bad_case, form.answer.data or "")
            flash(gettext(N_("Your answer is public now. Who rated is asked whether it is put right.")))
            return see_other(url_for(".index_of_own"))
    waits = bad_case.state == CaseState.REPAIRING
    return page("bad_ratings/answer.html", case=bad_case, form=form if waits else None, today=today())


@repairs.post("/<int:bad_case>/contact", deed=Deed.ANSWER_CASE)
def contact(bad_case: BadRatingCase) -> Any:
    """A provider sees who rated, if she agreed; the look is in the log."""
    _only_own(bad_case)
    with flashed_refusals():
        reached, words = answering.look_as_provider(actor(), bad_case)
        back = url_for(".answer", bad_case=bad_case.id)
        return unkept(
            page("bad_ratings/contact.html", case=bad_case, contact=reached, words=words, back=back, once=True)
        )
    return see_other(url_for(".answer", bad_case=bad_case.id))


def _only_own(case: BadRatingCase) -> None:
    if not actor().works_for(case.provider_id) or not is_for_provider(case.finding):
        abort(403)


def has_case(token: str) -> bool:
    """Whether she who rated opened a case with this link on this device: her rating's page then leads to it."""
    return queries.case_of(token, device()) is not None


def install(app: Flask) -> None:
    for one in (bp, repairs, hers):
        app.register_blueprint(one)
    app.jinja_env.globals.update(
        CASE_STATES=STATES, CASE_FINDINGS=FINDINGS, CASE_STEPS=STEPS, service_group=group_of, has_case=has_case
    )
