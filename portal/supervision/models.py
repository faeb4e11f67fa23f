from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class DeliveryCheck(Base):
    """A look at a running contract: what was found, and what the provider says to it. Source: A31, B30."""

    __table_args__ = (
        CheckConstraint("present >= 0", name="present"),
        Index("ix_delivery_check_contract", "contract_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose committee or office looked."""
    by_committee: Mapped[bool]
    point: Mapped[str] = mapped_column(String(24))
    """One of `rules.supervision.Point`."""
    found_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    mend: Mapped[bool]
    present: Mapped[int]
    """Residents or recipients who took part in looking."""
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer_due_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ExitCase(Base):
    """A provider leaves before its contract ends. Source: B33."""

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    """One of `rules.exits.ExitState`."""
    trigger: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(Text)
    plan: Mapped[str] = mapped_column(Text)
    """The contingency plan (应急预案)."""
    last_day: Mapped[date]
    """The last day on which the provider serves."""
    at: Mapped[datetime]


class ExitStep(Base):
    """A step of an exit, dated; never changed."""

    __table_args__ = (UniqueConstraint("exit_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exit_id: Mapped[int] = mapped_column(ForeignKey("exit_case.id"))
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ExitRecipient(Base):
    """Someone who is affected, by a number that only the office's own list can tell whose it is. Source: B33, 2.6."""

    __table_args__ = (UniqueConstraint("exit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exit_id: Mapped[int] = mapped_column(ForeignKey("exit_case.id"))
    number: Mapped[int]
    covered_from: Mapped[date | None]
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Who serves instead."""
    released: Mapped[str] = mapped_column(String(200), default="")
    """Why no cover is needed."""
