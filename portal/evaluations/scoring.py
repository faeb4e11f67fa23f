"""Purchaser and third party give their points, each for itself. Source: B34, B35."""

from collections.abc import Mapping

from sqlalchemy import select

from portal import audit
from portal.accounts.models import Person
from portal.contracts.models import Contract
from portal.evaluations.grounds import ties_of
from portal.evaluations.models import EvaluationPlan, EvaluationScore
from portal.evaluations.queries import indicators_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, evaluation
from portal.rules.evaluation import Given, Party, PlanState
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now, today


@action
def hand_in_points(actor: Actor, plan: EvaluationPlan, party: Party, given: Mapping[int, Given]) -> None:
    """Give the points of a party, by the numbers of the indicators; given once, they stand.

    The same sent twice is once; nobody sees them before the other party has given its own, or the plan closed.
    """
    locked(plan)
    indicators = {one.number: one for one in indicators_of(plan)}
    before = _given_before(plan, party)
    if before:
        if before != {indicators[number].id: one.points for number, one in given.items() if number in indicators}:
            enforce([Refusal(N_("The points of this party were handed in; they stand."))])
        return
    enforce(evaluation.stands(plan.state, PlanState.PUBLISHED))
    enforce(evaluation.open_refusals(plan.opens_on, plan.closes_on, today()))
    enforce(_ties(actor, plan, party))
    enforce(
        refusal
        for number, one in indicators.items()
        for refusal in evaluation.given_refusals(given.get(number), one.points, number)
    )
    db.session.add_all(
        EvaluationScore(
            plan_id=plan.id,
            party=party.value,
            indicator_id=one.id,
            points=given[number].points,
            words=given[number].words,
            by_id=actor.id,
            at=now(),
        )
        for number, one in indicators.items()
    )
    deed = Deed.EVALUATE if party is Party.THIRD else Deed.PLAN_EVALUATION
    audit.record(actor, deed, plan, handed_in=party.value)


def _given_before(plan: EvaluationPlan, party: Party) -> dict[int, int]:
    rows = db.session.execute(
        select(EvaluationScore.indicator_id, EvaluationScore.points).where(
            EvaluationScore.plan_id == plan.id, EvaluationScore.party == party.value
        )
    )
    return {row.indicator_id: row.points for row in rows}


def _ties(actor: Actor, plan: EvaluationPlan, party: Party) -> list[Refusal]:
    """Who is tied by now gives no points, whoever appointed her."""
    contract = db.session.get_one(Contract, plan.contract_id)
    if party is not Party.THIRD:
        return list(evaluation.tied_refusals(provider=actor.works_for(contract.provider_id)))
    if actor.id != plan.evaluator_id:
        return [Refusal(N_("You are not the third party of this evaluation."))]
    region, person = db.session.get_one(Region, plan.region_id), db.session.get_one(Person, plan.evaluator_id)
    return list(evaluation.third_party_refusals(ties_of(person, contract, region, plan.planned_by_id)))
