from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base

KEYED: dict[str, Any] = {"sqlite_with_rowid": False}


class Promise(Base):
    """That something was declared done, and what those who asked for it say. Source: A70 (you said, we did)."""

    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "round"),
        CheckConstraint("asked >= 0", name="asked"),
        Index("ix_promise_list", "region_id", "id"),
        Index("ix_promise_closing", "verdict", "closes_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(12))
    """One of `rules.promises.Subject`."""
    subject_id: Mapped[int]
    """The number of the need, of the project, or of the improvement."""
    round: Mapped[int]
    """1; one more each time that it was not so and is declared done anew."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    page: Mapped[str] = mapped_column(String(100))
    """Where everyone reads what it is about."""
    title: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any] | None]
    words: Mapped[str] = mapped_column(Text)
    """What was done; "" where the acceptance says it."""
    declared_on: Mapped[date]
    closes_on: Mapped[date]
    asked: Mapped[int]
    """How many were asked."""
    verdict: Mapped[str] = mapped_column(String(10), default="")
    """One of `rules.promises.Verdict`; "" while people answer."""
    yes: Mapped[int] = mapped_column(default=0)
    partly: Mapped[int] = mapped_column(default=0)
    no: Mapped[int] = mapped_column(default=0)
    """Counted at the end, and 0 until then."""


class PromiseAsk(Base):
    """That a supporter is asked, and whether she has answered; gone when the answers are counted."""

    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    answered: Mapped[bool] = mapped_column(default=False)


class PromiseAnswer(Base):
    """One answer, without the person; its key is chance."""

    __table_args__ = (Index("ix_promise_answer_promise", "promise_id"), KEYED)

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"))
    answer: Mapped[str] = mapped_column(String(8))
