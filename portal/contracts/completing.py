"""A contract that is begun is completed: clauses, money, instalments, bands and targets."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete

from portal import audit
from portal.contracts import contents
from portal.contracts.drafting import enforce_open, keep_clauses
from portal.contracts.models import Contract, ContractMoney, Instalment, PerformanceTarget
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import enforce, payment, targets
from portal.rules.clauses import clause_refusals
from portal.rules.instalments import Part, instalment_refusals, money_refusals
from portal.rules.payment import Band
from portal.rules.permissions import Actor, Deed
from portal.rules.targets import TargetDraft
from portal.store import action, db


@action
def write_clauses(actor: Actor, contract: Contract, clauses: Mapping[str, str]) -> None:
    """Keep what was typed of the clauses; those that follow from the figures are nobody's to type. Source: B23."""
    enforce_open(contract)
    enforce(clause_refusals(clauses))
    keep_clauses(contract, clauses)
    audit.record(actor, Deed.RUN_CONTRACT, contract, clauses=len([words for words in clauses.values() if words]))


@action
def say_money(actor: Actor, contract: Contract, parts: Sequence[Part]) -> None:
    """Say from which budget lines the price comes; it is promised when the contract is signed. Source: B24."""
    enforce_open(contract)
    region = db.session.get_one(Region, contract.region_id)
    free = {line.id: line.free_fen for line in contents.lines_for(region, contract)}
    enforce(money_refusals(parts, contract.price_fen, free))
    db.session.execute(delete(ContractMoney).where(ContractMoney.contract_id == contract.id))
    db.session.add_all(
        ContractMoney(contract_id=contract.id, line_id=part.line_id, amount_fen=part.amount_fen) for part in parts
    )
    audit.record(actor, Deed.RUN_CONTRACT, contract, lines=len(parts))


@action
def say_instalments(actor: Actor, contract: Contract, parts: Sequence[Part]) -> None:
    """Say in which parts the price is paid, and when. Source: B23, A65."""
    enforce_open(contract)
    numbers = rules_for(db.session.get_one(Region, contract.region_id))
    enforce(instalment_refusals(parts, contract.price_fen, contract.starts_on, contract.ends_on, numbers))
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
    enforce_open(contract)
    enforce(payment.band_refusals(bands))
    contract.bands = payment.rows_of(bands)
    audit.record(actor, Deed.RUN_CONTRACT, contract, bands=len(bands))


@action
def set_targets(actor: Actor, contract: Contract, drafts: Sequence[TargetDraft]) -> None:
    """Set what is to be reached, before the contract is signed. Source: A61."""
    enforce_open(contract)
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
