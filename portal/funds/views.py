"""Everyone sees where the money comes from and where it goes; officials keep the account."""

from typing import Any

from flask import Flask, abort, flash, request, url_for

from portal.funds import granted, planned, queries, shared, tables, voted  # noqa: F401 (their routes)
from portal.funds.balances import free_of_fund
from portal.funds.blueprint import asked_year, bp
from portal.funds.forms import CHANNELS, KINDS, WAYS, CorrectForm, EntryForm, FundForm
from portal.funds.keeping import correct_entry, enter_money, open_fund
from portal.funds.models import Fund, FundEntry
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.csv import table_as_csv
from portal.web.door import actor, page, see_other
from portal.web.words import gettext
from portal.web.xlsx import table_as_xlsx


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees the funds of a place and year, how they are shared out, and what is promised, paid and free."""
    year = asked_year()
    return page(
        region=region,
        year=year,
        years=queries.years_of(region),
        funds=queries.funds_of(region, year),
        tree=queries.tree_of(region, year),
        lines=queries.lines_of(region, year, request.args.get("after", "")),
        keeps=_keeps(region),
    )


@bp.get("/<what>.<suffix>", deed=Deed.READ_PUBLIC)
def table(region: Region, what: str, suffix: str) -> Any:
    """Everyone saves a sheet of funds for a spreadsheet."""
    if what not in tables.TABLES or suffix not in ("csv", "xlsx"):
        abort(404)
    year = asked_year()
    name = f"{region.code}-{what}-{year}"
    return (table_as_csv if suffix == "csv" else table_as_xlsx)(name, *tables.TABLES[what](region, year))


@bp.get("/report", deed=Deed.READ_PUBLIC)
def report(region: Region) -> Any:
    """Everyone sees how the money of a year was used: bought, granted or spent directly, by source and subject."""
    year = asked_year()
    return page(region=region, year=year, years=queries.years_of(region), rows=queries.used_by_way(region, year))


@bp.get("/<int:fund>/", deed=Deed.READ_PUBLIC)
def show(region: Region, fund: Fund) -> Any:
    """Everyone reads the account of a fund."""
    return page(
        region=region,
        fund=fund,
        totals=queries.fund_totals(fund),
        free=free_of_fund(fund),
        entries=queries.entries_of(fund, request.args.get("after", "")),
        keeps=_keeps(region),
    )


@bp.route("/open", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def open_one(region: Region) -> Any:
    """An official opens a fund for a fiscal year."""
    form = FundForm(year=today().year)
    if form.validate_on_submit():
        with form.refusals():
            fund = open_fund(actor(), region, form.draft(), form.key.data or "")
            flash(gettext(N_("The fund is open. Now enter what came in.")))
            return see_other(url_for(".show", region=region.code, fund=fund.id))
    return page("funds/open.html", region=region, form=form)


@bp.route("/<int:fund>/enter", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def enter(region: Region, fund: Fund) -> Any:
    """An official notes money that came in, or that was spent without a purchase."""
    form = EntryForm()
    if form.validate_on_submit():
        with form.refusals():
            enter_money(actor(), fund, form.draft(), form.key.data or "")
            return _entered(region, fund)
    return page(region=region, fund=fund, form=form, free=free_of_fund(fund))


@bp.route("/<int:fund>/entries/<int:fund_entry>/correct", methods=["GET", "POST"], deed=Deed.KEEP_FUNDS)
def correct(region: Region, fund: Fund, fund_entry: FundEntry) -> Any:
    """An official takes a wrong entry back by a counter entry."""
    form = CorrectForm()
    if form.validate_on_submit():
        with form.refusals():
            correct_entry(actor(), fund, fund_entry, form.words.data or "", form.key.data or "")
            return _entered(region, fund)
    return page(region=region, fund=fund, entry=fund_entry, form=form)


def _entered(region: Region, fund: Fund) -> Any:
    flash(gettext(N_("Entered. Everyone can read it.")))
    return see_other(url_for(".show", region=region.code, fund=fund.id))


def _keeps(region: Region) -> bool:
    return may(actor(), Deed.KEEP_FUNDS, region.path)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        FUND_KINDS=KINDS, FUND_WAYS=WAYS, FUND_CHANNELS=CHANNELS, subject_of=tables.subject, percent=shared.percent
    )
