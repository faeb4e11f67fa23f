"""A service came to its end, well or not, and who it was for is asked how it was."""

import secrets
from datetime import date

from portal import audit
from portal.policies.catalogue import catalogue
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.providers.queries import serves
from portal.ratings.answering import rate_service
from portal.ratings.contracted import terms_of
from portal.ratings.inviting import Asked, invite, send_links, staff_phones
from portal.ratings.models import ServiceRecord
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce
from portal.rules.accounts import phone_number
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.ratings import Channel, Outcome
from portal.rules.services import ServiceDraft, contract_for, service_refusals
from portal.store import action, put_once
from portal.store.clock import now, today


@action
def record_service(
    actor: Actor,
    provider: Provider,
    region: Region,
    category: str,
    served_on: date,
    phone: str = "",
    key: str = "",
    language: str = "zh-Hans",
    *,
    outcome: str = Outcome.DELIVERED.value,
    channel: str = Channel.SMS.value,
    grade: int | None = None,
) -> str:
    """Note that a service came to its end, and ask its recipient; `grade`: what she said by telephone.

    The phone number stands nowhere but on the messages, and is gone once they are sent or she has rated. Gives the
    secret of the invitation, for a slip or the demo; "" if this was recorded with the same `key` before.
    Source: A11, A27, ratings (all ends).
    """
    draft = ServiceDraft(category, served_on, phone, outcome, channel, grade)
    contract_id = contract_for(terms_of(provider), category, region.path, served_on)
    enforce(who_records(actor, provider, region))
    enforce(
        service_refusals(
            draft,
            today=today(),
            categories=catalogue(),
            serves_here=serves(provider.id, region),
            own_staff=phone_number(phone) in staff_phones(provider),
            by_provider=actor.works_for(provider.id),
            needs_contract=actor.works_for(provider.id),
            contract_id=contract_id,
            numbers=rules_for(region),
        )
    )
    service = put_once(
        ServiceRecord,
        key=f"form-{key or secrets.token_hex(16)}",
        provider_id=provider.id,
        contract_id=contract_id,
        region_id=region.id,
        category=category,
        outcome=outcome,
        served_on=served_on,
        recorded_at=now(),
        recorded_by_id=actor.id,
    )
    if service is None:
        return ""
    invited = invite(provider, [Asked(service, region, phone_number(phone) or "", Channel(channel))])
    token = invited[0][0]
    if grade is not None:
        rate_service(token, grade, by_staff=True)
    send_links(provider, invited, language)
    audit.record(actor, Deed.RECORD_SERVICE, service)
    return token


def who_records(actor: Actor, provider: Provider, region: Region) -> list[Refusal]:
    """Only the provider's own people and the committee record its services."""
    if actor.works_for(provider.id) or actor.holds(Role.COMMITTEE, region.path):
        return []
    return [Refusal(N_("Only the provider's own people and the committee can record its services."), "provider")]
