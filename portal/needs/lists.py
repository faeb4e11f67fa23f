"""The needs list as a sheet: for paper, for a spreadsheet, and to be filtered. Source: A19, A39."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from portal.needs import queries
from portal.policies.catalogue import catalogue
from portal.regions.models import Region
from portal.regions.queries import children, find_region
from portal.rules import N_
from portal.rules.needs import NeedState
from portal.web.addresses import row_number
from portal.web.forms import cleaned
from portal.web.words import day, gettext, in_words, language

MOST_ROWS = 5000
"""Rows of one file; of a longer list the first, with a line that says so."""
HEAD = (
    N_("No."),
    N_("Need"),
    N_("Subject"),
    N_("Where?"),
    N_("Community"),
    N_("State"),
    N_("People behind it"),
    N_("Group"),
    N_("Reported"),
)
STATES = {
    NeedState.DRAFT: N_("Not sent yet"),
    NeedState.SUBMITTED: N_("With the committee"),
    NeedState.RETURNED: N_("Back with the author"),
    NeedState.REJECTED: N_("Not accepted"),
    NeedState.MERGED: N_("Joined with another"),
    NeedState.ACCEPTED: N_("Accepted"),
    NeedState.MATCHED: N_("Becoming a project"),
    NeedState.IN_SERVICE: N_("Being served"),
    NeedState.ANSWERED: N_("Answered"),
    NeedState.CLOSED: N_("Closed"),
}


def filters() -> dict[str, Any]:
    """What the reader asked to see of the list."""
    asked = request.args
    return {
        "state": asked.get("state", ""),
        "about": asked.get("about", ""),
        "words": cleaned(asked.get("words"))[:100],
        "sort": asked.get("sort", "newest"),
        "least": asked.get("least", 0, row_number),
        "place": asked.get("place", ""),
    }


def place_of(region: Region, code: str) -> Region:
    """The place below `region` that was asked for, or `region` itself."""
    place = find_region(code) if len(code) == 12 else None
    return place if place is not None and place.path.startswith(region.path) else region


def places_below(region: Region) -> list[Region]:
    """The places one level down, for choosing one."""
    return [] if region.level == "village" else children(region)


def community_of(row: Any) -> str:
    """The name of a row's community in the reader's language."""
    return str((row.community_words or {}).get(language(), {}).get("name") or row.community or "")


def head() -> list[str]:
    return [gettext(words) for words in HEAD]


def rows(region: Region, asked: Mapping[str, Any], most: int = MOST_ROWS) -> Iterator[list[object]]:
    """The public list as it was asked for, `most` rows of it."""
    items = catalogue()
    found = queries.listed_needs(place_of(region, asked["place"]), asked, most + 1)
    for row in found[:most]:
        item = items.get(row.category)
        yield [
            row.id,
            in_words(row, "title"),
            in_words(item, "title") if item else "",
            in_words(row, "place"),
            community_of(row),
            gettext(STATES[row.state]),
            row.supporters + 1,
            row.group_id,
            day(row.reported_at),
        ]
    if len(found) > most:
        yield [None, gettext(N_("There are more; please choose less of the list."))]
