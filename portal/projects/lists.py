"""The project list as a sheet: for paper, for a spreadsheet, and to be filtered. Source: A39."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from portal.needs.lists import MOST_ROWS, community_of, place_of
from portal.policies.catalogue import known_items
from portal.projects import queries
from portal.projects.life_views import STATES
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.projects import yuan_of
from portal.web.addresses import row_number
from portal.web.forms import cleaned
from portal.web.words import day, gettext, in_words

HEAD = (
    N_("No."),
    N_("Project"),
    N_("Subject"),
    N_("Where?"),
    N_("Place"),
    N_("State"),
    N_("Budget in yuan"),
    N_("Needs that it answers"),
    N_("Further items"),
    N_("Proposed"),
)


def filters() -> dict[str, Any]:
    """What the reader asked to see of the list."""
    asked = request.args
    return {
        "state": asked.get("state", ""),
        "about": asked.get("about", ""),
        "words": cleaned(asked.get("words"))[:100],
        "need": asked.get("need", 0, row_number),
        "place": asked.get("place", ""),
    }


def head() -> list[str]:
    return [gettext(words) for words in HEAD]


def rows(region: Region, asked: Mapping[str, Any], most: int = MOST_ROWS) -> Iterator[list[object]]:
    """The list as it was asked for, `most` rows of it."""
    items = known_items(region)
    found = queries.listed_projects(place_of(region, asked["place"]), asked, most + 1)
    for row in found[:most]:
        item = items.get(row.category)
        yield [
            row.id,
            in_words(row, "title"),
            in_words(item, "title") if item else row.category,
            in_words(row, "place"),
            community_of(row),
            gettext(STATES[row.state]),
            int(yuan_of(row.budget_fen)) if row.budget_fen % 100 == 0 else yuan_of(row.budget_fen),
            row.needs,
            row.items,
            day(row.drafted_at),
        ]
    if len(found) > most:
        yield [None, gettext(N_("There are more; please choose less of the list."))]
