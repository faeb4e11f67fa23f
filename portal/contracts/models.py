from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Contract(Base):
    """What purchaser and provider agreed on, with an assisting unit where there is one. Source: A28, B23."""

    __table_args__ = (
        CheckConstraint("price_fen > 0", name="price"),
        CheckConstraint("in_kind_fen >= 0", name="in_kind"),
        CheckConstraint("starts_on <= ends_on", name="days"),
        Index("ix_contract_list", "region_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchase.id"), unique=True)
    """The purchase that it comes from; None in the contract of a replacement provider (`replaces_id`)."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    """The contract whose provider had to leave. Source: B33."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    purchaser: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(120))
    price_fen: Mapped[int] = mapped_column(BigInteger)
    """In money, with all supplements that are signed."""
    in_kind_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    """What is given in kind, valued; counted apart from money. Source: A54."""
    in_kind_basis: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day, extensions that are signed among it. Source: A42."""
    conditions: Mapped[dict[str, Any] | None]
    """For a term above a year: the evidence of each of the four conditions, and of the budget. Source: A41."""
    bands: Mapped[list[Any] | None]
    """From and to, in hundredths of the evaluation, and the share in percent that is paid then of each instalment that
    follows from it; fixed by the signature. Source: A65."""
    state: Mapped[str] = mapped_column(String(12))
    """One of `rules.contracts.ContractState`."""
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    published_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class ContractParty(Base):
    """Who is bound by a contract, as what, and to what. Source: A28."""

    __table_args__ = (UniqueConstraint("contract_id", "role", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    role: Mapped[str] = mapped_column(String(16))
    """purchaser, provider or assisting_unit."""
    name: Mapped[str] = mapped_column(String(100))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """Whose committee it is, where it is one."""
    duties: Mapped[str] = mapped_column(Text, default="")
    fee_fen: Mapped[int] = mapped_column(BigInteger, default=0)


class ContractClause(Base):
    """What a contract says on one of the twelve compulsory matters. Source: B23."""

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    clause: Mapped[str] = mapped_column(String(24), primary_key=True)
    """One of `rules.clauses.Clause`."""
    words: Mapped[str] = mapped_column(Text)


class Instalment(Base):
    """A part of the price and what it waits for. Source: A65, B23."""

    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    is_linked: Mapped[bool] = mapped_column(default=False)
    """Whether how much of it is paid follows from the evaluation. Source: A65."""
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_on: Mapped[date | None]


class ContractMoney(Base):
    """How much of the price comes from which budget line. Source: A18, B24."""

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), primary_key=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class ContractChange(Base):
    """An extension or a supplement of a signed contract; never more than the law lets be. Source: A42, 2.2 (Law 49)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    ends_on: Mapped[date | None]
    """The new last day."""
    was_ends_on: Mapped[date | None]
    """The last day before it."""
    conditions: Mapped[dict[str, Any] | None]
    """Where it brings the term above a year: the evidence of each condition. Source: A41."""
    amount_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    words: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date]
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class PerformanceTarget(Base):
    """What is to be reached, set before the contract is signed. Source: A61."""

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(20))
    baseline: Mapped[int]
    target: Mapped[int]
    due_on: Mapped[date]


class TargetReading(Base):
    """How far a target was reached on a day; a correction is a further one, and all are shown. Source: A62."""

    __table_args__ = (UniqueConstraint("target_id", "read_on", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("performance_target.id"))
    value: Mapped[int]
    read_on: Mapped[date]
    number: Mapped[int] = mapped_column(default=1)
    """1, then one for each correction of that day; the highest holds."""
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Acceptance(Base):
    """What came of an acceptance (验收), with the recipients' opinion. Source: rules-and-standards 2.2 (article 45)."""

    __table_args__ = (CheckConstraint("took_part BETWEEN 0 AND invited", name="took_part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    held_on: Mapped[date]
    invited: Mapped[int]
    took_part: Mapped[int]
    passed: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
