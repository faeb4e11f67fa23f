"""Coverage stands beside the needs list; it is counted up here, where projects are known."""

from typing import Any

from flask import request

from portal.needs.lists import community_of
from portal.projects import coverage
from portal.regions.models import Region
from portal.regions.queries import find_region, path_to
from portal.rules import N_
from portal.rules.coverage import Coverage
from portal.rules.permissions import Deed
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, page
from portal.web.words import gettext, in_words

HEAD = (
    N_("No."),
    N_("Place"),
    N_("Accepted needs"),
    N_("of them with a running project"),
    N_("Communities"),
    N_("of them with a running project"),
)

MOST_NAMED = 200
"""Communities that the page names; the table has them all."""

bp = Guarded("coverage", __name__, url_prefix="/<code:region>/needs", finds={"region": find_region})


@bp.get("/coverage", deed=Deed.READ_PUBLIC)
def show(region: Region) -> Any:
    """Everyone sees how many accepted needs have a running project, and which communities none reaches."""
    seen = coverage.coverage_of(region)
    return page(
        "needs/coverage.html",
        region=region,
        seen=seen,
        most=MOST_NAMED,
        community_of=community_of,
        way=path_to(region)[:-1],
    )


@bp.get("/coverage.csv", deed=Deed.READ_PUBLIC)
def table(region: Region) -> Any:
    """Everyone saves the coverage of each place, or (`?what=unreached`) the communities that no project reaches."""
    seen = coverage.coverage_of(region)
    if request.args.get("what") == "unreached":
        head = [gettext(words) for words in (N_("No."), N_("Community"), N_("Place"))]
        rows = [[one.code, in_words(one, "name"), community_of(one)] for one in seen.unreached]
        return table_as_csv(f"{region.code}-unreached", head, rows)
    shown = [(region, seen.whole), *((place.region, place.coverage) for place in seen.places)]
    figures = [[one.code, in_words(one, "name"), *_figures(met)] for one, met in shown]
    return table_as_csv(f"{region.code}-coverage", [gettext(words) for words in HEAD], figures)


def _figures(met: Coverage) -> list[int]:
    return [met.needs.whole, met.needs.part, met.communities.whole, met.communities.part]
