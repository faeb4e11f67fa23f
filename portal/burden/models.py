from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class AssistedMatter(Base):
    """A matter in which committees below help, by a list that a division has published. Source: A29."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    cites: Mapped[str] = mapped_column(String(200), default="")
    """The document that says so."""
    listed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CommitteeTask(Base):
    """What an office asks of a committee. Source: A29, A48."""

    __table_args__ = (
        CheckConstraint("minutes >= 0 AND budget_fen >= 0 AND helpers >= 0", name="numbers"),
        Index("ix_committee_task_list", "region_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose committee is asked."""
    office_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Whose office asks."""
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("assisted_matter.id"))
    title: Mapped[str] = mapped_column(String(80))
    story: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    minutes: Mapped[int]
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    helpers: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    """One of `rules.burden.TaskState`."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused or withdrawn."""
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
