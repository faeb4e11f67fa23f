"""The result is computed once, from what was given and from published ratings only. Source: ratings F6, B34-B36."""

from typing import Any

from portal import audit
from portal.contracts.leaving import leaving_of
from portal.contracts.models import Contract
from portal.evaluations.models import EvaluationPlan, EvaluationResult
from portal.evaluations.queries import Scores, dimensions_of, indicators_of, result_of, scores_of, weights_of
from portal.evaluations.voices import Voices, recipients_of
from portal.projects.lifecycle import move, stages_with_people, took_part
from portal.projects.models import Project
from portal.rules import enforce, evaluation
from portal.rules.evaluation import SCORERS, Dimension, Party, PlanState
from portal.rules.evaluation_results import FEW_RATINGS, Cap, Mark, Outcome, most_stars, outcome, party_score, weighed
from portal.rules.lifecycle import Stage, Way, may_move
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.store import action, db, locked
from portal.store.clock import today


@action
def decide_evaluation(actor: Actor, plan: EvaluationPlan) -> EvaluationResult:
    """Compute the result; whoever asks, and however often, it is the same. The project goes on to be evaluated.

    Without enough ratings of recipients there is no composite: it is never made of the others alone.
    """
    contract = locked(db.session.get_one(Contract, plan.contract_id))
    locked(plan)
    if found := result_of(plan):
        return found
    enforce(evaluation.tied_refusals(provider=actor.works_for(contract.provider_id)))
    enforce(evaluation.stands(plan.state, PlanState.PUBLISHED))
    scores = scores_of(plan)
    enforce(
        evaluation.decide_refusals(handed_in=scores, until_on=plan.until_on, closes_on=plan.closes_on, today=today())
    )
    result = _result(actor, plan, contract, recipients_of(plan), _by_dimension(plan, scores))
    db.session.add(result)
    plan.state = PlanState.DECIDED.value
    db.session.flush()
    audit.record(actor, Deed.PLAN_EVALUATION, plan, decided=True, composite=result.composite)
    _project_goes_on(actor, plan, contract, result.working["raters"])
    return result


ByDimension = dict[Party, dict[Dimension, Any]]


def _by_dimension(plan: EvaluationPlan, scores: Scores) -> ByDimension:
    """What each party that gave points gave in each dimension, of 100."""
    indicators = indicators_of(plan)
    return {
        party: party_score(
            [Mark(Dimension(one.dimension), scores[party][one.id].points, one.points) for one in indicators],
            dimensions_of(plan),
        )
        for party in SCORERS
        if party in scores
    }


def _result(
    actor: Actor, plan: EvaluationPlan, contract: Contract, voices: Voices, given: ByDimension
) -> EvaluationResult:
    weights, dimensions = weights_of(plan), dimensions_of(plan)
    mine = voices.hundredths
    scores: dict[Party, tuple[int, int] | None] = {Party.RECIPIENTS: mine}
    scores |= {party: (weighed(given[party], dimensions), 0) if party in given else None for party in SCORERS}
    out = outcome(scores, weights)
    return EvaluationResult(
        plan_id=plan.id,
        contract_id=contract.id,
        provider_id=contract.provider_id,
        decided_on=today(),
        decided_by_id=actor.id,
        recipients=mine[0] if mine else None,
        recipients_sd=mine[1] if mine else None,
        third=_score(scores[Party.THIRD]),
        purchaser=_score(scores[Party.PURCHASER]),
        composite=out.composite,
        sd=out.sd,
        reason="" if out.composite is not None else FEW_RATINGS,
        capped_by=_cap(contract, out, mine).value,
        working=_working(voices, given, scores, out),
    )


def _score(scored: tuple[int, int] | None) -> int | None:
    return scored[0] if scored else None


def _cap(contract: Contract, out: Outcome, mine: tuple[int, int] | None) -> Cap:
    if leaving_of(contract) is not None:
        return Cap.EXIT
    if out.composite is None or mine is None:
        return Cap.NONE
    return most_stars(out.composite, mine[0])[1]


def _working(
    voices: Voices, given: ByDimension, scores: dict[Party, tuple[int, int] | None], out: Outcome
) -> dict[str, Any]:
    """Every number in plain values, so that everyone can reckon it again; of the recipients only what is told to all.

    Scores are hundredths, products ten thousandths; a weight that is used is a fraction in words.
    """
    return {
        **voices.told,
        "dimensions": {
            party.value: {one.value: round(score * 100) for one, score in mine.items()} for party, mine in given.items()
        },
        "scores": {party.value: list(scored) for party, scored in scores.items() if scored},
        "used": {party.value: str(share) for party, share in out.used.items()},
        "products": {party.value: round(product * 100) for party, product in out.products.items()},
        "missing": [party.value for party in out.missing],
    }


def _project_goes_on(actor: Actor, plan: EvaluationPlan, contract: Contract, about: int) -> None:
    """An accepted project is evaluated now, where its life allows; those who rated took part. Source: A40, A23."""
    project = locked(db.session.get_one(Project, contract.project_id))
    there = stages_with_people([project.id]).get(project.id, frozenset())
    to = ProjectState.EVALUATED
    if not list(may_move(ProjectState(project.state), to, words="", stages_with_people=there)):
        move(actor, project, to, contract=contract.id, evaluation=plan.id)
    if about:
        took_part(project, Way.RATING, f"evaluation:{plan.id}", about, stage=Stage.EVALUATE)
