"""The ranking of opened bids with every working of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.purchases.models import Judge, Purchase, Score, ScoringFactor
from portal.purchases.queries import OpenedBid, factors_of, opened_bids
from portal.rules.selection import Basis, Offer, Ranked, Weight, lots_of, ranking
from portal.store import db


@dataclass(frozen=True)
class Result:
    """Who judged, what each gave, and the bids in order; `refused` were not let in."""

    factors: Sequence[ScoringFactor]
    judges: Sequence[Judge]
    """Those whose scores count; their letters are A, B, C, … in this order."""
    stepped_back: Sequence[Judge]
    scores: dict[tuple[int, int], list[Score]]
    """By bid and factor, in the order of the judges."""
    bids: dict[int, OpenedBid]
    """Let in, by number."""
    ranking: Sequence[Ranked]
    lots: dict[int, str]
    refused: Sequence[OpenedBid]

    @property
    def has_ties(self) -> bool:
        return any(one.by_price or one.by_priority or one.by_lot for one in self.ranking)


def result_of(purchase: Purchase) -> Result | None:
    """What came of a purchase, as soon as its scores stand; before that nobody sees any of it."""
    if purchase.judged_at is None:
        return None
    factors, found = factors_of(purchase), opened_bids(purchase)
    judges, scores = _judged(purchase)
    bids = {one.bid.id: one for one in found if not one.bid.refused_reason}
    offers = [offer_of(one) for one in bids.values()]
    points = {cell: [score.points for score in given] for cell, given in scores.items()}
    return Result(
        factors=factors,
        judges=[judge for judge in judges if judge.recused_at is None],
        stepped_back=[judge for judge in judges if judge.recused_at is not None],
        scores=scores,
        bids=bids,
        ranking=ranking(offers, weights_of(factors), points),
        lots=lots_of(offers),
        refused=[one for one in found if one.bid.refused_reason],
    )


def _judged(purchase: Purchase) -> tuple[list[Judge], dict[tuple[int, int], list[Score]]]:
    judges: dict[int, Judge] = {}
    scores: dict[tuple[int, int], list[Score]] = {}
    rows = db.session.execute(
        select(Judge, Score)
        .outerjoin(Score, Score.judge_id == Judge.id)
        .where(Judge.purchase_id == purchase.id)
        .order_by(Judge.id)
    )
    for judge, score in rows:
        judges[judge.id] = judge
        if score is not None and judge.recused_at is None:
            scores.setdefault((score.bid_id, score.factor_id), []).append(score)
    return list(judges.values()), scores


def offer_of(one: OpenedBid) -> Offer:
    standing = one.bid.standing or {}
    priority = bool(standing.get("priority"))
    return Offer(one.bid.id, one.bid.price_fen, one.provider.usc_code, standing.get("score"), priority)


def weights_of(factors: Iterable[ScoringFactor]) -> list[Weight]:
    return [Weight(factor.id, factor.points, Basis(factor.basis)) for factor in factors]
