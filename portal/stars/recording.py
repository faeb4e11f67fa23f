"""Offices write down what stands for or against a provider, and what outside bodies say of it. Source: A67, 2.5."""

from typing import Any

from sqlalchemy import select

from portal import audit
from portal.accounts.models import RoleGrant
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for
from portal.providers.models import CreditEvent, Provider, StandingEntry
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, pleas
from portal.rules.credit import WITHDRAWS, EventKind, points_of
from portal.rules.outside import EntryKind, years_after
from portal.rules.permissions import Actor, Deed
from portal.rules.pleas import EventDraft
from portal.rules.standings import EntryDraft, read_entries
from portal.stars.awarding import withdraw_stars
from portal.store import action, db, put_once, take_turn
from portal.store.clock import now, today


@action
def record_event(actor: Actor, region: Region, provider: Provider, draft: EventDraft, key: str) -> None:
    """Write an event into a provider's credit record, for `region`; sent twice with the same `key` it is one."""
    enforce(pleas.event_refusals(draft, tied=actor.works_for(provider.id)))
    kind = EventKind(draft.kind)
    put_event(actor, region, provider, kind, draft.reason, by="key", key=key, evidence=draft.evidence)


def put_event(
    actor: Actor, region: Region, provider: Provider, kind: EventKind, reason: str, *, by: str, **values: Any
) -> None:
    """Inside a deed: an event of `kind` counts from today on; one that is there by the column `by` is not put again.

    A proven breach takes the stars away. The provider's people are told.
    """
    take_turn("stars")
    counts = points_of(rules_for(region))[kind]
    event = put_once(
        CreditEvent,
        by=by,
        provider_id=provider.id,
        region_id=region.id,
        kind=kind.value,
        points=counts.points,
        reason=reason,
        at=now(),
        expires_on=years_after(today(), counts.years),
        actor_id=actor.id,
        **values,
    )
    if event is None:
        return
    audit.record(actor, Deed.KEEP_CREDIT, event, kind=kind.value, points=counts.points)
    if kind in WITHDRAWS:
        withdraw_stars(provider.id, today())
    home = db.session.get_one(Region, provider.region_id)
    staff = db.session.scalars(select(RoleGrant.person_id).where(RoleGrant.provider_id == provider.id).distinct()).all()
    tell_all(staff, "credit_event", f"/{home.code}/providers/{provider.id}/credit/", title=provider.name)


@action
def import_entries(actor: Actor, region: Region, text: str) -> int:
    """Take over lines of outside lists, all or none; a line that is there already only gets its last day and source.

    Gives how many lines there were.
    """
    drafts, refusals = read_entries(text, today=today())
    codes = [draft.usc_code for draft in drafts]
    known = {one.usc_code: one for one in db.session.scalars(select(Provider).where(Provider.usc_code.in_(codes)))}
    for draft in drafts:
        if draft.usc_code not in known:
            said = N_("Line %(number)s: no provider with this code is registered.")
            refusals.append(Refusal(said, "lines", {"number": draft.number}))
        elif actor.works_for(known[draft.usc_code].id):
            refusals.extend(pleas.tied_refusals(tied=True))
    enforce(refusals)
    for draft in drafts:
        _put_entry(actor, known[draft.usc_code], draft, rules_for(region).assessment_years)
    return len(drafts)


def _put_entry(actor: Actor, provider: Provider, draft: EntryDraft, years: int) -> None:
    until = draft.until_on
    if until is None and draft.kind is EntryKind.ASSESSMENT:
        until = years_after(draft.from_on, years)
    said: dict[str, Any] = {"grade": draft.grade, "until_on": until, "source": draft.source}
    same: dict[str, Any] = {"provider_id": provider.id, "kind": draft.kind.value, "from_on": draft.from_on}
    entry = put_once(StandingEntry, **same, **said, entered_at=now(), entered_by_id=actor.id)
    if entry is None:
        entry = db.session.scalars(select(StandingEntry).filter_by(**same)).one()
        for name, value in said.items():
            setattr(entry, name, value)
    audit.record(actor, Deed.KEEP_CREDIT, entry, until=until.isoformat() if until else "")
