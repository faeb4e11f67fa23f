"""Everyone reads the resource list and offers what can be used; committees and officials keep it."""

from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.policies.catalogue import EVERYDAY, catalogue
from portal.providers.queries import names_serving
from portal.regions.models import Region
from portal.resources import actions, agreement_pages, calendar_pages, incubator_pages, queries, tables, words
from portal.resources.agreements import agreements_on
from portal.resources.blueprint import bp
from portal.resources.forms import ResourceForm, WithdrawForm, typed_before
from portal.resources.models import Resource
from portal.rules import N_
from portal.rules.agreements import LENT, hours_of
from portal.rules.bookings import clock_of
from portal.rules.permissions import Deed, Role, may
from portal.rules.resources import ResourceKind
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.forms import cleaned
from portal.web.words import gettext
from portal.web.xlsx import table_as_xlsx

MOST_SAVED = 5000
MOST_PRINTED = 1000


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads what can be used in a place and all below it."""
    filters, whole = _filters(), request.args.get("whole") == "1"
    found = queries.listed_resources(
        region, **filters, after=request.args.get("after", ""), size=MOST_PRINTED if whole else 50
    )
    keeps = may(actor(), Deed.KEEP_RESOURCE, region.path)
    return page(
        region=region,
        resources=found,
        filters=filters,
        facts=queries.resource_facts(region),
        waiting=queries.count_waiting(region) if keeps else None,
        subjects=EVERYDAY,
    )


def _filters() -> dict[str, Any]:
    asked = request.args
    return {
        "kind": asked.get("kind", ""),
        "about": asked.get("about", ""),
        "words": cleaned(asked.get("words"))[:100],
        "free": asked.get("free") == "1",
    }


@bp.get("/list.csv", deed=Deed.READ_PUBLIC)
def save_csv(region: Region) -> Any:
    """Everyone saves the resource list for a spreadsheet, filtered as it is read."""
    found = queries.listed_resources(region, **_filters(), size=MOST_SAVED)
    return table_as_csv(f"{region.code}-resources", tables.list_head(), tables.list_rows(found.rows))


@bp.get("/list.xlsx", deed=Deed.READ_PUBLIC)
def save_xlsx(region: Region) -> Any:
    """Everyone saves the resource list as a workbook, filtered as it is read."""
    found = queries.listed_resources(region, **_filters(), size=MOST_SAVED)
    return table_as_xlsx(f"{region.code}-resources", tables.list_head(), tables.list_rows(found.rows))


@bp.get("/offers", deed=Deed.KEEP_RESOURCE)
def offers(region: Region) -> Any:
    """The committee or an official sees what was offered and waits to be listed."""
    return page(region=region, offers=queries.waiting_offers(region))


@bp.route("/offer", methods=["GET", "POST"], deed=Deed.OFFER_RESOURCE)
def offer(region: Region) -> Any:
    """Anyone who is signed in offers something that can be used, for herself or for her provider."""
    own = [one.provider_id for one in actor().grants if one.role is Role.PROVIDER and one.provider_id]
    form = ResourceForm(names_serving(region, own) if own else (), kind=request.args.get("kind", ""))
    if form.sort and form.validate_on_submit():
        with form.refusals():
            resource = actions.offer_resource(actor(), region, form.draft(form.sort), form.key.data, form.provider_id())
            flash(gettext(LISTED if resource.listed else WAITS), "message")
            return see_other(_address(resource, region))
    return page(region=region, form=form if form.sort else None)


LISTED = N_("It is on the public list.")
WAITS = N_("Thank you. The committee looks at it before it is on the public list.")


def _address(resource: Resource, region: Region) -> str:
    return url_for(".show", region=region.code, resource=resource.id)


@bp.get("/<int:resource>/", deed=Deed.READ_PUBLIC)
def show(region: Region, resource: Resource) -> Any:
    """Everyone sees a resource: what it is, who uses it on what terms, and all that was changed."""
    if not queries.can_read(actor(), resource, region):
        abort(404)
    agreements = agreements_on(resource)
    detail = queries.detail_of(resource)
    over = [one.term.until_on for one in agreements if not one.running and not one.ahead]
    idle_since = detail.premises.idle_since if detail.premises else None
    return page(
        region=region,
        resource=resource,
        detail=detail,
        week=max(detail.available.hours, key=lambda one: one.from_on, default=None),
        agreements=agreements,
        idle=None if any(one.running for one in agreements) else queries.idle_days(idle_since, max(over, default=None)),
        changes=queries.changes_of(resource),
        uses=queries.uses_of(resource),
        subject=catalogue().get(resource.category),
        keeps=may(actor(), Deed.KEEP_RESOURCE, region.path) and resource.withdrawn_at is None,
        books=may(actor(), Deed.BOOK_RESOURCE, region.path) and resource.listed and resource.withdrawn_at is None,
        own=actor().id == resource.offered_by_id and resource.withdrawn_at is None,
        lent=resource.kind in LENT and resource.listed,
    )


@bp.post("/<int:resource>/list", endpoint="list", deed=Deed.KEEP_RESOURCE)
def put_on_list(region: Region, resource: Resource) -> Any:
    """The committee or an official puts an offer on the public list."""
    actions.list_resource(actor(), region, resource)
    flash(gettext(LISTED))
    return see_other(_address(resource, region))


@bp.route("/<int:resource>/revise", methods=["GET", "POST"], deed=Deed.KEEP_RESOURCE)
def revise(region: Region, resource: Resource) -> Any:
    """The committee or an official changes what is said of a resource; what was changed stays to be read."""
    form = ResourceForm(**typed_before(resource, queries.detail_of(resource)))
    form.kind.data = resource.kind
    if form.validate_on_submit():
        with form.refusals():
            actions.revise_resource(actor(), region, resource, form.draft(ResourceKind(resource.kind)))
            flash(gettext(N_("Saved.")))
            return see_other(_address(resource, region))
    return page(region=region, resource=resource, form=form)


@bp.route("/<int:resource>/withdraw", methods=["GET", "POST"], deed=Deed.OFFER_RESOURCE)
def withdraw(region: Region, resource: Resource) -> Any:
    """Who offered a resource, the committee or an official takes it off the list."""
    keeps = may(actor(), Deed.KEEP_RESOURCE, region.path)
    if not keeps and actor().id != resource.offered_by_id:
        abort(404)
    form = WithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            actions.withdraw_resource(actor(), region, resource, form.reason.data)
            flash(gettext(N_("It is off the list.")))
            return see_other(
                _address(resource, region) if resource.listed or keeps else url_for(".index", region=region.code)
            )
    return page(region=region, resource=resource, form=form)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        RESOURCE_KINDS=words.RESOURCE_KINDS,
        OWNERSHIPS=words.OWNERSHIPS,
        AGREEMENT_MODES=words.MODES,
        CHANNELS=words.CHANNELS,
        RESOURCE_CHANGES=words.CHANGES,
        RESOURCE_FIELDS=words.FIELDS,
        amount_in_words=words.amount_in_words,
        idle_days=queries.idle_days,
        weekdays=words.weekdays,
        yes_or_no=words.yes_or_no,
        change_in_words=words.change_in_words,
    )
    app.jinja_env.filters.update(clock=clock_of, hours=hours_of, percent=words.percent)


ALL = (calendar_pages, agreement_pages, incubator_pages)
"""Files of views that hang on `bp`."""
