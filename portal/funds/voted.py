"""Residents decide on what was asked of a community fund: a vote among the requests, and grants for the winners."""

import logging
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal import audit
from portal.funds.balances import left_of_call
from portal.funds.blueprint import bp
from portal.funds.forms import VoteForm
from portal.funds.models import Fund, GrantCall, GrantRequest
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, grants
from portal.rules.counting import Outcome
from portal.rules.permissions import NOBODY, Actor, Deed
from portal.rules.rounds import OptionDraft, RoundDraft
from portal.store import action, db, locked
from portal.store.clock import now, today
from portal.voting.models import Round
from portal.voting.queries import BESIDE
from portal.voting.rounds import announce_round
from portal.web.door import actor, page, see_other


@bp.route("/calls/<int:call>/vote", methods=["GET", "POST"], deed=Deed.RUN_ROUND)
def vote(region: Region, call: GrantCall) -> Any:
    """A committee or an official puts what was asked of a call to the vote of residents."""
    form = VoteForm.proposed(call.title)
    if form.validate_on_submit():
        with form.refusals():
            put_to_vote(actor(), call, form.question.data or "", form.opens, form.closes)
            return see_other(url_for("voting.ballot", region=region.code, poll=call.vote_id))
    return page(region=region, call=call, form=form, wishes=_asked(call))


@action
def put_to_vote(
    actor: Actor, call: GrantCall, question: str, opens_at: datetime | None, closes_at: datetime | None
) -> Round:
    """Announce a vote among all requests of a closed call, each at what it asks, within the call's budget.

    A call that is voted on already keeps its vote. Source: A60.
    """
    locked(call)
    if call.vote_id is not None:
        return db.session.get_one(Round, call.vote_id)
    fund, wishes = db.session.get_one(Fund, call.fund_id), _asked(call)
    enforce(
        grants.may_vote_on(
            [wish.amount_fen for wish in wishes],
            fund_kind=fund.kind,
            open_still=call.closes_on >= today(),
            decided=call.finished_at is not None or any(wish.decided_at for wish in wishes),
        )
    )
    draft = RoundDraft(
        question=question,
        options=tuple(OptionDraft(None, None, wish.title, None, wish.amount_fen, wish.purpose) for wish in wishes),
        budget_fen=call.budget_fen,
        opens_at=opens_at,
        closes_at=closes_at,
        beside=BESIDE,
    )
    round = announce_round(actor, db.session.get_one(Region, call.region_id), draft)
    call.vote_id = round.id
    audit.record(actor, Deed.KEEP_FUNDS, call, round=round.id)
    return round


def settle_votes() -> int:
    """Grant what residents chose in every vote that has a result; gives how many calls this ended."""
    sealed = select(GrantCall).join(Round, Round.id == GrantCall.vote_id)
    waiting = sealed.where(Round.sealed_at.is_not(None), GrantCall.finished_at.is_(None)).order_by(GrantCall.id)
    settled = 0
    for call in db.session.scalars(waiting).all():
        try:
            settled += settle_vote(call)
        except Exception:
            logging.getLogger(__name__).exception("the vote on call %s could not be settled", call.id)
            db.session.rollback()
    return settled


@action
def settle_vote(call: GrantCall) -> bool:
    """Grant the winners of a call's vote, in their order, what they asked for, and end the call, once. Source: A60."""
    locked(call)
    round = db.session.get(Round, call.vote_id, populate_existing=True) if call.vote_id else None
    if call.finished_at is not None or round is None or round.sealed_at is None or round.outcome is None:
        return False
    wishes, left = dict(enumerate(_asked(call), 1)), left_of_call(call)
    for number in map(int, Outcome.from_json(round.outcome).winners):
        wish = wishes[number]
        if wish.amount_fen > left:
            enforce([Refusal(N_("The winners ask for more than the call gives."))])
        wish.granted_fen = wish.amount_fen
        left -= wish.amount_fen
    for wish in wishes.values():
        wish.granted_fen, wish.decided_at = wish.granted_fen or 0, now()
        audit.record(NOBODY, Deed.KEEP_FUNDS, wish, granted=wish.granted_fen, round=round.id)
    call.finished_at = now()
    return True


def _asked(call: GrantCall) -> list[GrantRequest]:
    """The requests of a call in the order in which they came: that of the options of its vote."""
    wishes = select(GrantRequest).where(GrantRequest.call_id == call.id).order_by(GrantRequest.id)
    return list(db.session.scalars(wishes))
