from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.rules.projects import ProjectState
from portal.store import Base
from portal.store import Index as SearchIndex


class Project(Base):
    """Something to be bought for a region, answering at least one need. Source: A21, A22."""

    __table_args__ = (CheckConstraint("budget_fen > 0", name="budget"), Index("ix_project_list", "region_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, drafted once; None of an older one."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any] | None]
    category: Mapped[str] = mapped_column(String(4))
    place: Mapped[str] = mapped_column(String(100), default="")
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12), default=ProjectState.DRAFTED.value)
    """Changed by `projects.lifecycle.move` only; its steps are ProjectSteps."""
    level: Mapped[str] = mapped_column(String(12), default="")
    """The implementing level that was chosen, a level of Region; empty: that of its category. Source: A32-A34."""
    level_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is bought by another level than its category's; shown to everyone. Source: A32."""
    channel: Mapped[str] = mapped_column(String(12), default="")
    """Through whom it is brought to people: "party_org" or empty. Source: A49."""
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    """The project that it takes further. Source: A40."""


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


class ProjectItem(Base):
    """An item of the catalogue that a project buys besides its subject; several make a bundle. Source: A20, A36."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(4), primary_key=True)


class ProjectPlace(Base):
    """A place where a project is delivered, besides its own region. Source: A35."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, index=True)


class ProjectResource(Base):
    """That a project uses something of the resource list. Source: A39."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True, index=True)


class ProjectPartner(Base):
    """Who takes part in a project: community, social organisation, social workers, volunteers, charity. Source: A9."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(100))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))


class ProjectStep(Base):
    """A step in a project's life: when, by whom, and what shows it. Source: A40."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where the clock did it."""
    words: Mapped[str] = mapped_column(Text, default="")
    """What everyone reads: the ground, or the evidence in words."""
    evidence: Mapped[dict[str, Any] | None]
    """Where it can be looked up: `{"round": 3}`, `{"contract": 7}`."""


class Participation(Base):
    """How residents took part in a stage, or why they could not. Source: A23."""

    __table_args__ = (UniqueConstraint("project_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    stage: Mapped[str] = mapped_column(String(12))
    way: Mapped[str] = mapped_column(String(20))
    """One of `rules.lifecycle.Way`; "none" with its public reason in `words`."""
    asked: Mapped[int | None]
    took_part: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(40))
    """What was recorded ("round:3"), so that it is recorded once."""
    at: Mapped[datetime]


class ProjectNotice(Base):
    """That a project is shown to everyone before it is approved, from a moment to a moment (公示). Source: A24."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """The end of its last working day."""


class ProjectObjection(Base):
    """What someone says against a project while it is shown, and the public answer; who it was is not shown."""

    __table_args__ = (
        Index(
            "uq_project_objection_open",
            "project_id",
            "person_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, made once."""
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("project_notice.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    upheld: Mapped[bool | None]
    """Whether it was found right, so that the project is changed; None while it is open."""
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class ImprovementAction(Base):
    """What is to get better, who sees to it and by when; it feeds the next project. Source: A40."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, kept once."""
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(100))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")
    fed_project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    """The next project that takes it up."""


project_search = SearchIndex("project")
"""Title, words and place of projects."""
