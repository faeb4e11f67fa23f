from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
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


class RatingMix(Base):
    """How many ratings of each grade all providers of a group of services got in a year. Source: ratings F3 (π)."""

    group_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True)
    ratings: Mapped[int]


class RatingRelease(Base):
    """That a provider's figures were published anew: all see these until the next one. Source: trust 4.2."""

    __table_args__ = (
        UniqueConstraint("provider_id", "number"),
        Index("ix_rating_release_day", "provider_id", "released_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    number: Mapped[int]
    released_on: Mapped[date]
    invited: Mapped[int]
    """Invitations whose time to answer ended, or that were answered, since the release before."""
    held: Mapped[int]
    """Ratings that were held for review on that day."""
    left_out: Mapped[int]
    """Ratings that two people left out since the release before."""
    group_code: Mapped[str] = mapped_column(String(2), default="")
    """The group of services of most of these ratings; "" where it is not told."""
    n1: Mapped[int] = mapped_column(default=0)
    """Of all its batches together, which is what a provider's page reads: as quick for millions as for ten."""
    n2: Mapped[int] = mapped_column(default=0)
    n3: Mapped[int] = mapped_column(default=0)
    n4: Mapped[int] = mapped_column(default=0)
    n5: Mapped[int] = mapped_column(default=0)


class RatingBatch(Base):
    """The atom of every published figure: the grades of at least ten raters, published together and never changed.

    Every figure, of a provider, a place, a service, a contract or a month, is a sum of whole batches; so no two
    figures differ by fewer people than a batch has. Source: trust 4.2, 4.4, ratings F9.
    """

    __table_args__ = (
        Index("ix_rating_batch_provider", "provider_id", "released_on"),
        Index("ix_rating_batch_place", "region_id", "released_on"),
        Index("ix_rating_batch_contract", "contract_id"),
        CheckConstraint("raters >= 1", name="raters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("rating_release.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    """The contract of all of them; None where they are of several or of none."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """The lowest place that holds all of them."""
    category: Mapped[str] = mapped_column(String(4))
    """The service of all of them; its group (two digits), or "", where they are of several."""
    released_on: Mapped[date]
    raters: Mapped[int]
    """Distinct raters (`rules.releasing.people`); the grades are one of each who is known, and all of others."""
    n1: Mapped[int]
    n2: Mapped[int]
    n3: Mapped[int]
    n4: Mapped[int]
    n5: Mapped[int]
    by_staff: Mapped[int]
    """How many were entered by, or on the device of, those who asked."""


class StarLevel(Base):
    """A provider's stars of a quarter, with everything that made them. Source: A68, ratings F7."""

    __table_args__ = (UniqueConstraint("provider_id", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    quarter: Mapped[str] = mapped_column(String(6))
    """`2026Q4`."""
    stars: Mapped[int]
    """1 to 5; 0: not rated."""
    working: Mapped[dict[str, Any]]
    """The numbers and steps that "why so many stars?" says in words."""
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    withdrawn_on: Mapped[date | None]
    """From when it no longer holds: a proven breach or an exit. Source: ratings F6 (limiters)."""


class CreditEvent(Base):
    """What stands for or against a provider, with its reason; an exit for breach is one. Source: A67, B33."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    exit_id: Mapped[int | None] = mapped_column(ForeignKey("exit_case.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(16), default="exit")
    """One of `rules.credit.EventKind`."""
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    """Whose office wrote it down; the office above decides on an appeal."""
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    """Where it can be looked up: a decision, a check, a contract."""
    at: Mapped[datetime]
    """When it was written down; it counts from that day on."""
    expires_on: Mapped[date]
    """As it was written down; a repeated breach restarts the clock (`rules.credit.counting`)."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    """From when it no longer counts before it expires: repaired, or an appeal was upheld."""
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class StandingEntry(Base):
    """What an outside body says of an organisation: its grade (5A to 1A), or a list that it stands on. Source: 2.5."""

    __table_args__ = (UniqueConstraint("provider_id", "kind", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """One of `rules.outside.EntryKind`."""
    grade: Mapped[str] = mapped_column(String(2), default="")
    """`5A` to `1A` of an assessment."""
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day on which it holds, or on which it stood on the list; None while its source says none."""
    source: Mapped[str] = mapped_column(Text)
    """Where it can be looked up."""
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
