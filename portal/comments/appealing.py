"""Who wrote words appeals with her link; somebody who is drawn, and had no part in it, decides alone."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import audit
from portal.accounts.models import Person, RoleGrant
from portal.accounts.queries import actor_of
from portal.accounts.secrets import keyed_hash
from portal.comments.models import CommentAppeal, CommentDecision
from portal.comments.moderating import locked_comment
from portal.comments.queries import Found, appeal_until, comment_of, told_of
from portal.notifications.actions import tell
from portal.policies.queries import ids_of, rules_for, working_days_after
from portal.ratings.models import RatingComment
from portal.ratings.tied import is_tied
from portal.regions.models import Region
from portal.rules import N_, Refusal, Refused, comments, enforce
from portal.rules.comments import CommentState
from portal.rules.permissions import NOBODY, Actor, Deed, Role
from portal.store import action, db, locked
from portal.store.clock import now


@action
def appeal_words(token: str, words: str, cookie: str = "") -> CommentAppeal:
    """The writer says why her words should be read; where nobody can be drawn to judge, they are published.

    She is known by her link and her device.
    """
    found = comment_of(token, cookie)
    if found is None:
        raise Refused([Refusal(N_("We know no such link. Please open it from the message once more."))])
    locked(found.comment)
    told = told_of([found.comment])[0]
    if told.appeal is not None and told.appeal.words == words:
        return told.appeal
    found = Found(told, found.provider, found.home)
    enforce(
        comments.appeal_refusals(
            words,
            touched=told.is_hidden or told.is_masked,
            appealed=told.appeal is not None,
            now=now(),
            until=appeal_until(found),
        )
    )
    appeal = CommentAppeal(
        comment_key=found.comment.key,
        was_hidden=told.is_hidden,
        words=words,
        due_at=working_days_after(now(), rules_for(found.home).comment_judge_working_days),
    )
    db.session.add(appeal)
    db.session.flush()
    _draw(appeal, found)
    return appeal


def _draw(appeal: CommentAppeal, found: Found) -> None:
    """Draw the judge; the seed stands in the log, so that the draw can be done again."""
    seed = keyed_hash("appeal", str(appeal.id))
    people = eligible(found)
    order = comments.in_drawn_order(seed, people)
    appeal.judge_id = next((one for one in order if not _is_tied(one, found.provider.id)), None)
    audit.record(NOBODY, Deed.APPEAL_WORDS, appeal, seed=seed, among=sorted(people), judge=appeal.judge_id)
    if appeal.judge_id is None:
        settle_appeal(appeal, found.comment, upheld=True)
    else:
        tell(appeal.judge_id, "words_appeal", f"/{found.home.code}/words/appeals/{appeal.id}", place=found.home.name)


def _is_tied(person_id: int, provider_id: int) -> bool:
    return is_tied(actor_of(db.session.get_one(Person, person_id)), provider_id)


def eligible(found: Found) -> set[int]:
    """Who may be drawn: people of the offices above, and of other committees of the same office, who had no part."""
    above = ids_of(found.home.path)[:-1]
    beside = select(Region.id).where(Region.parent_id == found.home.parent_id, Region.id != found.home.id)
    official = (RoleGrant.role == Role.OFFICIAL.value) & RoleGrant.region_id.in_(above)
    committee = (RoleGrant.role == Role.COMMITTEE.value) & RoleGrant.region_id.in_(beside)
    part = select(CommentDecision.person_id).where(CommentDecision.comment_key == found.comment.key)
    people = select(RoleGrant.person_id).where(official | committee, RoleGrant.person_id.not_in(part))
    return set(db.session.scalars(people.distinct()))


@action
def judge_appeal(actor: Actor, appeal: CommentAppeal, *, upheld: bool, reason: str) -> None:
    """Who was drawn decides: upheld, the words are read as they were written. The same twice is once."""
    comment = locked_comment(appeal)
    locked(appeal)
    if appeal.decided_at and (appeal.judge_id, appeal.upheld, appeal.reason) == (actor.id, upheld, reason):
        return
    enforce(
        comments.judging_refusals(
            reason,
            drawn=actor.id is not None and appeal.judge_id == actor.id,
            tied=is_tied(actor, comment.provider_id),
            decided=appeal.decided_at is not None,
        )
    )
    appeal.reason = reason
    settle_appeal(appeal, comment, upheld=upheld)
    audit.record(actor, Deed.JUDGE_APPEAL, appeal, upheld=upheld)


def settle_appeal(appeal: CommentAppeal, comment: RatingComment, *, upheld: bool) -> None:
    """Upheld, words are public again or go out with the next group; else a mask is all there is from now on."""
    appeal.upheld, appeal.decided_at = upheld, now()
    if upheld and comment.state == CommentState.HIDDEN.value:
        comment.state = (CommentState.PUBLISHED if comment.published_on else CommentState.CLEARED).value


def overdue_appeals() -> Sequence[CommentAppeal]:
    """Appeals whose judge was silent for too long."""
    late = select(CommentAppeal).where(CommentAppeal.decided_at.is_(None), CommentAppeal.due_at < now())
    return db.session.scalars(late).all()
