"""The addresses of funds, and what all their pages ask for."""

from flask import request

from portal.funds import queries
from portal.regions.queries import find_region
from portal.rules.funds import YEARS
from portal.store.clock import today
from portal.web.door import Guarded

bp = Guarded(
    "funds",
    __name__,
    url_prefix="/<code:region>/funds",
    finds={
        "region": find_region,
        "fund": queries.find_fund,
        "fund_entry": queries.find_fund_entry,
        "allocation": queries.find_allocation,
        "line": queries.find_line,
        "call": queries.find_call,
        "wish": queries.find_wish,
    },
)


def asked_year() -> int:
    """The fiscal year in the address, else that of today."""
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else 0
    return year if year in YEARS else today().year
