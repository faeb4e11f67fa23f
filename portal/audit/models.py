from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class AuditEntry(Base):
    """One deed; its seal, written soon after, covers it and the seal before it."""

    __table_args__ = (Index("ix_audit_entry_actor", "actor_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    deed: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    """`need:12`: the table and id of what was done to."""
    detail: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """The place of an entry in the chain; written after the deed, so that deeds do not queue for it."""

    number: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
