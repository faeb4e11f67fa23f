"""What officials put before everyone."""

from sqlalchemy import func, select

from portal import audit
from portal.disclosure.facts import facts_of
from portal.disclosure.models import DisclosureItem
from portal.disclosure.queries import moments_of
from portal.purchases.queries import Case
from portal.rules import disclosure, enforce
from portal.rules.disclosure import Item
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now


@action
def disclose(actor: Actor, case: Case, item: Item, words: str, seen: int) -> None:
    """Publish an item as the purchase stands now; `seen`: the newest version on the page (0: none).

    What was published stays as it is: a correction is a further version. Sent twice, it is one. Source: B31, B32.
    """
    locked(case.purchase)
    newest = select(func.coalesce(func.max(DisclosureItem.version), 0)).where(
        DisclosureItem.purchase_id == case.purchase.id, DisclosureItem.item == item.value
    )
    versions = db.session.scalar(newest) or 0
    if versions > seen:
        return
    enforce(disclosure.refusals(item, moments_of(case.purchase), words, versions=versions))
    row = DisclosureItem(
        purchase_id=case.purchase.id,
        item=item.value,
        version=versions + 1,
        facts=facts_of(case, item),
        words=words,
        published_at=now(),
        actor_id=actor.id,
    )
    db.session.add(row)
    audit.record(actor, Deed.DISCLOSE, row, item=item.value, version=row.version)
