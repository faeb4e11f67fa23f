"""A contract is signed, filed and published; the signature promises its money."""

from collections.abc import Mapping
from datetime import date

from portal import audit
from portal.contracts import chains, completing, contents, drafting, queries
from portal.contracts.bands import bands_in
from portal.contracts.models import Contract
from portal.contracts.targets import targets_of
from portal.funds.committing import commit_money, release_money
from portal.funds.models import BudgetLine
from portal.funds.sharing import note_contract
from portal.policies.queries import rules_for
from portal.projects.lifecycle import move
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import Refusal, contracts, enforce, payment, targets
from portal.rules.clauses import Clause, clause_refusals, signing_refusals, term_refusals
from portal.rules.contracts import ContractState
from portal.rules.instalments import Part, instalment_refusals
from portal.rules.parties import Party, PartyRole, refusals_of_parties
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.rules.targets import TargetDraft
from portal.store import action, db, locked
from portal.store.clock import today


@action
def sign_contract(actor: Actor, contract: Contract, clauses: Mapping[str, str], signed_on: date | None) -> None:
    """Keep the clauses and sign: nothing of it is edited from now on. Refused with all that is still missing.

    Source: B23, B24 (no contract above the free balance), A41, A42, A61. Signed twice, it is once.
    """
    locked(contract)
    if contract.state == ContractState.SIGNED and contract.signed_on == signed_on:
        return
    enforce(contracts.draft_refusals(ContractState(contract.state)))
    if contract.replaces_id is not None:
        locked(db.session.get_one(Contract, contract.replaces_id))  # nothing more is paid of it meanwhile
    enforce([*clause_refusals(clauses), *_refusals(contract, clauses, signed_on)])
    completing.write_clauses(actor, contract, clauses)
    _take_over_money(contract)
    for line_id, amount_fen in contents.money_of(contract).items():
        commit_money(db.session.get_one(BudgetLine, line_id), amount_fen, subject_of(contract))
    contract.state, contract.signed_on = ContractState.SIGNED.value, signed_on
    provider = db.session.get_one(Provider, contract.provider_id)
    note_contract(subject_of(contract), contract.region_id, provider.kind, in_kind_fen=contract.in_kind_fen)
    if contract.purchase_id is not None:
        move(actor, db.session.get_one(Project, contract.project_id), ProjectState.CONTRACTED, contract=contract.id)
    audit.record(actor, Deed.RUN_CONTRACT, contract, signed=True, price_fen=contract.price_fen)


def _take_over_money(contract: Contract) -> None:
    """What a replacement costs is not promised to the provider who leaves any more, of the same lines first."""
    if contract.replaces_id is not None:
        old = db.session.get_one(Contract, contract.replaces_id)
        lines = contents.money_of(contract)
        taken = release_money(subject_of(old), contract.price_fen, lines)
        release_money(subject_of(old), contract.price_fen - taken)


def subject_of(contract: Contract) -> str:
    """Under what its money is promised."""
    return f"contract:{contract.id}"


def _refusals(contract: Contract, clauses: Mapping[str, str], signed_on: date | None) -> list[Refusal]:
    """Everything again, for facts and numbers may have changed since each part was typed."""
    numbers = rules_for(db.session.get_one(Region, contract.region_id))
    found = [one.target for one in targets_of(contract)]
    instalments = contents.instalments_of(contract)
    parts = [Part(one.amount_fen, one.due_on, number=one.number) for one in instalments]
    drafts = [TargetDraft(one.indicator, one.unit, one.baseline, one.target, one.due_on) for one in found]
    lacking = contents.lacking(contract, clauses)
    return [
        *drafting.ground_refusals(contract),
        *contracts.award_refusals(contract.price_fen + contract.in_kind_fen, chains.award_limit(contract)),
        *signing_refusals(
            lacking,
            targets=len(found),
            numbers=numbers,
            signed_on=signed_on,
            earliest=chains.earliest_signature(queries.found_contract(contract.id)),
            starts_on=contract.starts_on,
            today=today(),
        ),
        *term_refusals(
            contract.starts_on,
            contract.ends_on,
            contract.conditions or {},
            numbers,
            chains.first_start_of(contract),
        ),
        *refusals_of_parties(_parties(contract)),
        *payment.missing_refusals(linked=any(one.is_linked for one in instalments), bands=bands_in(contract)),
        *targets.target_refusals(drafts, contract.starts_on, contract.ends_on),
        *(
            instalment_refusals(parts, contract.price_fen, contract.starts_on, contract.ends_on, numbers)
            if Clause.PAYMENT not in lacking
            else ()
        ),
    ]


def _parties(contract: Contract) -> list[Party]:
    return [
        Party(PartyRole(one.role), one.name, one.provider_id, one.region_id) for one in contents.parties_of(contract)
    ]


@action
def file_contract(actor: Actor, contract: Contract, day: date | None) -> None:
    """Note when a signed contract was filed. Noted once, it stays. Source: 2.2 (Law 47)."""
    locked(contract)
    if contract.filed_on is None:
        enforce(contracts.day_refusals(day, contract.signed_on, today()))
        contract.filed_on = day
        audit.record(actor, Deed.RUN_CONTRACT, contract, filed=True)


@action
def publish_contract(actor: Actor, contract: Contract) -> None:
    """Put the whole text of a signed contract before everyone, today. Source: 2.2 (Regulation 50)."""
    locked(contract)
    if contract.published_on is None:
        enforce(contracts.day_refusals(today(), contract.signed_on, today()))
        contract.published_on = today()
        audit.record(actor, Deed.RUN_CONTRACT, contract, published=True)
