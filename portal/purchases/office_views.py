"""Officials run purchases: prepare, publish, open, report, choose, and answer challenges."""

from typing import Any

from flask import flash, url_for

from portal.policies.queries import rules_for
from portal.providers.queries import names_serving
from portal.purchases import deciding, due, opening, panel, preparing, queries
from portal.purchases.blueprint import address_of, bp, for_buyer
from portal.purchases.forms import (
    AnswerForm,
    AwardForm,
    EndForm,
    JudgeForm,
    PublishForm,
    PurchaseForm,
    RefuseForm,
    proposed,
    typed_before,
)
from portal.purchases.models import PurchaseChallenge
from portal.purchases.queries import Case, Located, OpenedBid
from portal.purchases.results import result_of
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.levels import is_mismatch
from portal.rules.permissions import Deed
from portal.rules.purchases import Method, PurchaseState, bidding_days
from portal.store.clock import now
from portal.web.door import actor, page, see_other
from portal.web.forms import flashed_refusals
from portal.web.words import gettext


@bp.route("/prepare/<int:project>", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def prepare(region: Region, project: Located) -> Any:
    """An official prepares the purchase of an approved project."""
    if region.level == "village" and (buyer := queries.buyer_for(actor(), project)):
        return see_other(url_for(".prepare", region=buyer.code, project=project.project.id))
    known = project.project.level_reason if project.project.level == region.level else ""
    form = PurchaseForm(**proposed(project.project.budget_fen), level_reason=known)
    if form.validate_on_submit():
        with form.refusals():
            made = preparing.prepare_purchase(actor(), region, project.project, form.draft(), form.key.data or "")
            return see_other(url_for(".run", region=region.code, purchase=made.id))
    return _sheet("prepare", region, form, project, region)


@bp.route("/<int:purchase>/revise", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def revise(region: Region, purchase: Case) -> Any:
    """An official changes a purchase before it is published."""
    case = for_buyer(purchase)
    invited = [row.id for row in queries.invited_to(case.purchase)]
    form = PurchaseForm(**typed_before(case.purchase, queries.factors_of(case.purchase), invited))
    if form.validate_on_submit():
        with form.refusals():
            preparing.revise_purchase(actor(), case.purchase, form.draft())
            flash(gettext(N_("Saved.")))
            return see_other(address_of(case, "run"))
    return _sheet("revise", region, form, Located(case.project, case.place), case.buyer)


def _sheet(action: str, region: Region, form: PurchaseForm, located: Located, buyer: Region) -> Any:
    return page(
        "purchases/prepare.html",
        region=region,
        form=form,
        revises=action == "revise",
        project=located.project,
        buyer=buyer,
        providers=names_serving(located.place),
        mismatch=is_mismatch(buyer.level, queries.implementing_of(located.project, located.place)),
        numbers=rules_for(buyer),
    )


@bp.get("/<int:purchase>/run", deed=Deed.RUN_PURCHASE)
def run(region: Region, purchase: Case) -> Any:
    """An official sees where a purchase stands and what comes next."""
    case = for_buyer(purchase)
    return page(
        region=region,
        case=case,
        count=queries.count_bids(case.purchase),
        bids=queries.opened_bids(case.purchase),
        judges=panel.all_judges(case.purchase),
        clocks=due.clocks_of(case),
        challenges=queries.challenges_of(case.purchase),
        numbers=rules_for(case.buyer),
        due_passed=case.purchase.bids_due_at is not None and case.purchase.bids_due_at < now(),
    )


@bp.route("/<int:purchase>/publish", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def publish(region: Region, purchase: Case) -> Any:
    """An official calls for bids; from then on the call is fixed."""
    case, form = for_buyer(purchase), PublishForm()
    if form.validate_on_submit():
        with form.refusals():
            preparing.publish_purchase(actor(), case.purchase, form.due.data)
            flash(gettext(N_("The call for bids is public.")))
            return see_other(address_of(case, "run"))
    days = bidding_days(Method(case.purchase.method), rules_for(case.buyer))
    return page(region=region, form=form, case=case, factors=queries.factors_of(case.purchase), days=days)


@bp.route("/<int:purchase>/judges", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def judges(region: Region, purchase: Case) -> Any:
    """An official appoints the judges."""
    case, form = for_buyer(purchase), JudgeForm()
    if form.validate_on_submit():
        with form.refusals():
            named = (form.login.data or "", form.name.data or "", form.body.data or "")
            panel.appoint_judge(actor(), case.purchase, *named)
            return see_other(address_of(case, "judges"))
    found, numbers = panel.all_judges(case.purchase), rules_for(case.buyer)
    return page(region=region, form=form, case=case, judges=found, numbers=numbers)


@bp.post("/<int:purchase>/open", deed=Deed.RUN_PURCHASE)
def open_all(region: Region, purchase: Case) -> Any:
    """An official opens all bids when they are due."""
    return _done(purchase, opening.open_bids)


@bp.post("/<int:purchase>/report", deed=Deed.RUN_PURCHASE)
def report(region: Region, purchase: Case) -> Any:
    """An official notes that the purchaser has the evaluation report."""
    return _done(purchase, deciding.report_scores)


@bp.post("/<int:purchase>/notice", deed=Deed.RUN_PURCHASE)
def notice(region: Region, purchase: Case) -> Any:
    """An official publishes the result, and each bidder is told."""
    return _done(purchase, deciding.publish_result)


def _done(purchase: Case, deed: Any) -> Any:
    case = for_buyer(purchase)
    with flashed_refusals():
        deed(actor(), case.purchase)
    return see_other(address_of(case, "run"))


@bp.route("/<int:purchase>/bids/<int:bid>/refuse", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def refuse(region: Region, purchase: Case, bid: OpenedBid) -> Any:
    """An official does not let a bid in, and says why."""
    case, form = for_buyer(purchase), RefuseForm()
    if form.validate_on_submit():
        with form.refusals():
            opening.refuse_bid(actor(), case.purchase, bid.bid, form.words.data or "")
            return see_other(address_of(case, "run"))
    return page(region=region, form=form, case=case, bid=bid)


@bp.route("/<int:purchase>/award", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def award(region: Region, purchase: Case) -> Any:
    """An official chooses the winner, usually the first in the ranking."""
    case = for_buyer(purchase)
    form = AwardForm() if case.purchase.state == PurchaseState.JUDGED else None
    result = result_of(case.purchase)
    if form and form.validate_on_submit():
        with form.refusals():
            chosen = queries.find_bid(form.bid.data, {"purchase": case})
            deciding.award_purchase(actor(), case.purchase, chosen.bid if chosen else None, form.words.data or "")
            return see_other(address_of(case, "run"))
    return page(region=region, form=form, case=case, result=result)


@bp.route("/<int:purchase>/end", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def end(region: Region, purchase: Case) -> Any:
    """An official ends a purchase of which nothing comes, and says why."""
    case, form = for_buyer(purchase), EndForm()
    if form.validate_on_submit():
        with form.refusals():
            state = PurchaseState(form.state.data)
            preparing.end_purchase(actor(), case.purchase, state, form.words.data or "")
            return see_other(address_of(case, "run"))
    return page(region=region, form=form, case=case)


@bp.route("/<int:purchase>/challenges/<int:challenge>/", methods=["GET", "POST"], deed=Deed.RUN_PURCHASE)
def answer(region: Region, purchase: Case, challenge: PurchaseChallenge) -> Any:
    """An official answers a challenge."""
    case, form = for_buyer(purchase), None if challenge.answered_at else AnswerForm()
    if form and form.validate_on_submit():
        with form.refusals():
            upheld, words = form.upheld.data == "yes", form.answer.data or ""
            deciding.answer_challenge(actor(), case.purchase, challenge, upheld=upheld, answer=words)
            return see_other(address_of(case, "run"))
    return page(region=region, form=form, case=case, challenge=challenge, due=due.answer_due(case, challenge))
