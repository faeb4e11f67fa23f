from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Purchase(Base):
    """The buying of a project: who buys, how, by which factors, and what came of it. Source: B7, B8, B14, B20-B22."""

    __table_args__ = (CheckConstraint("budget_fen > 0", name="budget"), Index("ix_purchase_list", "region_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose government buys; the project's own region or one above it. Source: B14."""
    purchaser: Mapped[str] = mapped_column(String(100))
    """The name of the purchasing body."""
    purchaser_kind: Mapped[str] = mapped_column(String(24))
    """One of `rules.purchases.PurchaserKind`."""
    method: Mapped[str] = mapped_column(String(24))
    """One of `rules.purchases.Method`. Source: B20."""
    ground: Mapped[str] = mapped_column(Text)
    """The legal ground of the method. Source: B7, B20."""
    scoring: Mapped[str] = mapped_column(String(16))
    """"comprehensive", or "lowest_price" with a reason. Source: B21."""
    scoring_reason: Mapped[str] = mapped_column(Text, default="")
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    """One of `rules.purchases.PurchaseState`."""
    prepared_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    bids_due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    noticed_at: Mapped[datetime | None]
    """When the result notice went out; the letter of award with it. Source: rules-and-standards 2.2."""
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it failed or was cancelled."""


class ScoringFactor(Base):
    """What bids are scored by, with its points; all of them together make 100. Source: B22."""

    __table_args__ = (CheckConstraint("points > 0", name="points"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"), index=True)
    factor: Mapped[str] = mapped_column(String(12))
    """One of `rules.selection.Factor`: price, quality, capacity, reputation."""
    title: Mapped[str] = mapped_column(String(100))
    indicator: Mapped[str] = mapped_column(Text)
    """What is measured, and how many points follow from it. Source: rules-and-standards 2.2 (article 34)."""
    points: Mapped[int]


class Bid(Base):
    """What a provider offers for a purchase; sealed until the bids are opened."""

    __table_args__ = (UniqueConstraint("purchase_id", "provider_id"), CheckConstraint("price_fen > 0", name="price"))

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    price_fen: Mapped[int] = mapped_column(BigInteger)
    story: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    won: Mapped[bool] = mapped_column(default=False)
    refused_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was not let in (over budget, not qualified), shown with the result."""


class Judge(Base):
    """Who scores the bids of a purchase; one who is tied to a bidder steps back. Source: B22."""

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(100), default="")
    """Where the judge works."""
    recused_at: Mapped[datetime | None]
    recusal_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("purchase_id", "person_id"),)


class Score(Base):
    """Points that a judge gave a bid for one factor, in hundredths of a point."""

    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    factor_id: Mapped[int] = mapped_column(ForeignKey("scoring_factor.id"), primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    points: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
