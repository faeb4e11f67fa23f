"""What is done with providers."""

from portal import audit
from portal.providers import queries
from portal.providers.models import Provider, ProviderArea
from portal.regions.models import Region
from portal.rules import enforce, providers
from portal.rules.permissions import Actor, Deed
from portal.rules.providers import ProviderDraft
from portal.store import action, put_once
from portal.store.clock import now


@action
def register_provider(actor: Actor, region: Region, draft: ProviderDraft) -> Provider:
    """Let a provider serve `region` and all below it; one that is registered elsewhere keeps what is known of it.

    Source: B15.
    """
    enforce(providers.refusals(draft))
    provider = put_once(
        Provider,
        region_id=region.id,
        name=draft.name,
        kind=draft.kind,
        usc_code=draft.usc_code,
        story=draft.story,
        registered_at=now(),
    )
    provider = provider or queries.provider_with(draft.usc_code)
    if provider is None:
        raise LookupError("a provider that is registered cannot be found")
    if put_once(ProviderArea, provider_id=provider.id, region_id=region.id):
        audit.record(actor, Deed.REGISTER_PROVIDER, provider, region=region.id)
    return provider
