"""The sheets of funds as tables for a spreadsheet; amounts in yuan as text, so that nothing is rounded."""

from typing import Any

from portal.funds import queries
from portal.funds.forms import KINDS, WAYS
from portal.policies.catalogue import catalogue
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.funds import yuan
from portal.web.words import gettext, in_words

Table = tuple[list[str], list[list[Any]]]


def funds(region: Region, year: int) -> Table:
    """The funds with what came in, what is left and what is shared out."""
    head = (N_("Fund"), N_("Place"), N_("Kind"), N_("Came in"), N_("Balance"), N_("Shared out"))
    rows = [
        [
            in_words(row.Fund, "name"),
            in_words(row.Region, "name"),
            gettext(KINDS[row.Fund.kind]),
            *map(_amount, (row.income, row.balance, row.shared)),
        ]
        for row in queries.funds_of(region, year)
    ]
    return [gettext(title) for title in head], rows


def lines(region: Region, year: int) -> Table:
    """The budget lines with what is promised, paid and free."""
    head = (N_("Number"), N_("Place"), N_("Budget line"), N_("Where the money comes from"), N_("Subject"))
    money = (N_("Planned"), N_("Promised"), N_("Paid"), N_("Free"))
    rows = [
        [
            row.id,
            in_words(row.Region, "name"),
            row.title,
            gettext(KINDS[row.kind]),
            subject(row.category),
            *map(_amount, (row.amount_fen, row.promised, row.paid, row.amount_fen - row.promised)),
        ]
        for row in queries.lines_of(region, year, size=10_000).rows
    ]
    return [gettext(title) for title in (*head, *money)], rows


def report(region: Region, year: int) -> Table:
    """How the money was used: by source, subject and way. Source: A45."""
    head = (N_("Where the money comes from"), N_("Subject"), N_("Use"), N_("Amount in yuan"))
    rows = [
        [gettext(KINDS[row.kind]), subject(row.category), gettext(WAYS[row.way]), _amount(row.spent)]
        for row in queries.used_by_way(region, year)
    ]
    return [gettext(title) for title in head], rows


def subject(code: str) -> str:
    """The group of the catalogue with this code in the reader's language."""
    item = catalogue().get(code[:2])
    return in_words(item, "title") if item else ""


def _amount(fen: int) -> str:
    return f"-{yuan(-int(fen))}" if fen < 0 else yuan(int(fen))


TABLES = {"funds": funds, "lines": lines, "report": report}
