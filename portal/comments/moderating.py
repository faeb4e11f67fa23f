"""Two people hide words or mask names in them, one lets them go. The grade beside them is nobody's to touch."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal import audit
from portal.comments.models import CommentAppeal, CommentDecision
from portal.comments.queries import Found, Told, told_of
from portal.ratings.models import RatingComment
from portal.ratings.tied import is_tied
from portal.rules import N_, Refusal, Refused, comments, enforce
from portal.rules.comments import CommentState, Verdict
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import now


@dataclass(frozen=True)
class CommentDraft:
    """What somebody says to words, as it was typed."""

    verdict: str
    kind: str = ""
    reason: str = ""
    names: Sequence[str] = ()
    mask: str = ""
    photo_cleared: bool = False
    confirms: int = 0
    """The decision whose mask she read and would put, too; then there are no names."""


@action
def decide_comment(actor: Actor, found: Found, draft: CommentDraft) -> CommentDecision:
    """Say that words may be public, with or without a mask, or should be hidden.

    Hidden they are when a second says so, masked when a second would put exactly the same mask.

    Source: trust 4.6. The same said twice by the same person is once.
    """
    comment = locked(found.comment)
    told = told_of([comment])[0]
    made = next((one for one in told.decisions if one.person_id == actor.id), None)
    if made is not None and (made.verdict, made.kind, made.reason) == (draft.verdict, draft.kind, draft.reason):
        return made
    state, verdict = CommentState(comment.state), _verdict(draft)
    enforce(
        comments.may_decide(
            state,
            tied=is_tied(actor, comment.provider_id),
            decided=made is not None,
            appealed=told.appeal is not None,
        )
    )
    if verdict is Verdict.HIDE:
        enforce(comments.hiding_refusals(draft.kind, draft.reason))
    words = _masked(told, draft) if verdict is Verdict.MASK else ""
    decision = CommentDecision(
        comment_key=comment.key,
        person_id=actor.id,
        verdict=verdict.value,
        kind=draft.kind if verdict is Verdict.HIDE else "",
        reason=draft.reason if verdict is Verdict.HIDE else "",
        words=words,
        photo_cleared=draft.photo_cleared and verdict is not Verdict.HIDE,
        at=now(),
    )
    db.session.add(decision)
    hides = len(told.hides) + (verdict is Verdict.HIDE)
    confirmed = comments.mask_in_effect([*(one.words for one in told.masks), words]) == len(told.masks)
    comment.state = comments.state_after(state, verdict, hides, confirmed=confirmed).value
    audit.record(actor, Deed.MODERATE_WORDS, decision, verdict=verdict.value, kind=decision.kind, state=comment.state)
    return decision


def _verdict(draft: CommentDraft) -> Verdict:
    if draft.verdict not in list(Verdict):
        enforce([Refusal(N_("Please choose what is to be done."), "verdict")])
    return Verdict(draft.verdict)


def _masked(told: Told, draft: CommentDraft) -> str:
    """The words with the mask that somebody would put: of names she typed, or the one that waits for a second."""
    if not draft.confirms:
        enforce(comments.masking_refusals(told.comment.words, told.words, draft.names, draft.mask))
        return comments.masked(told.words, draft.names, draft.mask)
    if told.proposal is None or told.proposal.id != draft.confirms:
        raise Refused([Refusal(N_("This has been decided meanwhile."))])
    return told.proposal.words


def locked_comment(appeal: CommentAppeal) -> RatingComment:
    """The words of an appeal, nobody else's to change until this deed ends."""
    return locked(db.session.scalars(select(RatingComment).where(RatingComment.key == appeal.comment_key)).one())
