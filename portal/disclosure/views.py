"""Open books: what has to be public of every purchase, the thread of every need, and every change."""

from datetime import date
from typing import Any

from flask import Flask, abort, flash, jsonify, url_for

from portal.disclosure import actions, queries, thread
from portal.disclosure.changes import changes_in
from portal.disclosure.facts import facts_of
from portal.disclosure.forms import DiscloseForm
from portal.disclosure.ocds import package_of
from portal.needs.handing import cases_of
from portal.needs.models import Need
from portal.projects.models import Project
from portal.projects.queries import find_project
from portal.promises.queries import promises_of
from portal.purchases.queries import Case, find_case
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.disclosure import Item
from portal.rules.permissions import Deed, may
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page, see_other
from portal.web.words import day, gettext
from portal.web.xlsx import table_as_xlsx


def _find_item(name: str, found: dict[str, Any]) -> Item | None:
    return Item(name) if name in set(Item) else None


bp = Guarded(
    "disclosure",
    __name__,
    finds={
        "region": find_region,
        "purchase": find_case,
        "item": _find_item,
        "need": thread.find_listed,
        "project": find_project,
    },
)

ITEMS = {
    Item.PURCHASER: N_("Who buys"),
    Item.PROJECT: N_("What is bought"),
    Item.METHOD: N_("How it is bought"),
    Item.PROCESS: N_("How it went"),
    Item.RESULT: N_("The result"),
}
HEAD = (N_("Purchase"), N_("Project"), N_("Purchaser"), *ITEMS.values(), N_("Public"), N_("Days late"))


@bp.get("/<code:region>/open/", deed=Deed.READ_PUBLIC)
def books(region: Region) -> Any:
    """Everyone finds all open books of a place on one page."""
    return page(region=region)


@bp.get("/<code:region>/disclosure/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees of every purchase which of the five items are public, and what is late."""
    return page(region=region, purchases=queries.register_of(region))


@bp.get("/<code:region>/disclosure/register.csv", deed=Deed.READ_PUBLIC)
def register_csv(region: Region) -> Any:
    """Everyone takes the register along as a table."""
    return _register(region, table_as_csv)


@bp.get("/<code:region>/disclosure/register.xlsx", deed=Deed.READ_PUBLIC)
def register_xlsx(region: Region) -> Any:
    """Everyone takes the register along as a spreadsheet."""
    return _register(region, table_as_xlsx)


def _register(region: Region, saved: Any) -> Any:
    rows = [
        [
            one.case.purchase.id,
            one.case.project.title,
            one.case.purchase.purchaser,
            *(_day(item) for item in one.items.values()),
            f"{one.public}/5",
            one.late_days,
        ]
        for one in queries.register_of(region)
    ]
    return saved(f"disclosure-{region.code}", [gettext(head) for head in HEAD], rows)


def _day(item: queries.Disclosed) -> Any:
    return item.clock.published_on if item.clock else None


@bp.get("/<code:region>/disclosure/changes", deed=Deed.READ_PUBLIC)
def changes(region: Region) -> Any:
    """Everyone reads what was published, moved on or corrected here."""
    return page(region=region, changes=changes_in(region))


@bp.get("/<code:region>/disclosure/<int:purchase>/", deed=Deed.READ_PUBLIC)
def show(region: Region, purchase: Case) -> Any:
    """Everyone sees the five items of a purchase, each with its term."""
    _published(purchase)
    items = queries.disclosed_of(purchase)
    return page(region=region, case=purchase, items=items, discloses=_discloses(purchase))


@bp.get("/<code:region>/disclosure/<int:purchase>/ocds.json", deed=Deed.READ_PUBLIC)
def ocds(region: Region, purchase: Case) -> Any:
    """Programs read a purchase in the Open Contracting Data Standard."""
    _published(purchase)
    return jsonify(package_of(purchase))


@bp.get("/<code:region>/disclosure/<int:purchase>/<item>/", deed=Deed.READ_PUBLIC)
def item(region: Region, purchase: Case, item: Item) -> Any:
    """Everyone reads an item at its lasting address, with every earlier version."""
    _published(purchase)
    found = queries.disclosed_of(purchase)[item]
    return page(region=region, case=purchase, found=found, discloses=_discloses(purchase))


@bp.route("/<code:region>/disclosure/<int:purchase>/<item>/publish", methods=["GET", "POST"], deed=Deed.DISCLOSE)
def publish(region: Region, purchase: Case, item: Item) -> Any:
    """An official publishes an item, or a corrected version of it."""
    if not _discloses(purchase):
        abort(403)
    found = queries.disclosed_of(purchase)[item]
    form = DiscloseForm(seen=str(found.versions[0].version if found.versions else 0))
    if form.validate_on_submit():
        with form.refusals():
            actions.disclose(actor(), purchase, item, form.words.data or "", form.version)
            flash(gettext(N_("It is public now.")))
            return see_other(url_for(".item", region=region.code, purchase=purchase.purchase.id, item=item.value))
    facts = facts_of(purchase, item) if found.clock else []
    return page(region=region, case=purchase, found=found, facts=facts, form=form)


def _published(case: Case) -> None:
    if case.purchase.published_at is None:
        abort(404)


def _discloses(case: Case) -> bool:
    return may(actor(), Deed.DISCLOSE, case.buyer.path)


@bp.get("/<code:region>/thread/<int:need>", deed=Deed.READ_PUBLIC)
def of_need(region: Region, need: Need) -> Any:
    """Everyone follows a need from the words of a resident to what became of it."""
    strands = thread.strands_of(need)
    return page(
        region=region,
        need=need,
        group=thread.group_of(need),
        cases=cases_of(need),
        strands=strands,
        promises=promises_of([need.id], [one.project.id for one in strands]),
    )


@bp.get("/<code:region>/thread/project/<int:project>", deed=Deed.READ_PUBLIC)
def of_project(region: Region, project: Project) -> Any:
    """Everyone follows a project back to the needs behind it, and on to what became of it."""
    strand = thread.strand_of(project, region)
    return page(region=region, strand=strand, needs=thread.needs_behind(project))


@bp.get("/t/<int:number>", deed=Deed.READ_PUBLIC)
def number(number: int) -> Any:
    """Everyone who holds the number of a need finds its thread."""
    found = thread.listed_need(number) or abort(404)
    return see_other(url_for(".of_need", region=found[1].code, need=found[0].id))


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["DISCLOSURE_ITEMS"] = ITEMS
    app.jinja_env.filters["day_of"] = lambda kept: day(date.fromisoformat(kept))
