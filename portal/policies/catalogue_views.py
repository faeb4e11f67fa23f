"""Everyone reads what may be bought as a service; a division adds items of its own."""

from typing import Any

from flask import Response, flash, url_for

from portal.policies.blueprint import asked_day, items
from portal.policies.catalogue import catalogue, catalogue_for
from portal.policies.forms import EndItemForm, ItemForm
from portal.policies.items import add_item, end_item, history_of
from portal.policies.models import OwnItem
from portal.policies.words import IMPLEMENTERS, NATURES
from portal.regions.models import Region
from portal.regions.queries import path_to
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.words import gettext, in_words

HEAD = (
    N_("Code"),
    N_("Item"),
    N_("Kind of work"),
    N_("Who mainly buys it"),
    N_("Residents can choose it"),
    N_("Place in the guidance catalogue"),
)


@items.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads the catalogue as it holds in a place, today or on another day."""
    day = asked_day()
    return page(
        "policies/catalogue.html",
        region=region,
        groups=_by_group(region),
        day=day,
        divisions={one.id: one for one in path_to(region)},
        keeps=may(actor(), Deed.KEEP_CATALOGUE, region.path),
    )


def _by_group(region: Region) -> list[tuple[Any, list[Any]]]:
    found = catalogue_for(region, asked_day())
    under: dict[str, list[Any]] = {code: [] for code in found if len(code) == 2}
    for code, item in found.items():
        if len(code) == 4:
            under[code[:2]].append(item)
    return [(found[code], of_it) for code, of_it in under.items()]


@items.get("/catalogue.csv", deed=Deed.READ_PUBLIC)
def as_csv(region: Region) -> Response:
    """Everyone keeps the catalogue as a table."""
    rows = [
        (
            one.code,
            in_words(one, "title"),
            gettext(NATURES[one.nature]),
            gettext(IMPLEMENTERS[one.implementing_level]),
            gettext(N_("yes")) if one.resident_visible else gettext(N_("no")),
            one.official_code,
        )
        for one in catalogue_for(region, asked_day()).values()
    ]
    return table_as_csv(f"catalogue-{region.code}", [gettext(head) for head in HEAD], rows)


@items.get("/history", deed=Deed.READ_PUBLIC)
def history(region: Region) -> Any:
    """Everyone sees which items divisions added, and since and until when they hold."""
    keeps = may(actor(), Deed.KEEP_CATALOGUE, region.path)
    return page("policies/catalogue_history.html", region=region, found=history_of(region), today=today(), keeps=keeps)


@items.route("/add", methods=["GET", "POST"], deed=Deed.KEEP_CATALOGUE)
def add(region: Region) -> Any:
    """An official adds an item of the division's own."""
    form = ItemForm()
    if form.validate_on_submit():
        with form.refusals():
            item = add_item(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("%(code)s is in the catalogue."), code=item.code))
            return see_other(url_for(".history", region=region.code))
    groups = [one for code, one in catalogue().items() if len(code) == 2]
    return page("policies/catalogue_add.html", region=region, form=form, groups=groups)


@items.route("/<int:own_item>/end", methods=["GET", "POST"], deed=Deed.KEEP_CATALOGUE)
def end(region: Region, own_item: OwnItem) -> Any:
    """An official ends an item; projects that name it keep it."""
    form = EndItemForm()
    if form.validate_on_submit():
        with form.refusals():
            end_item(actor(), own_item, form.valid_to.data)
            flash(gettext(N_("Saved.")))
            return see_other(url_for(".history", region=region.code))
    return page("policies/catalogue_end.html", region=region, form=form, item=own_item)
