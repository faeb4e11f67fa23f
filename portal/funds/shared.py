"""Everyone sees the shares that the two documents ask for; officials say why one is lower."""

from typing import Any

from flask import abort, flash, url_for

from portal.funds import queries
from portal.funds.blueprint import asked_year, bp
from portal.funds.forms import ReasonForm
from portal.funds.shares import shares_of
from portal.funds.sharing import explain_share
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.shares import Light, ShareKind
from portal.web.door import actor, page, see_other
from portal.web.words import gettext

LIGHTS = {
    ShareKind.SOCIAL: {
        Light.GREEN: N_("reached"),
        Light.AMBER: N_("below; the reason is written here"),
        Light.RED: N_("below, and no reason is written yet"),
        Light.NONE: N_("not applicable: no new spending"),
    },
    ShareKind.ASSISTANCE: {
        Light.GREEN: N_("reached"),
        Light.AMBER: N_("lower than is usual"),
        Light.NONE: N_("not applicable: no such fund"),
    },
    ShareKind.LOTTERY: {
        Light.GREEN: N_("not lower than the year before"),
        Light.AMBER: N_("lower than the year before"),
        Light.NONE: N_("not applicable: no such fund"),
    },
}


@bp.get("/shares", deed=Deed.READ_PUBLIC)
def shares(region: Region) -> Any:
    """Everyone sees the 30 %, the 5 % and the lottery's share of a place and year, and why one is lower."""
    year = asked_year()
    return page(
        region=region,
        year=year,
        years=queries.years_of(region),
        seen=shares_of(region, year),
        words=LIGHTS,
        keeps=may(actor(), Deed.KEEP_FUNDS, region.path),
    )


@bp.route("/shares/<share>/reason", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def reason(region: Region, share: str) -> Any:
    """An official writes, for everyone to read, why a share is lower."""
    if share not in set(ShareKind):
        abort(404)
    form, year = ReasonForm(), asked_year()
    if form.validate_on_submit():
        with form.refusals():
            explain_share(actor(), region, year, share, form.words.data or "", form.key.data or "")
            flash(gettext(N_("Written. Everyone can read it.")))
            return see_other(url_for(".shares", region=region.code, year=year))
    return page(region=region, share=share, year=year, form=form)


def percent(points: int | None) -> str:
    """Hundredths of a percent as they are read.

    >>> percent(2999), percent(None)
    ('29.99%', '–')
    """
    return "–" if points is None else f"{points // 100}.{points % 100:02}%"
