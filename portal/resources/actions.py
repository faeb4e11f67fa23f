"""What is done with the resource list: offer, list, revise, withdraw."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal import audit
from portal.notifications.actions import tell
from portal.policies.catalogue import catalogue
from portal.policies.queries import rules_for
from portal.providers.queries import serves
from portal.regions.models import Region
from portal.resources import queries
from portal.resources.calendars import bookings_ahead
from portal.resources.keys import sent_before
from portal.resources.models import (
    OpeningHours,
    Premises,
    PremisesAgreement,
    Resource,
    ResourceChange,
    resource_search,
)
from portal.rules import N_, Refusal, enforce, resources
from portal.rules.bookings import NEVER, Availability, Slot, Week, holds
from portal.rules.permissions import Actor, Deed, may
from portal.rules.resources import ResourceDraft, ResourceKind
from portal.store import action, db, locked, put_once, take_turn
from portal.store.clock import now, today


@action
def offer_resource(
    actor: Actor, region: Region, draft: ResourceDraft, key: str, provider_id: int | None = None
) -> Resource:
    """Offer something that can be used; what the committee or an official enters is listed at once. Source: A38."""
    take_turn(f"offers of {actor.id}")  # so that the limit holds
    said, key = sent_before(Resource, key, region_id=region.id, offered_by_id=actor.id, title=draft.title)
    if said is not None:
        return said
    keeps = may(actor, Deed.KEEP_RESOURCE, region.path)
    most = rules_for(region).most_open_offers
    enforce(resources.offer_refusals(0 if keeps else queries.count_open_offers(actor.id), most))
    enforce(_refusals(draft))
    if provider_id is not None and not serves(provider_id, region):
        enforce([Refusal(N_("This provider is not registered for this place."), "provider")])
    resource = put_once(
        Resource,
        by="key",
        key=key,
        region_id=region.id,
        provider_id=provider_id,
        offered_by_id=actor.id,
        at=now(),
        listed=False,
        withdrawn_for="",
        **_facts(draft),
    )
    if resource is None:  # someone else was quicker by a moment
        return offer_resource(actor, region, draft, key, provider_id)
    if draft.premises:
        db.session.add(Premises(resource_id=resource.id, **_premises_facts(draft)))
        _hold_hours(resource, today(), draft.premises.week or NEVER)
    _note(actor, Deed.OFFER_RESOURCE, resource, "offered")
    _index(resource)
    if keeps:
        list_resource(actor, region, resource)
    return resource


@action
def list_resource(actor: Actor, region: Region, resource: Resource) -> None:
    """Put an offer on the public list. Listed twice, it is once. Source: A39, A49 (a look before publication)."""
    locked(resource)
    enforce(resources.may_change(withdrawn=resource.withdrawn_at is not None))
    if resource.listed:
        return
    resource.listed = True
    for hours in db.session.scalars(select(OpeningHours).where(OpeningHours.resource_id == resource.id)):
        hours.from_on = today()
    _note(actor, Deed.KEEP_RESOURCE, resource, "listed")
    if resource.offered_by_id != actor.id:
        tell(resource.offered_by_id, "resource_listed", _page(region, resource), title=resource.title)


@action
def revise_resource(actor: Actor, region: Region, resource: Resource, draft: ResourceDraft) -> None:
    """Change what is said of a resource; everyone can read what was changed.

    New opening hours hold from tomorrow on; bookings that do not fit any more are cancelled, and who booked is told.
    """
    locked(resource)
    before = queries.detail_of(resource)
    enforce(resources.may_change(withdrawn=resource.withdrawn_at is not None))
    enforce(_refusals(draft))
    if resource.listed:
        days = (resource.from_on, resource.until_on), (draft.from_on, draft.until_on)
        enforce(resources.period_refusals(*days, today()))
    changes = _changes(resource, before, draft)
    if not changes:
        return
    if {"title", "story", "conditions"} & changes.keys():
        resource.translations = None
    for name, value in _facts(draft).items():
        setattr(resource, name, value)
    if draft.premises and before.premises:
        for name, value in _premises_facts(draft).items():
            setattr(before.premises, name, value)
        if "week" in changes:
            _change_hours(resource, draft.premises.week or NEVER)
    db.session.flush()
    _note(actor, Deed.KEEP_RESOURCE, resource, "revised", changes)
    _index(resource)
    _cancel_what_does_not_fit(region, resource, queries.detail_of(resource).available)


@action
def withdraw_resource(actor: Actor, region: Region, resource: Resource, reason: str) -> None:
    """Take a resource off the list for good, with a public reason; bookings ahead are cancelled.

    Its number and page stay. Withdrawn twice, it is once. Source: A39.
    """
    locked(resource)
    if resource.withdrawn_at is not None:
        return
    running = select(PremisesAgreement.id).where(
        PremisesAgreement.resource_id == resource.id, queries.last_day >= today()
    )
    agreed = db.session.scalar(running.limit(1)) is not None
    enforce(resources.withdrawal_refusals(reason, listed=resource.listed, agreed=agreed))
    resource.withdrawn_at, resource.withdrawn_for = now(), reason
    _cancel_what_does_not_fit(region, resource, Availability(()))
    if resource.listed and resource.kind == ResourceKind.PREMISES:
        _hold_hours(resource, today() + timedelta(days=1), NEVER)
    deed = Deed.KEEP_RESOURCE if may(actor, Deed.KEEP_RESOURCE, region.path) else Deed.OFFER_RESOURCE
    _note(actor, deed, resource, "withdrawn")
    if resource.offered_by_id != actor.id:
        tell(resource.offered_by_id, "resource_withdrawn", _page(region, resource), title=resource.title)


def _refusals(draft: ResourceDraft) -> Any:
    categories = [item.code for item in catalogue().values() if item.resident_visible]
    return resources.refusals(draft, categories=categories, today=today())


def _facts(draft: ResourceDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind.value,
        "title": draft.title,
        "story": draft.story,
        "category": draft.category,
        "amount": draft.amount,
        "unit": draft.unit,
        "conditions": draft.conditions,
        "from_on": draft.from_on,
        "until_on": draft.until_on,
        "channel": draft.channel,
    }


def _premises_facts(draft: ResourceDraft) -> dict[str, Any]:
    said = draft.premises
    return {name: getattr(said, name) for name in ("ownership", "accessible", "idle_since")} if said else {}


def _changes(resource: Resource, before: queries.Detail, draft: ResourceDraft) -> dict[str, Any]:
    facts = _facts(draft) | {"kind": resource.kind}
    changes: dict[str, Any] = dict(resources.changes_between({name: getattr(resource, name) for name in facts}, facts))
    if before.premises and draft.premises:
        facts = _premises_facts(draft)
        changes |= resources.changes_between({name: getattr(before.premises, name) for name in facts}, facts)
        weeks = _last_week(before.available.hours), draft.premises.week or NEVER
        if weeks[0] != weeks[1]:
            changes["week"] = list(weeks)
    return changes


def _last_week(hours: Any) -> Week:
    return max(hours, key=lambda one: one.from_on).week if hours else NEVER


def _change_hours(resource: Resource, week: Week) -> None:
    if resource.listed:
        _hold_hours(resource, today() + timedelta(days=1), week)
        return
    db.session.execute(delete(OpeningHours).where(OpeningHours.resource_id == resource.id))
    _hold_hours(resource, today(), week)


def _hold_hours(resource: Resource, from_on: date, week: Week) -> None:
    """Let `week` hold from a day on, in the place of what was said for the same day before."""
    held = select(OpeningHours).where(OpeningHours.resource_id == resource.id, OpeningHours.from_on == from_on)
    hours = db.session.scalar(held) or OpeningHours(resource_id=resource.id, from_on=from_on)
    hours.week = list(week)
    db.session.add(hours)
    db.session.flush()


def _cancel_what_does_not_fit(region: Region, resource: Resource, available: Availability) -> None:
    for booking in bookings_ahead(resource):
        if not holds(Slot(booking.day, booking.starts, booking.ends), available):
            booking.cancelled_at = now()
            link = f"{_page(region, resource)}calendar?month={booking.day:%Y-%m}"
            tell(booking.booked_by_id, "booking_cancelled", link, title=resource.title, day=booking.day.isoformat())


def _note(actor: Actor, deed: Deed, resource: Resource, what: str, changes: dict[str, Any] | None = None) -> None:
    """Write down what was done, for everyone and for the log."""
    db.session.add(
        ResourceChange(resource_id=resource.id, at=now(), what=what, changes=changes or {}, actor_id=actor.id)
    )
    audit.record(actor, deed, resource, what=what)


def _index(resource: Resource) -> None:
    resource_search.put(resource.id, f"{resource.title} {resource.story} {resource.conditions}")


def _page(region: Region, resource: Resource) -> str:
    return f"/{region.code}/resources/{resource.id}/"
