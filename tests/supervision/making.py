"""Checks and exits, made by the deeds of committees and officials."""

import secrets
from datetime import timedelta

from portal.contracts.models import Contract
from portal.regions.models import Region
from portal.rules.exits import ExitDraft, Trigger
from portal.rules.supervision import CheckDraft, Point
from portal.store import clock, db
from portal.supervision.checking import check_delivery
from portal.supervision.leaving import begin_exit
from portal.supervision.models import DeliveryCheck, ExitCase
from portal.supervision.queries import Watched, find_watched
from tests import builders


def watched(contract: Contract) -> Watched:
    """`contract` as it is watched by whose government bought it."""
    found = find_watched(contract.id, {"region": db.session.get_one(Region, contract.region_id)})
    assert found
    return found


def a_check(contract: Contract, *, mend: bool = True) -> DeliveryCheck:
    """A check of `contract` by the office that bought, today; `mend`: the provider has to answer."""
    found = watched(contract)
    draft = CheckDraft(Point.QUALIFIED.value, clock.today(), "证书已过期。", mend, 2)
    official = builders.actor(builders.an_official(found.region))
    check = check_delivery(official, found.region, found, draft, secrets.token_hex(16))
    assert check
    return check


def an_exit(contract: Contract) -> ExitCase:
    """The exit of the provider of `contract`, begun today; its last day is in three days."""
    found = watched(contract)
    draft = ExitDraft(Trigger.BREACH.value, "多次未上门。", clock.today() + timedelta(days=3), "社区先接手。")
    return begin_exit(builders.actor(builders.an_official(found.region)), found, draft)
