from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base

LEVELS = ("province", "prefecture", "county", "township", "village")


class Region(Base):
    """A division. Its `path` is its own number after those of all above it, "1.18.203.": a subtree is a prefix."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    """12 digits; see `requirements` B12 and rules-and-standards 2.8."""
    level: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    translations: Mapped[dict[str, Any] | None]
    folded: Mapped[str] = mapped_column(String(80))
    """The name in one script and case, for typing (`store.search.fold`)."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    path: Mapped[str] = mapped_column(String(80).with_variant(String(80, collation="C"), "postgresql"), unique=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
