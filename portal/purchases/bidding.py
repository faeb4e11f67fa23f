"""Providers bid; nobody reads it before all bids are opened."""

from datetime import date

from sqlalchemy import select

from portal import audit
from portal.accounts.models import Person
from portal.policies.queries import rules_for
from portal.projects.models import Project
from portal.providers.credit import credits_of
from portal.providers.models import Provider
from portal.providers.queries import serves
from portal.purchases.models import Bid, Purchase, PurchaseInvitation
from portal.regions.models import Region
from portal.rules import N_, Refusal, credit, enforce, purchases
from portal.rules.permissions import Actor, Deed
from portal.rules.purchases import CLOSED, PurchaseState
from portal.store import action, db, locked
from portal.store.clock import now, today


@action
def send_bid(actor: Actor, purchase: Purchase, provider: Provider, price_fen: int | None, words: str) -> Bid:
    """Bid for a purchase, or change or renew the bid; a provider has one. Possible until bids are due. Source: B8."""
    locked(purchase)
    enforce(in_time(purchase))
    project = db.session.get_one(Project, purchase.project_id)
    enforce(credit.bar_refusals(barred_until(provider, db.session.get_one(Region, purchase.region_id))))
    enforce(
        purchases.bid_refusals(
            price_fen,
            words,
            purchase.budget_fen,
            serves=serves(provider.id, db.session.get_one(Region, project.region_id)),
            invited=is_invited(purchase, provider.id),
            drafted=actor.id == project.drafted_by_id,
        )
    )
    bid = _bid_of(purchase, provider) or Bid(purchase_id=purchase.id, provider_id=provider.id)
    bid.price_fen, bid.story, bid.withdrawn_at = price_fen or 0, words, None
    bid.sent_at, bid.sent_by_id = now(), db.session.get_one(Person, actor.id).id
    db.session.add(bid)
    audit.record(actor, Deed.BID, bid)
    return bid


@action
def withdraw_bid(actor: Actor, purchase: Purchase, provider: Provider) -> None:
    """Take a bid back before bids are due."""
    locked(purchase)
    enforce(in_time(purchase))
    bid = _bid_of(purchase, provider)
    if bid is not None and bid.withdrawn_at is None:
        bid.withdrawn_at = now()
        audit.record(actor, Deed.BID, bid, withdrawn=True)


def is_invited(purchase: Purchase, provider_id: int) -> bool:
    """Whether a provider may bid as far as the method goes. Source: B7."""
    if purchase.method not in CLOSED:
        return True
    return db.session.get(PurchaseInvitation, (purchase.id, provider_id)) is not None


def in_time(purchase: Purchase) -> list[Refusal]:
    """Why nothing can be sent, changed or taken back now."""
    found = list(purchases.stands(purchase.state, PurchaseState.PUBLISHED))
    if not found and (purchase.bids_due_at is None or purchase.bids_due_at < now()):
        found.append(Refusal(N_("Bids were due earlier; nothing can be sent, changed or taken back any more.")))
    return found


def barred_until(provider: Provider, buyer: Region) -> date | None:
    """Until when a provider may not be selected by whose government buys. Source: A69."""
    return credits_of([provider.id], rules_for(buyer), today())[provider.id].barred_until


def _bid_of(purchase: Purchase, provider: Provider) -> Bid | None:
    return db.session.scalar(select(Bid).where(Bid.purchase_id == purchase.id, Bid.provider_id == provider.id))
