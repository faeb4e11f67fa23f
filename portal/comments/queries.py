"""Words that wait, words that are public, and what became of somebody's own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.comments.models import CommentAppeal, CommentDecision, GroupAnswer
from portal.policies.queries import rules_for, working_days_after
from portal.providers.models import Provider
from portal.ratings.models import RatingComment
from portal.ratings.queries import words_tag
from portal.ratings.tied import tied_providers
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.comments import CommentState, Verdict, mask_in_effect
from portal.rules.permissions import Actor
from portal.rules.wording import without_numbers
from portal.store import db
from portal.store.paging import Page, page_of

MOST = 100
GROUPS_A_PAGE = 4


@dataclass(frozen=True)
class Told:
    """Words with everything that was decided about them."""

    comment: RatingComment
    decisions: Sequence[CommentDecision] = ()
    appeal: CommentAppeal | None = None

    @property
    def hides(self) -> list[CommentDecision]:
        return [one for one in self.decisions if one.verdict == Verdict.HIDE]

    @property
    def masks(self) -> list[CommentDecision]:
        return [one for one in self.decisions if one.verdict == Verdict.MASK]

    @property
    def is_hidden(self) -> bool:
        return self.comment.state == CommentState.HIDDEN.value

    @property
    def mask(self) -> CommentDecision | None:
        """The decision by which a second person confirmed exactly the mask of another."""
        at = mask_in_effect([one.words for one in self.masks])
        return None if at is None else self.masks[at]

    @property
    def proposal(self) -> CommentDecision | None:
        """The last mask that waits for a second person."""
        last = self.masks[-1] if self.masks else None
        return last if last is not self.mask else None

    @property
    def is_masked(self) -> bool:
        """Whether something stands under a mask now that two people put there."""
        return self.mask is not None and not (self.appeal and self.appeal.upheld)

    @property
    def words(self) -> str:
        """As everyone may read them."""
        shown = self.mask.words if self.mask and self.is_masked else self.comment.words
        return without_numbers(shown, "〔number〕", "〔mail〕")

    @property
    def photo(self) -> str | None:
        """The photo, once somebody has looked at it."""
        return self.comment.photo if any(one.photo_cleared for one in self.decisions) else None

    @property
    def touched_at(self) -> datetime | None:
        """When it was last hidden or masked."""
        hides = self.hides if self.is_hidden else []
        return max((one.at for one in [*hides, self.mask if self.is_masked else None] if one), default=None)


@dataclass(frozen=True)
class Found:
    """Words on a desk, with whose they are about and where."""

    told: Told
    provider: Provider
    home: Region

    @property
    def comment(self) -> RatingComment:
        return self.told.comment


@dataclass(frozen=True)
class Group:
    """Words that were published together, with the provider's answer."""

    published_on: date
    told: list[Told] = field(default_factory=list)
    answer: GroupAnswer | None = None


def find_comment(key: str, found: dict[str, Any]) -> Found | None:
    """Words of the region's subtree, by their key."""
    row = db.session.execute(_with_place(found["region"]).where(RatingComment.key == key)).first()
    return Found(told_of([row.RatingComment])[0], row.Provider, row.Region) if row else None


def _with_place(region: Region) -> Select[RatingComment, Provider, Region]:
    query = select(RatingComment, Provider, Region).join(Provider, Provider.id == RatingComment.provider_id)
    return query.join(Region, Region.id == RatingComment.region_id).where(within(region))


def waiting_for(actor: Actor, region: Region) -> list[Found]:
    """Words that `actor` may decide about and has not yet, most urgent first. What she is tied to, she does not see."""
    own = select(CommentDecision.comment_key).where(CommentDecision.person_id == actor.id)
    rows = db.session.execute(
        _with_place(region)
        .where(
            RatingComment.state == CommentState.WAITING.value,
            RatingComment.provider_id.not_in(tied_providers(actor)),
            RatingComment.key.not_in(own),
        )
        .order_by(RatingComment.due_at, RatingComment.key)
        .limit(MOST)
    ).all()
    told = told_of([row.RatingComment for row in rows])
    return [Found(one, row.Provider, row.Region) for one, row in zip(told, rows, strict=True)]


