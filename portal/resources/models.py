from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Resource(Base):
    """Something that can be used: premises, people, money, goods, a skill; its id is its public number. Source: A38."""

    __table_args__ = (Index("ix_resource_list", "region_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, kept once."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """One of `rules.resources.ResourceKind`."""
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any] | None]
    category: Mapped[str] = mapped_column(String(4), default="")
    """What it is good for, an item of the catalogue; empty: anything."""
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """How much of it there is, in `unit`; money in fen, area of premises in square decimetres."""
    unit: Mapped[str] = mapped_column(String(20), default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    channel: Mapped[str] = mapped_column(String(12), default="")
    """Through whom it is brought to people: "party_org" or empty. Source: A49."""
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Whose it is, if a provider's; its region's otherwise."""
    listed: Mapped[bool] = mapped_column(default=False)
    """Whether it is on the public list: a committee or an official has put it there."""
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
