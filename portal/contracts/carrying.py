"""What happens to a signed contract: it is extended, supplemented, served, read, accepted, paid and ended."""

from datetime import date

from sqlalchemy import func, select

from portal import audit
from portal.contracts import chains, contents
from portal.contracts.bands import advice_of
from portal.contracts.leaving import leaving_of
from portal.contracts.models import (
    Acceptance,
    Contract,
    ContractChange,
    ContractMoney,
    Instalment,
    PerformanceTarget,
    TargetReading,
)
from portal.contracts.signing import subject_of
from portal.funds.committing import commit_money, pay_money, release_money, unpaid_of
from portal.funds.models import BudgetLine
from portal.funds.sharing import void_contract
from portal.policies.queries import rules_for
from portal.projects.lifecycle import move, took_part
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules import N_, Refusal, contracts, enforce, exits, payment, targets
from portal.rules.changes import ChangeDraft, change_refusals
from portal.rules.contracts import AcceptanceDraft, ContractState
from portal.rules.instalments import Owed, payment_refusals
from portal.rules.lifecycle import Way
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.store import action, db, locked
from portal.store.clock import now, today


@action
def change_contract(actor: Actor, contract: Contract, draft: ChangeDraft, key: str) -> ContractChange:
    """Add an extension or a supplement to a signed contract; with the same `key` it is added once.

    Simultaneous changes wait for each other at the contract, so that together they keep to three years and to 10 %.
    Source: A42, 2.2 (Law 49).
    """
    locked(contract)
    if found := db.session.scalar(select(ContractChange).where(ContractChange.key == key)):
        enforce(contracts.once_refusals(elsewhere=found.contract_id != contract.id))
        return found
    region = db.session.get_one(Region, contract.region_id)
    enforce(change_refusals(draft, chains.terms_of(contract), rules_for(region), today()))
    change = ContractChange(
        key=key,
        contract_id=contract.id,
        ends_on=draft.ends_on,
        was_ends_on=contract.ends_on if draft.ends_on else None,
        conditions=dict(draft.conditions) if draft.conditions else None,
        amount_fen=draft.amount_fen or 0,
        words=draft.words,
        signed_on=draft.signed_on,
        at=now(),
        actor_id=actor.id,
    )
    db.session.add(change)
    contract.ends_on = draft.ends_on or contract.ends_on
    if change.amount_fen:
        _supplement(contract, region, draft, change.amount_fen)
    audit.record(actor, Deed.RUN_CONTRACT, contract, change=change.id, amount_fen=change.amount_fen)
    return change


def _supplement(contract: Contract, region: Region, draft: ChangeDraft, amount_fen: int) -> None:
    """Promise the money of a supplement, and owe it as a further instalment."""
    if draft.line_id not in {one.id for one in contents.lines_for(region)}:
        enforce([Refusal(N_("Please choose a budget line of this place."), "line")])
    line = db.session.get_one(BudgetLine, draft.line_id)
    commit_money(line, amount_fen, subject_of(contract))
    part = db.session.get(ContractMoney, (contract.id, line.id))
    if part is None:
        db.session.add(ContractMoney(contract_id=contract.id, line_id=line.id, amount_fen=amount_fen))
    else:
        part.amount_fen += amount_fen
    last = db.session.scalar(select(func.max(Instalment.number)).where(Instalment.contract_id == contract.id)) or 0
    db.session.add(
        Instalment(
            contract_id=contract.id,
            number=last + 1,
            due_on=draft.due_on,
            amount_fen=amount_fen,
            is_linked=False,
            paid_fen=0,
        )
    )
    contract.price_fen += amount_fen


@action
def start_service(actor: Actor, contract: Contract) -> None:
    """The service begins. Begun twice, it is once. Source: A40."""
    locked(contract)
    if contract.state == ContractState.SERVING:
        return
    enforce(contracts.next_refusals(ContractState(contract.state), ContractState.SERVING))
    if today() < contract.starts_on:
        enforce([Refusal(N_("It begins on %(day)s, not before."), "", {"day": contract.starts_on.isoformat()})])
    contract.state = ContractState.SERVING.value
    move(actor, db.session.get_one(Project, contract.project_id), ProjectState.SERVING, contract=contract.id)
    audit.record(actor, Deed.RUN_CONTRACT, contract, started=True)


@action
def accept_service(actor: Actor, contract: Contract, draft: AcceptanceDraft, key: str) -> Acceptance:
    """Record what came of an acceptance with the recipients; a passed one brings the project on.

    Source: 2.2 (Regulation 45). With the same `key` it is recorded once.
    """
    locked(contract)
    if found := db.session.scalar(select(Acceptance).where(Acceptance.key == key)):
        enforce(contracts.once_refusals(elsewhere=found.contract_id != contract.id))
        return found
    enforce(_acceptance_refusals(contract, draft))
    acceptance = Acceptance(
        key=key,
        contract_id=contract.id,
        held_on=draft.held_on,
        invited=draft.invited,
        took_part=draft.took_part,
        passed=draft.passed,
        words=draft.words,
        at=now(),
        actor_id=actor.id,
    )
    db.session.add(acceptance)
    db.session.flush()
    project = locked(db.session.get_one(Project, contract.project_id))
    source = f"acceptance:{acceptance.id}"
    took_part(project, Way.CHECK, source, acceptance.took_part, asked=draft.invited, words=draft.words)
    if draft.passed:
        move(actor, project, ProjectState.ACCEPTED, draft.words, contract=contract.id)
    audit.record(actor, Deed.RUN_CONTRACT, contract, acceptance=acceptance.id, passed=draft.passed)
    return acceptance


