"""Premises are booked, each time by one body only, and bookings are cancelled. Source: A52."""

from datetime import timedelta

from portal import audit
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.resources import calendars, queries
from portal.resources.calendars import Body
from portal.resources.keys import sent_before
from portal.resources.models import Booking, Resource
from portal.rules import N_, Refusal, bookings, enforce
from portal.rules.bookings import Slot
from portal.rules.permissions import Actor, Deed
from portal.rules.resources import ResourceKind
from portal.store import action, db, locked
from portal.store.clock import now

NOT_LISTED = Refusal(N_("Only premises on the public list can be booked."))
NOT_HERS = Refusal(N_("Please choose for whom you book."), "body")


@action
def book_resource(
    actor: Actor, region: Region, resource: Resource, body: Body | None, slot: Slot, purpose: str, key: str
) -> Booking:
    """Book premises for a committee or a provider; simultaneous deeds wait for each other at the resource."""
    locked(resource)
    said, key = sent_before(
        Booking, key, resource_id=resource.id, booked_by_id=actor.id, day=slot.day, starts=slot.starts, ends=slot.ends
    )
    if said is not None:
        return said
    if resource.kind != ResourceKind.PREMISES or not resource.listed or resource.withdrawn_at is not None:
        enforce([NOT_LISTED])
    if body is None or body not in [one for one, _ in calendars.bodies_of(actor, region)]:
        enforce([NOT_HERS])
        raise AssertionError("unreachable")
    moment = calendars.now_in_china()
    enforce(
        bookings.booking_refusals(
            slot,
            purpose,
            now=moment,
            last=moment[0] + timedelta(days=rules_for(region).booking_days_ahead),
            available=queries.detail_of(resource).available,
            taken=calendars.taken_on(resource, slot.day),
        )
    )
    booking = Booking(
        key=key,
        resource_id=resource.id,
        day=slot.day,
        starts=slot.starts,
        ends=slot.ends,
        region_id=body.region_id,
        provider_id=body.provider_id,
        purpose=purpose,
        booked_by_id=actor.id,
        at=now(),
    )
    db.session.add(booking)
    audit.record(actor, Deed.BOOK_RESOURCE, booking, resource=resource.id)
    return booking


@action
def cancel_booking(actor: Actor, resource: Resource, booking: Booking) -> None:
    """Give back what one's own body has booked and does not need. Cancelled twice, it is once."""
    locked(resource)
    locked(booking)
    if booking.cancelled_at is not None:
        return
    slot = Slot(booking.day, booking.starts, booking.ends)
    own = calendars.owns(actor, booking)
    enforce(bookings.cancel_refusals(slot, calendars.now_in_china(), own=own))
    booking.cancelled_at = now()
    audit.record(actor, Deed.BOOK_RESOURCE, booking, cancelled=True)
