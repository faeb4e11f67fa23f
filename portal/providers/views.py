"""Residents see who serves them and how well."""

from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.policies.queries import rules_for
from portal.providers import actions, parts, queries
from portal.providers.credit import stars_now
from portal.providers.forms import KINDS, ProviderForm
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.regions.views import remember
from portal.rules import N_
from portal.rules.permissions import Deed, Role, may
from portal.web.addresses import row_number
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import gettext

bp = Guarded(
    "providers",
    __name__,
    url_prefix="/<code:region>/providers",
    finds={"region": find_region, "provider": queries.find_provider},
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees who serves here, and with what score."""
    return remember(
        page(
            region=region,
            providers=queries.providers_of(region),
            own=own_providers(),
            may_record=may(actor(), Deed.RECORD_SERVICE, region.path),
            may_register=may(actor(), Deed.REGISTER_PROVIDER, region.path),
        ),
        region,
    )


@bp.get("/<int:provider>/", deed=Deed.READ_PUBLIC)
def show(region: Region, provider: Provider) -> Any:
    """Everyone sees how satisfied those were whom a provider served."""
    numbers = rules_for(region)
    standing = queries.standing_of(provider, numbers)
    stars = stars_now(provider.id)
    may_record = provider.id in own_providers() or actor().holds(Role.COMMITTEE, region.path)
    return page(
        region=region, provider=provider, standing=standing, numbers=numbers, may_record=may_record, stars=stars
    )


@bp.get("/<int:provider>/figures", deed=Deed.READ_PUBLIC)
def figures(region: Region, provider: Provider) -> Any:
    """Everyone sees a provider's figures by place, by service or by month (`?by=`): one at a time, never crossed."""
    by = request.args.get("by", "place")
    head = parts.HEADS.get(by) or abort(404)
    found = parts.parts_of(provider, by, rules_for(region))
    return page(region=region, provider=provider, by=by, head=gettext(head), parts=found, heads=parts.HEADS)


@bp.get("/<int:provider>/batches.csv", deed=Deed.READ_PUBLIC)
def batches(region: Region, provider: Provider) -> Any:
    """Everyone takes all published batches of a provider: what every figure is a sum of."""
    lines = parts.lines_of(provider, rules_for(region), request.args.get("after", 0, row_number))
    return table_as_csv(f"{provider.usc_code}-batches", [gettext(words) for words in parts.LINES], lines)


@bp.get("/batches.csv", deed=Deed.READ_PUBLIC)
def batches_here(region: Region) -> Any:
    """Everyone takes all published batches of a place and those below it."""
    lines = parts.lines_of(region, rules_for(region), request.args.get("after", 0, row_number))
    return table_as_csv(f"{region.code}-batches", [gettext(words) for words in parts.LINES], lines)


@bp.route("/register", methods=["GET", "POST"], deed=Deed.REGISTER_PROVIDER)
def register(region: Region) -> Any:
    """A committee or an official registers a provider for a place."""
    form = ProviderForm()
    if form.validate_on_submit():
        with form.refusals():
            provider = actions.register_provider(actor(), region, form.draft())
            flash(gettext(N_("%(name)s is registered and may serve here."), name=provider.name))
            return see_other(url_for(".show", region=region.code, provider=provider.id))
    return page(region=region, form=form)


def own_providers() -> set[int]:
    """The providers for which the one who asks works."""
    return {grant.provider_id for grant in actor().grants if grant.role is Role.PROVIDER and grant.provider_id}


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["PROVIDER_KINDS"] = KINDS
