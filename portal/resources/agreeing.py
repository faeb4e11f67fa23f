"""Agreements on premises and goods are made, served and ended. Source: A51, A53, A54."""

from datetime import date

from sqlalchemy import select

from portal import audit
from portal.providers.queries import serves
from portal.regions.models import Region
from portal.resources import agreements as kept
from portal.resources.keys import sent_before
from portal.resources.models import HoursEntry, PremisesAgreement, Resource
from portal.rules import agreements, enforce
from portal.rules.agreements import AgreementDraft, Term
from portal.rules.permissions import Actor, Deed
from portal.rules.resources import ResourceKind
from portal.store import action, db, locked
from portal.store.clock import now, today


@action
def make_agreement(
    actor: Actor, region: Region, resource: Resource, provider_id: int, draft: AgreementDraft, key: str
) -> PremisesAgreement:
    """Let a provider use a resource on terms that everyone can read; one agreement at a time."""
    locked(resource)
    said, key = sent_before(
        PremisesAgreement, key, resource_id=resource.id, provider_id=provider_id, made_by_id=actor.id
    )
    if said is not None:
        return said
    others = db.session.scalars(select(PremisesAgreement).where(PremisesAgreement.resource_id == resource.id))
    enforce(
        agreements.refusals(
            draft,
            kind=ResourceKind(resource.kind),
            listed=resource.listed and resource.withdrawn_at is None,
            serves=serves(provider_id, region),
            running=[kept.term_of(one) for one in others],
        )
    )
    agreement = PremisesAgreement(
        key=key,
        resource_id=resource.id,
        provider_id=provider_id,
        mode=draft.mode,
        from_on=draft.from_on,
        until_on=draft.until_on,
        minutes_owed=draft.minutes_owed,
        value_fen=draft.value_fen,
        valuation=draft.valuation,
        words=draft.words,
        made_by_id=actor.id,
        at=now(),
    )
    db.session.add(agreement)
    audit.record(actor, Deed.KEEP_RESOURCE, agreement, mode=draft.mode, value_fen=draft.value_fen)
    return agreement


@action
def enter_hours(
    actor: Actor, agreement: PremisesAgreement, minutes: int | None, served_on: date, words: str, key: str
) -> HoursEntry:
    """Enter hours of service delivered for the use of a resource, or take some back (below zero)."""
    locked(agreement)
    said, key = sent_before(
        HoursEntry, key, agreement_id=agreement.id, entered_by_id=actor.id, minutes=minutes, served_on=served_on
    )
    if said is not None:
        return said
    enforce(
        agreements.entry_refusals(
            minutes,
            served_on,
            words,
            term=kept.term_of(agreement),
            today=today(),
            owed=agreement.minutes_owed,
            delivered=kept.minutes_delivered(agreement),
        )
    )
    entry = HoursEntry(
        key=key,
        agreement_id=agreement.id,
        minutes=minutes,
        served_on=served_on,
        words=words,
        entered_by_id=actor.id,
        at=now(),
    )
    db.session.add(entry)
    audit.record(actor, Deed.KEEP_RESOURCE, entry, minutes=minutes)
    return entry


@action
def end_agreement(actor: Actor, resource: Resource, agreement: PremisesAgreement, ended_on: date, reason: str) -> None:
    """End an agreement early, with a public reason; hours that are still owed stay to be read."""
    locked(resource)
    locked(agreement)
    if (agreement.ended_on, agreement.ended_for) == (ended_on, reason):
        return
    term = Term(agreement.from_on, agreement.until_on)
    ended = agreement.ended_on is not None or agreement.until_on < today()
    enforce(agreements.end_refusals(ended_on, reason, term=term, ended=ended, today=today()))
    agreement.ended_on, agreement.ended_for = ended_on, reason
    audit.record(actor, Deed.KEEP_RESOURCE, agreement, ended_on=ended_on.isoformat())
