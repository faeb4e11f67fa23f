"""Everyone reads the plan before it starts, then every number of the result and what follows from it."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, abort, request

from portal.contracts.bands import bands_in
from portal.contracts.contents import instalments_of
from portal.contracts.models import Instalment
from portal.contracts.queries import Found as Contracted
from portal.contracts.targets import targets_of
from portal.evaluations import desk, forms, pack, paying, queries, workings
from portal.evaluations.blueprint import bp, plans
from portal.evaluations.queries import Evaluated
from portal.regions.models import Region
from portal.rules import N_
from portal.rules import evaluation as rules
from portal.rules.contracts import RUNNING, ContractState
from portal.rules.evaluation import Party, PlanState
from portal.rules.evaluation_results import Cap
from portal.rules.payment import LEAST_TO_STAY
from portal.rules.permissions import Deed, may
from portal.rules.projects import ProjectState
from portal.store.clock import today
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page
from portal.web.words import gettext

__all__ = ["bp", "desk", "install"]

STATES = {
    PlanState.DRAFT.value: N_("Being planned"),
    PlanState.PUBLISHED.value: N_("Is published"),
    PlanState.DECIDED.value: N_("Decided"),
    PlanState.WITHDRAWN.value: N_("Withdrawn"),
}
CAPS = {
    Cap.RECIPIENTS.value: N_("By itself it would be more stars: they are at most one above what recipients alone say."),
    Cap.EXIT.value: N_("The provider of this contract has to leave: no stars follow from this result."),
}


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone reads which services are evaluated here."""
    found = queries.evaluations_in(region, request.args.get("after", ""), drafts=plans(region.path))
    return page(region=region, evaluations=found)


@bp.get("/contract/<int:contract>/", deed=Deed.READ_PUBLIC)
def of_contract(region: Region, contract: Contracted) -> Any:
    """Everyone reads the evaluations of a contract, and what is paid by them."""
    _signed(contract)
    keeps = plans(region.path)
    found = contract.contract
    linked = [one for one in instalments_of(found) if one.is_linked and found.bands]
    made = queries.plans_of(found) if linked else []
    return page(
        region=region,
        found=contract,
        evaluations=queries.evaluations_of(found, drafts=keeps),
        advice=[(one, paying.advice_among(found, one, made)) for one in linked],
        targets=targets_of(found, region) if keeps else [],
        keeps=keeps,
    )


@bp.get("/<int:evaluation>/", deed=Deed.READ_PUBLIC)
def show(region: Region, evaluation: Evaluated) -> Any:
    """Everyone reads a plan, then its result with every number, and what follows from it."""
    plan, keeps = evaluation.plan, plans(region.path)
    if plan.state == PlanState.DRAFT and not keeps:
        abort(404)
    indicators, scores = queries.indicators_of(plan), queries.scores_of(plan)
    is_open = queries.are_open(plan, scores)
    result = evaluation.result
    return page(
        region=region,
        found=evaluation,
        indicators=indicators,
        scores=scores,
        is_open=is_open,
        is_mine=plan.evaluator_id == actor().id,
        keeps=keeps,
        today=today(),
        ready=not list(
            rules.decide_refusals(handed_in=scores, until_on=plan.until_on, closes_on=plan.closes_on, today=today())
        ),
        steps=workings.steps_of(evaluation) if result else [],
        stars=workings.stars_of(result) if result else None,
        payments=_payments(evaluation),
        weak=queries.weak_points(indicators, scores) if is_open and result else [],
        improves=may(actor(), Deed.MOVE_PROJECT, evaluation.place.path),
        exit=_exit(evaluation),
    )


def _payments(found: Evaluated) -> Sequence[Any]:
    """The instalments whose amount follows from this evaluation."""
    if not found.plan.instalments:
        return []
    named = [one for one in instalments_of(found.contract) if one.number in found.plan.instalments]
    made = [(found.plan, found.result)] if found.plan.state in queries.LIVE else []
    return [(one, paying.advice_among(found.contract, one, made)) for one in named if bands_in(found.contract)]


def _exit(found: Evaluated) -> str:
    """What a result so bad that an exit is looked at leads to: "begin" while the service goes on, or "over"."""
    result = found.result
    if result is None or result.composite is None or result.composite >= LEAST_TO_STAY:
        return ""
    going = ContractState(found.contract.state) in RUNNING and found.project.state == ProjectState.SERVING
    return "begin" if going else "over"


@bp.get("/<int:evaluation>/evaluation.csv", deed=Deed.READ_PUBLIC)
def as_csv(region: Region, evaluation: Evaluated) -> Any:
    """Everyone saves every number of a result as a table."""
    if evaluation.result is None:
        abort(404)
    rows = workings.rows_of(evaluation, queries.indicators_of(evaluation.plan), queries.scores_of(evaluation.plan))
    return table_as_csv(f"evaluation-{evaluation.plan.id}", [gettext(head) for head in workings.HEAD], rows)


@bp.get("/contract/<int:contract>/<int:instalment>/", deed=Deed.READ_PUBLIC)
def payment(region: Region, contract: Contracted, instalment: Instalment) -> Any:
    """Everyone reads, and prints, what an instalment follows from: the evidence of its payment."""
    return page(region=region, pack=_pack(contract, instalment))


@bp.get("/contract/<int:contract>/<int:instalment>/payment.csv", deed=Deed.READ_PUBLIC)
def payment_csv(region: Region, contract: Contracted, instalment: Instalment) -> Any:
    """Everyone saves the evidence of a payment as a table."""
    rows = pack.rows_of(_pack(contract, instalment))
    name = f"payment-{contract.contract.id}-{instalment.number}"
    return table_as_csv(name, [gettext(head) for head in pack.HEAD], rows)


@bp.get("/contract/<int:contract>/<int:instalment>/payment.json", deed=Deed.READ_PUBLIC)
def payment_json(region: Region, contract: Contracted, instalment: Instalment) -> Any:
    """Everyone saves the evidence of a payment for a program."""
    return pack.facts_of(_pack(contract, instalment))


def _pack(contract: Contracted, instalment: Instalment) -> pack.Pack:
    _signed(contract)
    if contract.contract.published_on is None and not plans(contract.region.path):
        abort(404)
    return pack.pack_of(contract, instalment)


def _signed(contract: Contracted) -> None:
    if contract.contract.signed_on is None:
        abort(404)


mine_bp = Guarded("evaluating", __name__, url_prefix="/evaluating")


@mine_bp.get("/", deed=Deed.EVALUATE)
def mine() -> Any:
    """Somebody sees what she was asked to evaluate."""
    return page("evaluations/mine.html", evaluations=queries.own_evaluations(actor()))


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(mine_bp)
    app.jinja_env.globals["EVALUATION"] = {
        "STATES": STATES,
        "PARTIES": forms.PARTIES,
        "DIMENSIONS": forms.DIMENSION_NAMES,
        "CAPS": CAPS,
        "SCORERS": (Party.THIRD, Party.PURCHASER),
        "LEAST_TO_STAY": LEAST_TO_STAY,
        "satisfied": workings.satisfied,
    }
