from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class StaffCount(Base):
    """How many people a place served and employed for the work on a day; the last one of a place stands. Source: B6."""

    __table_args__ = (
        CheckConstraint("served >= 0", name="served"),
        CheckConstraint("staff >= 0", name="staff"),
        Index("ix_staff_count_last", "region_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    counted_on: Mapped[date]
    served: Mapped[int]
    staff: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it deviates from the standard; public. Source: B27."""
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
