"""Who uses premises and goods on what terms: everyone reads it, committees and officials keep it."""

from typing import Any

from flask import flash, url_for

from portal.providers.queries import names_serving
from portal.regions.models import Region
from portal.resources import agreeing, agreements
from portal.resources.blueprint import bp
from portal.resources.models import PremisesAgreement, Resource
from portal.resources.terms import AgreementForm, EndForm, HoursForm
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.web.door import actor, page, see_other
from portal.web.words import gettext


@bp.route("/<int:resource>/agree", methods=["GET", "POST"], deed=Deed.KEEP_RESOURCE)
def agree(region: Region, resource: Resource) -> Any:
    """The committee or an official writes down on what terms a provider uses premises or goods."""
    form = AgreementForm(names_serving(region))
    if form.validate_on_submit():
        with form.refusals():
            made = agreeing.make_agreement(actor(), region, resource, form.provider_id(), form.draft(), form.key.data)
            flash(gettext(N_("The agreement is on the public list.")))
            return see_other(_address(region, resource, made))
    return page(region=region, resource=resource, form=form)


def _address(region: Region, resource: Resource, made: PremisesAgreement) -> str:
    return url_for(".agreement", region=region.code, resource=resource.id, agreement=made.id)


@bp.get("/<int:resource>/agreements/<int:agreement>/", deed=Deed.READ_PUBLIC)
def agreement(region: Region, resource: Resource, agreement: PremisesAgreement) -> Any:
    """Everyone reads an agreement: its terms, its value in kind, and the hours owed and delivered."""
    return page(
        region=region,
        resource=resource,
        agreed=agreements.agreed(agreement),
        entries=agreements.entries_of(agreement),
        keeps=may(actor(), Deed.KEEP_RESOURCE, region.path),
    )


@bp.route("/<int:resource>/agreements/<int:agreement>/hours", methods=["GET", "POST"], deed=Deed.KEEP_RESOURCE)
def hours(region: Region, resource: Resource, agreement: PremisesAgreement) -> Any:
    """The committee or an official enters hours of service that were delivered, or takes some back."""
    form = HoursForm()
    if form.validate_on_submit():
        with form.refusals():
            agreeing.enter_hours(
                actor(), agreement, form.minutes(), form.served_on.data, form.words.data, form.key.data
            )
            flash(gettext(N_("The hours are entered.")))
            return see_other(_address(region, resource, agreement))
    return page(region=region, resource=resource, agreed=agreements.agreed(agreement), form=form)


@bp.route("/<int:resource>/agreements/<int:agreement>/end", methods=["GET", "POST"], deed=Deed.KEEP_RESOURCE)
def end(region: Region, resource: Resource, agreement: PremisesAgreement) -> Any:
    """The committee or an official ends an agreement early, with a public reason."""
    form = EndForm()
    if form.validate_on_submit():
        with form.refusals():
            agreeing.end_agreement(actor(), resource, agreement, form.ended_on.data, form.reason.data)
            flash(gettext(N_("Saved.")))
            return see_other(_address(region, resource, agreement))
    return page(region=region, resource=resource, agreed=agreements.agreed(agreement), form=form)
