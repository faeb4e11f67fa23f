"""Incubators are set up, organisations come in and graduate. Source: A56."""

from datetime import date

from sqlalchemy import or_, select

from portal import audit
from portal.providers.queries import serves
from portal.regions.models import Region
from portal.resources.incubators import premises_in
from portal.resources.keys import sent_before
from portal.resources.models import Incubator, IncubatorOrganisation
from portal.rules import enforce, incubators
from portal.rules.incubators import IncubatorDraft
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked, take_turn
from portal.store.clock import now, today


@action
def set_up_incubator(
    actor: Actor, region: Region, draft: IncubatorDraft, key: str, premises_id: int | None = None
) -> Incubator:
    """Set up an incubator of a sub-district, in premises of the list or without."""
    take_turn(f"incubators of {region.id}")
    said, key = sent_before(Incubator, key, region_id=region.id, name=draft.name)
    if said is not None:
        return said
    there = premises_id is None or premises_id in [row.id for row in premises_in(region)]
    enforce(incubators.refusals(draft, level=region.level, today=today(), premises_there=there))
    incubator = Incubator(
        key=key,
        region_id=region.id,
        name=draft.name,
        story=draft.story,
        opened_on=draft.opened_on,
        premises_id=premises_id,
        set_up_by_id=actor.id,
        at=now(),
    )
    db.session.add(incubator)
    audit.record(actor, Deed.KEEP_RESOURCE, incubator)
    return incubator


@action
def enter_incubator(
    actor: Actor,
    region: Region,
    incubator: Incubator,
    name: str,
    entered_on: date,
    key: str,
    provider_id: int | None = None,
) -> IncubatorOrganisation:
    """Note that an organisation has come into an incubator."""
    locked(incubator)
    said, key = sent_before(IncubatorOrganisation, key, incubator_id=incubator.id, name=name)
    if said is not None:
        return said
    same = IncubatorOrganisation.name == name
    if provider_id is not None:
        same = or_(same, IncubatorOrganisation.provider_id == provider_id)
    inside = select(IncubatorOrganisation.id).where(
        IncubatorOrganisation.incubator_id == incubator.id, IncubatorOrganisation.graduated_on.is_(None), same
    )
    enforce(
        incubators.entry_refusals(
            name,
            entered_on,
            opened_on=incubator.opened_on,
            today=today(),
            is_in=db.session.scalar(inside.limit(1)) is not None,
            serves=provider_id is None or serves(provider_id, region),
        )
    )
    organisation = IncubatorOrganisation(
        key=key,
        incubator_id=incubator.id,
        name=name,
        provider_id=provider_id,
        entered_on=entered_on,
        entered_by_id=actor.id,
        at=now(),
    )
    db.session.add(organisation)
    audit.record(actor, Deed.KEEP_RESOURCE, organisation, entered_on=entered_on.isoformat())
    return organisation


@action
def graduate(actor: Actor, organisation: IncubatorOrganisation, graduated_on: date) -> None:
    """Note that an organisation has left the incubator to stand by itself. Noted twice the same, it is once."""
    locked(organisation)
    if organisation.graduated_on == graduated_on:
        return
    enforce(
        incubators.graduation_refusals(
            graduated_on,
            entered_on=organisation.entered_on,
            today=today(),
            already=organisation.graduated_on is not None,
        )
    )
    organisation.graduated_on = graduated_on
    audit.record(actor, Deed.KEEP_RESOURCE, organisation, graduated_on=graduated_on.isoformat())
