"""Incubators of sub-districts: everyone sees who is in them, officials keep them. Source: A56."""

from typing import Any

from flask import abort, flash, url_for

from portal.providers.queries import names_serving
from portal.regions.models import Region
from portal.resources import incubating, incubators
from portal.resources.blueprint import bp
from portal.resources.models import Incubator, IncubatorOrganisation
from portal.resources.terms import GraduationForm, IncubatorForm, OrganisationForm
from portal.rules import N_
from portal.rules.incubators import LEVEL
from portal.rules.permissions import Deed, may
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.get("/incubators/", endpoint="incubators", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees the incubators of a place, of those above and of those below it."""
    keeps = region.level == LEVEL and may(actor(), Deed.KEEP_RESOURCE, region.path)
    return page(region=region, incubators=incubators.incubators_of(region), keeps=keeps)


@bp.get("/incubators/<int:incubator>/", deed=Deed.READ_PUBLIC)
def incubator(region: Region, incubator: Incubator) -> Any:
    """Everyone sees who is in an incubator since when, and who has graduated."""
    return page(
        region=region,
        incubator=incubator,
        home=incubators.home_of(incubator) if incubator.premises_id else None,
        organisations=incubators.organisations_in(incubator),
        keeps=may(actor(), Deed.KEEP_RESOURCE, region.path),
    )


@bp.route("/incubators/set-up", methods=["GET", "POST"], deed=Deed.KEEP_RESOURCE)
def set_up(region: Region) -> Any:
    """An official sets up an incubator of a sub-district."""
    if region.level != LEVEL:
        abort(404)
    form = IncubatorForm(incubators.premises_in(region))
    if form.validate_on_submit():
        with form.refusals():
            made = incubating.set_up_incubator(actor(), region, form.draft(), form.key.data, form.premises_id())
            flash(gettext(N_("Saved.")))
            return see_other(_address(region, made))
    return page(region=region, form=form)


def _address(region: Region, made: Incubator) -> str:
    return url_for(".incubator", region=region.code, incubator=made.id)


@bp.route("/incubators/<int:incubator>/enter", methods=["GET", "POST"], deed=Deed.KEEP_RESOURCE)
def enter(region: Region, incubator: Incubator) -> Any:
    """An official notes that an organisation has come into an incubator."""
    form = OrganisationForm(names_serving(region))
    if form.validate_on_submit():
        with form.refusals():
            incubating.enter_incubator(
                actor(), region, incubator, form.name.data, form.entered_on.data, form.key.data, form.provider_id()
            )
            flash(gettext(N_("Saved.")))
            return see_other(_address(region, incubator))
    return page(region=region, incubator=incubator, form=form)


@bp.route(
    "/incubators/<int:incubator>/organisations/<int:organisation>/graduate",
    methods=["GET", "POST"],
    deed=Deed.KEEP_RESOURCE,
)
def graduate(region: Region, incubator: Incubator, organisation: IncubatorOrganisation) -> Any:
    """An official notes that an organisation has left the incubator to stand by itself."""
    form = GraduationForm()
    if form.validate_on_submit():
        with form.refusals():
            incubating.graduate(actor(), organisation, form.graduated_on.data)
            flash(gettext(N_("Saved.")))
            return see_other(_address(region, incubator))
    return page(region=region, incubator=incubator, organisation=organisation, form=form)
