"""Which contracts there are, and which purchases wait for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from portal.contracts.leaving import exit_columns, leaving
from portal.contracts.models import Contract
from portal.projects.lifecycle import HOLDS
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.purchases.models import Bid, Purchase, PurchaseChallenge
from portal.purchases.queries import SIGNED
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import N_, Refusal, contracts
from portal.rules.contracts import ContractState
from portal.rules.exits import Leaving
from portal.rules.purchases import PurchaseState
from portal.store import db
from portal.store.paging import Page, page_of

MOST_LINES = 100
MOST_SAVED = 5000


@dataclass(frozen=True)
class Award:
    """What a purchase came to: who is to deliver which project, at which price."""

    purchase: Purchase
    project: Project
    bid: Bid
    provider: Provider


def find_award(number: int, found: dict[str, Any]) -> Award | None:
    """The award of a purchase of the region."""
    row = db.session.execute(
        select(Purchase, Project, Bid, Provider)
        .join(Project, Project.id == Purchase.project_id)
        .join(Bid, (Bid.purchase_id == Purchase.id) & Bid.won)
        .join(Provider, Provider.id == Bid.provider_id)
        .where(Purchase.id == number, Purchase.region_id == found["region"].id)
    ).first()
    return Award(*row) if row else None


def awards_without_contract(region: Region) -> Sequence[Row[Any]]:
    """Purchases of the region that were awarded and wait for a contract, oldest first."""
    return db.session.execute(
        select(Purchase.id, Purchase.noticed_at, Project.title, Project.translations)
        .join(Project, Project.id == Purchase.project_id)
        .outerjoin(Contract, Contract.purchase_id == Purchase.id)
        .where(Purchase.region_id == region.id, Purchase.state == PurchaseState.AWARDED, Contract.id.is_(None))
        .order_by(Purchase.id)
        .limit(MOST_LINES)
    ).all()


@dataclass(frozen=True)
class Found:
    """A contract with what it is about."""

    contract: Contract
    project: Project
    place: Region
    """Where the project is."""
    provider: Provider
    region: Region
    """Whose government buys."""
    noticed_at: datetime | None
    """When the award was told."""
    replaced_by: int | None = None
    """The contract in its place."""
    upheld: str | None = None
    """What was answered to a challenge against the award that was right."""
    leaving: Leaving | None = None
    """The exit of the provider."""

    @property
    def state(self) -> ContractState:
        return ContractState(self.contract.state)


def find_contract(number: int, found: dict[str, Any]) -> Found | None:
    """A contract by its number, under the region whose government buys."""
    region: Region = found["region"]
    row = db.session.execute(_found().where(Contract.id == number, Contract.region_id == region.id)).first()
    return _as_found(row, region) if row else None


def found_contract(contract_id: int) -> Found:
    """A contract that is known to be there, with what it is about."""
    row = db.session.execute(_found().where(Contract.id == contract_id)).one()
    region = db.session.get_one(Region, row[0].region_id)
    return _as_found(row, region)


def _as_found(row: Any, region: Region) -> Found:
    return Found(row[0], row[1], row[2], row[3], region, row[4], row[5], row[6], leaving(row[7], row[8]))


def _found() -> Any:
    later = aliased(Contract)
    replaced_by = select(later.id).where(later.replaces_id == Contract.id).limit(1).correlate(Contract)
    right = (PurchaseChallenge.purchase_id == Contract.purchase_id) & PurchaseChallenge.upheld
    upheld = select(PurchaseChallenge.answer).where(right).limit(1).correlate(Contract)
    return (
        select(
            Contract,
            Project,
            Region,
            Provider,
            Purchase.noticed_at,
            replaced_by.scalar_subquery(),
            upheld.scalar_subquery(),
            *exit_columns(),
        )
        .join(Project, Project.id == Contract.project_id)
        .join(Region, Region.id == Project.region_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .outerjoin(Purchase, Purchase.id == Contract.purchase_id)
    )


def contracts_of(region: Region, after: str = "", *, drafts: bool = False) -> Page[Any]:
    """The contracts of a region and all below it, of its own government or for a project in it, newest first."""
    return page_of(_listed(region, drafts), (Contract.id,), after)


def all_contracts_of(region: Region) -> Sequence[Row[Any]]:
    """The same as one table, for saving."""
    return db.session.execute(_listed(region, False).order_by(Contract.id.desc()).limit(MOST_SAVED)).all()


def contracts_of_project(project: Project, *, drafts: bool = False) -> Sequence[Row[Any]]:
    """The contracts of a project, the one that holds first."""
    query = _list(drafts).where(Contract.project_id == project.id)
    return db.session.execute(query.order_by(Contract.id.desc())).all()


def _listed(region: Region, drafts: bool) -> Any:
    below = select(Region.id).where(within(region))
    return _list(drafts).where(or_(Contract.region_id.in_(below), Project.region_id.in_(below)))


def _list(drafts: bool) -> Any:
    query = (
        select(
            Contract.id,
            Contract.title,
            Contract.state,
            Contract.price_fen,
            Contract.in_kind_fen,
            Contract.starts_on,
            Contract.ends_on,
            Contract.signed_on,
            Contract.published_on,
            Contract.purchaser,
            Contract.project_id,
            Provider.id.label("provider_id"),
            Provider.name.label("provider"),
            Region.code,
        )
        .join(Provider, Provider.id == Contract.provider_id)
        .join(Region, Region.id == Contract.region_id)
        .join(Project, Project.id == Contract.project_id)
    )
    return query if drafts else query.where(Contract.state != ContractState.DRAFT)


def _is_signed(purchase: Purchase) -> bool:
    """Whether a contract of a purchase was signed."""
    signed = select(Contract.id).where(Contract.purchase_id == purchase.id, Contract.signed_on.is_not(None))
    return db.session.scalar(signed.limit(1)) is not None


def _to_be_ended(project: Project) -> list[Refusal]:
    """Why a project is not given up yet: a contract of it still runs. Source: B33."""
    running = Contract.state.in_([state.value for state in contracts.RUNNING])
    numbers = db.session.scalars(select(Contract.id).where(Contract.project_id == project.id, running))
    said = N_("Contract %(number)s of this project is in force. It has to be ended or terminated first.")
    return [Refusal(said, "state", {"number": number}) for number in numbers]


SIGNED.append(_is_signed)
HOLDS.append(_to_be_ended)
