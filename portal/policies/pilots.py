"""Pilots: what a division tries out before it is everywhere."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from portal import audit
from portal.policies.keeping import put_keyed
from portal.policies.models import Pilot
from portal.policies.queries import ids_of
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import enforce, policies
from portal.rules.permissions import Actor, Deed
from portal.rules.policies import PilotDraft
from portal.store import action, db, locked, take_turn
from portal.store.clock import now, today


@action
def begin_pilot(actor: Actor, region: Region, draft: PilotDraft, key: str) -> Pilot:
    """Try a feature out in a division and all below it. Source: B9."""
    take_turn(f"pilots of {region.id}")
    if said := db.session.scalar(select(Pilot).where(Pilot.key == key, Pilot.region_id == region.id)):
        return said
    others = db.session.execute(
        select(Pilot.from_on, Pilot.until_on).where(Pilot.region_id == region.id, Pilot.feature == draft.feature)
    )
    enforce(policies.pilot_refusals(draft, today=today(), others=[(one.from_on, one.until_on) for one in others]))
    return put_keyed(
        actor,
        Deed.KEEP_POLICY,
        Pilot,
        key,
        region_id=region.id,
        feature=draft.feature,
        from_on=draft.from_on,
        until_on=draft.until_on,
        words=draft.words,
        put_at=now(),
    )


@action
def end_pilot(actor: Actor, pilot: Pilot, ends: date | None) -> None:
    """Let a pilot end earlier than was said, today at the earliest."""
    locked(pilot)
    enforce(policies.ending_refusals(pilot.from_on, pilot.until_on, ends, today=today()))
    pilot.until_on = ends
    audit.record(actor, Deed.KEEP_POLICY, pilot, until=str(ends))


def pilots_of(region: Region) -> Sequence[Row[Pilot, Region]]:
    """The pilots of a region, those above it and all below, newest first, each with its division."""
    here = Region.id.in_(ids_of(region.path)) | within(region)
    return db.session.execute(
        select(Pilot, Region)
        .join(Region, Region.id == Pilot.region_id)
        .where(here)
        .order_by(Pilot.id.desc())
        .limit(200)
    ).all()


def find_pilot(number: int, found: dict[str, Any]) -> Pilot | None:
    """A pilot under its division."""
    pilot = db.session.get(Pilot, number)
    return pilot if pilot is not None and pilot.region_id == found["region"].id else None
