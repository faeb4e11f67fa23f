"""What a contract is measured by, and how far it was reached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from portal.contracts.models import Contract, PerformanceTarget, TargetReading
from portal.contracts.queries import MOST_LINES
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import contracts, targets
from portal.rules.contracts import ContractState
from portal.rules.numbers import Numbers
from portal.rules.targets import Standing
from portal.store import db
from portal.store.clock import today


@dataclass(frozen=True)
class Target:
    """A performance target with its readings, newest first, and how it stands."""

    target: PerformanceTarget
    readings: Sequence[TargetReading]
    standing: Standing


def targets_of(contract: Contract, region: Region | None = None) -> list[Target]:
    """The targets of a contract with all readings, corrected ones among them; `region` is its own, if at hand."""
    numbers = rules_for(region or db.session.get_one(Region, contract.region_id))
    rows = db.session.execute(
        select(PerformanceTarget, TargetReading)
        .outerjoin(TargetReading, TargetReading.target_id == PerformanceTarget.id)
        .where(PerformanceTarget.contract_id == contract.id)
        .order_by(PerformanceTarget.id, TargetReading.read_on.desc(), TargetReading.number.desc())
    )
    found: dict[PerformanceTarget, list[TargetReading]] = {}
    for target, reading in rows:
        found.setdefault(target, []).extend([reading] if reading else [])
    return [Target(one, readings, _standing(contract, one, readings, numbers)) for one, readings in found.items()]


def _standing(
    contract: Contract, target: PerformanceTarget, readings: Sequence[TargetReading], numbers: Numbers
) -> Standing:
    latest = (readings[0].read_on, readings[0].value) if readings else None
    return targets.standing(target.baseline, target.target, contract.starts_on, target.due_on, latest, today(), numbers)


def needs_midterm_check(contract: Contract, found: Sequence[Target]) -> bool:
    """Whether half of the term of a running contract has passed and no target was read since. Source: A62."""
    middle = targets.midterm(contract.starts_on, contract.ends_on)
    running = ContractState(contract.state) in contracts.RUNNING
    return running and today() >= middle and not any(r.read_on >= middle for one in found for r in one.readings)


def find_target(number: int, found: dict[str, Any]) -> PerformanceTarget | None:
    """A target of a signed contract."""
    return db.session.scalar(
        select(PerformanceTarget)
        .join(Contract, Contract.id == PerformanceTarget.contract_id)
        .where(PerformanceTarget.id == number, Contract.signed_on.is_not(None))
    )


def targets_of_providers(numbers: Collection[int]) -> Sequence[Row[Any]]:
    """The targets of the running contracts of providers, which they read themselves."""
    query: Any = (
        select(Contract.id, Contract.title, PerformanceTarget.id.label("target"), PerformanceTarget.indicator)
        .join(PerformanceTarget, PerformanceTarget.contract_id == Contract.id)
        .where(Contract.provider_id.in_(numbers), Contract.state.in_([state.value for state in contracts.RUNNING]))
        .order_by(Contract.id.desc(), PerformanceTarget.id)
    )
    return db.session.execute(query.limit(MOST_LINES)).all()
