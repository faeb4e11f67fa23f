from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.providers.models import RatingMix
from portal.store import Base

__all__ = [
    "KEYED",
    "ImportKey",
    "OptOut",
    "RaterSalt",
    "Rating",
    "RatingComment",
    "RatingDay",
    "RatingHold",
    "RatingMix",
    "ServiceRecord",
    "Settling",
    "SpentTicket",
    "Ticket",
]

KEYED: dict[str, Any] = {"sqlite_with_rowid": False}
"""Rows stand in the order of their keys, which are chance: no trace of who came after whom. Source: trust 1.4."""


class ServiceRecord(Base):
    """A service that came to an end, well or not. Who received it is not kept. Source: A11, A27."""

    __table_args__ = (Index("ix_service_record_ended", "provider_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Idempotency key of the form, or of a line of an import: sent twice, recorded once."""
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    """The contract on which it was given; a provider's own people cannot record it without one."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    category: Mapped[str] = mapped_column(String(4))
    outcome: Mapped[str] = mapped_column(String(12), default="delivered")
    """One of `rules.ratings.Outcome`."""
    served_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Ticket(Base):
    """The invitation to rate one service, once; the link itself stands nowhere, and nothing leads to its rating."""

    __table_args__ = KEYED

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """`keyed_hash("ticket", token)`."""
    service_id: Mapped[int] = mapped_column(ForeignKey("service_record.id"), unique=True)
    """Every end of a service makes exactly one invitation."""
    channel: Mapped[str] = mapped_column(String(8))
    """One of `rules.ratings.Channel`."""
    rater: Mapped[str] = mapped_column(String(16), default="")
    """Who was served, as a keyed hash with the provider's salt of the quarter (`RaterSalt`); "" where it is unknown."""
    until: Mapped[date] = mapped_column(index=True)
    """The last day on which it can be used."""


class RaterSalt(Base):
    """What makes the raters of a provider countable for a quarter; gone after it, and with it who was who."""

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), primary_key=True)
    """`2026Q4`."""
    salt: Mapped[str] = mapped_column(String(64))


class SpentTicket(Base):
    """That a link was used, kept when its rating goes on under another key. Nothing leads from here to the rating."""

    __table_args__ = KEYED

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """`keyed_hash("rating", token)`: what was the key of the rating while it could be changed."""
    until: Mapped[date]
    """After this day the link is too old anyway, and this is forgotten."""


class Settling(Base):
    """A day on which ratings were settled, and whether the database's files were cleaned of what they were before."""

    day: Mapped[date] = mapped_column(primary_key=True)
    cleaned: Mapped[bool] = mapped_column(default=False)


class OptOut(Base):
    """That a telephone number wants no invitations any more: `ratings.inviting.no_more_mark(number)`."""

    __table_args__ = KEYED

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class ImportKey(Base):
    """A key with which a provider's own system sends services; the key itself stands nowhere."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: one key however often it is sent."""
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    """`keyed_hash("import_key", key)`."""
    title: Mapped[str] = mapped_column(String(40))
    """Which system uses it."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """It holds as long as she works for the provider."""
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Rating(Base):
    """One grade for one service, by its recipient. Source: A27, B34; grades 5 (very satisfied) to 1.

    While it may be changed (7 days) its key is `keyed_hash("rating", token)`: only who has the link finds it.
    Then it is settled: it goes on under a key that is chance, with the week instead of the day, without its words.
    """

    __table_args__ = (
        CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
        Index(
            "ix_rating_waiting",
            "provider_id",
            "settled",
            sqlite_where=text("batch_id IS NULL"),
            postgresql_where=text("batch_id IS NULL"),
        ),
        Index("ix_rating_batch", "batch_id"),
        Index("ix_rating_open", "rated_on", sqlite_where=text("settled = 0"), postgresql_where=text("NOT settled")),
        KEYED,
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    category: Mapped[str] = mapped_column(String(4))
    outcome: Mapped[str] = mapped_column(String(12), default="delivered")
    channel: Mapped[str] = mapped_column(String(8), default="sms")
    by_staff: Mapped[bool] = mapped_column(default=False)
    """Whether it was entered by, or on the device of, those who asked for it."""
    grade: Mapped[int]
    reasons: Mapped[list[str]]
    words: Mapped[str] = mapped_column(Text, default="")
    """Empty once it is settled: words go on as a `RatingComment`."""
    photo: Mapped[str | None] = mapped_column(String(40))
    writer: Mapped[str] = mapped_column(String(64), default="")
    """`queries.words_tag` where there are words: goes with them to the `RatingComment`."""
    rated_on: Mapped[date]
    """The day in China; once it is settled, the Monday of that week."""
    rater: Mapped[str] = mapped_column(String(16), default="")
    """A keyed hash of what its ticket says, so that the two are not the same; empty once it is published."""
    inviter: Mapped[str] = mapped_column(String(16), default="")
    """Who recorded the service, as a keyed hash of the month; empty once it is published."""
    device: Mapped[str] = mapped_column(String(16), default="")
    """Where it was tapped, as a keyed hash of the month; empty where that is unknown or once it is published."""
    early: Mapped[bool] = mapped_column(default=False)
    """Whether it was rated before the service had ended."""
    settled: Mapped[bool] = mapped_column(default=False)
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("rating_hold.id"), index=True)
    """The flag that keeps it from being published, until two people have looked (or for good: `RatingHold.verdict`)."""
    cleared: Mapped[bool] = mapped_column(default=False)
    """Whether two people looked at it and counted it: no flag holds it again."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("rating_batch.id"))
    """The batch in which it was published."""


class RatingHold(Base):
    """Ratings of a provider that look odd wait here for two people; none is ever deleted. Source: ratings F10, F11."""

    __table_args__ = (UniqueConstraint("provider_id", "flag", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose people look at it: the provider's home."""
    flag: Mapped[str] = mapped_column(String(16))
    """One of `rules.flags.Flag`."""
    about: Mapped[str] = mapped_column(String(40), default="")
    """What it is about, so that the same thing is flagged once: a day, a month, a hash."""
    evidence: Mapped[dict[str, Any]]
    """Counts only."""
    held: Mapped[int]
    """How many ratings it keeps back."""
    raised_on: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(10), default="")
    """"" while it is looked at, then "counted" or "left_out"."""
    closed_at: Mapped[datetime | None]


class RatingDay(Base):
    """How many ratings a provider got on a day, kept when days become weeks: what a burst is measured by. F10."""

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    ratings: Mapped[int]


class RatingComment(Base):
    """Words that somebody wrote beside a grade, without the grade; a key that is chance. Source: trust 4.6."""

    __table_args__ = (Index("ix_rating_comment_provider", "provider_id", "state"), KEYED)

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    category: Mapped[str] = mapped_column(String(4))
    month: Mapped[str] = mapped_column(String(7))
    """`2026-11`: no finer."""
    words: Mapped[str] = mapped_column(Text)
    photo: Mapped[str | None] = mapped_column(String(40))
    writer: Mapped[str] = mapped_column(String(64), unique=True)
    """`queries.words_tag`: who has the link and the device sees what became of her words, and can appeal."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """One of `rules.comments.CommentState`."""
    due_at: Mapped[datetime]
    """Nobody decided until then: it is published. Source: silence publishes."""
    published_on: Mapped[date | None]
