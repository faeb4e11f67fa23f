from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class RuleSet(Base):
    """Numbers that hold in a region and all below it from a day on; later and lower ones win. Source: A43, A44."""

    __table_args__ = (UniqueConstraint("region_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    valid_from: Mapped[date]
    numbers: Mapped[dict[str, Any]]
    """Some fields of `rules.numbers.Numbers`."""
    cites: Mapped[str] = mapped_column(String(200), default="")
    """The document that says so."""


class CalendarDay(Base):
    """A weekday that is a holiday, or a weekend day that is worked. Source: rules-and-standards 2.2."""

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