def _acceptance_refusals(contract: Contract, draft: AcceptanceDraft) -> list[Refusal]:
    if contract.state != ContractState.SERVING:
        return [Refusal(N_("Only a service that is going on is accepted."))]
    if contents.is_accepted(contract):
        return [Refusal(N_("This service was accepted already."))]
    held = exits.hold_refusals(leaving_of(contract)) if draft.passed else ()
    return [*held, *contracts.acceptance_refusals(draft, contract.starts_on, today())]


@action
def pay_instalment(actor: Actor, contract: Contract, instalment: Instalment, amount_fen: int | None) -> None:
    """Note that an instalment was paid, whole or less where that was agreed. Paid twice, it is once. Source: B23.

    One that follows from the evaluation is paid by its result, and not above it. Source: A65.
    """
    locked(contract)
    locked(instalment)
    if instalment.paid_on is not None:
        if instalment.paid_fen != amount_fen:
            enforce([Refusal(N_("This instalment was paid already."))])
        return
    advice = advice_of(contract, instalment)
    enforce(
        [
            *payment_refusals(amount_fen, _owed(contract, instalment), ContractState(contract.state), today()),
            *(payment.advice_refusals(amount_fen, advice) if advice else ()),
        ]
    )
    pay_money(subject_of(contract), amount_fen or 0)
    instalment.paid_fen, instalment.paid_on = amount_fen or 0, today()
    audit.record(actor, Deed.RUN_CONTRACT, contract, instalment=instalment.number, paid_fen=amount_fen)


def _owed(contract: Contract, instalment: Instalment) -> Owed:
    """An instalment with what its payment waits for.

    One that waits for the acceptance or for the evaluation, or that brings nothing by it, holds up no later one.
    """
    accepted = contents.is_accepted(contract)
    turn = (instalment.due_on, instalment.number)
    open_ones = [one for one in contents.instalments_of(contract) if one.paid_on is None]
    earlier = [one for one in open_ones if (one.due_on, one.number) < turn]
    return Owed(
        instalment.amount_fen,
        unpaid_of(subject_of(contract)),
        instalment.due_on,
        earlier_open=any(not one.is_linked or (accepted and _is_payable(contract, one)) for one in earlier),
        waits=instalment.is_linked and not accepted,
    )


def _is_payable(contract: Contract, instalment: Instalment) -> bool:
    advice = advice_of(contract, instalment)
    return advice is None or bool(advice.fen)


@action
def end_contract(actor: Actor, contract: Contract, reason: str) -> None:
    """Settle an accepted contract: what is promised and not paid goes back to its lines. Ended twice, it is once."""
    locked(contract)
    if contract.state == ContractState.ENDED:
        return
    enforce(contracts.next_refusals(ContractState(contract.state), ContractState.ENDED))
    enforce(exits.hold_refusals(leaving_of(contract)))
    unpaid = any(one.paid_fen < one.amount_fen for one in contents.instalments_of(contract))
    enforce(contracts.settled_refusals(accepted=contents.is_accepted(contract), unpaid=unpaid, reason=reason))
    _over(actor, contract, ContractState.ENDED, reason)


@action
def terminate_contract(actor: Actor, contract: Contract, reason: str) -> None:
    """Break off a contract under which nobody is served yet, with a public reason. Twice, it is once. Source: B33."""
    locked(contract)
    if contract.state == ContractState.TERMINATED:
        return
    enforce([*contracts.unheld_refusals(ContractState(contract.state)), *exits.hold_refusals(leaving_of(contract))])
    break_off(actor, contract, reason)


@action
def break_off(actor: Actor, contract: Contract, reason: str) -> None:
    """Break a contract off; what is not paid goes back. Where people are served, only their exit does this."""
    locked(contract)
    enforce(contracts.termination_refusals(ContractState(contract.state), accepted=contents.is_accepted(contract)))
    enforce(contracts.reason_refusals(reason))
    _over(actor, contract, ContractState.TERMINATED, reason)


def _over(actor: Actor, contract: Contract, state: ContractState, reason: str) -> None:
    subject = subject_of(contract)
    release_money(subject)
    if state is ContractState.TERMINATED and not any(one.paid_fen for one in contents.instalments_of(contract)):
        void_contract(subject)
    contract.state, contract.ended_on, contract.ended_reason = state.value, today(), reason
    audit.record(actor, Deed.RUN_CONTRACT, contract, state=state.value)


@action
def read_target(
    actor: Actor, target: PerformanceTarget, value: int | None, read_on: date | None, words: str = ""
) -> TargetReading:
    """The provider says how far a target was reached on a day; a second reading of a day corrects it. Source: A62."""
    locked(target)
    contract = db.session.get_one(Contract, target.contract_id, with_for_update={"read": True})
    earlier = db.session.scalar(
        select(TargetReading)
        .where(TargetReading.target_id == target.id, TargetReading.read_on == read_on)
        .order_by(TargetReading.number.desc())
        .limit(1)
    )
    if earlier is not None and earlier.value == value:
        return earlier
    enforce(
        targets.reading_refusals(
            value,
            read_on,
            words,
            state=ContractState(contract.state),
            starts_on=contract.starts_on,
            today=today(),
            before=earlier.value if earlier else None,
        )
    )
    reading = TargetReading(
        target_id=target.id,
        value=value,
        read_on=read_on,
        number=earlier.number + 1 if earlier else 1,
        words=words,
        at=now(),
        actor_id=actor.id,
    )
    db.session.add(reading)
    audit.record(actor, Deed.READ_TARGET, target, value=value)
    return reading
