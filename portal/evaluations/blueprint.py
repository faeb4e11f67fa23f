"""What the pages of evaluations share."""

from flask import url_for

from portal.contracts.contents import find_instalment
from portal.contracts.queries import find_contract
from portal.evaluations.queries import Evaluated, find_evaluation
from portal.regions.queries import find_region
from portal.rules.permissions import Deed, may
from portal.web.door import Guarded, actor

bp = Guarded(
    "evaluations",
    __name__,
    url_prefix="/<code:region>/evaluations",
    finds={
        "region": find_region,
        "evaluation": find_evaluation,
        "contract": find_contract,
        "instalment": find_instalment,
    },
)


def plans(path: str) -> bool:
    """Whether the one who asks plans evaluations at this path."""
    return may(actor(), Deed.PLAN_EVALUATION, path)


def page_of(found: Evaluated) -> str:
    return url_for("evaluations.show", region=found.region.code, evaluation=found.plan.id)
