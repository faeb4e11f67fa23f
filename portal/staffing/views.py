"""Everyone sees whether the offices have the people that the standard asks for; officials note theirs."""

from typing import Any

from flask import Flask, abort, flash, url_for

from portal.policies.queries import rules_for
from portal.policies.rule_sets import put_rule_set
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.staffing import Band, Verdict, table_text
from portal.staffing import actions, queries
from portal.staffing.forms import COUNTED, CountForm, TableForm
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded("staffing", __name__, url_prefix="/<code:region>/staffing", finds={"region": find_region})

VERDICTS = {
    Verdict.NO_DATA: ("", N_("no data")),
    Verdict.SHORT: ("red", N_("short by %(count)s")),
    Verdict.MET: ("green", N_("met")),
    Verdict.ABOVE_CAP: ("amber", N_("above the cap of %(cap)s")),
}
STAFFED_LEVELS = {"county": N_("County"), "township": N_("Township or sub-district"), "village": N_("Community")}

KEPT = ("staffing_table", "staffing_counts", "staffing_reading")
SPANS = {
    (True, None): N_("%(low)s or more"),
    (False, None): N_("more than %(low)s"),
    (True, True): N_("%(low)s to %(high)s"),
    (True, False): N_("%(low)s to below %(high)s"),
    (False, True): N_("above %(low)s, up to %(high)s"),
    (False, False): N_("above %(low)s, below %(high)s"),
}


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees the standard, and how each office below compares with it."""
    numbers = rules_for(region)
    return page(
        region=region,
        places=queries.staffed_below(region),
        bands=queries.bands(numbers),
        numbers=numbers,
        counts=queries.counts_of(region),
        keeps=may(actor(), Deed.KEEP_STAFFING, region.path) and region.level in queries.LEVELS,
        sets=may(actor(), Deed.KEEP_POLICY, region.path),
    )


@bp.route("/count", methods=["GET", "POST"], deed=Deed.KEEP_STAFFING)
def count(region: Region) -> Any:
    """An official notes how many people the place serves and employs."""
    if region.level not in queries.LEVELS:
        abort(404)
    form = CountForm()
    if form.validate_on_submit():
        with form.refusals():
            actions.note_staff(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("Noted.")))
            return see_other(url_for(".index", region=region.code))
    return page(region=region, form=form, numbers=rules_for(region))


@bp.route("/table", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def table(region: Region) -> Any:
    """An official sets the table of a place and all below it, as a document says."""
    numbers = rules_for(region)
    held = table_text(queries.bands(numbers))
    form = TableForm(staffing_table=held, **{name: getattr(numbers, name) for name in KEPT[1:]})
    if form.validate_on_submit():
        with form.refusals():
            put_rule_set(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("Saved. Everyone can read what it changes.")))
            return see_other(url_for(".index", region=region.code))
    return page(region=region, form=form)


def span(band: Band) -> str:
    """The words for the numbers that a row of the table holds, by which of its edges belong to it."""
    return SPANS[band.low_in, None if band.high is None else band.high_in]


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(VERDICTS=VERDICTS, COUNTED=COUNTED, STAFFED_LEVELS=STAFFED_LEVELS, span=span)
