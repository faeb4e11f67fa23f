"""Keys with which a provider's own system sends services."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select

from portal import audit
from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.accounts.secrets import keyed_hash, new_token
from portal.providers.models import Provider
from portal.ratings.models import ImportKey
from portal.rules import N_, Refusal, enforce
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked, put_once
from portal.store.clock import now

MOST_KEYS = 10
LONGEST_TITLE = 40


@action
def make_key(actor: Actor, provider: Provider, title: str, form_key: str = "") -> str:
    """A new key of a provider for one of its systems, shown this once; "" if this form was sent before."""
    enforce(_not_own(actor, provider))
    locked(provider)
    live = select(func.count()).where(ImportKey.provider_id == provider.id, ImportKey.revoked_at.is_(None))
    if not 2 <= len(title) <= LONGEST_TITLE:
        said = N_("Please say which system uses it, in 2 to %(most)s characters.")
        enforce([Refusal(said, "title", {"most": LONGEST_TITLE})])
    if (db.session.scalar(live) or 0) >= MOST_KEYS:
        enforce([Refusal(N_("There are %(most)s keys already; please end one first."), "title", {"most": MOST_KEYS})])
    secret = new_token()
    made = put_once(
        ImportKey,
        key=form_key or secrets.token_hex(16),
        provider_id=provider.id,
        hash=_hash(secret),
        title=title,
        made_by_id=actor.id,
        made_at=now(),
    )
    if made is None:
        return ""
    audit.record(actor, Deed.RECORD_SERVICE, made, made=True)
    return secret


@action
def revoke_key(actor: Actor, provider: Provider, key: ImportKey) -> None:
    """End a key; what it sent stays."""
    enforce(_not_own(actor, provider))
    if locked(key).revoked_at is None:
        key.revoked_at = now()
        audit.record(actor, Deed.RECORD_SERVICE, key, revoked=True)


def keys_of(actor: Actor, provider: Provider) -> Sequence[ImportKey]:
    """The keys of a provider, newest first, for its own people."""
    enforce(_not_own(actor, provider))
    return db.session.scalars(
        select(ImportKey).where(ImportKey.provider_id == provider.id).order_by(ImportKey.id.desc())
    ).all()


def find_key(number: int, found: dict[str, Provider]) -> ImportKey | None:
    """A key of the provider."""
    return db.session.scalar(
        select(ImportKey).where(ImportKey.id == number, ImportKey.provider_id == found["provider"].id)
    )


def holder_of(secret: str) -> tuple[Actor, Provider] | None:
    """Who sends with a key and for which provider: the one who made it, as long as she works there."""
    row = db.session.execute(
        select(Person, Provider)
        .join(ImportKey, ImportKey.made_by_id == Person.id)
        .join(Provider, Provider.id == ImportKey.provider_id)
        .where(ImportKey.hash == _hash(secret), ImportKey.revoked_at.is_(None))
    ).first()
    if row is None:
        return None
    person, provider = row
    actor = actor_of(person)
    return (actor, provider) if actor.works_for(provider.id) else None


def _hash(secret: str) -> str:
    return keyed_hash("import_key", secret)


def _not_own(actor: Actor, provider: Provider) -> list[Refusal]:
    said = N_("Only the provider's own people keep its keys.")
    return [] if actor.works_for(provider.id) else [Refusal(said)]
