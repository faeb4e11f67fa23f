"""Everyone sees what is tried out where; officials begin and end it."""

from typing import Any

from flask import flash, url_for

from portal.policies import pilots as deeds
from portal.policies.blueprint import bp
from portal.policies.forms import EndPilotForm, PilotForm
from portal.policies.models import Pilot
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.get("/pilots/", deed=Deed.READ_PUBLIC)
def pilots(region: Region) -> Any:
    """Everyone sees what is being tried out here, and until when."""
    keeps = may(actor(), Deed.KEEP_POLICY, region.path)
    return page(region=region, found=deeds.pilots_of(region), today=today(), keeps=keeps)


@bp.route("/pilots/begin", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def begin_pilot(region: Region) -> Any:
    """An official lets a division try something out."""
    form = PilotForm()
    if form.validate_on_submit():
        with form.refusals():
            deeds.begin_pilot(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".pilots", region=region.code))
    return page(region=region, form=form)


@bp.route("/pilots/<int:pilot>/end", methods=["GET", "POST"], deed=Deed.KEEP_POLICY)
def end_pilot(region: Region, pilot: Pilot) -> Any:
    """An official lets a pilot end earlier."""
    form = EndPilotForm()
    if form.validate_on_submit():
        with form.refusals():
            deeds.end_pilot(actor(), pilot, form.until_on.data)
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".pilots", region=region.code))
    return page(region=region, form=form, pilot=pilot)
