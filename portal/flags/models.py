from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class HoldDecision(Base):
    """What one person thinks of ratings that are held. Two who agree close it, else a third from above."""

    __table_args__ = (UniqueConstraint("hold_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hold_id: Mapped[int] = mapped_column(ForeignKey("rating_hold.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str] = mapped_column(String(10))
    """One of `rules.reviews.Verdict`."""
    reason: Mapped[str] = mapped_column(Text)
    """Everyone reads it once it is decided."""
    at: Mapped[datetime]
