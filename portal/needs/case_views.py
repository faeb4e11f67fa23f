"""A committee hands a need on; the office that has it answers, under the same number."""

from typing import Any

from flask import Flask, abort, flash, url_for
from wtforms import SelectField

from portal.needs import handing, queries
from portal.needs.models import HandOver, Need
from portal.regions.models import Region
from portal.regions.queries import find_region, path_to
from portal.rules import N_
from portal.rules.handing import LONGEST_OFFICE, LONGEST_WORDS
from portal.rules.permissions import Deed, may
from portal.store.clock import now
from portal.web.door import Guarded, actor, page, see_other
from portal.web.forms import Form, Line, Story
from portal.web.words import gettext, in_words

bp = Guarded(
    "cases",
    __name__,
    url_prefix="/<code:region>/cases",
    finds={"region": find_region, "need": queries.find_need, "case": handing.find_case},
)
WORDS = {"rows": 4, "maxlength": LONGEST_WORDS, "required": True}


class HandOverForm(Form):
    to = SelectField(N_("To which place?"), coerce=int, validate_choice=False)
    office = Line(N_("Which department?"), render_kw={"maxlength": LONGEST_OFFICE, "required": True})
    words = Story(N_("What is it to see to?"), render_kw=WORDS)

    def __init__(self, above: list[Region]) -> None:
        super().__init__()
        self.to.choices = {one.id: in_words(one, "name") for one in reversed(above)}


class CaseForm(Form):
    words = Story(N_("What was done?"), render_kw=WORDS)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees what was handed to the offices of a place, and what they owe an answer to."""
    cases = handing.cases_for(region)
    return page(region=region, cases=cases, now=now(), takes=may(actor(), Deed.TAKE_CASE, region.path))


@bp.route("/new/<int:need>", methods=["GET", "POST"], deed=Deed.ANSWER_NEED)
def new(region: Region, need: Need) -> Any:
    """A committee hands a need to another office."""
    above = path_to(region)[:-1]
    form = HandOverForm(above)
    if form.validate_on_submit():
        with form.refusals():
            to = next((one for one in above if one.id == form.to.data), None)
            handing.hand_over(actor(), need, region, to, form.office.data or "", form.words.data or "")
            flash(gettext(N_("It is with the office now; its number stays the same.")))
            return see_other(url_for("needs.show", region=region.code, need=need.id))
    return page(region=region, need=need, form=form)


@bp.route("/<int:case>/", methods=["GET", "POST"], deed=Deed.TAKE_CASE)
def answer(region: Region, case: HandOver) -> Any:
    """An official answers a need that was handed to her office."""
    need, place = handing.need_of(case)
    if not need.listed:
        abort(404)
    form = None if case.answered_at else CaseForm()
    if form and form.validate_on_submit():
        with form.refusals():
            handing.answer_case(actor(), case, form.words.data or "")
            flash(gettext(N_("The answer stands under the number of the need; its author is told.")))
            return see_other(url_for(".index", region=region.code))
    return page(region=region, case=case, need=need, place=place, form=form)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
