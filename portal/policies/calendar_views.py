"""Everyone sees which days are worked, by which all deadlines count."""

from datetime import date
from typing import Any

from babel.dates import format_skeleton, get_day_names
from flask import abort, flash, url_for

from portal.policies import calendar
from portal.policies.blueprint import bp
from portal.policies.forms import DaysForm
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.words import LOCALES, gettext, language


@bp.get("/calendar/<int:year>/", deed=Deed.READ_PUBLIC, endpoint="calendar")
def show_calendar(region: Region, year: int) -> Any:
    """Everyone sees the holidays and make-up days of a year."""
    top = calendar.top_of(region)
    return page(
        region=region,
        year=year,
        years=[one for one in (year - 1, year + 1) if calendar.find_year(one, {})],
        months=list(zip(_names_of_months(year), calendar.months_of(year), strict=True)),
        weekdays=list(get_day_names("abbreviated", locale=LOCALES[language()]).values()),
        known=calendar.is_loaded(year),
        today=today(),
        top=top,
        changes=calendar.changes_of_calendar(top),
        keeps=may(actor(), Deed.KEEP_POLICY, top.path),
    )


def _names_of_months(year: int) -> list[str]:
    return [format_skeleton("yMMMM", date(year, month, 1), locale=LOCALES[language()]) for month in range(1, 13)]


@bp.route("/calendar/<int:year>/change", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def change_calendar(region: Region, year: int) -> Any:
    """An official of the division above all others says which days are worked."""
    if region.parent_id is not None:
        abort(404)
    form = DaysForm()
    if form.validate_on_submit():
        with form.refusals():
            calendar.set_days(actor(), region, *form.days())
            flash(gettext(N_("Saved. Deadlines that begin from now on count by it.")))
            return see_other(url_for(".calendar", region=region.code, year=year))
    return page(region=region, form=form, year=year)
