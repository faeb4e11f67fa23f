from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class ProviderSkill(Base):
    """What a provider says of itself: that it does an item of the catalogue, for how many people a month.

    Source: A30.
    """

    __table_args__ = (
        CheckConstraint("people_a_month > 0", name="people"),
        Index("ix_provider_skill_category", "category", "provider_id"),
    )

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(4), primary_key=True)
    people_a_month: Mapped[int]
    said_at: Mapped[datetime]
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ProjectOffer(Base):
    """That a provider would do a project; one of each provider, which it may take back. No bid. Source: A30."""

    __table_args__ = (UniqueConstraint("project_id", "provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    people_a_month: Mapped[int]
    start_on: Mapped[date]
    at: Mapped[datetime]
    """When it was first made."""
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]


class ProjectCall(Base):
    """That fitting providers were told of a project, once. Source: A30."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    at: Mapped[datetime]
    providers: Mapped[int]
    """How many of them were told."""
