"""The resource list and the use of premises as tables that can be saved."""

from collections.abc import Iterable, Sequence
from typing import Any

from portal.policies.catalogue import catalogue
from portal.resources.calendars import RegionUse
from portal.resources.queries import idle_days
from portal.resources.words import CHANNELS, OWNERSHIPS, RESOURCE_KINDS, amount_in_words, yes_or_no
from portal.rules import N_
from portal.rules.bookings import Use
from portal.web.words import gettext, in_words

Row = Sequence[object]


def list_head() -> list[str]:
    return [
        gettext(words)
        for words in (
            N_("Number"),
            N_("Kind"),
            N_("Name of the resource"),
            N_("Subject"),
            N_("How much"),
            N_("Conditions"),
            N_("From"),
            N_("Until"),
            N_("In use"),
            N_("Whose premises"),
            N_("Accessible"),
            N_("Days idle"),
            N_("Brought to people through"),
            N_("Place"),
            N_("Division code"),
        )
    ]


def list_rows(rows: Iterable[Any]) -> list[Row]:
    return [
        [
            row.id,
            gettext(RESOURCE_KINDS[row.kind]),
            in_words(row, "title"),
            in_words(catalogue()[row.category], "title") if row.category in catalogue() else "",
            amount_in_words(row),
            in_words(row, "conditions"),
            row.from_on,
            row.until_on,
            yes_or_no(row.in_use),
            gettext(OWNERSHIPS[row.ownership]) if row.ownership else "",
            yes_or_no(row.accessible) if row.accessible is not None else "",
            idle_days(row.idle_since, row.last_used) if row.idle else "",
            gettext(CHANNELS[row.channel]) if row.channel else "",
            in_words(row.Region, "name"),
            row.Region.code,
        ]
        for row in rows
    ]


def use_head() -> list[str]:
    return [
        gettext(words)
        for words in (
            N_("Place"),
            N_("Division code"),
            N_("Number"),
            N_("Premises"),
            N_("Month"),
            N_("Minutes open"),
            N_("Minutes booked"),
            N_("Use in percent"),
        )
    ]


def use_rows(seen: RegionUse) -> list[Row]:
    """A row for each premises, then one for each place and one for all: exact minutes, so that it can be recounted."""
    month = f"{seen.month:%Y-%m}"
    rows: list[Row] = [
        [in_words(row.Region, "name"), row.Region.code, row.id, in_words(row, "title"), month, *_figures(one.use)]
        for one in seen.premises
        for row in (one.row,)
    ]
    rows += [[in_words(place, "name"), place.code, "", "", month, *_figures(use)] for place, use in seen.places]
    return [*rows, [gettext(N_("All together")), "", "", "", month, *_figures(seen.total)]]


def _figures(use: Use) -> Row:
    share = use.hundredths
    return [use.open, use.booked, "" if share is None else f"{share // 100}.{share % 100:02}"]
