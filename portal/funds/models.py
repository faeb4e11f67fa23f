from datetime import date, datetime
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
    """Money that came in (above zero) or went out (below). Never changed: a slip is corrected by one further entry."""

    __table_args__ = (CheckConstraint("amount_fen <> 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    way: Mapped[str] = mapped_column(String(8))
    """One of `rules.funds.Way`; a counter entry has that of what it corrects."""
    category: Mapped[str] = mapped_column(String(4), default="")
    """A group or an item of the catalogue, for the report on how funds are used. Source: A45."""
    words: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(40), default="")
    """What it was for: "contract:3", "grant:7"."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("fund_entry.id"), unique=True)
    """The slip that this entry takes back."""
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


class ShareFact(Base):
    """Who a contract was given to, for the share of social organisations; its money is in the commitments. Source: A46.

    Written by `funds.sharing` only, which contracts call.
    """

    __table_args__ = (CheckConstraint("in_kind_fen >= 0", name="in_kind"),)

    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    """"contract:12"."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    provider_kind: Mapped[str] = mapped_column(String(30))
    """One of `rules.providers.ProviderKind`, or `rules.shares.ON_FILE`."""
    in_kind_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    """Given in kind: shown apart, in no share."""
    counted: Mapped[bool] = mapped_column(default=True)
    """False once it is cancelled."""
    at: Mapped[datetime]


class ShareReason(Base):
    """Why a share is below what it should be, for everyone to read; the newest holds, all are kept. Source: A46."""

    __table_args__ = (Index("ix_share_reason_list", "region_id", "year", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    year: Mapped[int]
    share: Mapped[str] = mapped_column(String(12))
    """One of `rules.shares.ShareKind`."""
    words: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class GrantCall(Base):
    """Money of a fund for which providers may ask until a day; it is kept for them so long. Source: A57, A58, A60."""

    __table_args__ = (CheckConstraint("budget_fen > 0", name="budget"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    """That of the fund."""
    title: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any] | None]
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    closes_on: Mapped[date]
    """The last day on which a grant may be asked for."""
    for_startups: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="SET NULL"), unique=True)
    """The vote in which residents choose among what was asked for; None again if it is withdrawn. Source: A60."""
    finished_at: Mapped[datetime | None]
    """When all was decided and what was left of the budget went back to the fund."""


class GrantRequest(Base):
    """What a provider asks of a call, and what was decided. Source: A58, A60."""

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("granted_fen BETWEEN 0 AND amount_fen", name="granted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("grant_call.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    founded_on: Mapped[date]
    """When the provider was registered, as it says and its certificate shows."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_fen: Mapped[int | None] = mapped_column(BigInteger)
    """None while nothing is decided; 0: refused."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why so, for everyone to read; empty where residents decided."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where residents decided."""
    paid_at: Mapped[datetime | None]
