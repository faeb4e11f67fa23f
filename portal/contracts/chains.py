"""What a contract may cost and how long it may run, with all that it replaces in turn; who may go on with it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from portal.contracts.contents import instalments_of
from portal.contracts.models import Contract, ContractChange, Instalment
from portal.contracts.queries import Found
from portal.providers.queries import names_serving
from portal.purchases.models import Bid
from portal.rules import contracts
from portal.rules.changes import Terms
from portal.rules.contracts import ContractState
from portal.rules.exits import Leaving
from portal.store import db
from portal.store.clock import CHINA, today


def terms_of(contract: Contract) -> Terms:
    """What of a signed contract a change has to fit; supplements count over all that it replaces in turn."""
    chain = chain_of(contract)
    return Terms(
        ContractState(contract.state),
        chain[-1].price_fen - supplements_of(chain[-1]),
        supplements_of(*chain),
        contract.starts_on,
        contract.ends_on,
        first_start_of(contract),
        contract.signed_on or contract.starts_on,
    )


def award_limit(contract: Contract) -> int:
    """What money and value in kind of a contract may come to: the price that won, or what is left in its place."""
    if contract.purchase_id is not None:
        won = select(Bid.price_fen).where(Bid.purchase_id == contract.purchase_id, Bid.won)
        return db.session.scalar(won) or 0
    return left_after(db.session.get_one(Contract, contract.replaces_id))


@dataclass(frozen=True)
class Rest:
    """What another provider takes over of a contract: the money that is left, and the days."""

    most_fen: int
    price_fen: int
    """Without what is still due to the one who leaves."""
    starts_on: date
    ends_on: date


def rest_of(contract: Contract, leaves: Leaving | None) -> Rest:
    """What is left of a contract for the one who goes on with it."""
    most, first = left_after(contract), today()
    unpaid = [one for one in instalments_of(contract) if one.paid_on is None]
    owed = 0
    if leaves is not None:
        first = max(first, leaves.last_day + timedelta(days=1))
    if leaves is not None and ContractState(contract.state) in contracts.RUNNING:
        owed = sum(one.amount_fen for one in unpaid if one.due_on <= leaves.last_day)
    rest = min(sum(one.amount_fen for one in unpaid), most) - owed
    return Rest(most, max(rest, 0), first, max(first, contract.ends_on))


def left_after(contract: Contract) -> int:
    """What was first agreed less what was paid since, with all that `contract` replaces in turn. Source: B33."""
    chain = chain_of(contract)
    first = chain[-1]
    paid = select(func.coalesce(func.sum(Instalment.paid_fen), 0))
    paid_fen = int(db.session.scalar(paid.where(Instalment.contract_id.in_([one.id for one in chain]))) or 0)
    return first.price_fen - supplements_of(first) + first.in_kind_fen - paid_fen


def supplements_of(*found: Contract) -> int:
    """What all supplements of contracts come to, in fen."""
    total = select(func.coalesce(func.sum(ContractChange.amount_fen), 0))
    return int(db.session.scalar(total.where(ContractChange.contract_id.in_([one.id for one in found]))) or 0)


def first_start_of(contract: Contract) -> date:
    """When the first contract began of those that this one replaces in turn; by it the three years count."""
    return min(one.starts_on for one in chain_of(contract))


def chain_of(contract: Contract) -> list[Contract]:
    """A contract, the one that it replaces, and so on to the first."""
    chain = [contract]
    while chain[-1].replaces_id is not None:
        chain.append(db.session.get_one(Contract, chain[-1].replaces_id))
    return chain


def earliest_signature(found: Found) -> date:
    """The first day on which a contract can be signed: when its award was told, or what it replaces had ended."""
    contract = found.contract
    if found.noticed_at is not None:
        return found.noticed_at.astimezone(CHINA).date()
    replaced = db.session.get(Contract, contract.replaces_id) if contract.replaces_id else None
    return (replaced.ended_on if replaced else None) or contract.drafted_at.astimezone(CHINA).date()


def others_serving(found: Found) -> list[Row[Any]]:
    """Who else is registered for the place of a contract."""
    return [one for one in names_serving(found.place) if one.id != found.provider.id]
