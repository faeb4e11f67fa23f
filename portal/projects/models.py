from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.rules.projects import ProjectState
from portal.store import Base


class Project(Base):
    """Something to be bought for a region, answering at least one need. Source: A21, A22."""

    __table_args__ = (CheckConstraint("budget_fen > 0", name="budget"), Index("ix_project_list", "region_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any] | None]
    category: Mapped[str] = mapped_column(String(4))
    place: Mapped[str] = mapped_column(String(100), default="")
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=ProjectState.DRAFTED.value)
    """Set by the deeds of votes, which stand above: a project does not know its vote."""
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ProjectNeed(Base):
    """That a project answers a need."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), primary_key=True, index=True)


class DesignOption(Base):
    """One way to do a project, with what it costs. Source: A21."""

    __table_args__ = (CheckConstraint("cost_fen >= 0", name="cost"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any] | None]
    cost_fen: Mapped[int] = mapped_column(BigInteger)
    picture: Mapped[str | None] = mapped_column(String(32), index=True)
    """The name of a kept photo (`store.files`)."""
