"""An official plans an evaluation, gives the purchaser's points and has the result computed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, flash, url_for

from portal.contracts.queries import Found as Contracted
from portal.contracts.targets import targets_of
from portal.evaluations import deciding, forms, grounds, planning, queries, scoring
from portal.evaluations.blueprint import bp, page_of
from portal.evaluations.queries import Evaluated
from portal.projects.improving import note_improvement
from portal.projects.life_forms import ActionForm
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.evaluation import Party, PlanState
from portal.rules.permissions import Deed, may
from portal.store.clock import today
from portal.web.door import actor, page, see_other
from portal.web.forms import Form, flashed_refusals
from portal.web.words import gettext

DAYS_TO_IMPROVE = 60


def _done(found: Evaluated, form: Form, doing: Callable[[], object], said: str) -> Any:
    """Do what a good form asks for and go to the evaluation; None where the form is shown again."""
    if form.validate_on_submit():
        with form.refusals():
            doing()
            flash(gettext(said))
            return see_other(page_of(found))
    return None


@bp.route("/contract/<int:contract>/plan", methods=["GET", "POST"], deed=Deed.PLAN_EVALUATION)
def plan(region: Region, contract: Contracted) -> Any:
    """An official begins the plan of an evaluation."""
    ground = grounds.ground_of(contract.contract, region)
    form = _form(contract.contract, forms.proposed(contract.contract, ground))
    if form.validate_on_submit():
        with form.refusals():
            made = planning.plan_evaluation(actor(), contract.contract, form.draft(), form.key.data or "")
            flash(gettext(N_("The plan is begun. Please read it once more and publish it.")))
            return see_other(url_for(".show", region=region.code, evaluation=made.id))
    return page(region=region, contract=contract.contract, ground=ground, form=form)


@bp.route("/<int:evaluation>/revise", methods=["GET", "POST"], deed=Deed.PLAN_EVALUATION)
def revise(region: Region, evaluation: Evaluated) -> Any:
    """An official changes a plan before it is published."""
    ground = grounds.ground_of(evaluation.contract, region)
    form = _form(evaluation.contract, forms.planned(planning.draft_of(evaluation.plan)))
    done = _done(
        evaluation,
        form,
        lambda: planning.revise_plan(actor(), evaluation.plan, form.draft()),
        N_("Saved."),
    )
    return done or page("evaluations/plan.html", region=region, contract=evaluation.contract, ground=ground, form=form)


def _form(contract: Any, values: dict[str, Any]) -> forms.PlanForm:
    return forms.plan_form(grounds.open_instalments(contract), values)


@bp.post("/<int:evaluation>/publish", deed=Deed.PLAN_EVALUATION)
def publish(region: Region, evaluation: Evaluated) -> Any:
    """An official puts a plan before everyone; from then on it is frozen."""
    with flashed_refusals():
        planning.publish_plan(actor(), evaluation.plan)
        flash(gettext(N_("Everyone can read the plan now, and nobody can change it.")))
    return see_other(page_of(evaluation))


@bp.route("/<int:evaluation>/withdraw", methods=["GET", "POST"], deed=Deed.PLAN_EVALUATION)
def withdraw(region: Region, evaluation: Evaluated) -> Any:
    """An official gives an evaluation up before it opens."""
    form = forms.ReasonForm()
    done = _done(
        evaluation,
        form,
        lambda: planning.withdraw_plan(actor(), evaluation.plan, form.reason.data or ""),
        N_("The evaluation is withdrawn; everyone reads why."),
    )
    return done or page(region=region, found=evaluation, form=form)


@bp.route("/<int:evaluation>/purchaser", methods=["GET", "POST"], deed=Deed.PLAN_EVALUATION)
def purchaser(region: Region, evaluation: Evaluated) -> Any:
    """An official gives the purchaser's points."""
    return points(region, evaluation, Party.PURCHASER)


@bp.route("/<int:evaluation>/score", methods=["GET", "POST"], deed=Deed.EVALUATE)
def score(region: Region, evaluation: Evaluated) -> Any:
    """The third party gives its points."""
    if evaluation.plan.evaluator_id != actor().id or evaluation.plan.state == PlanState.DRAFT:
        abort(404)
    return points(region, evaluation, Party.THIRD)


def points(region: Region, found: Evaluated, party: Party) -> Any:
    """The form of one party while it is to give points, with what the provider read of its targets beside it."""
    indicators = queries.indicators_of(found.plan)
    handed_in = party in queries.scores_of(found.plan)
    form = None if handed_in or not _is_open(found) else forms.points_form(indicators)
    done = form and _done(
        found,
        form,
        lambda: scoring.hand_in_points(actor(), found.plan, party, form.given()),
        N_("The points are handed in; they stand."),
    )
    return done or page(
        "evaluations/points.html",
        region=region,
        found=found,
        party=party,
        indicators=indicators,
        handed_in=handed_in,
        targets=targets_of(found.contract, found.region),
        form=form,
        today=today(),
    )


def _is_open(found: Evaluated) -> bool:
    return found.plan.state == PlanState.PUBLISHED and found.plan.opens_on <= today() <= found.plan.closes_on


@bp.post("/<int:evaluation>/decide", deed=Deed.PLAN_EVALUATION)
def decide(region: Region, evaluation: Evaluated) -> Any:
    """An official has the result computed."""
    with flashed_refusals():
        deciding.decide_evaluation(actor(), evaluation.plan)
        flash(gettext(N_("The result is computed and public.")))
    return see_other(page_of(evaluation))


@bp.route("/<int:evaluation>/improve/<int:indicator>", methods=["GET", "POST"], deed=Deed.MOVE_PROJECT)
def improve(region: Region, evaluation: Evaluated, indicator: int) -> Any:
    """A weak point becomes something to improve, with who sees to it and by when."""
    weak = _weak_point(evaluation, indicator)
    if weak is None or not may(actor(), Deed.MOVE_PROJECT, evaluation.place.path):
        abort(404 if weak is None else 403)
    form = ActionForm(
        words=gettext(N_("%(title)s: %(why)s"), title=weak[0].title, why=weak[1].words),
        owner=evaluation.provider.name,
        due_on=today() + timedelta(days=DAYS_TO_IMPROVE),
    )
    done = _done(
        evaluation,
        form,
        lambda: note_improvement(
            actor(),
            evaluation.project,
            form.words.data or "",
            form.owner.data or "",
            form.due_on.data,
            form.key.data or "",
        ),
        N_("Noted; everyone can read it."),
    )
    return done or page("projects/improve.html", region=evaluation.place, project=evaluation.project, form=form)


def _weak_point(found: Evaluated, number: int) -> Any:
    scores = queries.scores_of(found.plan)
    if not queries.are_open(found.plan, scores):
        return None
    weak = queries.weak_points(queries.indicators_of(found.plan), scores)
    return next(((one, given) for one, given in weak if one.number == number), None)
