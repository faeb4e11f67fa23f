"""Silence publishes: what nobody decided goes on, and goes out in groups so large that nobody is told apart."""

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update

from portal import audit
from portal.comments.appealing import overdue_appeals, settle_appeal
from portal.comments.models import CommentAppeal, CommentDecision
from portal.comments.moderating import locked_comment
from portal.comments.queries import told_of
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.ratings.models import RatingComment
from portal.regions.models import Region
from portal.rules.comments import CommentState, Verdict
from portal.rules.permissions import NOBODY, Deed
from portal.store import action, db, locked, take_turn
from portal.store.clock import now, today

KEPT_MASKED = timedelta(days=45)
"""After so long the days of an appeal are over anywhere, and what stood under a mask is forgotten."""


def publish_comments() -> int:
    """Let go what nobody decided in time, and publish what there is enough of; gives how much. Source: trust 4.6."""
    _let_go()
    for appeal in overdue_appeals():
        _uphold(appeal)
    _forget_masked()
    waiting = select(RatingComment.provider_id).where(*_ready()).group_by(RatingComment.provider_id)
    return sum(_publish(provider_id) for provider_id in db.session.scalars(waiting).all())


@action
def _let_go() -> None:
    """Silence lets words go, and no photos: what is only a photo waits until somebody has looked at it."""
    silent = update(RatingComment).where(
        RatingComment.state == CommentState.WAITING.value, RatingComment.due_at < now(), RatingComment.words != ""
    )
    db.session.execute(silent.values(state=CommentState.CLEARED.value))


@action
def _uphold(appeal: CommentAppeal) -> None:
    comment = locked_comment(appeal)
    locked(appeal)
    if appeal.decided_at is None:
        settle_appeal(appeal, comment, upheld=True)
        audit.record(NOBODY, Deed.JUDGE_APPEAL, appeal, upheld=True, silent=True)


@action
def _publish(provider_id: int) -> int:
    """Publish all of a provider's words that are ready, if they make a group; one group a day."""
    take_turn(f"words of {provider_id}")
    region = db.session.scalars(
        select(Region).join(Provider, Provider.region_id == Region.id).where(Provider.id == provider_id)
    ).one()
    of_it = RatingComment.provider_id == provider_id
    ready = db.session.scalars(select(RatingComment).where(of_it, *_ready()).with_for_update()).all()
    again = select(func.count()).where(of_it, RatingComment.published_on == today())
    if len(ready) < rules_for(region).comments_to_publish or db.session.scalar(again):
        return 0
    for comment in ready:
        comment.state, comment.published_on = CommentState.PUBLISHED.value, today()
    audit.record(NOBODY, Deed.MODERATE_WORDS, db.session.get_one(Provider, provider_id), published=len(ready))
    return len(ready)


def _ready() -> tuple[ColumnElement[bool], ...]:
    """Nothing goes out before its time, even if somebody let it go at once: so it is never younger than a week."""
    return (RatingComment.state == CommentState.CLEARED.value, RatingComment.due_at < now())


@action
def _forget_masked() -> None:
    """What stood under a mask goes when nobody can appeal any more."""
    old = now() - KEPT_MASKED
    masked = select(RatingComment).join(CommentDecision, CommentDecision.comment_key == RatingComment.key)
    found = masked.where(
        CommentDecision.verdict == Verdict.MASK.value,
        CommentDecision.at < old,
        RatingComment.words != CommentDecision.words,
        RatingComment.state != CommentState.HIDDEN.value,
    )
    for told in told_of(db.session.scalars(found.distinct()).all()):
        if told.mask and told.is_masked and told.mask.at < old and not (told.appeal and told.appeal.decided_at is None):
            told.comment.words = told.mask.words
