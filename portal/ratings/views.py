"""Recipients rate a service by their private link; providers record what they gave."""

import secrets
from typing import Any

from flask import Flask, current_app, flash, request, url_for

from portal.policies.catalogue import CatalogueItem, catalogue
from portal.providers.models import Provider
from portal.providers.queries import find_provider, names_serving
from portal.providers.views import own_providers
from portal.ratings import actions, queries
from portal.ratings.forms import ServiceForm, WhyForm
from portal.ratings.queries import Invitation
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.permissions import Deed, Role
from portal.web.addresses import row_number
from portal.web.door import Guarded, actor, page, see_other
from portal.web.safety import kept_to_oneself
from portal.web.words import gettext

bp = Guarded("ratings", __name__, finds={"region": find_region})


@bp.route("/rate/<token>", methods=["GET", "POST"], deed=Deed.RATE_SERVICE)
def rate(token: str) -> Any:
    """A recipient rates a service with one tap; opening the link stores nothing."""
    invitation = queries.invitation_of(token)
    if invitation is None:
        return _unknown(token)
    if request.method == "POST":
        actions.rate_service(token, request.form.get("grade", 0, int))
        return see_other(url_for(".rate", token=token))
    return _page(token, invitation, WhyForm(invitation.rating) if invitation.rating else None)


@bp.route("/rate/<token>/why", methods=["GET", "POST"], deed=Deed.RATE_SERVICE)
def why(token: str) -> Any:
    """A recipient says why, if she likes to."""
    invitation = queries.invitation_of(token)
    if invitation is None:
        return _unknown(token)
    if invitation.rating is None or request.method == "GET":
        return see_other(url_for(".rate", token=token))
    form = WhyForm(invitation.rating)
    if form.validate_on_submit():
        with form.refusals():
            actions.explain_rating(token, form.reasons.data or [], form.words.data or "")
            return see_other(url_for(".rate", token=token))
    return _page(token, invitation, form)


@bp.get("/rate/", deed=Deed.RATE_SERVICE)
def enter() -> Any:
    """A recipient types the code of her slip, or pastes her link."""
    typed = request.args.get("code", "").strip().rstrip("/").rpartition("/")[2]
    return see_other(url_for(".rate", token=typed)) if typed else _unknown("")


def _page(token: str, invitation: Invitation, form: WhyForm | None) -> Any:
    return page(
        "ratings/rate.html",
        token=token,
        invitation=invitation,
        rating=invitation.rating,
        provider=invitation.provider,
        subject=catalogue().get(invitation.service.category),
        form=form if invitation.is_open else None,
    )


def _unknown(token: str) -> Any:
    return page("ratings/unknown.html", 404, typed=token)


@bp.after_request
def keep_to_oneself(answer: Any) -> Any:
    """A private link stays in no cache and goes to nobody as a referrer."""
    secret = request.endpoint in ("ratings.rate", "ratings.why", "ratings.enter")
    return kept_to_oneself(answer) if secret else answer


@bp.route("/<code:region>/services/record", methods=["GET", "POST"], deed=Deed.RECORD_SERVICE)
def record(region: Region) -> Any:
    """A provider, or the committee, records a service; its recipient gets a private link to rate it."""
    among = None if actor().holds(Role.COMMITTEE, region.path) else own_providers()
    providers = names_serving(region, among)
    form = ServiceForm(
        providers, _services(), key=secrets.token_hex(16), provider=request.args.get("provider", type=row_number)
    )
    if form.validate_on_submit() and (provider := _chosen(form)):
        with form.refusals():
            token = actions.record_service(
                actor(),
                provider,
                region,
                form.category.data or "",
                form.served_on.data,
                form.phone.data,
                form.key.data,
                current_app.config["SETTINGS"].default_language,
            )
            if token:
                flash(gettext(N_("Recorded. The private link is on its way; only who was served can rate.")))
            else:
                flash(gettext(N_("This was recorded before, and no second link is sent. Here is a new form.")))
            if token and current_app.config["SETTINGS"].demo:
                flash(gettext(N_("Demo: the private link is %(link)s"), link=url_for(".rate", token=token)))
            return see_other(url_for(".record", region=region.code, provider=provider.id))
    return page(region=region, form=form, providers=providers)


def _chosen(form: ServiceForm) -> Provider | None:
    provider = find_provider(form.provider.data) if form.provider.data in form.offered else None
    if provider is None:
        form.provider.errors = [gettext(N_("Not a valid choice."))]
    return provider


def _services() -> list[CatalogueItem]:
    """The services that a resident can be given, as the catalogue has them. Source: A20."""
    return [item for item in catalogue().values() if len(item.code) == 4 and item.resident_visible]


def install(app: Flask) -> None:
    app.register_blueprint(bp)
