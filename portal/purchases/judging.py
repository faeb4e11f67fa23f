"""Each judge scores the bids for herself, or steps back; the scores stand when all have."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal import audit
from portal.policies.queries import rules_for
from portal.purchases.models import Judge, Purchase, Score, ScoringFactor
from portal.purchases.panel import active_judges, judge_of, step_back, tied
from portal.purchases.queries import factors_of, opened_bids
from portal.purchases.results import offer_of, weights_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, purchases, selection
from portal.rules.permissions import Actor, Deed
from portal.rules.purchases import PurchaseState
from portal.rules.selection import Tie
from portal.rules.wording import personal_numbers
from portal.store import action, db, locked
from portal.store.clock import now

Cell = tuple[int, int]
"""A bid and a factor."""


@dataclass(frozen=True)
class Given:
    """What a judge gives: hundredths of a point, None where no number could be read; and why, if she says so."""

    points: int | None
    words: str = ""


@action
def recuse(actor: Actor, purchase: Purchase, tie: Tie) -> None:
    """A judge steps back; another is appointed in her place. What she gave does not count. Source: B22."""
    locked(purchase)
    judge = judge_of(actor, purchase)
    if judge is None:
        return
    enforce(purchases.stands(purchase.state, PurchaseState.PREPARED, PurchaseState.PUBLISHED, PurchaseState.OPENED))
    step_back(judge, tie)
    audit.record(actor, Deed.JUDGE_BIDS, judge, recused=tie.value)
    _judged_if_all_have(purchase)


@action
def hand_in_scores(actor: Actor, purchase: Purchase, given: Mapping[Cell, Given]) -> None:
    """A judge scores every bid that was let in, once; nobody sees it before all judges have. Source: B22."""
    locked(purchase)
    judge = judge_of(actor, purchase)
    if judge is not None and judge.done_at is not None and _same(judge, given):
        return
    enforce(purchases.stands(purchase.state, PurchaseState.OPENED))
    enforce(_panel_refusals(actor, purchase, judge))
    assert judge is not None, "refused above"
    cells = cells_of(purchase)
    enforce(refusal for cell, factor in cells.items() for refusal in _cell_refusals(cell, factor, given.get(cell)))
    for bid, factor_id in cells:
        one = given[bid, factor_id]
        db.session.add(
            Score(bid_id=bid, factor_id=factor_id, judge_id=judge.id, points=one.points, words=one.words, at=now())
        )
    db.session.flush()  # before done_at: from then on the database refuses to change them
    judge.done_at = now()
    audit.record(actor, Deed.JUDGE_BIDS, judge, done=True)
    _judged_if_all_have(purchase)


def _panel_refusals(actor: Actor, purchase: Purchase, judge: Judge | None) -> list[Refusal]:
    if judge is None:
        return [Refusal(N_("You are not, or no longer, a judge of this purchase."))]
    if judge.done_at is not None:
        return [Refusal(N_("You have handed in your scores; they stand."))]
    if actor.id in tied(purchase):
        return [Refusal(N_("You work for a bidder now: please step back."))]
    numbers = rules_for(db.session.get_one(Region, purchase.region_id))
    return list(selection.panel_refusals(len(active_judges(purchase)), numbers.fewest_judges))


def cells_of(purchase: Purchase) -> dict[Cell, ScoringFactor]:
    """What judges have to score: each bid that was let in, by each factor whose points are not computed."""
    factors = {factor.id: factor for factor in factors_of(purchase)}
    return {
        (one.bid.id, weight.key): factors[weight.key]
        for one in opened_bids(purchase)
        if not one.bid.refused_reason
        for weight in weights_of(factors.values())
        if selection.judged(weight, offer_of(one))
    }


def _cell_refusals(cell: Cell, factor: ScoringFactor, given: Given | None) -> list[Refusal]:
    beside = f"s{cell[0]}_{cell[1]}"
    found = list(selection.score_refusals(given.points if given else None, factor.points, beside))
    if given and len(given.words) > 500:
        found.append(Refusal(N_("This is too long: at most %(most)s characters."), beside, {"most": 500}))
    return [*found, *personal_numbers(given.words if given else "", beside)]


def _same(judge: Judge, given: Mapping[Cell, Given]) -> bool:
    scores = db.session.scalars(select(Score).where(Score.judge_id == judge.id))
    return {(s.bid_id, s.factor_id): s.points for s in scores} == {cell: one.points for cell, one in given.items()}


def _judged_if_all_have(purchase: Purchase) -> None:
    """The scores stand when a whole panel has handed them in."""
    if purchase.state != PurchaseState.OPENED:
        return
    db.session.flush()
    judges = active_judges(purchase)
    fewest = rules_for(db.session.get_one(Region, purchase.region_id)).fewest_judges
    if any(judge.done_at is None for judge in judges) or any(selection.panel_refusals(len(judges), fewest)):
        return
    purchase.state, purchase.judged_at = PurchaseState.JUDGED.value, now()
