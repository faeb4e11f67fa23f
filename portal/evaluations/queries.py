"""Which services are evaluated, by whom, and what everybody said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, or_, select

from portal.contracts.models import Contract
from portal.evaluations.models import EvaluationIndicator, EvaluationPlan, EvaluationResult, EvaluationScore
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import evaluation
from portal.rules.evaluation import Dimension, Party, PlanState
from portal.rules.permissions import Actor
from portal.store import db
from portal.store.clock import today
from portal.store.paging import Page, page_of

LIVE = (PlanState.PUBLISHED.value, PlanState.DECIDED.value)


@dataclass(frozen=True)
class Evaluated:
    """A plan with what it is about."""

    plan: EvaluationPlan
    contract: Contract
    project: Project
    provider: Provider
    place: Region
    """Where the project is."""
    result: EvaluationResult | None
    region: Region
    """Whose government buys."""

    @property
    def weights(self) -> dict[Party, int]:
        return weights_of(self.plan)

    @property
    def dimensions(self) -> dict[Dimension, int]:
        return dimensions_of(self.plan)


def weights_of(plan: EvaluationPlan) -> dict[Party, int]:
    return {party: getattr(plan, f"{party}_percent") for party in Party}


def dimensions_of(plan: EvaluationPlan) -> dict[Dimension, int]:
    return {one: getattr(plan, f"{one}_percent") for one in Dimension}


def find_evaluation(number: int, found: dict[str, Any]) -> Evaluated | None:
    """An evaluation by its number, under the region whose government buys."""
    region: Region = found["region"]
    query = _whole().where(EvaluationPlan.id == number, EvaluationPlan.region_id == region.id)
    row = db.session.execute(query).first()
    return _evaluated(row, region) if row else None


def evaluated(plan: EvaluationPlan) -> Evaluated:
    """A plan that is known to be there, with what it is about."""
    row = db.session.execute(_whole().where(EvaluationPlan.id == plan.id)).one()
    return _evaluated(row, db.session.get_one(Region, plan.region_id))


def _evaluated(row: Any, region: Region) -> Evaluated:
    return Evaluated(row[0], row[1], row[2], row[3], row[4], row[5], region)


def _whole() -> Any:
    return (
        select(EvaluationPlan, Contract, Project, Provider, Region, EvaluationResult)
        .join(Contract, Contract.id == EvaluationPlan.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .join(Region, Region.id == Project.region_id)
        .outerjoin(EvaluationResult, EvaluationResult.plan_id == EvaluationPlan.id)
    )


def evaluations_in(region: Region, after: str = "", *, drafts: bool = False) -> Page[Any]:
    """Evaluations of a region and all below it, bought or delivered there, newest first."""
    below = select(Region.id).where(within(region))
    here = or_(EvaluationPlan.region_id.in_(below), Project.region_id.in_(below))
    return page_of(_listed(drafts).where(here), (EvaluationPlan.id,), after)


def evaluations_of(contract: Contract, *, drafts: bool = False) -> Sequence[Row[Any]]:
    """The evaluations of a contract, newest first."""
    query = _listed(drafts).where(EvaluationPlan.contract_id == contract.id)
    return db.session.execute(query.order_by(EvaluationPlan.id.desc()).limit(100)).all()


def own_evaluations(actor: Actor) -> Sequence[Row[Any]]:
    """What somebody was asked to evaluate, newest first."""
    query = _listed(False).where(EvaluationPlan.evaluator_id == actor.id)
    return db.session.execute(query.order_by(EvaluationPlan.id.desc()).limit(100)).all()


def _listed(drafts: bool) -> Any:
    buyer = select(Region.code).where(Region.id == EvaluationPlan.region_id).scalar_subquery()
    query = (
        select(
            EvaluationPlan.id,
            EvaluationPlan.state,
            EvaluationPlan.opens_on,
            EvaluationPlan.closes_on,
            EvaluationResult.composite,
            EvaluationResult.decided_on,
            Contract.title,
            Provider,
            buyer.label("code"),
        )
        .join(Contract, Contract.id == EvaluationPlan.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .outerjoin(EvaluationResult, EvaluationResult.plan_id == EvaluationPlan.id)
    )
    return query if drafts else query.where(EvaluationPlan.state != PlanState.DRAFT.value)


def plans_of(contract: Contract) -> list[tuple[EvaluationPlan, EvaluationResult | None]]:
    """The published plans of a contract, each with its result, oldest first."""
    rows = db.session.execute(
        select(EvaluationPlan, EvaluationResult)
        .outerjoin(EvaluationResult, EvaluationResult.plan_id == EvaluationPlan.id)
        .where(EvaluationPlan.contract_id == contract.id, EvaluationPlan.state.in_(LIVE))
        .order_by(EvaluationPlan.id)
    )
    return [(plan, result) for plan, result in rows]


def indicators_of(plan: EvaluationPlan) -> Sequence[EvaluationIndicator]:
    of_plan = select(EvaluationIndicator).where(EvaluationIndicator.plan_id == plan.id)
    return db.session.scalars(of_plan.order_by(EvaluationIndicator.number)).all()


Scores = dict[str, dict[int, EvaluationScore]]
"""By party, the points for each indicator."""


def scores_of(plan: EvaluationPlan) -> Scores:
    """What was handed in so far."""
    found: Scores = {}
    for one in db.session.scalars(select(EvaluationScore).where(EvaluationScore.plan_id == plan.id)):
        found.setdefault(one.party, {})[one.indicator_id] = one
    return found


def are_open(plan: EvaluationPlan, handed_in: Collection[str]) -> bool:
    """Whether one party's points may be seen by another."""
    return evaluation.are_open(handed_in, plan.state, plan.closes_on, today())


def result_of(plan: EvaluationPlan) -> EvaluationResult | None:
    return db.session.scalar(select(EvaluationResult).where(EvaluationResult.plan_id == plan.id))


def weak_points(
    indicators: Sequence[EvaluationIndicator], scores: Mapping[str, Mapping[int, EvaluationScore]]
) -> list[tuple[EvaluationIndicator, EvaluationScore]]:
    """Where a party gave so few points that it said why: each with the lowest of them."""
    found = []
    for one in indicators:
        given = sorted((mine[one.id] for mine in scores.values() if one.id in mine), key=lambda score: score.points)
        if given and given[0].points * 100 < one.points * 100 * evaluation.REASON_BELOW:
            found.append((one, given[0]))
    return found
