"""Committee and county look at a contract, before it is served and again and again while it is."""

from typing import Any

from portal.commands.county import content
from portal.commands.county.people import COMMITTEE, COUNTY, OFFICIAL
from portal.commands.county.telling import Chapter, Teller
from portal.contracts.models import Contract
from portal.rules.contracts import RUNNING, ContractState
from portal.rules.supervision import PHASES, CheckDraft, Phase, Point
from portal.store.clock import today
from portal.supervision.checking import check_delivery
from portal.supervision.queries import Watched

VISITS = 4
LATEST = 12
"""Days ago of the latest visit to a service that still runs."""


def looked_at(teller: Teller, given: dict[str, Any], watched: Watched, start: int, end: int) -> Chapter:
    """Every point is looked at before the service, and again and again while it runs."""
    for point in PHASES[Phase.BEFORE]:
        look(teller, given, watched, point)
    for visit in range(1, VISITS + 1):
        yield start - (start - end) * visit // VISITS
        for point in PHASES[Phase.DURING]:
            if running(watched.contract):
                look(teller, given, watched, point)


def look(teller: Teller, given: dict[str, Any], watched: Watched, point: Point, words: str = "") -> None:
    """The committee looks with neighbours at what they see; at all else an official does."""
    with_neighbours = point in (Point.SERVED_AS_AGREED, Point.RECIPIENTS_HEARD)
    who, place = (COMMITTEE[given["home"]], given["home"]) if with_neighbours else (OFFICIAL, COUNTY)
    words = words or content.story()["checks"][point.value]
    draft = CheckDraft(point.value, today(), words, mend=False, present=3 if with_neighbours else 0)
    check_delivery(teller.actor(who), teller.places[place], watched, draft, teller.key())


def running(contract: Contract) -> bool:
    return ContractState(contract.state) in RUNNING
