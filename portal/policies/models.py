from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class RuleSet(Base):
    """Numbers that hold in a region and all below it from a day on; later and lower ones win. Source: A43, A44.

    What held is never changed; one that does not hold yet may be withdrawn.
    """

    __table_args__ = (
        Index(
            "uq_rule_set_day",
            "region_id",
            "valid_from",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Idempotency key of the form."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    valid_from: Mapped[date]
    numbers: Mapped[dict[str, Any]]
    """Some fields of `rules.numbers.Numbers`."""
    cites: Mapped[str] = mapped_column(String(200), default="")
    """The document that says so, in words."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("policy_document.id"))
    """The document that says so, where it is published here."""
    put_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class CalendarDay(Base):
    """A weekday that is a holiday, or a weekend day that is worked. Source: rules-and-standards 2.2."""

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]


class OwnItem(Base):
    """An item that a division adds to the catalogue, for itself and all below it; a code is used once. Source: A20."""

    __table_args__ = (UniqueConstraint("region_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    code: Mapped[str] = mapped_column(String(4))
    """Of a built-in group: "0450" to "0499"."""
    title: Mapped[str] = mapped_column(String(60))
    translations: Mapped[dict[str, Any] | None]
    nature: Mapped[str] = mapped_column(String(16))
    resident_visible: Mapped[bool]
    implementing_level: Mapped[str] = mapped_column(String(20))
    official_code: Mapped[str] = mapped_column(String(40), default="")
    """Its place in the purchaser's own guidance catalogue."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day on which it may be chosen; older projects keep it."""
    put_at: Mapped[datetime]


class PolicyDocument(Base):
    """A document as one or several bodies issued it; it is never changed, a newer one supersedes it. Source: A3, B4."""

    __table_args__ = (
        Index(
            "uq_policy_document_number",
            "region_id",
            "number",
            unique=True,
            sqlite_where=text("number != ''"),
            postgresql_where=text("number != ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    title: Mapped[str] = mapped_column(String(200))
    translations: Mapped[dict[str, Any] | None]
    issuers: Mapped[list[str]]
    number: Mapped[str] = mapped_column(String(60), default="")
    """Such as 铁市民发〔2018〕171号, its brackets made alike."""
    issued_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("policy_document.id"), index=True)
    published_at: Mapped[datetime]


class OfficialReply(Base):
    """The reply to a proposal of a deputy or adviser, as it was published. Source: B2, B3."""

    __table_args__ = (UniqueConstraint("region_id", "session", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    number: Mapped[str] = mapped_column(String(20))
    session: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    translations: Mapped[dict[str, Any] | None]
    proposer: Mapped[str] = mapped_column(String(80))
    """As the public document writes it."""
    issuer: Mapped[str] = mapped_column(String(100))
    received_on: Mapped[date]
    answered_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


class Pilot(Base):
    """That a feature is tried out in a division and all below it, for a time. Source: B9."""

    __table_args__ = (Index("ix_pilot_feature", "feature", "region_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    feature: Mapped[str] = mapped_column(String(20))
    """One of `rules.policies.Feature`."""
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text, default="")
    put_at: Mapped[datetime]


class Milestone(Base):
    """What every place of a level below a division is to have reached by a day. Source: B5, B12."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    translations: Mapped[dict[str, Any] | None]
    words: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str] = mapped_column(String(12))
    """The level of the places that are to reach it, a level of Region."""
    due_on: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("policy_document.id"))
    put_at: Mapped[datetime]


class MilestoneMark(Base):
    """That a place has reached a milestone, and what shows it; a mistaken mark is taken back, with its reason."""

    __table_args__ = (
        Index(
            "uq_milestone_mark_place",
            "milestone_id",
            "region_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    reached_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(Text)
    marked_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_for: Mapped[str] = mapped_column(Text, default="")
