"""Another provider goes on in the place of one who had to leave. Source: B33."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from portal import audit
from portal.contracts import chains, contents
from portal.contracts.drafting import begun, enforce_draft, keep_clauses, keep_parties, parties_to
from portal.contracts.leaving import leaving_of
from portal.contracts.models import Contract
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.providers.queries import serves
from portal.purchases.bidding import barred_until
from portal.regions.models import Region
from portal.rules import N_, Refusal, Refused, contracts, credit, enforce, exits
from portal.rules.contracts import ContractDraft, ContractState
from portal.rules.exits import Leaving
from portal.rules.parties import Party, PartyRole
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked


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
    region, rest = db.session.get_one(Region, contract.region_id), chains.rest_of(contract, leaving)
    draft = _goes_on(contract, conditions or contract.conditions)
    draft = replace(
        draft,
        price_fen=rest.price_fen if price_fen is None else price_fen,
        starts_on=starts_on or rest.starts_on,
        ends_on=ends_on or rest.ends_on,
    )
    parties = parties_to(draft, other, region)
    enforce_draft(draft, parties, region, rest.most_fen, chains.first_start_of(contract))
    project = db.session.get_one(Project, contract.project_id)
    fresh = begun(actor, region, project, other, draft, key)
    fresh.replaces_id, fresh.bands = contract.id, contract.bands
    keep_parties(fresh, parties)
    keep_clauses(fresh, contents.clauses_of(contract))
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
    parties = {party.role: party for party in contents.parties_of(contract)}
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