def told_of(comments: Sequence[RatingComment]) -> list[Told]:
    """Each with its decisions and its appeal, in one statement however many they are."""
    rows = db.session.execute(
        select(RatingComment.key, CommentDecision, CommentAppeal)
        .outerjoin(CommentDecision, CommentDecision.comment_key == RatingComment.key)
        .outerjoin(CommentAppeal, CommentAppeal.comment_key == RatingComment.key)
        .where(RatingComment.key.in_([comment.key for comment in comments]))
        .order_by(CommentDecision.id)
    )
    decisions: dict[str, list[CommentDecision]] = defaultdict(list)
    appeals: dict[str, CommentAppeal] = {}
    for key, decision, appeal in rows:
        if decision is not None:
            decisions[key].append(decision)
        if appeal is not None:
            appeals[key] = appeal
    return [Told(comment, decisions[comment.key], appeals.get(comment.key)) for comment in comments]


def published_of(provider: Provider, after: str = "") -> tuple[list[Group], str]:
    """Groups of published words, newest first, and the mark of the next page; inside a group chance orders them."""
    day = func.replace(RatingComment.published_on.cast(db.Text), "-", "").cast(db.Integer).label("day")
    days: Page[Any] = page_of(
        select(day, RatingComment.published_on).where(*_public(provider)).distinct(), [day], after, GROUPS_A_PAGE
    )
    return _groups(provider, RatingComment.published_on.in_([row.published_on for row in days.rows])), days.after


def group_on(provider: Provider, published_on: date) -> Group | None:
    """The words that were published together on that day."""
    return next(iter(_groups(provider, RatingComment.published_on == published_on)), None)


def _groups(provider: Provider, of_days: ColumnElement[bool]) -> list[Group]:
    of_group = (GroupAnswer.provider_id == provider.id) & (GroupAnswer.published_on == RatingComment.published_on)
    rows = db.session.execute(
        select(RatingComment, GroupAnswer)
        .outerjoin(GroupAnswer, of_group)
        .where(*_public(provider), of_days)
        .order_by(RatingComment.published_on.desc(), RatingComment.key)
    ).all()
    answers = {row.RatingComment.published_on: row.GroupAnswer for row in rows}
    told = told_of([row.RatingComment for row in rows])
    groups = groupby(told, key=lambda one: one.comment.published_on)
    return [Group(on, list(some), answers[on]) for on, some in groups if on is not None]


def _public(provider: Provider) -> tuple[Any, ...]:
    return (RatingComment.provider_id == provider.id, RatingComment.state == CommentState.PUBLISHED.value)


def comment_of(token: str, cookie: str = "") -> Found | None:
    """The words that were written with a private link on the device with `cookie`, once they have left the rating."""
    row = db.session.execute(
        select(RatingComment, Provider, Region)
        .join(Provider, Provider.id == RatingComment.provider_id)
        .join(Region, Region.id == RatingComment.region_id)
        .where(RatingComment.writer == words_tag(token, cookie))
    ).first()
    return Found(told_of([row.RatingComment])[0], row.Provider, row.Region) if row else None


def appeal_until(found: Found) -> datetime | None:
    """Until when the writer may appeal; None where nothing was hidden or masked."""
    touched = found.told.touched_at
    days = rules_for(found.home).comment_appeal_working_days
    return working_days_after(touched, days) if touched else None


def find_appeal(number: int, found: dict[str, Any]) -> CommentAppeal | None:
    """An appeal about words of the region's subtree."""
    return db.session.scalar(
        select(CommentAppeal)
        .join(RatingComment, RatingComment.key == CommentAppeal.comment_key)
        .join(Region, Region.id == RatingComment.region_id)
        .where(CommentAppeal.id == number, within(found["region"]))
    )


def appeals_for(actor: Actor) -> Sequence[Row[CommentAppeal, str]]:
    """Appeals that `actor` was drawn to decide, with the code of their region."""
    return db.session.execute(
        select(CommentAppeal, Region.code)
        .join(RatingComment, RatingComment.key == CommentAppeal.comment_key)
        .join(Region, Region.id == RatingComment.region_id)
        .where(CommentAppeal.judge_id == actor.id, CommentAppeal.decided_at.is_(None))
        .order_by(CommentAppeal.due_at)
    ).all()
