"""Two people who are not tied to it decide whether ratings that were held count; if they differ, a third from above."""

from typing import Any

from sqlalchemy import update

from portal import audit
from portal.flags.models import HoldDecision
from portal.flags.queries import Held, decisions_of
from portal.flags.recorders import recorded_some
from portal.ratings.models import Rating, RatingHold
from portal.ratings.tied import is_tied
from portal.rules import enforce
from portal.rules.permissions import Actor, Deed, may
from portal.rules.privacy import above
from portal.rules.reviews import Judge, Verdict, review_refusals, verdict_of
from portal.store import action, db, locked
from portal.store.clock import now

PLAIN: dict[str, Any] = {"synchronize_session": False}


@action
def review_hold(actor: Actor, held: Held, verdict: str, reason: str) -> Verdict | None:
    """Say whether held ratings count, and why; gives what is decided by now. The same sent twice counts once."""
    hold = locked(held.hold)
    decisions = decisions_of(hold)
    own = next((one for one in decisions if one.person_id == actor.id), None)
    if own is not None and (own.verdict, own.reason) == (verdict, reason):
        return Verdict(hold.verdict) if hold.verdict else None
    said = [Verdict(one.verdict) for one in decisions]
    enforce(review_refusals(verdict, reason, said, judge_of(actor, held, decisions)))
    decision = HoldDecision(hold_id=hold.id, person_id=actor.id, verdict=verdict, reason=reason, at=now())
    db.session.add(decision)
    audit.record(actor, Deed.REVIEW_RATINGS, hold, verdict=verdict)
    decided = verdict_of([*said, Verdict(verdict)])
    if decided is not None:
        _close(hold, decided)
    return decided


def judge_of(actor: Actor, held: Held, decisions: Any) -> Judge:
    """What the one who acts is to ratings that are held."""
    higher = above(held.region.path)
    return Judge(
        tied=is_tied(actor, held.provider.id),
        recorded=actor.id is not None and recorded_some(actor.id, held.hold),
        has_said=any(one.person_id == actor.id for one in decisions),
        is_above=not higher or may(actor, Deed.REVIEW_RATINGS, higher),
    )


def _close(hold: RatingHold, decided: Verdict) -> None:
    """Counted ratings go on to the next release; of those left out nothing stays that tells them apart."""
    hold.verdict, hold.closed_at = decided.value, now()
    anonymous = {"rater": "", "inviter": "", "device": ""}
    changes = {"hold_id": None, "cleared": True} if decided is Verdict.COUNTED else anonymous
    db.session.execute(update(Rating).where(Rating.hold_id == hold.id).values(changes), execution_options=PLAIN)
