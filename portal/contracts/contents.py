"""What stands in a contract: who, in which words, paid when and from where; what came after, and what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, literal, null, select, union_all

from portal.contracts.models import (
    Acceptance,
    Contract,
    ContractChange,
    ContractClause,
    ContractMoney,
    ContractParty,
    Instalment,
)
from portal.contracts.queries import MOST_LINES, Found
from portal.funds.models import BudgetLine, Commitment
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import contracts
from portal.rules.clauses import Clause, missing
from portal.rules.contracts import Clock
from portal.rules.parties import PartyRole
from portal.store import db
from portal.store.clock import CHINA, today


def parties_of(contract: Contract) -> Sequence[ContractParty]:
    return db.session.scalars(
        select(ContractParty).where(ContractParty.contract_id == contract.id).order_by(ContractParty.id)
    ).all()


def assisting_unit_of(parties: Sequence[ContractParty]) -> ContractParty | None:
    return next((party for party in parties if party.role == PartyRole.ASSISTING), None)


def clauses_of(contract: Contract) -> dict[str, str]:
    """The typed clauses, by their names."""
    rows = db.session.execute(
        select(ContractClause.clause, ContractClause.words).where(ContractClause.contract_id == contract.id)
    )
    return {row.clause: row.words for row in rows}


def lacking(contract: Contract, clauses: Mapping[str, str]) -> list[Clause]:
    """The compulsory clauses that a contract lacks, where `clauses` are those typed. Source: B23."""
    owed = select(func.coalesce(func.sum(Instalment.amount_fen), 0)).where(Instalment.contract_id == contract.id)
    return missing(
        clauses,
        priced=sum(money_of(contract).values()) == contract.price_fen,
        paid=int(db.session.scalar(owed) or 0) == contract.price_fen,
    )


def money_of(contract: Contract) -> dict[int, int]:
    """What of the price comes from which line."""
    rows = db.session.execute(
        select(ContractMoney.line_id, ContractMoney.amount_fen)
        .where(ContractMoney.contract_id == contract.id)
        .order_by(ContractMoney.line_id)
    )
    return {row.line_id: row.amount_fen for row in rows}


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
