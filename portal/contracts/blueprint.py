"""What the pages of contracts share."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for

from portal.contracts import contents, queries
from portal.contracts.queries import Found
from portal.projects.queries import find_project
from portal.regions.queries import find_region
from portal.rules.permissions import Deed, may
from portal.web.door import Guarded, actor, page, see_other
from portal.web.forms import Form
from portal.web.words import gettext

bp = Guarded(
    "contracts",
    __name__,
    url_prefix="/<code:region>/contracts",
    finds={
        "region": find_region,
        "award": queries.find_award,
        "contract": queries.find_contract,
        "project": find_project,
        "instalment": contents.find_instalment,
    },
)


def runs(found: Found) -> bool:
    """Whether the one who asks keeps this contract."""
    return may(actor(), Deed.RUN_CONTRACT, found.region.path)


def page_of(found: Found) -> str:
    return url_for("contracts.show", region=found.region.code, contract=found.contract.id)


def answered(found: Found, form: Form, doing: Callable[[], object], said: str, template: str, **shown: Any) -> Any:
    """Do what a good form asks for and go to the contract; else the page of the form, with what was typed."""
    if form.validate_on_submit():
        with form.refusals():
            doing()
            flash(gettext(said))
            return see_other(page_of(found))
    return page(f"contracts/{template}.html", region=found.region, found=found, form=form, **shown)
