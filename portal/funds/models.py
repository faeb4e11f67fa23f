from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Fund(Base):
    """A source of money of a fiscal year; what it holds is the sum of its entries. Source: A18, A47, A57, A59, B24."""

    __table_args__ = (Index("ix_fund_list", "region_id", "year", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    """One of `rules.funds.FundKind`."""
    name: Mapped[str] = mapped_column(String(100))
    translations: Mapped[dict[str, Any] | None]
    channel: Mapped[str] = mapped_column(String(12), default="")
    """Through whom it is brought to people: "party_org" or empty. Source: A49."""
    opened_at: Mapped[datetime]


class FundEntry(Base):
    """Money that came in (above zero) or went out (below). Never changed: a slip is corrected by a further entry."""

    __table_args__ = (CheckConstraint("amount_fen <> 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(40), default="")
    """What it was for: "instalment:3", "grant:7"."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Allocation(Base):
    """A part of a fund, given to a region; parts of it may be given on, never more than it is. Source: B26."""

    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class BudgetLine(Base):
    """What a region means to buy with a part of an allocation; contracts are committed against it. Source: B24."""

    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"), Index("ix_budget_line_list", "region_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    title: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(4), default="")
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    is_new: Mapped[bool] = mapped_column(default=False)
    """Whether it is new public-service spending, of which 30 % go to social organisations. Source: A46."""
    at: Mapped[datetime]


class Commitment(Base):
    """Money of a line that is promised to `subject` ("contract:12"); changed by deeds of `funds` only. Source: B24."""

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid"),
        Index("ix_commitment_subject", "subject", "line_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime]
