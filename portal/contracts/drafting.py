"""A contract before it is signed: from the award, or in the place of one whose provider had to leave."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from portal import audit
from portal.contracts import queries
from portal.contracts.leaving import leaving_of
from portal.contracts.models import (
    Contract,
    ContractClause,
    ContractMoney,
    ContractParty,
    Instalment,
    PerformanceTarget,
)
from portal.contracts.queries import Award
from portal.policies.queries import rules_for
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.providers.queries import serves
from portal.purchases.bidding import barred_until
from portal.purchases.models import Purchase
from portal.purchases.queries import may_contract
from portal.regions.models import Region
from portal.rules import N_, Refusal, Refused, contracts, credit, enforce, exits, payment, targets
from portal.rules.contracts import Clause, ContractDraft, ContractState, Part, Party, PartyRole
from portal.rules.exits import Leaving
from portal.rules.payment import Band
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.rules.targets import TargetDraft
from portal.store import action, db, locked
from portal.store.clock import now


@action
def draft_contract(actor: Actor, region: Region, award: Award, draft: ContractDraft, key: str) -> Contract:
    """Begin the contract of an award; a purchase has one, so drafted twice it is the same. Source: A28, B23."""
    locked(award.purchase)
    known = select(Contract).where((Contract.purchase_id == award.purchase.id) | (Contract.key == key))
    if found := db.session.scalar(known):
        enforce(contracts.once_refusals(elsewhere=found.purchase_id != award.purchase.id))
        return found
    enforce(_may_contract(award))
    parties = _parties(draft, award.provider, region)
    most_fen = award.bid.price_fen
    enforce([*contracts.refusals(draft, rules_for(region), most_fen=most_fen), *contracts.refusals_of_parties(parties)])
    contract = _begun(actor, region, award.project, award.provider, draft, key)
    contract.purchase_id = award.purchase.id
    _keep_parties(contract, parties)
    suggested = {
        Clause.CONTENT: award.project.story,
        Clause.CAPACITY: award.bid.story,
        Clause.PLACE: award.project.place,
    }
    _keep_clauses(contract, {clause.value: words for clause, words in suggested.items()})
    audit.record(actor, Deed.RUN_CONTRACT, contract, drafted=True, price_fen=contract.price_fen)
    return contract


def _may_contract(award: Award) -> list[Refusal]:
    if queries.may_begin(award):
        return []
    return [Refusal(N_("There is nothing to contract: no award was told, or a challenge against it is open."))]


def _begun(
    actor: Actor, region: Region, project: Project, provider: Provider, draft: ContractDraft, key: str
) -> Contract:
    contract = Contract(
        key=key,
        project_id=project.id,
        region_id=region.id,
        provider_id=provider.id,
        state=ContractState.DRAFT.value,
        drafted_at=now(),
        drafted_by_id=actor.id,
        ended_reason="",
        **_facts(draft),
    )
    db.session.add(contract)
    db.session.flush()
    return contract


def _facts(draft: ContractDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "purchaser": draft.purchaser,
        "price_fen": draft.price_fen,
        "in_kind_fen": draft.in_kind_fen,
        "in_kind_basis": draft.in_kind_basis,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "conditions": dict(draft.conditions) if draft.conditions else None,
    }


def _parties(draft: ContractDraft, provider: Provider, region: Region) -> list[Party]:
    parties = [
        Party(PartyRole.PURCHASER, draft.purchaser, region_id=region.id, duties=draft.purchaser_duties),
        Party(PartyRole.PROVIDER, provider.name, provider_id=provider.id, duties=draft.provider_duties),
    ]
    return [*parties, draft.assisting] if draft.assisting else parties


def _keep_parties(contract: Contract, parties: Sequence[Party]) -> None:
    db.session.execute(delete(ContractParty).where(ContractParty.contract_id == contract.id))
    for party in parties:
        db.session.add(
            ContractParty(
                contract_id=contract.id,
                role=party.role.value,
                name=party.name,
                provider_id=party.provider_id,
                region_id=party.region_id,
                duties=party.duties,
                fee_fen=party.fee_fen or 0,
            )
        )
        db.session.flush()  # one by one, so that they keep their order


def _keep_clauses(contract: Contract, clauses: Mapping[str, str]) -> None:
    db.session.execute(delete(ContractClause).where(ContractClause.contract_id == contract.id))
    typed = {clause.value for clause in contracts.TYPED}
    for clause, words in clauses.items():
        if clause in typed and words:
            db.session.add(ContractClause(contract_id=contract.id, clause=clause, words=words))
    db.session.flush()


@action
def revise_contract(actor: Actor, contract: Contract, draft: ContractDraft) -> None:
    """Change the facts of a contract before it is signed."""
    _open(contract)
    region, provider = (
        db.session.get_one(Region, contract.region_id),
        db.session.get_one(Provider, contract.provider_id),
    )
    parties = _parties(draft, provider, region)
    most_fen, first = queries.award_limit(contract), queries.first_start_of(contract)
    enforce(
        [
            *contracts.refusals(draft, rules_for(region), most_fen=most_fen, first_start=_before(contract, first)),
            *contracts.refusals_of_parties(parties),
        ]
    )
    for name, value in _facts(draft).items():
        setattr(contract, name, value)
    _keep_parties(contract, parties)
    audit.record(actor, Deed.RUN_CONTRACT, contract, revised=True, price_fen=contract.price_fen)


def _before(contract: Contract, first: date) -> date | None:
    """When the chain began, where the contract is not the first of it (its own first day may be revised)."""
    return first if contract.replaces_id is not None else None


def _open(contract: Contract) -> Contract:
    """`contract`, which nobody else changes meanwhile, if it is still a draft and its ground stands."""
    locked(contract)
    enforce(contracts.draft_refusals(ContractState(contract.state)))
    enforce(ground_refusals(contract))
    return contract


def ground_refusals(contract: Contract) -> list[Refusal]:
    """The award still stands; where another contract is replaced, the project still goes on."""
    if contract.purchase_id is not None:
        stands = may_contract(db.session.get_one(Purchase, contract.purchase_id))
    else:
        state = db.session.get_one(Project, contract.project_id).state
        stands = state in (ProjectState.CONTRACTED, ProjectState.SERVING)
    return [] if stands else [Refusal(N_("The award does not stand any more, or the project was given up."))]


@action
def write_clauses(actor: Actor, contract: Contract, clauses: Mapping[str, str]) -> None:
    """Keep what was typed of the clauses; those that follow from the figures are nobody's to type. Source: B23."""
    _open(contract)
    enforce(contracts.clause_refusals(clauses))
    _keep_clauses(contract, clauses)
    audit.record(actor, Deed.RUN_CONTRACT, contract, clauses=len([words for words in clauses.values() if words]))


