from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class BadRatingCase(Base):
    """What is to be put right after a bad rating: one that its rater named herself for, or those of a batch.

    Nothing leads from here to a rating. Source: requirements 1.6, rules-and-standards 2.4.
    """

    __table_args__ = (
        CheckConstraint("(token_hash IS NULL) <> (batch_id IS NULL)", name="source"),
        CheckConstraint("state <> 'closed' OR (contact = '' AND words = '')", name="forgotten"),
        Index("ix_bad_rating_case_place", "region_id", "id"),
        Index("ix_bad_rating_case_clock", "rises_on"),
        Index("ix_bad_rating_case_provider", "provider_id", "finding"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """`moving.case_hash`: who has the link and the device follows her case; it is neither the key of her rating nor of
    the ticket."""
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """`moving.link_hash`: one case for a link, whatever the device."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("rating_batch.id"), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    category: Mapped[str] = mapped_column(String(4))
    """As of the service, or of the batch; everyone sees the group only."""
    opened_on: Mapped[date]
    way: Mapped[str] = mapped_column(String(10), default="")
    """One of `rules.redress.Way`."""
    contact: Mapped[str] = mapped_column(String(60), default="")
    """How to reach her; empty once the case is closed."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What she says; empty once the case is closed."""
    to_provider: Mapped[bool] = mapped_column(default=False)
    """Whether she lets the provider know who she is."""
    language: Mapped[str] = mapped_column(String(8), default="")
    state: Mapped[str] = mapped_column(String(10))
    """One of `rules.cases.CaseState`."""
    level_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose committee or office handles it: that of its place, or of one above where it has risen."""
    risen: Mapped[int] = mapped_column(default=0)
    """How often it has risen because it was overdue."""
    due_on: Mapped[date | None]
    """The last day in time, as it stands; None once it is closed."""
    rises_on: Mapped[date | None]
    """After this day it rises, or is checked without her answer; None if it cannot."""
    first_due_on: Mapped[date]
    responded_on: Mapped[date | None]
    """When she was reached or, where nobody can be, when it was first verified."""
    finding: Mapped[str] = mapped_column(String(10), default="")
    """One of `rules.cases.Finding`."""
    found: Mapped[str] = mapped_column(Text, default="")
    """What was found, for everyone."""
    found_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    """Why it is called malicious; for those who look at it."""
    complex: Mapped[bool] = mapped_column(default=False)
    cleared: Mapped[bool] = mapped_column(default=False)
    """Whether another body said that it is not malicious."""
    repair_due_on: Mapped[date | None]
    """By when it was to be repaired at first."""
    answer: Mapped[str] = mapped_column(Text, default="")
    """What was repaired, for everyone."""
    answered_on: Mapped[date | None]
    asked_on: Mapped[date | None]
    satisfied: Mapped[bool | None]
    """What she said last when she was asked."""
    reopened: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]


class CaseStep(Base):
    """What was done in a case, and by whom. Source: requirements 1.6."""

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("bad_rating_case.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    """One of `rules.cases.Move`, or "risen"."""
    done_on: Mapped[date]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None: her who rated, or the clock."""
    body: Mapped[str] = mapped_column(String(100), default="")
    """For which committee or office (`rules.redress.body_of`)."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What she and everyone who handles it may read."""
