from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Provider(Base):
    """A body that delivers services. Source: B15."""

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    """Where it is at home; it may serve anywhere."""
    name: Mapped[str] = mapped_column(String(100))
    translations: Mapped[dict[str, Any] | None]
    kind: Mapped[str] = mapped_column(String(30))
    """One of `rules.providers.ProviderKind`."""
    usc_code: Mapped[str] = mapped_column(String(18), unique=True)
    """Unified social credit code (GB 32100), check digit verified."""
    story: Mapped[str] = mapped_column(Text, default="")
    registered_at: Mapped[datetime]


class ProviderArea(Base):
    """That a provider serves a region and all below it."""

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, index=True)


class RatingMonth(Base):
    """How many ratings of each grade a provider got in a region in a month of China: what pages and summaries read.

    Kept up to date by `ratings.actions.refresh_months`.
    """

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, index=True)
    category: Mapped[str] = mapped_column(String(4), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """`2026-11`."""
    grade: Mapped[int] = mapped_column(primary_key=True)
    ratings: Mapped[int]


class RatingMix(Base):
    """How many ratings of each grade all providers of a group of services got in a year. Source: ratings F3 (π)."""

    group_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True)
    ratings: Mapped[int]
