"""The committee looks at a contract, before it is served and again and again while it is."""

from typing import Any

from portal.commands.county import content
from portal.commands.county.people import COMMITTEE
from portal.commands.county.telling import Chapter, Teller
from portal.contracts.models import Contract
from portal.rules.contracts import RUNNING, ContractState
from portal.rules.supervision import PHASES, CheckDraft, Phase
from portal.store.clock import today
from portal.supervision.checking import check_delivery
from portal.supervision.queries import Watched

VISITS = 4
LATEST = 12
"""Days ago of the latest visit to a service that still runs."""


def looked_at(teller: Teller, given: dict[str, Any], watched: Watched, start: int, end: int) -> Chapter:
    """The committee looks at every point before the service, and again and again while it runs."""
    for point in PHASES[Phase.BEFORE]:
        _look(teller, given, watched, point.value)
    for visit in range(1, VISITS + 1):
        yield start - (start - end) * visit // VISITS
        for point in PHASES[Phase.DURING]:
            if running(watched.contract):
                _look(teller, given, watched, point.value)


def _look(teller: Teller, given: dict[str, Any], watched: Watched, point: str) -> None:
    words = content.story()["checks"][point]
    draft = CheckDraft(point, today(), words, mend=False, present=2)
    committee, home = teller.actor(COMMITTEE[given["home"]]), teller.places[given["home"]]
    check_delivery(committee, home, watched, draft, teller.key())


def running(contract: Contract) -> bool:
    return ContractState(contract.state) in RUNNING
