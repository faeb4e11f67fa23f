"""A contract is begun from its award, and its facts are changed until it is signed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from portal import audit
from portal.contracts import chains
from portal.contracts.models import Contract, ContractClause, ContractParty
from portal.contracts.queries import Award
from portal.policies.queries import rules_for
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.purchases.models import Purchase
from portal.purchases.queries import may_contract
from portal.regions.models import Region
from portal.rules import N_, Refusal, contracts, enforce
from portal.rules.clauses import TYPED, Clause
from portal.rules.contracts import ContractDraft, ContractState
from portal.rules.parties import Party, PartyRole, refusals_of_parties
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
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
    parties = parties_to(draft, award.provider, region)
    enforce_draft(draft, parties, region, award.bid.price_fen)
    contract = begun(actor, region, award.project, award.provider, draft, key)
    contract.purchase_id = award.purchase.id
    keep_parties(contract, parties)
    suggested = {
        Clause.CONTENT: award.project.story,
        Clause.CAPACITY: award.bid.story,
        Clause.PLACE: award.project.place,
    }
    keep_clauses(contract, {clause.value: words for clause, words in suggested.items()})
    audit.record(actor, Deed.RUN_CONTRACT, contract, drafted=True, price_fen=contract.price_fen)
    return contract


def _may_contract(award: Award) -> list[Refusal]:
    if may_contract(award.purchase):
        return []
    return [Refusal(N_("There is nothing to contract: no award was told, or a challenge against it is open."))]


@action
def revise_contract(actor: Actor, contract: Contract, draft: ContractDraft) -> None:
    """Change the facts of a contract before it is signed."""
    enforce_open(contract)
    region, provider = (
        db.session.get_one(Region, contract.region_id),
        db.session.get_one(Provider, contract.provider_id),
    )
    parties = parties_to(draft, provider, region)
    most_fen, first = chains.award_limit(contract), chains.first_start_of(contract)
    enforce_draft(draft, parties, region, most_fen, _before(contract, first))
    for name, value in _facts(draft).items():
        setattr(contract, name, value)
    keep_parties(contract, parties)
    audit.record(actor, Deed.RUN_CONTRACT, contract, revised=True, price_fen=contract.price_fen)


def _before(contract: Contract, first: date) -> date | None:
    """When the chain began, where the contract is not the first of it (its own first day may be revised)."""
    return first if contract.replaces_id is not None else None


def enforce_draft(
    draft: ContractDraft, parties: Sequence[Party], region: Region, most_fen: int, first_start: date | None = None
) -> None:
    """Refuse what is no contract, or whose parties stand on two sides of it."""
    found = contracts.refusals(draft, rules_for(region), most_fen=most_fen, first_start=first_start)
    enforce([*found, *refusals_of_parties(parties)])


def begun(
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


def parties_to(draft: ContractDraft, provider: Provider, region: Region) -> list[Party]:
    parties = [
        Party(PartyRole.PURCHASER, draft.purchaser, region_id=region.id, duties=draft.purchaser_duties),
        Party(PartyRole.PROVIDER, provider.name, provider_id=provider.id, duties=draft.provider_duties),
    ]
    return [*parties, draft.assisting] if draft.assisting else parties


def keep_parties(contract: Contract, parties: Sequence[Party]) -> None:
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


def keep_clauses(contract: Contract, clauses: Mapping[str, str]) -> None:
    db.session.execute(delete(ContractClause).where(ContractClause.contract_id == contract.id))
    typed = {clause.value for clause in TYPED}
    for clause, words in clauses.items():
        if clause in typed and words:
            db.session.add(ContractClause(contract_id=contract.id, clause=clause, words=words))
    db.session.flush()


def enforce_open(contract: Contract) -> None:
    """Let nobody else change `contract` meanwhile; refuse one that is no draft any more or has lost its ground."""
    locked(contract)
    enforce(contracts.draft_refusals(ContractState(contract.state)))
    enforce(ground_refusals(contract))


def ground_refusals(contract: Contract) -> list[Refusal]:
    """The award still stands; where another contract is replaced, the project still goes on."""
    if contract.purchase_id is not None:
        stands = may_contract(db.session.get_one(Purchase, contract.purchase_id))
    else:
        state = db.session.get_one(Project, contract.project_id).state
        stands = state in (ProjectState.CONTRACTED, ProjectState.SERVING)
    return [] if stands else [Refusal(N_("The award does not stand any more, or the project was given up."))]
