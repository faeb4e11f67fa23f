from datetime import datetime
from typing import Any

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
    level_reason: Mapped[str] = mapped_column(Text, default="")
    """Why another level buys than the catalogue has it. Source: A32."""
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    """One of `rules.purchases.PurchaseState`. What was published is frozen: the database refuses to change it."""
    prepared_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    bids_due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    """When the last judge had handed in her scores."""
    reported_at: Mapped[datetime | None]
    """When the purchaser had the evaluation report. Source: rules-and-standards 2.2."""
    decided_at: Mapped[datetime | None]
    award_reason: Mapped[str] = mapped_column(Text, default="")
    """Why not the first in the ranking was chosen, for everyone to read."""
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
    basis: Mapped[str] = mapped_column(String(12))
    """Where its points come from, one of `rules.selection.Basis`."""


class PurchaseInvitation(Base):
    """Who may bid where the method is closed. Source: B7."""

    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)


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
    standing: Mapped[dict[str, Any] | None]
    """What was published of the provider when the bids were opened: stars, credit and the rows they come from, and of
    its satisfaction, in tenths: score, low, high; and the number of ratings. Source: A66."""


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
    """One of `rules.selection.Tie`; more is not said."""
    done_at: Mapped[datetime | None]
    """When she had handed in her scores."""

    __table_args__ = (UniqueConstraint("purchase_id", "person_id"),)


class Score(Base):
    """Points that a judge gave a bid for one factor, in hundredths of a point."""

    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    factor_id: Mapped[int] = mapped_column(ForeignKey("scoring_factor.id"), primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"), primary_key=True)
    points: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class PurchaseChallenge(Base):
    """What a bidder says against a purchase, and what came of it. Source: rules-and-standards 2.2 (Law 52)."""

    __table_args__ = (UniqueConstraint("purchase_id", "provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
