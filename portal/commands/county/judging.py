"""How a contract is evaluated by those who were served, a third party and the purchaser."""

from typing import Any

from portal.commands.county import content
from portal.commands.county.people import OFFICIAL
from portal.commands.county.telling import Chapter, Teller
from portal.contracts.models import Contract
from portal.evaluations.deciding import decide_evaluation
from portal.evaluations.grounds import open_instalments
from portal.evaluations.models import EvaluationPlan
from portal.evaluations.planning import plan_evaluation, publish_plan
from portal.evaluations.queries import indicators_of
from portal.evaluations.scoring import hand_in_points
from portal.rules.evaluation import DIMENSIONS, WEIGHTS, Dimension, Given, Party
from portal.rules.evaluation_plans import IndicatorDraft, PlanDraft


def judged(teller: Teller, given: dict[str, Any], contract: Contract) -> Chapter:
    """The plan, published days before it opens; points of both; the result, where the story goes so far."""
    told, days = content.story()["believing"], given["evaluation"]
    evaluator, official = told["evaluator"], teller.actor(OFFICIAL)
    yield days["plan"]
    draft = PlanDraft(
        account=evaluator["login"],
        evaluator=evaluator["name"],
        evaluator_body=evaluator["body"],
        weights=WEIGHTS,
        dimensions=DIMENSIONS,
        sample=told["sample"],
        sample_number=days["sample"],
        from_on=contract.starts_on,
        until_on=teller.day(days["until"]),
        opens_on=teller.day(days["opens"]),
        closes_on=teller.day(days["closes"]),
        indicators=tuple(_indicators()),
        instalments=tuple(one.number for one in open_instalments(contract)),
    )
    plan = plan_evaluation(official, contract, draft, teller.key())
    publish_plan(official, plan)
    if "decided" in days:
        yield days["decided"] + 2
        _points(teller, plan, evaluator["name"], Party.THIRD)
        _points(teller, plan, OFFICIAL, Party.PURCHASER)
        yield days["decided"]
        decide_evaluation(official, plan)


def _indicators() -> list[IndicatorDraft]:
    return [
        IndicatorDraft(Dimension(one["dimension"]), one["title"], one["points"], f"{one['dimension']}{number}")
        for number, one in enumerate(content.story()["believing"]["indicator"], 1)
    ]


def _points(teller: Teller, plan: EvaluationPlan, by: str, party: Party) -> None:
    """What a party gives, in hundredths of the points that can be had."""
    shares = [one[party.value] for one in content.story()["believing"]["indicator"]]
    given = {one.number: Given(one.points * share) for one, share in zip(indicators_of(plan), shares, strict=True)}
    hand_in_points(teller.actor(by), plan, party, given)
