from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class RollEntry(Base):
    """Someone who may vote in a community. Name and telephone number are kept as keyed hashes only, beside what the
    committee must see to know who is meant. Source: domain/voting, rules-and-standards 2.3 (nobody on two rolls).
    """

    __table_args__ = (Index("ix_roll_entry_list", "region_id", "household", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    """Her number on the roll."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    shown: Mapped[str] = mapped_column(String(40))
    """The name with all but one sign masked: 王**."""
    household: Mapped[str] = mapped_column(String(60), default="")
    """As the committee writes it, for example 3-2-501; empty: a household of its own."""
    head_id: Mapped[int | None] = mapped_column(ForeignKey("roll_entry.id"), index=True)
    """The first entry of her household, which stands for it; None: herself."""
    phone_end: Mapped[str] = mapped_column(String(4), default="")
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    identity_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of name and telephone number, or of name, household and community: who is on one roll is on no other."""
    home_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of name, household and community: the same person with and without her telephone number."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    """`vouched` by one, `active`, or `removed` (rules.rolls.EntryState)."""
    source: Mapped[str] = mapped_column(String(8))
    """`import`, `vouched` or `resident` (rules.rolls.EntrySource)."""
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    vouched_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The second member of the committee, where vouching takes two."""
    removed_at: Mapped[datetime | None]
    """Votes whose roll was frozen before still know her."""
    removed_for: Mapped[str] = mapped_column(String(200), default="")


class RollObjection(Base):
    """A resident says, before a vote opens, that someone is missing on the roll or should not be on it."""

    __table_args__ = (Index("ix_roll_objection_list", "region_id", "decided_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who objects."""
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Sent twice, it is the same."""
    kind: Mapped[str] = mapped_column(String(8))
    """`missing` or `wrong` (rules.rolls.ObjectionKind)."""
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("roll_entry.id"))
    """Who was taken off because of it."""
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    upheld: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
