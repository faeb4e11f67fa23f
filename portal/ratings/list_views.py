"""Services come as a list: a file of a spreadsheet, or from a provider's own system with a key."""

import json
from typing import Any

from flask import Response, current_app, request, url_for

from portal.policies.catalogue import catalogue
from portal.providers.models import Provider
from portal.providers.views import own_providers
from portal.ratings import import_keys
from portal.ratings.blueprint import bp
from portal.ratings.contracted import contracts_of
from portal.ratings.desk import chosen, providers_for
from portal.ratings.desk_forms import KeyForm, ListForm
from portal.ratings.importing import Imported, import_services
from portal.ratings.models import ImportKey
from portal.regions.models import Region
from portal.rules import N_, Refusal
from portal.rules.permissions import Deed
from portal.rules.service_lists import MOST_LINES, TEMPLATE, numbered, read_services, service_text
from portal.rules.services import OUTCOMES
from portal.rules.tables import BadTable
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.safety import csrf, kept_to_oneself, unkept
from portal.web.words import gettext, language

MOST_BYTES = 1_000_000


@bp.route("/<code:region>/services/list", methods=["GET", "POST"], deed=Deed.RECORD_SERVICE)
def load(region: Region) -> Any:
    """A provider, or the committee, loads a list of services; what is right is taken, the rest is said by line."""
    providers, done = providers_for(region), None
    form = ListForm(providers)
    if form.validate_on_submit() and (provider := chosen(form)):
        try:
            lines = read_services(service_text(_read(form)))
            done = import_services(actor(), provider, lines, current_app.config["SETTINGS"].default_language)
        except BadTable as bad:
            form.file.errors = [gettext(fault.text, **fault.values) for _, fault in bad.faults]
    status = 422 if done and done.faults else 200
    shown = page(
        "ratings/list.html",
        status,
        region=region,
        form=form,
        providers=providers,
        done=done,
        **_codes(region, providers),
    )
    return unkept(shown)


def _codes(region: Region, providers: Any) -> dict[str, Any]:
    """What the cells of a list may say; contracts elsewhere are named to the provider's own people only."""
    contracts = [
        one
        for one in contracts_of([provider.id for provider in providers])
        if one.provider_id in own_providers() or region.path.startswith(one.path) or one.path.startswith(region.path)
    ]
    services = [catalogue()[code] for code in sorted({one.category for one in contracts}) if code in catalogue()]
    own = [provider for provider in providers if provider.id in own_providers()]
    return {"contracts": contracts, "services": services, "outcomes": OUTCOMES, "most": MOST_LINES, "own": own}


def _read(form: ListForm) -> bytes:
    data: bytes = form.file.data.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadTable([(1, Refusal(N_("This list is too large; please load it in parts.")))])
    return data


@bp.get("/<code:region>/services/list.csv", deed=Deed.RECORD_SERVICE)
def empty_list(region: Region) -> Response:
    """A provider, or the committee, saves the empty list."""
    return table_as_csv("services", TEMPLATE["zh" if language().startswith("zh") else "en"], [])


@csrf.exempt
@bp.route("/api/services", methods=["POST"], deed=Deed.IMPORT_BY_KEY)
def receive() -> Any:
    """A provider's own system sends services with its key; no cookie is read, so no page can make a browser do it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    holder = import_keys.holder_of(secret.strip()) if scheme.lower() == "bearer" and secret else None
    if holder is None:
        return _answer({"error": gettext(N_("This key is not known, or it has ended."))}, 401)
    by, provider = holder
    try:
        lines = numbered(request.get_json(force=True, silent=True))
    except BadTable as bad:
        return _answer({"error": " ".join(gettext(fault.text, **fault.values) for _, fault in bad.faults)}, 422)
    otherwise = current_app.config["SETTINGS"].default_language
    return _answered(import_services(by, provider, lines, otherwise, Deed.IMPORT_BY_KEY))


def _answered(done: Imported) -> Response:
    faults = [
        {"line": number, "field": fault.beside, "reason": gettext(fault.text, **fault.values)}
        for number, fault in sorted(done.faults.items())
    ]
    return _answer({"new": done.new, "known": done.known, "faults": faults}, 422 if faults else 200)


def _answer(said: dict[str, Any], status: int) -> Response:
    answer = Response(json.dumps(said, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return unkept(answer)


@bp.route("/<code:region>/providers/<int:provider>/keys", methods=["GET", "POST"], deed=Deed.RECORD_SERVICE)
def keys(region: Region, provider: Provider) -> Any:
    """A provider's people make a key for their own system; it is shown this once."""
    form, secret = KeyForm(), ""
    if form.validate_on_submit():
        with form.refusals():
            secret = import_keys.make_key(actor(), provider, form.title.data or "", form.key.data or "")
            if not secret:
                return see_other(url_for(".keys", region=region.code, provider=provider.id))
    kept = import_keys.keys_of(actor(), provider)
    example = EXAMPLE % region.code
    return kept_to_oneself(page(region=region, provider=provider, form=form, keys=kept, secret=secret, example=example))


EXAMPLE = """POST /api/services
Authorization: Bearer …
Content-Type: application/json

[{"reference": "2026-0001", "contract": 12, "service": "0401", "place": "%s",
  "day": "2026-11-22", "outcome": "delivered", "channel": "sms", "phone": "…"}]"""


@bp.post("/<code:region>/providers/<int:provider>/keys/<int:import_key>/end", deed=Deed.RECORD_SERVICE)
def end_key(region: Region, provider: Provider, import_key: ImportKey) -> Any:
    """A provider's people end a key."""
    import_keys.revoke_key(actor(), provider, import_key)
    return see_other(url_for(".keys", region=region.code, provider=provider.id))
