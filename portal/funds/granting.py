"""Calls for grants: money of a fund is kept, asked for, granted with a public reason, and paid. Source: A57, A58."""

from portal import audit
from portal.funds.balances import free_of_fund, left_of_call
from portal.funds.keys import sent_before
from portal.funds.models import Fund, FundEntry, GrantCall, GrantRequest
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.providers.queries import serves
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, grants
from portal.rules.funds import Way
from portal.rules.grants import CallDraft, RequestDraft
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked, put_once
from portal.store.clock import now, today


@action
def open_call(actor: Actor, fund: Fund, draft: CallDraft, key: str) -> GrantCall:
    """Keep money of a fund for grants, and call for requests."""
    locked(fund)
    if said := sent_before(GrantCall, key, fund_id=fund.id, title=draft.title, budget_fen=draft.budget_fen):
        return said
    enforce(grants.call_refusals(draft, fund_kind=fund.kind, free_fen=free_of_fund(fund), today=today()))
    call = GrantCall(
        key=key,
        fund_id=fund.id,
        region_id=fund.region_id,
        title=draft.title,
        words=draft.words,
        budget_fen=draft.budget_fen,
        closes_on=draft.closes_on,
        for_startups=draft.for_startups,
        opened_at=now(),
    )
    db.session.add(call)
    audit.record(actor, Deed.KEEP_FUNDS, call, budget=draft.budget_fen)
    return call


@action
def ask_grant(actor: Actor, call: GrantCall, provider: Provider, draft: RequestDraft, key: str) -> GrantRequest:
    """A provider's staff asks for a grant of a call."""
    locked(call)
    if said := sent_before(GrantRequest, key, provider_id=provider.id, title=draft.title, amount_fen=draft.amount_fen):
        return said
    region = db.session.get_one(Region, call.region_id)
    if not serves(provider.id, region):
        enforce([Refusal(N_("This organisation is not registered for this place."))])
    if call.finished_at or call.vote_id:
        enforce([Refusal(N_("This call is closed."))])
    enforce(
        grants.request_refusals(
            draft,
            kind=provider.kind,
            budget_fen=call.budget_fen,
            closes_on=call.closes_on,
            for_startups=call.for_startups,
            startup_months=rules_for(region).startup_months,
            today=today(),
        )
    )
    wish = GrantRequest(
        key=key,
        call_id=call.id,
        provider_id=provider.id,
        title=draft.title,
        purpose=draft.purpose,
        amount_fen=draft.amount_fen,
        founded_on=draft.founded_on,
        asked_at=now(),
        asked_by_id=actor.id,
    )
    db.session.add(wish)
    audit.record(actor, Deed.ASK_GRANT, wish, amount=draft.amount_fen)
    return wish


@action
def decide_grant(
    actor: Actor, call: GrantCall, wish: GrantRequest, granted_fen: int | None, reason: str
) -> GrantRequest:
    """An official grants all or a part of what was asked for, or nothing, and says why."""
    locked(call)
    locked(wish)
    if call.vote_id:
        enforce([Refusal(N_("Residents decide on this call."))])
    enforce(
        grants.may_grant(
            granted_fen,
            reason,
            asked_fen=wish.amount_fen,
            left_fen=left_of_call(call),
            decided=wish.decided_at is not None,
            finished=call.finished_at is not None,
        )
    )
    wish.granted_fen, wish.reason, wish.decided_at, wish.decided_by_id = granted_fen, reason, now(), actor.id
    audit.record(actor, Deed.KEEP_FUNDS, wish, granted=granted_fen)
    return wish


@action
def pay_grant(actor: Actor, call: GrantCall, wish: GrantRequest) -> None:
    """Pay what was granted out of the fund, once."""
    locked(wish)
    if not wish.granted_fen:
        enforce([Refusal(N_("Nothing was granted."))])
    if wish.paid_at:
        return
    wish.paid_at = now()
    put_once(
        FundEntry,
        key=f"grant:{wish.id}",
        fund_id=call.fund_id,
        amount_fen=-(wish.granted_fen or 0),
        way=Way.GRANT.value,
        category="",
        words=wish.title,
        subject=f"grant:{wish.id}",
        actor_id=actor.id,
        at=now(),
    )
    audit.record(actor, Deed.KEEP_FUNDS, wish, paid=wish.granted_fen)


@action
def finish_call(actor: Actor, call: GrantCall) -> None:
    """End a call in which all is decided; what is left of its budget goes back to the fund."""
    locked(call)
    open_still = db.session.scalar(
        db.select(GrantRequest.id).where(GrantRequest.call_id == call.id, GrantRequest.decided_at.is_(None)).limit(1)
    )
    if open_still:
        enforce([Refusal(N_("Please decide on every request first."))])
    if call.finished_at is None:
        call.finished_at = now()
        audit.record(actor, Deed.KEEP_FUNDS, call, left=left_of_call(call))
