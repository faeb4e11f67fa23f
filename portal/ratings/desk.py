"""Providers and committees record what came to an end, so that its recipients are asked."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, request, url_for

from portal.policies.catalogue import CatalogueItem, catalogue
from portal.providers.models import Provider
from portal.providers.queries import find_provider, names_serving
from portal.providers.views import own_providers
from portal.ratings import recording
from portal.ratings.blueprint import bp
from portal.ratings.contracted import contracts_of
from portal.ratings.desk_forms import ProviderForm, ServiceForm
from portal.ratings.slips import slip_of
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, Role
from portal.rules.ratings import Channel
from portal.rules.services import BY_MESSAGE
from portal.web.addresses import row_number
from portal.web.door import actor, page, see_other
from portal.web.safety import kept_to_oneself
from portal.web.words import gettext


@bp.route("/<code:region>/services/record", methods=["GET", "POST"], deed=Deed.RECORD_SERVICE)
def record(region: Region) -> Any:
    """A provider, or the committee, records a service; its recipient is asked to rate it."""
    providers = providers_for(region)
    contracts = contracts_of(list(own_providers()))
    form = ServiceForm(providers, _services(), key=secrets.token_hex(16), **_as_before(region, contracts))
    if not actor().holds(Role.COMMITTEE, region.path):
        form.ask_without_entering()
    if form.validate_on_submit() and (provider := chosen(form)):
        with form.refusals():
            return _recorded(region, provider, form, _record(region, provider, form))
    elsewhere = {one.code: one.name for one in contracts if one.code != region.code}
    return page(region=region, form=form, providers=providers, elsewhere=elsewhere)


def _as_before(region: Region, contracts: Sequence[Any]) -> dict[str, Any]:
    """What is filled in already: as in the service recorded before, or the service of a contract here."""
    contracted = [one.category for one in contracts if region.path.startswith(one.path) and len(one.category) == 4]
    given = {
        "provider": request.args.get("provider", type=row_number),
        "category": request.args.get("category") or next(iter(contracted), ""),
        "channel": request.args.get("channel"),
    }
    return {field: value for field, value in given.items() if value}


def _record(region: Region, provider: Provider, form: ServiceForm) -> str:
    return recording.record_service(
        actor(),
        provider,
        region,
        form.category.data or "",
        form.served_on.data,
        form.phone.data or "",
        form.key.data,
        current_app.config["SETTINGS"].default_language,
        outcome=form.outcome.data,
        channel=form.channel.data,
        grade=form.said(),
    )


def _recorded(region: Region, provider: Provider, form: ServiceForm, token: str) -> Any:
    """The slip that is shown this once, or the next form."""
    channel = Channel(form.channel.data)
    again = url_for(
        ".record", region=region.code, provider=provider.id, category=form.category.data, channel=channel.value
    )
    if token and channel not in BY_MESSAGE:
        slip = slip_of(token, provider, region)
        at_counter = channel is Channel.COUNTER
        shown = page("ratings/slip.html", region=region, again=again, slip=slip, at_counter=at_counter)
        return kept_to_oneself(shown)
    if not token:
        flash(gettext(N_("This was recorded before, and no second link is made. Here is a new form.")))
    elif channel is Channel.PHONE:
        flash(gettext(N_("Her answer is entered. By the link on her telephone she can change it.")))
    else:
        flash(gettext(N_("Recorded. The private link is on its way; only who was served can rate.")))
    if token and current_app.config["SETTINGS"].demo:
        flash(gettext(N_("Demo: the private link is %(link)s"), link=url_for(".rate", token=token)))
    return see_other(again)


def providers_for(region: Region) -> Any:
    """The providers whose services the one who asks may record here."""
    return names_serving(region, None if actor().holds(Role.COMMITTEE, region.path) else own_providers())


def chosen(form: ProviderForm) -> Provider | None:
    """The provider that was chosen, if it was offered."""
    provider = find_provider(form.provider.data) if form.provider.data in form.offered else None
    if provider is None:
        form.provider.errors = [gettext(N_("Not a valid choice."))]
    return provider


def _services() -> list[CatalogueItem]:
    """The services that a resident can be given, as the catalogue has them. Source: A20."""
    return [item for item in catalogue().values() if len(item.code) == 4 and item.resident_visible]