@action
def say_money(actor: Actor, contract: Contract, parts: Sequence[Part]) -> None:
    """Say from which budget lines the price comes; it is promised when the contract is signed. Source: B24."""
    _open(contract)
    region = db.session.get_one(Region, contract.region_id)
    free = {line.id: line.free_fen for line in queries.lines_for(region, contract)}
    enforce(contracts.money_refusals(parts, contract.price_fen, free))
    db.session.execute(delete(ContractMoney).where(ContractMoney.contract_id == contract.id))
    db.session.add_all(
        ContractMoney(contract_id=contract.id, line_id=part.line_id, amount_fen=part.amount_fen) for part in parts
    )
    audit.record(actor, Deed.RUN_CONTRACT, contract, lines=len(parts))


@action
def say_instalments(actor: Actor, contract: Contract, parts: Sequence[Part]) -> None:
    """Say in which parts the price is paid, and when. Source: B23, A65."""
    _open(contract)
    numbers = rules_for(db.session.get_one(Region, contract.region_id))
    enforce(contracts.instalment_refusals(parts, contract.price_fen, contract.starts_on, contract.ends_on, numbers))
    db.session.execute(delete(Instalment).where(Instalment.contract_id == contract.id))
    db.session.add_all(
        Instalment(
            contract_id=contract.id,
            number=number,
            due_on=part.due_on,
            amount_fen=part.amount_fen,
            is_linked=part.is_linked,
            paid_fen=0,
        )
        for number, part in enumerate(parts, 1)
    )
    audit.record(actor, Deed.RUN_CONTRACT, contract, instalments=len(parts))


@action
def fix_bands(actor: Actor, contract: Contract, bands: Sequence[Band]) -> None:
    """Fix which result of the evaluation brings which share of the instalments that follow from it. Source: A65.

    It is part of the contract: the signature ends every change.
    """
    _open(contract)
    enforce(payment.band_refusals(bands))
    contract.bands = payment.rows_of(bands)
    audit.record(actor, Deed.RUN_CONTRACT, contract, bands=len(bands))


