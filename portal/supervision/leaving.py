"""A provider leaves, and nobody is left alone: plan, list, cover, settlement, closing report. Source: B33."""

from datetime import date

from sqlalchemy import func, select

from portal import audit
from portal.contracts.carrying import break_off
from portal.contracts.contents import is_accepted
from portal.providers.models import Provider
from portal.rules import N_, Refusal, contracts, enforce, exits
from portal.rules.contracts import ContractState
from portal.rules.credit import EventKind
from portal.rules.exits import ExitDraft, ExitState, Trigger
from portal.rules.permissions import Actor, Deed
from portal.stars.recording import put_event
from portal.store import action, db, locked
from portal.store.clock import now, today
from portal.supervision import queries
from portal.supervision.models import ExitCase, ExitRecipient, ExitStep
from portal.supervision.queries import Watched

OWN_FAULT = (Trigger.CANNOT, Trigger.BREACH, Trigger.LICENCE, Trigger.BAD_RESULT)


@action
def begin_exit(actor: Actor, watched: Watched, draft: ExitDraft) -> ExitCase:
    """Begin the exit of a provider; from now on the page says who is left without cover. One for a contract.

    The contract itself goes on until it is settled, so that those who are served keep what they have.
    """
    contract = locked(watched.contract)
    found = db.session.scalar(select(ExitCase).where(ExitCase.contract_id == contract.id))
    if found is not None:
        return found
    enforce(contracts.termination_refusals(ContractState(contract.state), accepted=is_accepted(contract)))
    enforce(exits.refusals(draft, starts_on=contract.starts_on, ends_on=contract.ends_on))
    case = ExitCase(
        contract_id=contract.id,
        state=ExitState.TRIGGERED.value,
        trigger=draft.trigger,
        words=draft.words,
        plan=draft.plan,
        last_day=draft.last_day,
        at=now(),
    )
    db.session.add(case)
    db.session.flush()
    _step(actor, case, ExitState.TRIGGERED, draft.words)
    return case


@action
def list_recipients(actor: Actor, case: ExitCase, count: int | None) -> None:
    """Put `count` more people on the list of those affected, by numbers only. Source: 2.6 (no names)."""
    locked(case)
    _still_listing(case)
    last = select(func.coalesce(func.max(ExitRecipient.number), 0)).where(ExitRecipient.exit_id == case.id)
    listed = db.session.scalar(last) or 0
    enforce(exits.recipients_refusals(count, listed))
    db.session.add_all(
        ExitRecipient(exit_id=case.id, number=number) for number in range(listed + 1, listed + (count or 0) + 1)
    )
    audit.record(actor, Deed.RUN_EXIT, case, listed=count)


@action
def cover_recipients(
    actor: Actor, case: ExitCase, first: int, last: int, provider: Provider | None, covered_from: date | None
) -> None:
    """Say that `provider`, another one that is registered for the place, serves the recipients from that day on."""
    locked(case)
    _still_listing(case)
    allowed = {one.id for one in queries.others_serving(queries.watched_of(case))}
    enforce(exits.cover_refusals(provider.id if provider else None, covered_from, case.last_day, allowed))
    for one in _between(case, first, last):
        one.covered_from, one.provider_id, one.released = covered_from, provider.id if provider else None, ""
    audit.record(actor, Deed.RUN_EXIT, case, covered=[first, last])


@action
def release_recipients(actor: Actor, case: ExitCase, first: int, last: int, reason: str) -> None:
    """Say why the recipients `first` to `last` need no cover; everyone reads the reason."""
    locked(case)
    _still_listing(case)
    if not 2 <= len(reason) <= 200:
        enforce([Refusal(N_("Please say why, in at most 200 characters."), "released")])
    for one in _between(case, first, last):
        one.covered_from, one.provider_id, one.released = None, None, reason
    audit.record(actor, Deed.RUN_EXIT, case, released=[first, last])


@action
def advance_exit(actor: Actor, watched: Watched, to: ExitState, words: str) -> None:
    """Take an exit to its next step. When it is settled the contract is over; if the provider caused it, that stands
    in its credit record. Twice, it is once.
    """
    case = db.session.scalars(
        select(ExitCase).where(ExitCase.contract_id == watched.contract.id).with_for_update()
    ).one()
    if case.state == to.value:
        return
    whole = queries.whole_exit(case, watched.contract)
    enforce(exits.may_advance(whole.facts, to, words, today()))
    _step(actor, case, to, words)
    if to is ExitState.SETTLED:
        break_off(actor, watched.contract, words)
    if to is ExitState.SETTLED and Trigger(case.trigger) in OWN_FAULT:
        _stands_against(actor, watched, case, words)


def _stands_against(actor: Actor, watched: Watched, case: ExitCase, words: str) -> None:
    put_event(actor, watched.region, watched.provider, EventKind.EXIT, words, by="exit_id", exit_id=case.id)


def _step(actor: Actor, case: ExitCase, state: ExitState, words: str) -> None:
    case.state = state.value
    db.session.add(ExitStep(exit_id=case.id, state=state.value, words=words, at=now(), actor_id=actor.id))
    audit.record(actor, Deed.RUN_EXIT, case, state=state.value)


def _still_listing(case: ExitCase) -> None:
    if ExitState(case.state) in (ExitState.COVERED, ExitState.SETTLED, ExitState.CLOSED):
        enforce([Refusal(N_("Everyone is covered; the list is closed."))])


def _between(case: ExitCase, first: int, last: int) -> list[ExitRecipient]:
    found = db.session.scalars(
        select(ExitRecipient).where(ExitRecipient.exit_id == case.id, ExitRecipient.number.between(first, last))
    ).all()
    if not found:
        enforce([Refusal(N_("There is nobody with these numbers on the list."), "first")])
    return list(found)
