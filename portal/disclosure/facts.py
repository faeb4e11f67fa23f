"""What an item says, taken from the purchase at the moment of its publication."""

from typing import Any

from portal.purchases.forms import METHODS, PURCHASER_KINDS
from portal.purchases.queries import Case, challenges_of, factors_of, opened_bids
from portal.purchases.results import result_of
from portal.rules import N_
from portal.rules.disclosure import Item
from portal.store.clock import CHINA

Fact = list[Any]


def facts_of(case: Case, item: Item) -> list[Fact]:
    """Rows of [label, kind, value], ready to be kept."""
    return FACTS[item](case)


def _purchaser(case: Case) -> list[Fact]:
    return [
        [N_("Purchaser"), "text", case.purchase.purchaser],
        [N_("Kind of body"), "words", PURCHASER_KINDS.get(case.purchase.purchaser_kind, case.purchase.purchaser_kind)],
        [N_("Place"), "text", case.buyer.name],
    ]


def _project(case: Case) -> list[Fact]:
    return [
        [N_("Project"), "text", case.project.title],
        [N_("What is bought"), "text", case.project.story or case.project.title],
        [N_("Where"), "text", " ".join(filter(None, (case.place.name, case.project.place)))],
        [N_("Budget"), "money", case.purchase.budget_fen],
    ]


def _method(case: Case) -> list[Fact]:
    purchase = case.purchase
    scored = "；".join(f"{one.title} {one.points}" for one in factors_of(purchase))
    return [
        [N_("Method"), "words", METHODS.get(purchase.method, purchase.method)],
        [N_("Legal ground"), "text", purchase.ground],
        [N_("Scored by"), "text", scored],
        *(
            [[N_("Why not by comprehensive scoring"), "text", purchase.scoring_reason]]
            if purchase.scoring_reason
            else []
        ),
        *_day(N_("Bids until"), purchase.bids_due_at),
    ]


def _process(case: Case) -> list[Fact]:
    purchase, result = case.purchase, result_of(case.purchase)
    bids = opened_bids(purchase)
    return [
        *_day(N_("Published"), purchase.published_at),
        *_day(N_("Bids opened"), purchase.opened_at),
        [N_("Bids"), "text", str(len(bids))],
        [N_("Bids not let in"), "text", str(sum(bool(one.bid.refused_reason) for one in bids))],
        [N_("Judges"), "text", str(len(result.judges)) if result else "0"],
        [N_("Judges who stepped back"), "text", str(len(result.stepped_back)) if result else "0"],
        [N_("Challenges"), "text", str(len(challenges_of(purchase)))],
    ]


def _result(case: Case) -> list[Fact]:
    purchase = case.purchase
    won = next((one for one in opened_bids(purchase) if one.bid.won), None)
    if won is None:
        return [[N_("Result"), "words", N_("No provider was chosen.")], [N_("Why"), "text", purchase.ended_reason]]
    return [
        [N_("Provider"), "text", won.provider.name],
        [N_("Price"), "money", won.bid.price_fen],
        *_day(N_("Decided"), purchase.decided_at),
        *([[N_("Why not the first of the ranking"), "text", purchase.award_reason]] if purchase.award_reason else []),
    ]


def _day(label: str, when: Any) -> list[Fact]:
    return [[label, "day", when.astimezone(CHINA).date().isoformat()]] if when else []


FACTS = {
    Item.PURCHASER: _purchaser,
    Item.PROJECT: _project,
    Item.METHOD: _method,
    Item.PROCESS: _process,
    Item.RESULT: _result,
}
