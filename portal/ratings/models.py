from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class ServiceRecord(Base):
    """A service that was delivered. Who received it is not kept: the private link goes out and only its hash stays."""

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    category: Mapped[str] = mapped_column(String(4))
    served_on: Mapped[date]
    ticket_hash: Mapped[str] = mapped_column(String(64), unique=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Rating(Base):
    """One grade for one service, by its recipient. Source: A27, B34; grades 5 (very satisfied) to 1."""

    __table_args__ = (
        CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
        Index("ix_rating_provider", "provider_id", "rated_at"),
        Index("ix_rating_changed", "changed_at"),
    )

    service_id: Mapped[int] = mapped_column(ForeignKey("service_record.id"), primary_key=True, autoincrement=False)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    category: Mapped[str] = mapped_column(String(4))
    grade: Mapped[int]
    reasons: Mapped[list[str]]
    words: Mapped[str] = mapped_column(Text, default="")
    rated_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class RatingMonth(Base):
    """How many ratings of each grade a provider got in a region in a month of China: what pages and summaries read."""

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, index=True)
    category: Mapped[str] = mapped_column(String(4), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """`2026-11`."""
    grade: Mapped[int] = mapped_column(primary_key=True)
    ratings: Mapped[int]
