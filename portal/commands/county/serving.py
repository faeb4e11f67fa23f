"""A contract while it runs: begun, read, looked at, paid, accepted, and what was learned of it."""

from datetime import timedelta
from typing import Any

from portal.commands.county import content
from portal.commands.county.judging import judged
from portal.commands.county.leaving import leaving
from portal.commands.county.looking import LATEST, look, looked_at, running
from portal.commands.county.people import COMMITTEE, COUNTY, OFFICIAL
from portal.commands.county.telling import Chapter, Teller, translate_last_step
from portal.contracts.bands import advice_of
from portal.contracts.carrying import accept_service, end_contract, pay_instalment, read_target, start_service
from portal.contracts.contents import instalments_of
from portal.contracts.models import Contract
from portal.contracts.queries import Award
from portal.contracts.targets import targets_of
from portal.needs.actions import answer_need
from portal.projects.improving import note_improvement
from portal.projects.models import Project
from portal.projects.stages import note_taking_part, take_on
from portal.rules.contracts import AcceptanceDraft
from portal.rules.supervision import PHASES, CheckDraft, Phase
from portal.store.clock import today
from portal.supervision.checking import answer_check, check_delivery, close_check
from portal.supervision.queries import Watched


def in_service(teller: Teller, given: dict[str, Any], contract: Contract, award: Award) -> Chapter:
    """The service begins, with everything beside it; where it was accepted, what came of that."""
    watched = Watched(contract, award.project, award.provider, teller.places[COUNTY])
    provider = next(name for name, one in teller.providers.items() if one.id == award.provider.id)
    start, end = given["when"]["start"], max(given["when"]["end"], LATEST)
    yield start
    start_service(teller.actor(OFFICIAL), contract)
    for target, one in zip(targets_of(contract), given["target"], strict=True):
        teller.begin(_read(teller, target.target, provider, contract, one["readings"]))
    teller.begin(_paid(teller, contract), looked_at(teller, given, watched, start, end))
    if "evaluation" in given:
        teller.begin(judged(teller, given, contract))
    if "mend" in given["when"]:
        teller.begin(_mended(teller, given, watched, provider))
    teller.begin(*(_better(teller, given, award.project, one) for one in given.get("better", ())))
    if given["name"] in content.story()["leaving"]:
        teller.begin(leaving(teller, given, watched))
    if "accept" in given["when"]:
        yield from _accepted(teller, given, contract, award.project)


def _read(teller: Teller, target: Any, provider: str, contract: Contract, readings: dict[str, int]) -> Chapter:
    for days, value in readings.items():
        yield int(days)
        if running(contract):
            read_target(teller.staff_of(provider), target, value, today())


def _paid(teller: Teller, contract: Contract) -> Chapter:
    """Each instalment soon after it is due, as long as the contract runs."""
    for instalment in instalments_of(contract):
        days = teller.ago(instalment.due_on) - 1
        if days < 1:
            return
        yield days
        if running(contract):
            advice = advice_of(contract, instalment)
            amount = advice.fen if advice else instalment.amount_fen
            if amount:
                pay_instalment(teller.actor(OFFICIAL), contract, instalment, amount)


def _mended(teller: Teller, given: dict[str, Any], watched: Watched, provider: str) -> Chapter:
    """Something to mend, which the provider answers in time."""
    words, days = content.story()["checks"], given["when"]["mend"]
    yield days
    committee, home = teller.actor(COMMITTEE[given["home"]]), teller.places[given["home"]]
    draft = CheckDraft("served_as_agreed", today(), words["mend"], mend=True, present=4)
    check = check_delivery(committee, home, watched, draft, teller.key())
    assert check is not None
    yield days - 3
    answer_check(teller.staff_of(provider), check, words["answer"])
    yield days - 14
    close_check(committee, check)


def _better(teller: Teller, given: dict[str, Any], project: Project, noted: dict[str, Any]) -> Chapter:
    """Something that is to get better, which no next project has taken up yet."""
    yield noted["days"]
    committee, due_on = teller.actor(COMMITTEE[given["home"]]), teller.day(noted["due"])
    note_improvement(committee, project, noted["words"], noted["owner"], due_on, teller.key())


def _accepted(teller: Teller, given: dict[str, Any], contract: Contract, project: Project) -> Chapter:
    """Accepted with those who were served, paid and settled; their needs are answered."""
    official, committee, home = teller.actor(OFFICIAL), teller.actor(COMMITTEE[given["home"]]), given["home"]
    said, days = given["acceptance"], given["when"]["accept"]
    yield days
    draft = AcceptanceDraft(today(), said["invited"], said["took_part"], True, said["words"])
    accept_service(official, contract, draft, teller.key())
    watched = Watched(contract, project, teller.providers["nuanlin"], teller.places[COUNTY])
    for point, words in zip(PHASES[Phase.AFTER], said["after"], strict=True):
        look(teller, given, watched, point, words)
    yield days - 1
    for name, words in given["answers"].items():
        need = teller.need(name)
        answer_need(committee, need, teller.places[home], words[0])
        translate_last_step(need, words)
    if "settle" in given["when"]:
        yield given["when"]["settle"]
        end_contract(official, contract, said.get("settled", ""))
    if "improve" in given:
        yield from _improved(teller, given, project)


def _improved(teller: Teller, given: dict[str, Any], project: Project) -> Chapter:
    """Evaluated with neighbours; what is to get better is noted for the next project."""
    committee, said, days = teller.actor(COMMITTEE[given["home"]]), given["improve"], given["when"]["evaluate"]
    home = teller.places[given["home"]]
    yield days
    take_on(committee, project, home, "evaluated", said["evaluated"])
    note_taking_part(committee, project, "meeting", 14, 20, said["meeting"], teller.key())
    yield days - 2
    take_on(committee, project, home, "improving", said["improving"])
    note_taking_part(committee, project, "consultation", 9, 20, said["asked"], teller.key())
    note_improvement(committee, project, said["words"], said["owner"], today() + timedelta(days=60), teller.key())
