"""A provider leaves before its contract ends, and nobody is to be left alone."""

from typing import Any

from portal.commands.county import content
from portal.commands.county.judging import judged
from portal.commands.county.looking import LATEST, looked_at
from portal.commands.county.people import OFFICIAL
from portal.commands.county.telling import Chapter, Teller
from portal.contracts.carrying import pay_instalment, read_target, start_service
from portal.contracts.completing import say_instalments, say_money, set_targets
from portal.contracts.contents import clauses_of, instalments_of
from portal.contracts.replacing import draft_replacement
from portal.contracts.signing import file_contract, publish_contract, sign_contract
from portal.contracts.targets import targets_of
from portal.rules.exits import ExitDraft, ExitState
from portal.rules.instalments import Part
from portal.rules.targets import TargetDraft
from portal.store.clock import today
from portal.supervision.leaving import advance_exit, begin_exit, cover_recipients, list_recipients, release_recipients
from portal.supervision.queries import Watched


def leaving(teller: Teller, given: dict[str, Any], watched: Watched) -> Chapter:
    """The exit of the provider of a contract, as far as the story goes."""
    told, official = content.story()["leaving"][given["name"]], teller.actor(OFFICIAL)
    last, other = told["leaves"], teller.providers[told["by"]]
    yield told["begin"]
    draft = ExitDraft(told["trigger"], told["words"], teller.day(last), told["plan"])
    case = begin_exit(official, watched, draft)
    yield told["begin"] - 1
    advance_exit(official, watched, ExitState.PLANNED, told["planned"])
    list_recipients(official, case, told["recipients"])
    yield told["begin"] - 3
    advance_exit(official, watched, ExitState.LISTED, told["listed"])
    cover_recipients(official, case, 1, told["recipients"] - 1, other, teller.day(last - 1))
    if "covered" in told:
        release_recipients(official, case, told["recipients"], told["recipients"], told["released"])
        yield from _closed(teller, given, watched, told)


def _closed(teller: Teller, given: dict[str, Any], watched: Watched, told: dict[str, Any]) -> Chapter:
    """Everybody is covered, another provider has the contract, and the case is closed."""
    official, last = teller.actor(OFFICIAL), told["leaves"]
    yield last
    advance_exit(official, watched, ExitState.COVERED, told["covered"])
    replaced = _replaced(teller, given, watched, told)
    yield last - 3
    start_service(official, replaced.contract)
    advance_exit(official, watched, ExitState.SETTLED, told["settled"])
    yield last - 10
    file_contract(official, replaced.contract, today())
    first = instalments_of(replaced.contract)[0]
    yield teller.ago(first.due_on) - 1
    pay_instalment(official, replaced.contract, first, first.amount_fen)
    yield told["closes"]
    advance_exit(official, watched, ExitState.CLOSED, told["closed"])
    teller.begin(looked_at(teller, given, replaced, told["closes"], LATEST))
    teller.begin(judged(teller, told, replaced.contract))
    (target,) = targets_of(replaced.contract)
    for days, value in told["readings"].items():
        yield int(days)
        read_target(teller.staff_of(told["by"]), target.target, value, today())


def _replaced(teller: Teller, given: dict[str, Any], watched: Watched, told: dict[str, Any]) -> Watched:
    """The other provider's contract for the rest of the term and of the money."""
    official, other, old = teller.actor(OFFICIAL), teller.providers[told["by"]], watched.contract
    starts_on = max(teller.day(told["leaves"] - 1), today())
    contract = draft_replacement(official, old, other, teller.key(), starts_on=starts_on)
    line = teller.made[f"line {given['line']}"]
    say_money(official, contract, [Part(contract.price_fen, line_id=line.id, number=1)])
    half, middle = contract.price_fen // 2, starts_on + (contract.ends_on - starts_on) // 4
    parts = [Part(half, middle, number=1), Part(contract.price_fen - half, contract.ends_on, number=2)]
    say_instalments(official, contract, parts)
    goal = given["target"][0]
    target = TargetDraft(goal["indicator"], goal["unit"], 0, told["target"], contract.ends_on)
    set_targets(official, contract, [target])
    sign_contract(official, contract, clauses_of(contract), today())
    publish_contract(official, contract)
    teller.made[f"contract {given['name']}"] = contract
    return Watched(contract, watched.project, other, watched.region)
