from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base
from portal.store import Index as SearchIndex


class Resource(Base):
    """Something that can be used: premises, people, money, goods, a skill; its id is its public number. Source: A38."""

    __table_args__ = (Index("ix_resource_list", "region_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, kept once."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """One of `rules.resources.ResourceKind`."""
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any] | None]
    category: Mapped[str] = mapped_column(String(4), default="")
    """What it is good for, an item of the catalogue; empty: anything."""
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """How much of it there is, in `unit`; money in fen, area of premises in square decimetres."""
    unit: Mapped[str] = mapped_column(String(20), default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    channel: Mapped[str] = mapped_column(String(12), default="")
    """Through whom it is brought to people: "party_org" or empty. Source: A49."""
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Whose it is, if a provider's; its region's otherwise."""
    listed: Mapped[bool] = mapped_column(default=False)
    """Whether it is on the public list: a committee or an official has put it there."""
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_for: Mapped[str] = mapped_column(String(200), default="")


resource_search = SearchIndex("resource")


class Premises(Base):
    """What is said of premises besides; their area is the resource's amount. Source: A50."""

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    ownership: Mapped[str] = mapped_column(String(12))
    """One of `rules.resources.Ownership`."""
    idle_since: Mapped[date | None]
    accessible: Mapped[bool]


class OpeningHours(Base):
    """When premises are open from a day on: older hours stay, so that past months are counted as they were."""

    __table_args__ = (UniqueConstraint("resource_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    from_on: Mapped[date]
    week: Mapped[list[Any]]
    """Seven times [opens, closes] in minutes of the day, or null; Monday first."""


class ResourceChange(Base):
    """What was done to a resource and when: everyone can read what was changed. Source: A39."""

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(12))
    """`offered`, `listed`, `revised` or `withdrawn`."""
    changes: Mapped[dict[str, Any]]
    """Of what was revised: the name of each field with its old and new value."""
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Booking(Base):
    """That a body uses premises at a time of a day in China. Source: A52."""

    __table_args__ = (Index("ix_booking_day", "resource_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    day: Mapped[date]
    starts: Mapped[int]
    """In minutes of the day, as `ends`."""
    ends: Mapped[int]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """The committee that booked, or"""
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """the provider that did."""
    purpose: Mapped[str] = mapped_column(String(100))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class PremisesAgreement(Base):
    """That a provider may use premises or goods, and on what terms. Source: A51, A53, A54."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    mode: Mapped[str] = mapped_column(String(20))
    """One of `rules.agreements.Mode`."""
    from_on: Mapped[date]
    until_on: Mapped[date]
    minutes_owed: Mapped[int]
    value_fen: Mapped[int] = mapped_column(BigInteger)
    """What the use is worth, in kind: never added to cash. Source: A54."""
    valuation: Mapped[str] = mapped_column(Text)
    """How that value was found."""
    words: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ended_on: Mapped[date | None]
    """Its last day, where it ended before `until_on`."""
    ended_for: Mapped[str] = mapped_column(String(200), default="")


class HoursEntry(Base):
    """Hours of service delivered for the use of a resource, or taken back (below zero); never changed. Source: A53."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("premises_agreement.id"), index=True)
    minutes: Mapped[int]
    served_on: Mapped[date]
    words: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Incubator(Base):
    """Where a sub-district raises young organisations. Source: A56."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    story: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any] | None]
    premises_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"))
    opened_on: Mapped[date]
    set_up_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class IncubatorOrganisation(Base):
    """An organisation in an incubator, from its entry to its graduation; not every one is registered yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    incubator_id: Mapped[int] = mapped_column(ForeignKey("incubator.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Where it is a registered provider."""
    entered_on: Mapped[date]
    graduated_on: Mapped[date | None]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
