"""When premises are open and taken, and how much they are used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from portal.providers.models import Provider
from portal.providers.queries import names_serving
from portal.regions.models import Region
from portal.regions.queries import within
from portal.resources.models import Booking, OpeningHours, Resource
from portal.resources.queries import hours_from
from portal.rules.bookings import Availability, Hours, Span, Taken, Use, days_of, open_minutes
from portal.rules.permissions import Actor, Grant, Role
from portal.rules.resources import ResourceKind
from portal.store import db
from portal.store.clock import CHINA, now


def now_in_china() -> tuple[date, int]:
    """The day and the minute of the day in China."""
    moment = now().astimezone(CHINA)
    return moment.date(), moment.hour * 60 + moment.minute


class Body(NamedTuple):
    """For whom something is booked: exactly one of the two."""

    region_id: int | None
    provider_id: int | None


def find_booking(number: int, found: dict[str, Any]) -> Booking | None:
    """A booking by its number under the resource it is of."""
    booking = db.session.get(Booking, number)
    return booking if booking is not None and booking.resource_id == found["resource"].id else None


def bodies_of(actor: Actor, region: Region) -> list[tuple[Body, Any]]:
    """For whom `actor` may book in `region`: its committee, providers registered there; each with what has its name."""
    committee = [one for one in actor.grants if one.role is Role.COMMITTEE and region.path.startswith(one.path)]
    offices = [office_of(one) for one in committee]
    own = [one.provider_id for one in actor.grants if one.role is Role.PROVIDER and one.provider_id]
    regions = db.session.scalars(select(Region).where(Region.id.in_(offices))).all() if offices else []
    providers = names_serving(region, own) if own else []
    return [(Body(one.id, None), one) for one in regions] + [(Body(None, one.id), one) for one in providers]


def owns(actor: Actor, booking: Booking) -> bool:
    """Whether `actor` works for the body that booked."""
    if booking.provider_id:
        return any(one.role is Role.PROVIDER and one.provider_id == booking.provider_id for one in actor.grants)
    return booking.region_id in [office_of(one) for one in actor.grants if one.role is Role.COMMITTEE]


def office_of(grant: Grant) -> int:
    """The number of the region that a role was granted over."""
    return int(grant.path.split(".")[-2])


def bookings_between(resource: Resource, first: date, last: date) -> Sequence[Row[Booking, Region, Provider]]:
    """The bookings that stand from `first` to `last`, each with the committee's region and the provider."""
    return db.session.execute(
        select(Booking, Region, Provider)
        .outerjoin(Region, Region.id == Booking.region_id)
        .outerjoin(Provider, Provider.id == Booking.provider_id)
        .where(Booking.resource_id == resource.id, Booking.cancelled_at.is_(None), Booking.day.between(first, last))
        .order_by(Booking.day, Booking.starts)
    ).all()


def taken_on(resource: Resource, day: date) -> list[Taken]:
    """What of a day is booked, and by whom."""
    rows = bookings_between(resource, day, day)
    return [Taken(one.starts, one.ends, (region or provider).name) for one, region, provider in rows]


def bookings_ahead(resource: Resource) -> Sequence[Booking]:
    """The bookings that have not begun."""
    day, minute = now_in_china()
    ahead = (Booking.day > day) | ((Booking.day == day) & (Booking.starts >= minute))
    standing = select(Booking).where(Booking.resource_id == resource.id, Booking.cancelled_at.is_(None))
    return db.session.scalars(standing.where(ahead)).all()


class CalendarDay(NamedTuple):
    """A day of the public calendar; `span` None: closed."""

    day: date
    span: Span | None
    bookings: list[Row[Booking, Region, Provider]]


def calendar_of(resource: Resource, available: Availability, month: date) -> list[CalendarDay]:
    """The days of a month with what is taken: by which body and for what, and no person's name. Source: A52."""
    days = days_of(month)
    rows = bookings_between(resource, days[0], days[-1])
    return [CalendarDay(day, available.span(day), [row for row in rows if row[0].day == day]) for day in days]


@dataclass(frozen=True)
class PremisesUse:
    """How much premises were used in a month."""

    row: Row[Any]
    use: Use


@dataclass(frozen=True)
class RegionUse:
    """How much the premises of a region and all below it were used in a month. Source: A55."""

    month: date
    premises: list[PremisesUse]
    places: list[tuple[Region, Use]]
    """Added up for each region that has premises."""

    @property
    def total(self) -> Use:
        return sum((one.use for one in self.premises), Use())


def use_in(region: Region, month: date) -> RegionUse:
    """The use of listed premises in a month: booked open minutes of all open minutes, counted in whole minutes."""
    rows = db.session.execute(
        select(Resource.id, Resource.title, Resource.translations, Resource.from_on, Resource.until_on, Region)
        .join(Region, Region.id == Resource.region_id)
        .where(within(region), Resource.kind == ResourceKind.PREMISES, Resource.listed)
        .order_by(Region.code, Resource.id)
    ).all()
    hours, booked = _hours_in(region), _booked_in(region, month)
    premises = []
    for row in rows:
        available = Availability(hours.get(row.id, ()), row.from_on, row.until_on)
        use = Use(open_minutes(available, month), booked.get(row.id, 0))
        if use.open:
            premises.append(PremisesUse(row, use))
    places: dict[int, tuple[Region, Use]] = {}
    for one in premises:
        place = one.row.Region
        places[place.id] = (place, places.get(place.id, (place, Use()))[1] + one.use)
    return RegionUse(month, premises, list(places.values()))


def _hours_in(region: Region) -> dict[int, list[Hours]]:
    query = select(OpeningHours).join(Resource, Resource.id == OpeningHours.resource_id)
    found: dict[int, list[Hours]] = {}
    for row in db.session.scalars(query.join(Region, Region.id == Resource.region_id).where(within(region))):
        found.setdefault(row.resource_id, []).append(hours_from(row))
    return found


def _booked_in(region: Region, month: date) -> dict[int, int]:
    days = days_of(month)
    rows = db.session.execute(
        select(Booking.resource_id, func.sum(Booking.ends - Booking.starts))
        .join(Resource, Resource.id == Booking.resource_id)
        .join(Region, Region.id == Resource.region_id)
        .where(within(region), Booking.cancelled_at.is_(None), Booking.day.between(days[0], days[-1]))
        .group_by(Booking.resource_id)
    ).all()
    return {resource_id: int(minutes) for resource_id, minutes in rows}


def month_beside(month: date, step: int) -> date:
    """The first day of the month before or after."""
    edge = month.replace(day=1) - timedelta(days=1) if step < 0 else month.replace(day=28) + timedelta(days=4)
    return edge.replace(day=1)
