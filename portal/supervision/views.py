"""Everyone sees who looks after a contract; committees and officials check, providers answer."""

from typing import Any

from flask import Flask, abort, flash, url_for

from portal.regions.models import Region
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.supervision import PHASES, Phase
from portal.store.clock import now
from portal.supervision import checking, exit_views, queries
from portal.supervision.blueprint import bp
from portal.supervision.forms import POINTS, TRIGGERS, AnswerForm, CheckForm
from portal.supervision.models import DeliveryCheck
from portal.supervision.queries import Watched
from portal.web.door import Guarded, actor, page, see_other
from portal.web.forms import flashed_refusals
from portal.web.words import gettext

own = Guarded("checks", __name__, url_prefix="/checks", finds={"check": queries.find_check})

PHASE_NAMES = {Phase.BEFORE: N_("Before"), Phase.DURING: N_("During"), Phase.AFTER: N_("After")}


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees which contracts are watched here, what is late, and who leaves."""
    found = queries.watched_in(region)
    return page(
        region=region,
        contracts=found,
        lists=queries.lists_of(found),
        unanswered=queries.unanswered(region),
        exits=queries.open_exits(region),
        now=now(),
    )


@bp.get("/<int:contract>/", deed=Deed.READ_PUBLIC)
def show(region: Region, contract: Watched) -> Any:
    """Everyone sees what was looked at in a contract, what was found, and what the provider says to it."""
    every = queries.pace_of(contract)
    due = {one.point: one for one in queries.list_of(contract, every)}
    checks = queries.checks_of(contract.contract)
    may_exit = may(actor(), Deed.RUN_EXIT, contract.region.path) and contract.contract.state in queries.RUNNING
    return page(
        region=region,
        watched=contract,
        phases={phase: [due[point] for point in points] for phase, points in PHASES.items()},
        every_days=every,
        checks=checks,
        own={check.id for check, place in checks if may(actor(), Deed.CHECK_DELIVERY, place.path)},
        leaving=queries.exit_of(contract.contract),
        now=now(),
        may_check=may(actor(), Deed.CHECK_DELIVERY, region.path),
        may_exit=may_exit,
        review=queries.reviews_exit(contract) if may_exit else False,
    )


@bp.route("/<int:contract>/check", methods=["GET", "POST"], deed=Deed.CHECK_DELIVERY)
def check(region: Region, contract: Watched) -> Any:
    """A committee or an official writes down what was found."""
    form = CheckForm()
    if form.validate_on_submit():
        with form.refusals():
            checking.check_delivery(actor(), region, contract, form.draft(), form.key.data or "")
            flash(gettext(N_("Written down; everyone can read it.")))
            return see_other(url_for(".show", region=region.code, contract=contract.contract.id))
    return page(region=region, watched=contract, form=form)


@bp.post("/<int:contract>/<int:check>/close", deed=Deed.CHECK_DELIVERY)
def close(region: Region, contract: Watched, check: DeliveryCheck) -> Any:
    """Who looked is content with the provider's answer."""
    if not may(actor(), Deed.CHECK_DELIVERY, queries.region_of(check).path):
        abort(403)
    with flashed_refusals():
        checking.close_check(actor(), check)
    return see_other(url_for(".show", region=region.code, contract=contract.contract.id))


@own.get("/", deed=Deed.ANSWER_CHECK)
def mine() -> Any:
    """A provider sees what it has to answer."""
    return page("supervision/mine.html", checks=queries.own_checks(actor()), now=now())


@own.route("/<int:check>", methods=["GET", "POST"], deed=Deed.ANSWER_CHECK)
def answer(check: DeliveryCheck) -> Any:
    """A provider answers a check."""
    contract = queries.contract_of_check(check)
    if not queries.works_for(actor(), contract.provider_id):
        abort(403)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            checking.answer_check(actor(), check, form.answer.data or "")
            flash(gettext(N_("Your answer is public now.")))
            return see_other(url_for(".mine"))
    open_form = None if check.answered_at else form
    return page("supervision/answer.html", check=check, contract=contract, form=open_form, refused=form.form_errors)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(own)
    app.jinja_env.globals.update(
        SUPERVISION_POINTS=POINTS, PHASE_NAMES=PHASE_NAMES, TRIGGERS=TRIGGERS, EXIT_STATES=exit_views.STATES
    )
