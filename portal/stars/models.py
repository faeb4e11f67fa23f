from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class CreditPlea(Base):
    """What a provider asks about an event of its credit record: an appeal, or that it was made good. Source: A67, 2.5.

    One at a time waits for each event (`waits_for`).
    """

    __table_args__ = (Index("ix_credit_plea_waiting", "region_id", "decided_at"), UniqueConstraint("waits_for"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("credit_event.id"), index=True)
    waits_for: Mapped[int | None]
    """The number of the event until it is decided."""
    kind: Mapped[str] = mapped_column(String(8))
    """One of `rules.pleas.PleaKind`."""
    words: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose office decides: of an appeal the one above."""
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
