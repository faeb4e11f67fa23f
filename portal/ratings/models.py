from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.providers.models import RatingMix, RatingMonth
from portal.store import Base

__all__ = ["Rating", "RatingMix", "RatingMonth", "RatingRefresh", "ServiceRecord"]


class ServiceRecord(Base):
    """A service that was delivered. Who received it is not kept: the private link goes out and only its hash stays."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, recorded once."""
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


class RatingRefresh(Base):
    """One row: when the months were last brought up to date."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