@action
def set_targets(actor: Actor, contract: Contract, drafts: Sequence[TargetDraft]) -> None:
    """Set what is to be reached, before the contract is signed. Source: A61."""
    _open(contract)
    enforce(targets.target_refusals(drafts, contract.starts_on, contract.ends_on))
    db.session.execute(delete(PerformanceTarget).where(PerformanceTarget.contract_id == contract.id))
    for draft in drafts:
        db.session.add(
            PerformanceTarget(
                contract_id=contract.id,
                indicator=draft.indicator,
                unit=draft.unit,
                baseline=draft.baseline,
                target=draft.target,
                due_on=draft.due_on,
            )
        )
        db.session.flush()  # one by one, so that they keep their order
    audit.record(actor, Deed.RUN_CONTRACT, contract, targets=len(drafts))


@action
def draft_replacement(
    actor: Actor,
    contract: Contract,
    provider: Provider | None,
    key: str,
    *,
    price_fen: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    conditions: Mapping[str, str] | None = None,
) -> Contract:
    """Begin the contract of another provider in the place of one that is terminated or whose provider leaves.

    What was agreed goes on: at most what was awarded and is not paid, until the last day if nothing else is said, and
    never beyond three years from the first day of the first contract. Begun twice with the same `key` it is the same.
    Source: B33, A41, A42.
    """
    locked(contract)
    if found := db.session.scalar(select(Contract).where(Contract.key == key)):
        enforce(contracts.once_refusals(elsewhere=found.replaces_id != contract.id))
        return found
    leaving = leaving_of(contract)
    other = _other(contract, leaving, provider)
    region, rest = db.session.get_one(Region, contract.region_id), queries.rest_of(contract, leaving)
    draft = _goes_on(contract, conditions or contract.conditions)
    draft = replace(
        draft,
        price_fen=rest.price_fen if price_fen is None else price_fen,
        starts_on=starts_on or rest.starts_on,
        ends_on=ends_on or rest.ends_on,
    )
    parties = _parties(draft, other, region)
    first = queries.first_start_of(contract)
    enforce(
        [
            *contracts.refusals(draft, rules_for(region), most_fen=rest.most_fen, first_start=first),
            *contracts.refusals_of_parties(parties),
        ]
    )
    project = db.session.get_one(Project, contract.project_id)
    fresh = _begun(actor, region, project, other, draft, key)
    fresh.replaces_id, fresh.bands = contract.id, contract.bands
    _keep_parties(fresh, parties)
    _keep_clauses(fresh, queries.clauses_of(contract))
    audit.record(actor, Deed.RUN_CONTRACT, fresh, replaces=contract.id, price_fen=fresh.price_fen)
    return fresh


def _other(contract: Contract, leaving: Leaving | None, provider: Provider | None) -> Provider:
    """The provider who goes on with a contract, if it may."""
    if not exits.may_replace(ContractState(contract.state), leaving):
        raise Refused([Refusal(N_("Only a terminated contract is replaced, or one whose recipients are all covered."))])
    if provider is None:
        raise Refused([Refusal(N_("Please choose who serves them instead."), "provider")])
    enforce(_replacement_refusals(contract, provider))
    return provider


def _replacement_refusals(contract: Contract, provider: Provider) -> list[Refusal]:
    if contract.provider_id == provider.id:
        return [Refusal(N_("Please choose another provider than the one who had to leave."), "provider")]
    place = db.session.get_one(Region, db.session.get_one(Project, contract.project_id).region_id)
    if not serves(provider.id, place):
        return [Refusal(N_("This provider is not registered for the place of the project."), "provider")]
    taken = select(Contract.id).where(Contract.replaces_id == contract.id)
    if db.session.scalar(taken.limit(1)):
        return [Refusal(N_("There is a replacement for this contract already."))]
    buyer = db.session.get_one(Region, contract.region_id)
    return list(credit.bar_refusals(barred_until(provider, buyer), "provider"))


def _goes_on(contract: Contract, conditions: Mapping[str, str] | None) -> ContractDraft:
    """The draft of a replacement, with the same people around it."""
    parties = {party.role: party for party in queries.parties_of(contract)}
    assisting = parties.get(PartyRole.ASSISTING)
    return ContractDraft(
        title=contract.title,
        purchaser=contract.purchaser,
        price_fen=None,
        starts_on=None,
        ends_on=None,
        conditions=conditions,
        purchaser_duties=parties[PartyRole.PURCHASER].duties,
        provider_duties=parties[PartyRole.PROVIDER].duties,
        assisting=Party(
            PartyRole.ASSISTING,
            assisting.name,
            assisting.provider_id,
            assisting.region_id,
            assisting.duties,
            assisting.fee_fen,
        )
        if assisting
        else None,
    )
