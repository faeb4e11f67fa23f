from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Summary(Base):
    """What an official sees of a region, its whole subtree counted: one row, whether it is a province or a village."""

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, autoincrement=False)
    states: Mapped[dict[str, Any]]
    """Needs by state, drafts left out."""
    waiting: Mapped[list[int]] = mapped_column(JSON)
    """Needs that wait for a first answer, by age (`rollups.AGES`)."""
    overdue: Mapped[int]
    open_rounds: Mapped[int]
    grades: Mapped[list[int]] = mapped_column(JSON)
    """Ratings of grades 1 to 5 that were published in the last twelve months: a sum of whole batches."""
    months: Mapped[dict[str, Any]]
    """The same for each month in which they were published, such as `2026-11`."""
    recent: Mapped[list[int]] = mapped_column(JSON)
    """Those of the last 90 days."""
    before: Mapped[list[int]] = mapped_column(JSON)
    """Those of the 90 days before."""


class ProviderStanding(Base):
    """How satisfied people in a region and all below it are with a provider, where enough of them rated it."""

    __table_args__ = (Index("ix_standing_worst", "region_id", "low"),)

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, autoincrement=False)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True, autoincrement=False)
    ratings: Mapped[int]
    mean: Mapped[float]
    sd: Mapped[float]
    low: Mapped[float]
    """Lower end of the score's interval, by which providers are ordered."""
    high: Mapped[float]


class Turnout(Base):
    """How many have voted, and how many may, in a round that is open."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(String(80).with_variant(String(80, collation="C"), "postgresql"), index=True)
    """The path of the region whose residents vote."""
    voters: Mapped[int]
    eligible: Mapped[int]


class Refresh(Base):
    """When figures were last brought up to date, and from what."""

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]
    basis: Mapped[str] = mapped_column(String(300))
    """What they were counted from: the same basis gives the same figures."""
