"""Bids are opened all at once, with what is published of who sent them, and let in or not."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.policies.queries import rules_for
from portal.projects.models import Project
from portal.providers.credit import credits_of, holding, stars_on
from portal.providers.models import StarLevel
from portal.providers.queries import serves, standings_of
from portal.purchases.models import Bid, Purchase, Score
from portal.purchases.panel import active_judges, refuse_tied, step_back, tied
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, purchases
from portal.rules.credit import Credit, Effect
from portal.rules.permissions import Actor, Deed
from portal.rules.purchases import Method, PurchaseState
from portal.rules.selection import Scoring, Tie
from portal.store import action, db, locked
from portal.store.clock import now, today

NOT_REGISTERED = "not_registered"
BARRED = "barred"
"""Stand for the reasons that the portal itself found when bids were opened."""


@action
def open_bids(actor: Actor, purchase: Purchase) -> None:
    """Open all bids at once when they are due; a judge who is tied to a bidder steps back by that. Source: B8, A66."""
    locked(purchase)
    if purchase.opened_at is not None:
        return
    enforce(purchases.stands(purchase.state, PurchaseState.PUBLISHED))
    if purchase.bids_due_at is None or purchase.bids_due_at >= now():
        enforce([Refusal(N_("Bids are sealed until they are due."))])
    refuse_tied(actor, purchase)
    buyer = db.session.get_one(Region, purchase.region_id)
    bids = db.session.scalars(select(Bid).where(Bid.purchase_id == purchase.id, Bid.withdrawn_at.is_(None))).all()
    enforce(purchases.enough_bids(len(bids), Method(purchase.method), rules_for(buyer)))
    _take_standings(bids, buyer)
    db.session.flush()
    purchase.opened_at, purchase.state = now(), PurchaseState.OPENED.value
    db.session.flush()
    _refuse_strangers(purchase, bids)
    bidders = tied(purchase)
    for judge in active_judges(purchase):
        if judge.person_id in bidders:
            step_back(judge, Tie.BIDDER)
    if purchase.scoring == Scoring.LOWEST:
        purchase.state, purchase.judged_at = PurchaseState.JUDGED.value, now()
    audit.record(actor, Deed.RUN_PURCHASE, purchase, opened=len(bids))


def _take_standings(bids: Sequence[Bid], buyer: Region) -> None:
    """Note what is published of each bidder now: satisfaction in tenths of a point, stars, credit, and the rows that
    these come from. Source: A66.
    """
    numbers, providers = rules_for(buyer), [bid.provider_id for bid in bids]
    standings = standings_of(providers, numbers)
    levels, credits = stars_on(providers, today()), credits_of(providers, numbers, today())
    for bid in bids:
        bid.standing = _repute(levels.get(bid.provider_id), credits[bid.provider_id])
        standing = standings.get(bid.provider_id)
        if standing is not None and standing.score is not None:
            score = standing.score
            tenths = {"score": round(score.mean * 10), "low": round(score.low * 10), "high": round(score.high * 10)}
            bid.standing |= {**tenths, "ratings": standing.about}


def _repute(level: StarLevel | None, credit: Credit) -> dict[str, Any]:
    return {
        "stars": holding(level, today()),
        "star_level": level.id if level else None,
        "credit": credit.score,
        "priority": Effect.PRIORITY in credit.effects,
        "credit_events": [one.event.id for one in credit.counted],
        "barred_until": credit.barred_until.isoformat() if credit.barred_until else None,
    }


def _refuse_strangers(purchase: Purchase, bids: Sequence[Bid]) -> None:
    """A bidder that is registered there no longer, or is barred from selection, is not let in. Source: A69."""
    project = db.session.get_one(Project, purchase.project_id)
    place = db.session.get_one(Region, project.region_id)
    for bid in bids:
        if not serves(bid.provider_id, place):
            bid.refused_reason = NOT_REGISTERED
        elif bid.standing and bid.standing["barred_until"]:
            bid.refused_reason = BARRED


@action
def refuse_bid(actor: Actor, purchase: Purchase, bid: Bid, words: str) -> None:
    """Do not let an opened bid in, with a reason that is published with the result; before any score stands."""
    locked(purchase)
    if bid.refused_reason == words and words:
        return
    lowest = [PurchaseState.JUDGED] if purchase.scoring == Scoring.LOWEST and not purchase.reported_at else []
    enforce([*purchases.stands(purchase.state, PurchaseState.OPENED, *lowest), *_any_score(bid)])
    refuse_tied(actor, purchase)
    enforce(purchases.reason_refusals(words, "words"))
    bid.refused_reason = words
    audit.record(actor, Deed.RUN_PURCHASE, bid, refused=True)


def _any_score(bid: Bid) -> list[Refusal]:
    if db.session.scalar(select(Score.judge_id).where(Score.bid_id == bid.id).limit(1)):
        return [Refusal(N_("Judges have scored this bid already."))]
    return []
