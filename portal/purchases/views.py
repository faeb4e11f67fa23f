"""Everyone reads how projects are purchased, by what, and what came of it."""

from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

from portal.purchases import bidder_views, due, judge_views, lists, office_views, queries, sheets
from portal.purchases.blueprint import address_of, bp
from portal.purchases.forms import FACTORS, GROUNDS, METHODS, PURCHASER_KINDS, SCORINGS, TIES
from portal.purchases.queries import Case, Located
from portal.purchases.results import result_of
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.purchases import CLOSED, PurchaseState
from portal.rules.selection import Tie, shown
from portal.store.clock import now
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.safety import unkept
from portal.web.xlsx import table_as_xlsx

STATES = {
    PurchaseState.PREPARED.value: N_("Being prepared"),
    PurchaseState.PUBLISHED.value: N_("Open for bids"),
    PurchaseState.OPENED.value: N_("Bids are being judged"),
    PurchaseState.JUDGED.value: N_("Judged, not yet decided"),
    PurchaseState.AWARDED.value: N_("Decided"),
    PurchaseState.FAILED.value: N_("Failed"),
    PurchaseState.CANCELLED.value: N_("Cancelled"),
}
CLOCKS = {
    "report": N_("Evaluation report"),
    "winner": N_("Choice of the winner"),
    "result": N_("Result notice"),
}
OWN_VIEWS = (office_views, bidder_views, judge_views)
PUBLIC = ("index", "show", "of_project", "result_csv", "result_xlsx")


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads which purchases there are; officials see which are being prepared, and what could be purchased."""
    runs = may(actor(), Deed.RUN_PURCHASE, region.path)
    return page(
        region=region,
        purchases=lists.purchases_of(region, request.args.get("after", "")),
        prepared=lists.prepared_in(region) if runs else [],
        approved=lists.approved_in(region) if runs else [],
        runs=runs,
        now=now(),
    )


@bp.get("/<int:purchase>/", deed=Deed.READ_PUBLIC)
def show(region: Region, purchase: Case) -> Any:
    """Everyone reads a purchase: who buys, how, by which factors, and its result with every working."""
    runs = may(actor(), Deed.RUN_PURCHASE, purchase.buyer.path)
    if purchase.purchase.published_at is None and not runs:
        return page("purchases/none.html", 404, region=region, project=purchase.project)
    bids = queries.own_providers(actor(), purchase.place)
    return page(
        region=region,
        case=purchase,
        factors=queries.factors_of(purchase.purchase),
        invited=queries.invited_to(purchase.purchase) if purchase.purchase.method in CLOSED else [],
        result=result_of(purchase.purchase) if purchase.purchase.noticed_at else None,
        clocks=due.clocks_of(purchase),
        until=due.challenge_until(purchase),
        challenges=queries.challenges_of(purchase.purchase),
        runs=runs,
        bids=bids,
        now=now(),
    )


@bp.get("/project/<int:project>", deed=Deed.READ_PUBLIC)
def of_project(region: Region, project: Located) -> Any:
    """Everyone finds the purchase of a project."""
    case = lists.newest_of(project.project)
    if case is not None:
        return see_other(address_of(case))
    return page("purchases/none.html", region=region, project=project.project)


@bp.get("/<int:purchase>/result.csv", deed=Deed.READ_PUBLIC)
def result_csv(region: Region, purchase: Case) -> Any:
    """Everyone takes the scores along as a table that can be counted again."""
    return _table(purchase, table_as_csv)


@bp.get("/<int:purchase>/result.xlsx", deed=Deed.READ_PUBLIC)
def result_xlsx(region: Region, purchase: Case) -> Any:
    """Everyone takes the scores along as a spreadsheet."""
    return _table(purchase, table_as_xlsx)


def _table(case: Case, saved: Any) -> Any:
    result = result_of(case.purchase) if case.purchase.noticed_at else None
    if result is None:
        return page("purchases/none.html", 404, region=case.buyer, project=case.project)
    return saved(f"purchase-{case.purchase.id}", sheets.head_of(result), sheets.rows_of(result))


@bp.after_request
def keep_to_oneself(answer: Response) -> Response:
    """What only officials, one bidder or one judge may read stays in no cache."""
    public = str(request.endpoint).rpartition(".")[2] in PUBLIC
    return answer if public or request.method != "GET" else unkept(answer)  # type: ignore[arg-type]


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        PURCHASE_STATES=STATES,
        METHODS=METHODS,
        GROUNDS=GROUNDS,
        PURCHASER_KINDS=PURCHASER_KINDS,
        SCORINGS=SCORINGS,
        SCORING_FACTORS=FACTORS,
        PURCHASE_CLOCKS=CLOCKS,
        TIES={**TIES, Tie.BIDDER.value: N_("Works for a bidder")},
    )
    app.jinja_env.filters.update(points=shown, hundredths=sheets.shown_score)
