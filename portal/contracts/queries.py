"""What was agreed with whom, how far it has come, and what is late."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.contracts.leaving import exit_columns, leaving
from portal.contracts.models import (
    Acceptance,
    Contract,
    ContractChange,
    ContractClause,
    ContractMoney,
    ContractParty,
    Instalment,
    PerformanceTarget,
    TargetReading,
)
from portal.funds.models import BudgetLine, Commitment
from portal.policies.queries import rules_for, working_days_after
from portal.projects.lifecycle import HOLDS
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.providers.queries import names_serving
from portal.purchases.models import Bid, Purchase, PurchaseChallenge
from portal.purchases.queries import SIGNED, may_contract
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import N_, Refusal, contracts, targets
from portal.rules.contracts import Clause, Clock, ContractState, PartyRole, Terms
from portal.rules.exits import Leaving
from portal.rules.numbers import Numbers
from portal.rules.purchases import PurchaseState
from portal.rules.targets import Standing
from portal.store import db
from portal.store.clock import CHINA, today
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


def may_begin(award: Award) -> bool:
    """Whether the award stands, and no challenge against it is open."""
    return may_contract(award.purchase)


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


def parties_of(contract: Contract) -> Sequence[ContractParty]:
    return db.session.scalars(
        select(ContractParty).where(ContractParty.contract_id == contract.id).order_by(ContractParty.id)
    ).all()


def clauses_of(contract: Contract) -> dict[str, str]:
    """The typed clauses, by their names."""
    rows = db.session.execute(
        select(ContractClause.clause, ContractClause.words).where(ContractClause.contract_id == contract.id)
    )
    return {row.clause: row.words for row in rows}


def instalments_of(contract: Contract) -> Sequence[Instalment]:
    return db.session.scalars(
        select(Instalment).where(Instalment.contract_id == contract.id).order_by(Instalment.number)
    ).all()


def find_instalment(number: int, found: dict[str, Any]) -> Instalment | None:
    """An instalment of the contract by its place in the order."""
    contract: Contract = found["contract"].contract
    return db.session.scalar(
        select(Instalment).where(Instalment.contract_id == contract.id, Instalment.number == number)
    )


def history_of(contract: Contract) -> Sequence[Row[Any]]:
    """What came after the signature, by day: extensions, supplements and acceptances."""
    changes = select(
        literal("change").label("kind"),
        ContractChange.signed_on.label("day"),
        ContractChange.at.label("at"),
        ContractChange.ends_on.label("ends_on"),
        ContractChange.was_ends_on.label("was_ends_on"),
        ContractChange.amount_fen.label("amount_fen"),
        ContractChange.words.label("words"),
        ContractChange.conditions.label("conditions"),
        null().label("invited"),
        null().label("took_part"),
        null().label("passed"),
    ).where(ContractChange.contract_id == contract.id)
    acceptances = select(
        literal("acceptance"),
        Acceptance.held_on,
        Acceptance.at,
        null(),
        null(),
        literal(0),
        Acceptance.words,
        null(),
        Acceptance.invited,
        Acceptance.took_part,
        Acceptance.passed,
    ).where(Acceptance.contract_id == contract.id)
    both = union_all(changes, acceptances).subquery()
    return db.session.execute(select(both).order_by(both.c.day, both.c.at)).all()


def is_accepted(contract: Contract) -> bool:
    """Whether an acceptance with the recipients was passed."""
    passed = select(Acceptance.id).where(Acceptance.contract_id == contract.id, Acceptance.passed)
    return db.session.scalar(passed.limit(1)) is not None


@dataclass(frozen=True)
class FirstTerms:
    """What was signed at first, before extensions and supplements: the words of the clauses say this."""

    price_fen: int
    ends_on: date


def first_terms(contract: Contract, history: Sequence[Row[Any]]) -> FirstTerms:
    supplements = sum(one.amount_fen for one in history)
    ends = [one.was_ends_on for one in history if one.was_ends_on]
    return FirstTerms(contract.price_fen - supplements, min(ends, default=contract.ends_on))


def supplements_of(*found: Contract) -> int:
    """What all supplements of contracts come to, in fen."""
    total = select(func.coalesce(func.sum(ContractChange.amount_fen), 0))
    return int(db.session.scalar(total.where(ContractChange.contract_id.in_([one.id for one in found]))) or 0)


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


def chain_of(contract: Contract) -> list[Contract]:
    """A contract, the one that it replaces, and so on to the first."""
    chain = [contract]
    while chain[-1].replaces_id is not None:
        chain.append(db.session.get_one(Contract, chain[-1].replaces_id))
    return chain


def first_start_of(contract: Contract) -> date:
    """When the first contract began of those that this one replaces in turn; by it the three years count."""
    return min(one.starts_on for one in chain_of(contract))


def earliest_signature(found: Found) -> date:
    """The first day on which a contract can be signed: when its award was told, or what it replaces had ended."""
    contract = found.contract
    if found.noticed_at is not None:
        return found.noticed_at.astimezone(CHINA).date()
    replaced = db.session.get(Contract, contract.replaces_id) if contract.replaces_id else None
    return (replaced.ended_on if replaced else None) or contract.drafted_at.astimezone(CHINA).date()


def award_limit(contract: Contract) -> int:
    """What money and value in kind of a contract may come to: the price that won, or what is left in its place."""
    if contract.purchase_id is not None:
        won = select(Bid.price_fen).where(Bid.purchase_id == contract.purchase_id, Bid.won)
        return db.session.scalar(won) or 0
    return left_after(db.session.get_one(Contract, contract.replaces_id))


def left_after(contract: Contract) -> int:
    """What was first agreed less what was paid since, with all that `contract` replaces in turn. Source: B33."""
    chain = chain_of(contract)
    first = chain[-1]
    paid = select(func.coalesce(func.sum(Instalment.paid_fen), 0))
    paid_fen = int(db.session.scalar(paid.where(Instalment.contract_id.in_([one.id for one in chain]))) or 0)
    return first.price_fen - supplements_of(first) + first.in_kind_fen - paid_fen


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


def others_serving(found: Found) -> list[Row[Any]]:
    """Who else is registered for the place of a contract."""
    return [one for one in names_serving(found.place) if one.id != found.provider.id]


@dataclass(frozen=True)
class Line:
    """A budget line that a contract may be paid from, and what of it is free."""

    id: int
    title: str
    free_fen: int


def lines_for(region: Region, contract: Contract | None = None) -> list[Line]:
    """The budget lines of a region and all below it, with what is free of each, in one statement.

    What is promised and not paid of the contract that `contract` replaces is free for it: its signature takes it over.
    """
    old = f"contract:{contract.replaces_id}" if contract else ""
    held = case((Commitment.subject == old, Commitment.paid_fen), else_=Commitment.amount_fen)
    taken = select(Commitment.line_id, func.sum(held).label("fen")).group_by(Commitment.line_id).subquery()
    rows = db.session.execute(
        select(BudgetLine.id, BudgetLine.title, BudgetLine.amount_fen - func.coalesce(taken.c.fen, 0))
        .join(Region, Region.id == BudgetLine.region_id)
        .outerjoin(taken, taken.c.line_id == BudgetLine.id)
        .where(within(region))
        .order_by(BudgetLine.id.desc())
        .limit(MOST_LINES)
    )
    return [Line(number, title, int(free)) for number, title, free in rows]


def money_of(contract: Contract) -> dict[int, int]:
    """What of the price comes from which line."""
    rows = db.session.execute(
        select(ContractMoney.line_id, ContractMoney.amount_fen)
        .where(ContractMoney.contract_id == contract.id)
        .order_by(ContractMoney.line_id)
    )
    return {row.line_id: row.amount_fen for row in rows}


def lacking(contract: Contract, clauses: Mapping[str, str]) -> list[Clause]:
    """The compulsory clauses that a contract lacks, where `clauses` are those typed. Source: B23."""
    owed = select(func.coalesce(func.sum(Instalment.amount_fen), 0)).where(Instalment.contract_id == contract.id)
    return contracts.missing(
        clauses,
        priced=sum(money_of(contract).values()) == contract.price_fen,
        paid=int(db.session.scalar(owed) or 0) == contract.price_fen,
    )


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


def found_contract(contract_id: int) -> Found:
    """A contract that is known to be there, with what it is about."""
    row = db.session.execute(_found().where(Contract.id == contract_id)).one()
    region = db.session.get_one(Region, row[0].region_id)
    return _as_found(row, region)


def targets_of_providers(numbers: Collection[int]) -> Sequence[Row[Any]]:
    """The targets of the running contracts of providers, which they read themselves."""
    query: Any = (
        select(Contract.id, Contract.title, PerformanceTarget.id.label("target"), PerformanceTarget.indicator)
        .join(PerformanceTarget, PerformanceTarget.contract_id == Contract.id)
        .where(Contract.provider_id.in_(numbers), Contract.state.in_([state.value for state in contracts.RUNNING]))
        .order_by(Contract.id.desc(), PerformanceTarget.id)
    )
    return db.session.execute(query.limit(MOST_LINES)).all()


def may_evaluate(contract: Contract) -> bool:
    """Whether an evaluation of `contract` may open: targets were set and at least one was read. Source: A63."""
    set_, read = db.session.execute(
        select(func.count(PerformanceTarget.id.distinct()), func.count(TargetReading.id))
        .outerjoin(TargetReading, TargetReading.target_id == PerformanceTarget.id)
        .where(PerformanceTarget.contract_id == contract.id)
    ).one()
    return not list(targets.evaluation_refusals(set_, read))


def assisting_unit_of(parties: Sequence[ContractParty]) -> ContractParty | None:
    return next((party for party in parties if party.role == PartyRole.ASSISTING), None)


def clocks_of(found: Found) -> dict[str, Clock]:
    """The deadlines of a contract by their names; filing and publication begin with the signature. Source: 2.2."""
    contract, numbers = found.contract, rules_for(found.region)
    clocks = {}
    if found.noticed_at is not None:
        noticed = found.noticed_at.astimezone(CHINA).date()
        due = noticed + timedelta(days=numbers.contract_signing_days)
        clocks["signed"] = contracts.clock(due, contract.signed_on, today())
    if contract.signed_on is not None:
        for name, days, done in (
            ("filed", numbers.contract_filing_working_days, contract.filed_on),
            ("published", numbers.contract_publishing_working_days, contract.published_on),
        ):
            clocks[name] = contracts.clock(_working_days(contract.signed_on, days), done, today())
    return clocks


def _working_days(day: date, days: int) -> date:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
    return working_days_after(noon, days).astimezone(CHINA).date()


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
