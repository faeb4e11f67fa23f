"""Evaluations at each step, made by the deeds of those who do them. Call them inside an application's context."""

import secrets
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.contracts import carrying, completing, signing
from portal.contracts.contents import instalments_of
from portal.contracts.models import Contract
from portal.evaluations import deciding, planning, scoring
from portal.evaluations.grounds import ground_of
from portal.evaluations.models import EvaluationPlan, EvaluationResult
from portal.evaluations.queries import indicators_of
from portal.projects.lifecycle import took_part
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.rules import evaluation, payment
from portal.rules.evaluation import Dimension, Given, Party
from portal.rules.evaluation_plans import IndicatorDraft, PlanDraft
from portal.rules.instalments import Part
from portal.rules.lifecycle import Way
from portal.rules.permissions import Actor
from portal.store import action, db
from portal.store.clock import now, today
from tests import builders as a
from tests.contracts import making as contracts
from tests.providers.making import published


def an_evaluator(number: int = 1) -> Person:
    """Somebody whom nothing ties to anybody, who signs in by phone."""
    return a.a_resident(a.a_region_tree().villages[2], phone=f"1390000{number:04}")


@action
def a_result(
    contract: Contract,
    composite: int | None = 8600,
    *,
    recipients: int | None = 8600,
    sd: int | None = 120,
    on: date | None = None,
    capped_by: str = "",
) -> EvaluationResult:
    """The result of an evaluation that was decided on a day (today), written down without the way there.

    Scores in hundredths; without a composite there were too few ratings.
    """
    day = on or today()
    official = a.an_official(db.session.get_one(a.Region, contract.region_id))
    plan = EvaluationPlan(
        key=secrets.token_hex(16),
        contract_id=contract.id,
        region_id=contract.region_id,
        evaluator="云泽省社会服务评估中心",
        evaluator_body="",
        evaluator_id=an_evaluator_id(),
        recipients_percent=60,
        third_percent=25,
        purchaser_percent=15,
        effect_percent=50,
        management_percent=30,
        social_percent=20,
        sample="全部受助人。",
        sample_number=60,
        from_on=day - timedelta(days=90),
        until_on=day - timedelta(days=1),
        opens_on=day - timedelta(days=10),
        closes_on=day - timedelta(days=1),
        instalments=[],
        state="decided",
        planned_at=now(),
        planned_by_id=official.id,
        published_at=now(),
    )
    db.session.add(plan)
    db.session.flush()
    result = EvaluationResult(
        plan_id=plan.id,
        contract_id=contract.id,
        provider_id=contract.provider_id,
        decided_on=day,
        decided_by_id=official.id,
        recipients=recipients if composite is not None else None,
        recipients_sd=sd if composite is not None else None,
        third=composite,
        purchaser=composite,
        composite=composite,
        sd=sd if composite is not None else None,
        reason="" if composite is not None else "few_ratings",
        capped_by=capped_by,
        working={},
    )
    db.session.add(result)
    db.session.flush()
    return result


def an_evaluator_id() -> int:
    found = db.session.scalar(db.select(Person.id).where(Person.phone == "13900000001"))
    return found or an_evaluator().id


INDICATORS = tuple(
    IndicatorDraft(dimension, title, points, f"{dimension}{number}")
    for dimension, number, title, points in (
        (Dimension.EFFECT, 1, "绩效目标是否达到", 60),
        (Dimension.EFFECT, 2, "受助人的困难是否减轻", 40),
        (Dimension.MANAGEMENT, 1, "人员、记录和资金是否如约", 100),
        (Dimension.SOCIAL, 1, "邻里和志愿者是否参与", 50),
    )
)
BANDS = payment.DEFAULT


def the_official(contract: Contract) -> Actor:
    return a.actor(a.an_official(db.session.get_one(a.Region, contract.region_id)))


