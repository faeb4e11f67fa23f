from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Slip(Base):
    """A printed personal code that votes in one round without a telephone of one's own. Source: A21, domain/voting."""

    __table_args__ = (Index("ix_slip_voter", "round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    """The voter's number on the roll."""
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When another slip took its place, or the committee ended it."""
    times: Mapped[int] = mapped_column(default=0)
    """How often a ballot was begun with it; forgotten at the sealing."""
    base: Mapped[int | None] = mapped_column(BigInteger)
    """How often the voter's ballot had been changed when it was last begun with this slip, masked."""


class PaperBallot(Base):
    """A ballot of paper, handed in by one voter, entered by two people, where they differ settled by a third.

    What was entered, and the way to the voter's ballot, are gone once the round is sealed.
    """

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    serial: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    """rules.papers.PaperState: `printed`, `handed` (in), `once` (entered), `differs`, `counted`, `passed` (a later
    vote of hers counts instead), `void`."""
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """The community of the voter who handed it in: only its committee has to do with it."""
    handle: Mapped[str | None] = mapped_column(String(64), index=True)
    voter: Mapped[int | None] = mapped_column(BigInteger)
    """Her number on the roll, masked: who has only the database cannot read it."""
    turn: Mapped[int | None]
    """How often the voter's ballot had been changed when the paper was handed in."""
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    first: Mapped[dict[str, Any] | None]
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second: Mapped[dict[str, Any] | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
