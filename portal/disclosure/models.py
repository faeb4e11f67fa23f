from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class DisclosureItem(Base):
    """What was published of a purchase, as it was; a correction is a further version. Source: B31, B32."""

    __table_args__ = (UniqueConstraint("purchase_id", "item", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    item: Mapped[str] = mapped_column(String(12))
    """One of `rules.disclosure.Item`."""
    version: Mapped[int]
    facts: Mapped[list[Any]]
    """Rows of [label, kind, value]: kind "text", "words" (to be translated), "money" in fen or "day"."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What the office adds, or why it was corrected."""
    published_at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
