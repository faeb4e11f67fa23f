"""The project list: as cards, as a sheet, as a table; and what could be bought together."""

from typing import Any

from flask import request

from portal.needs.lists import place_of, places_below
from portal.policies.catalogue import EVERYDAY
from portal.policies.queries import rules_for
from portal.projects import lists, queries, together
from portal.projects.blueprint import bp
from portal.projects.life_views import STATES
from portal.regions.models import Region
from portal.rules.permissions import Deed, may
from portal.web.csv import table_as_csv
from portal.web.door import actor, page
from portal.web.xlsx import table_as_xlsx

MOST_ON_SHEET = 500


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads the project list; officials also see how many projects buy several items together."""
    filters = lists.filters()
    found = queries.projects_of(place_of(region, filters["place"]), filters, request.args.get("after", ""))
    oversees = may(actor(), Deed.READ_SUMMARY, region.path)
    return page(
        region=region,
        projects=found,
        filters=filters,
        states=STATES,
        subjects=EVERYDAY,
        places=places_below(region),
        drafts=may(actor(), Deed.DRAFT_PROJECT, region.path),
        bundles=queries.share_of_bundles(region) if oversees else None,
    )


@bp.get("/sheet", deed=Deed.READ_PUBLIC)
def sheet(region: Region) -> Any:
    """Everyone reads and prints the project list as a sheet."""
    filters = lists.filters()
    rows = list(lists.rows(region, filters, MOST_ON_SHEET))
    return page(region=region, head=lists.head(), rows=rows, filters=filters)


@bp.get("/sheet.csv", deed=Deed.READ_PUBLIC)
def sheet_csv(region: Region) -> Any:
    """Everyone saves the project list as a table."""
    return table_as_csv(f"{region.code}-projects", lists.head(), lists.rows(region, lists.filters()))


@bp.get("/sheet.xlsx", deed=Deed.READ_PUBLIC)
def sheet_xlsx(region: Region) -> Any:
    """Everyone saves the project list for a spreadsheet program."""
    return table_as_xlsx(f"{region.code}-projects", lists.head(), lists.rows(region, lists.filters()))


@bp.get("/together", endpoint="together", deed=Deed.READ_SUMMARY)
def could_be_together(region: Region) -> Any:
    """An official sees which small projects could be bought together."""
    found = together.could_be_together(region)
    return page(region=region, found=found, below=rules_for(region).small_project_fen)
