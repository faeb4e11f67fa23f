"""What a committee decides about what waits."""

from datetime import timedelta

from sqlalchemy import select

from portal import audit
from portal.needs.actions import carry_supporters, move, return_supporters, tell_author
from portal.needs.models import Need, NeedStep
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.rules import enforce, moderation, needs
from portal.rules.moderation import LEADS_TO, Decision, DecisionDraft
from portal.rules.needs import NeedState
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now

KEPT_PRIVATE = "kept_private"
"""Noted with an acceptance that made a need private, so that undoing it does not leave it so."""
TOLD = {
    Decision.ACCEPT: "need_accepted",
    Decision.RETURN: "need_returned",
    Decision.REFUSE: "need_refused",
    Decision.MERGE: "need_merged",
}


@action
def decide_need(actor: Actor, need: Need, region: Region, draft: DecisionDraft) -> None:
    """A committee accepts, returns, refuses or joins a need; its author is told, and the log says who did it.

    Source: A24.
    """
    locked(need)
    into = db.session.get(Need, draft.into) if draft.into else None
    if into is not None and into is not need:
        locked(into)
    enforce(needs.moves(NeedState(need.state), LEADS_TO[draft.decision]))
    enforce(
        moderation.refusals(
            draft,
            text=f"{need.title}\n{need.story}\n{need.place}",
            private=need.private or draft.private,
            same=draft.into == need.id,
            into_open=into is not None and into.region_id == need.region_id and into.listed,
        )
    )
    reason, words = (draft.reason, draft.words) if draft.decision in moderation.EXPLAINED else ("", "")
    if draft.decision is Decision.ACCEPT and draft.private and not need.private:
        need.private, reason = True, KEPT_PRIVATE
    elif draft.decision is Decision.MERGE and into is not None:
        need.merged_into_id = into.id
        carry_supporters(need, into)
    move(need, LEADS_TO[draft.decision], office=region, reason=reason, words=words)
    told = "need_accepted_private" if need.private and draft.decision is Decision.ACCEPT else TOLD[draft.decision]
    tell_author(need, region, told)
    audit.record(
        actor, Deed.DECIDE_NEED, need, decision=draft.decision.value, reason=draft.reason, into=need.merged_into_id
    )


@action
def undo_decision(actor: Actor, need: Need, region: Region) -> None:
    """Take the last decision back: the need waits again, and supporters who moved along move back."""
    locked(need)
    last, *before = db.session.scalars(
        select(NeedStep).where(NeedStep.need_id == need.id).order_by(NeedStep.id.desc()).limit(2)
    ).all()
    days = rules_for(region).undo_days
    enforce(moderation.may_undo(NeedState(need.state), fresh=now() - last.at < timedelta(days=days)))
    if last.reason == KEPT_PRIVATE:
        need.private = False
    if need.merged_into_id:
        return_supporters(need, db.session.get_one(Need, need.merged_into_id))
        need.merged_into_id = None
    again = NeedState.ACCEPTED if [step.state for step in before] == [NeedState.ACCEPTED] else NeedState.SUBMITTED
    move(need, again, office=region)
    if again is NeedState.SUBMITTED:
        need.due_at = working_days_after(need.reported_at, rules_for(region).answer_working_days)
    tell_author(need, region, "need_reopened")
    audit.record(actor, Deed.DECIDE_NEED, need, decision="undo")