def a_linked_contract(
    provider: Provider | None = None, *, buyer: a.Region | None = None, read: bool = True
) -> Contract:
    """A contract that is served: its first instalment is paid as agreed, its second follows from the evaluation."""
    contract = contracts.a_contract(provider=provider, buyer=buyer)
    official, half = contracts.the_official(contract), contract.price_fen // 2
    parts = [
        Part(contract.price_fen - half, contract.starts_on, number=1),
        Part(half, contract.ends_on, is_linked=True, number=2),
    ]
    completing.say_instalments(official, contract, parts)
    completing.fix_bands(official, contract, BANDS)
    contracts.signed(contract)
    signing.publish_contract(official, contract)
    project = db.session.get_one(Project, contract.project_id)
    took_part(project, Way.NONE, f"contract:{contract.id}", 0, words="合同由民政局与承接方签订，过程已公示。")
    carrying.start_service(official, contract)
    if read:
        staff = a.actor(a.staff_of(db.session.get_one(Provider, contract.provider_id)))
        carrying.read_target(staff, contracts.target_of(contract), 0, today())
    return contract


def a_draft(contract: Contract, **changes: Any) -> PlanDraft:
    """What is typed of a plan that opens as early as it may, and closes ten days later."""
    earliest = ground_of(contract, db.session.get_one(a.Region, contract.region_id)).earliest
    an_evaluator_id()
    draft = PlanDraft(
        account="13900000001",
        evaluator="云泽省社会服务评估中心",
        evaluator_body="云泽大学",
        weights=evaluation.WEIGHTS,
        dimensions=evaluation.DIMENSIONS,
        sample="全部受助人，每人一次。",
        sample_number=60,
        from_on=contract.starts_on,
        until_on=earliest,
        opens_on=earliest,
        closes_on=earliest + timedelta(days=10),
        indicators=INDICATORS,
        instalments=tuple(
            one.number for one in instalments_of(contract) if one.is_linked and one.paid_on is None and contract.bands
        ),
    )
    return replace(draft, **changes)


def a_plan(contract: Contract | None = None, *, is_published: bool = True, **changes: Any) -> EvaluationPlan:
    """A plan; `changes`: of the PlanDraft."""
    contract = contract or a_linked_contract()
    official = the_official(contract)
    plan = planning.plan_evaluation(official, contract, a_draft(contract, **changes), contracts.a_key())
    if is_published:
        planning.publish_plan(official, plan)
    return plan


def shares(plan: EvaluationPlan, percent: int = 90, words: str = "有记录为证。") -> dict[int, Given]:
    """So many percent of the points of each indicator."""
    return {one.number: Given(one.points * percent, words) for one in indicators_of(plan)}


def contract_of(plan: EvaluationPlan) -> Contract:
    return db.session.get_one(Contract, plan.contract_id)


def the_third(plan: EvaluationPlan) -> Actor:
    return a.actor(db.session.get_one(Person, plan.evaluator_id))


def the_purchaser(plan: EvaluationPlan) -> Actor:
    return a.actor(a.an_official(db.session.get_one(a.Region, plan.region_id)))


def handed_in(plan: EvaluationPlan, *, third: int | None = 90, purchaser: int | None = 80) -> EvaluationPlan:
    """`plan` after its opening, with the points that each party gave in percent; None: it gave none."""
    with a.at(plan.opens_on):
        if third is not None:
            scoring.hand_in_points(the_third(plan), plan, Party.THIRD, shares(plan, third))
        if purchaser is not None:
            scoring.hand_in_points(the_purchaser(plan), plan, Party.PURCHASER, shares(plan, purchaser))
    return plan


GOOD = (1, 1, 3, 12, 23)
"""Grades of forty recipients, worst first."""


def rated(plan: EvaluationPlan, counts: tuple[int, int, int, int, int] = GOOD) -> EvaluationPlan:
    """`plan` with published ratings of its contract."""
    contract = db.session.get_one(Contract, plan.contract_id)
    published(db.session.get_one(Provider, contract.provider_id), counts, contract=contract, on=plan.from_on)
    return plan


def decided(plan: EvaluationPlan) -> EvaluationResult:
    """The result of `plan`, computed the day after it closed."""
    with a.at(plan.closes_on + timedelta(days=1)):
        return deciding.decide_evaluation(the_purchaser(plan), plan)


def an_evaluation(
    contract: Contract | None = None,
    counts: tuple[int, int, int, int, int] | None = GOOD,
    *,
    third: int | None = 90,
    purchaser: int | None = 80,
) -> EvaluationResult:
    """The whole way of an evaluation, made by everybody's deeds; without `counts` nobody rated."""
    plan = a_plan(contract)
    if counts:
        rated(plan, counts)
    return decided(handed_in(plan, third=third, purchaser=purchaser))
