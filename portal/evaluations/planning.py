"""An official plans who evaluates a service, what and when; published it is frozen. Source: A63, A64."""

from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from portal import audit
from portal.accounts.models import Person
from portal.contracts.models import Contract
from portal.contracts.targets import targets_of
from portal.evaluations.grounds import ground_of, person_at, ties_of
from portal.evaluations.models import EvaluationIndicator, EvaluationPlan
from portal.evaluations.queries import dimensions_of, indicators_of, weights_of
from portal.notifications.actions import tell
from portal.regions.models import Region
from portal.rules import N_, Refusal, contracts, enforce, evaluation, targets
from portal.rules.evaluation import Dimension, PlanState
from portal.rules.evaluation_plans import IndicatorDraft, PlanDraft, plan_refusals
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now, today


@action
def plan_evaluation(actor: Actor, contract: Contract, draft: PlanDraft, key: str) -> EvaluationPlan:
    """Begin the plan of an evaluation; begun twice with the same `key` it is one."""
    locked(contract)
    if found := db.session.scalar(select(EvaluationPlan).where(EvaluationPlan.key == key)):
        enforce(contracts.once_refusals(elsewhere=found.contract_id != contract.id))
        return found
    evaluator = _checked(actor, contract, draft)
    plan = EvaluationPlan(
        key=key,
        contract_id=contract.id,
        region_id=contract.region_id,
        state=PlanState.DRAFT.value,
        planned_at=now(),
        planned_by_id=actor.id,
        ended_reason="",
        evaluator_id=evaluator.id,
        **_facts(draft),
    )
    db.session.add(plan)
    db.session.flush()
    _keep_indicators(plan, draft)
    audit.record(actor, Deed.PLAN_EVALUATION, plan, contract=contract.id)
    return plan


@action
def revise_plan(actor: Actor, plan: EvaluationPlan, draft: PlanDraft) -> None:
    """Change a plan before it is published."""
    contract = _taken(plan)
    enforce(evaluation.stands(plan.state, PlanState.DRAFT))
    plan.evaluator_id = _checked(actor, contract, draft).id
    for name, value in _facts(draft).items():
        setattr(plan, name, value)
    _keep_indicators(plan, draft)
    audit.record(actor, Deed.PLAN_EVALUATION, plan, revised=True)


@action
def publish_plan(actor: Actor, plan: EvaluationPlan) -> None:
    """Put the plan before everyone and freeze it: everything is checked again, for the days count from today.

    Published twice, it is once. The third party is told. Source: A64.
    """
    contract = _taken(plan)
    if plan.state == PlanState.PUBLISHED:
        return
    enforce(evaluation.stands(plan.state, PlanState.DRAFT))
    _checked(actor, contract, draft_of(plan))
    plan.state, plan.published_at = PlanState.PUBLISHED.value, now()
    region = db.session.get_one(Region, plan.region_id)
    link = f"/{region.code}/evaluations/{plan.id}/score"
    tell(plan.evaluator_id, "evaluator_appointed", link, title=contract.title, day=plan.opens_on.isoformat())
    audit.record(actor, Deed.PLAN_EVALUATION, plan, published=True)


@action
def withdraw_plan(actor: Actor, plan: EvaluationPlan, reason: str) -> None:
    """Give an evaluation up before it opens, with a public reason; later nobody can, whatever is to be expected."""
    contract = _taken(plan)
    if plan.state == PlanState.WITHDRAWN:
        return
    enforce(evaluation.tied_refusals(provider=actor.works_for(contract.provider_id)))
    enforce(evaluation.stands(plan.state, PlanState.DRAFT, PlanState.PUBLISHED))
    enforce(evaluation.withdraw_refusals(reason))
    if plan.state == PlanState.PUBLISHED and today() >= plan.opens_on:
        enforce([Refusal(N_("It has opened: from now on it takes its course."))])
    plan.state, plan.ended_reason = PlanState.WITHDRAWN.value, reason
    audit.record(actor, Deed.PLAN_EVALUATION, plan, withdrawn=True)


def _taken(plan: EvaluationPlan) -> Contract:
    """The contract of a plan, both nobody else's to change meanwhile; always in this order."""
    contract = locked(db.session.get_one(Contract, plan.contract_id))
    locked(plan)
    return contract


def _checked(actor: Actor, contract: Contract, draft: PlanDraft) -> Person:
    """The third party, if everything of the plan may be so."""
    region = db.session.get_one(Region, contract.region_id)
    enforce(evaluation.tied_refusals(provider=actor.works_for(contract.provider_id)))
    if contract.signed_on is None:
        enforce([Refusal(N_("Only a signed contract is evaluated."))])
    found = targets_of(contract, region)
    enforce(targets.evaluation_refusals(len(found), sum(len(one.readings) for one in found)))
    person = person_at(draft.account)
    unknown = Refusal(N_("Nobody signs in with this phone number or name."), "account")
    ties = evaluation.third_party_refusals(ties_of(person, contract, region, actor.id), "account") if person else ()
    enforce(
        [
            *([] if person else [unknown]),
            *ties,
            *plan_refusals(draft, ground_of(contract, region)),
        ]
    )
    assert person is not None, "refused above"
    return person


def _facts(draft: PlanDraft) -> dict[str, Any]:
    named = ("evaluator", "evaluator_body", "sample", "sample_number", "from_on", "until_on", "opens_on", "closes_on")
    facts: dict[str, Any] = {name: getattr(draft, name) for name in named}
    facts |= {f"{party}_percent": weight for party, weight in draft.weights.items()}
    facts |= {f"{one}_percent": weight for one, weight in draft.dimensions.items()}
    return facts | {"instalments": sorted(draft.instalments)}


def _keep_indicators(plan: EvaluationPlan, draft: PlanDraft) -> None:
    db.session.execute(delete(EvaluationIndicator).where(EvaluationIndicator.plan_id == plan.id))
    db.session.add_all(
        EvaluationIndicator(
            plan_id=plan.id, number=number, dimension=one.dimension.value, title=one.title, points=one.points
        )
        for number, one in enumerate(draft.indicators, 1)
    )
    db.session.flush()


def draft_of(plan: EvaluationPlan) -> PlanDraft:
    """A plan as it was typed."""
    person = db.session.get_one(Person, plan.evaluator_id)
    draft = PlanDraft(
        account=person.login or person.phone or "",
        evaluator=plan.evaluator,
        evaluator_body=plan.evaluator_body,
        weights=weights_of(plan),
        dimensions=dimensions_of(plan),
        sample=plan.sample,
        sample_number=plan.sample_number,
        from_on=plan.from_on,
        until_on=plan.until_on,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        instalments=tuple(plan.instalments),
    )
    return replace(draft, indicators=tuple(_placed(indicators_of(plan))))


def _placed(indicators: Any) -> list[IndicatorDraft]:
    """Indicators with their places in the form, counted in each dimension."""
    found: list[IndicatorDraft] = []
    for one in indicators:
        dimension = Dimension(one.dimension)
        place = 1 + sum(other.dimension is dimension for other in found)
        found.append(IndicatorDraft(dimension, one.title, one.points, f"{dimension}{place}"))
    return found
