"""The addresses of policies and of the catalogue; the views beside it hang on these."""

from datetime import date

from flask import request

from portal.policies.calendar import find_year
from portal.policies.items import find_item
from portal.policies.milestones import find_milestone
from portal.policies.pilots import find_pilot
from portal.policies.publishing import find_document, find_reply
from portal.policies.rule_sets import find_rule_set
from portal.regions.queries import find_region
from portal.store.clock import today
from portal.web.door import Guarded

bp = Guarded(
    "policies",
    __name__,
    url_prefix="/<code:region>/policies",
    finds={
        "region": find_region,
        "document": find_document,
        "reply": find_reply,
        "rule_set": find_rule_set,
        "pilot": find_pilot,
        "milestone": find_milestone,
        "year": find_year,
    },
)
items = Guarded(
    "catalogue",
    __name__,
    url_prefix="/<code:region>/catalogue",
    finds={"region": find_region, "own_item": find_item},
)


def asked_day() -> date:
    """The day that the address asks for, else today."""
    try:
        return date.fromisoformat(request.args.get("on", "")[:10])
    except ValueError:
        return today()
