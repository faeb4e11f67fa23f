from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class CommentDecision(Base):
    """What one person said to words; nobody says something twice. Source: trust 4.6."""

    __table_args__ = (UniqueConstraint("comment_key", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_key: Mapped[str] = mapped_column(ForeignKey("rating_comment.key"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    """One of `rules.comments.Verdict`."""
    kind: Mapped[str] = mapped_column(String(10), default="")
    """Why it should be hidden: one of `rules.comments.KINDS`."""
    reason: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    """How she would mask it; shown from when a second person says exactly the same."""
    photo_cleared: Mapped[bool] = mapped_column(default=False)
    """Silence publishes words only: a photo is shown after somebody has looked at it."""
    at: Mapped[datetime]


class CommentAppeal(Base):
    """Who wrote words appeals against what was done to them; somebody who is drawn decides alone."""

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_key: Mapped[str] = mapped_column(ForeignKey("rating_comment.key"), unique=True)
    was_hidden: Mapped[bool]
    """Whether the words were hidden, not only masked."""
    words: Mapped[str] = mapped_column(Text)
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who was drawn; None where nobody could be: then the words are published."""
    due_at: Mapped[datetime]
    upheld: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]


class GroupAnswer(Base):
    """What a provider says to a group of words that were published together: once, in public, and never changed."""

    __table_args__ = (UniqueConstraint("provider_id", "published_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    published_on: Mapped[date]
    """The day of the group."""
    words: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ReasonBatch(Base):
    """How many of those whose ratings were published ticked a reason, never fewer than make a cell. Source: F9."""

    __table_args__ = (UniqueConstraint("provider_id", "reason", "published_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    reason: Mapped[str] = mapped_column(String(16))
    ratings: Mapped[int]
    published_on: Mapped[date | None]
    """None while too few ticked it: they are carried on to the next release."""


class ReleaseLook(Base):
    """What a release meant for the provider, looked at once, so that its people are told once."""

    release_id: Mapped[int] = mapped_column(ForeignKey("rating_release.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    mark: Mapped[int]
    """The highest mark that the lower bound of its score had reached. Source: ratings F7."""
    told: Mapped[bool]
