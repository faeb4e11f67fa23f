"""How words were moderated: for everyone by place, for the office by moderator. Only months that are over."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from portal.accounts.models import Person
from portal.comments.models import CommentAppeal, CommentDecision
from portal.ratings.models import RatingComment
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.clocks import end_of_day
from portal.rules.comments import KINDS, TO_HIDE, Verdict
from portal.store import db
from portal.store.clock import today

FEWEST = 10
"""Decisions below which a moderator's shares say nothing."""


@dataclass(frozen=True)
class Span:
    """The twelve months before this one."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return end_of_day(self.first - timedelta(days=1))

    @property
    def until(self) -> datetime:
        return end_of_day(self.last)

    def holds(self, column: Any) -> ColumnElement[bool]:
        return and_(column > self.since, column <= self.until)


def twelve_months() -> Span:
    first = today().replace(day=1)
    return Span(first.replace(year=first.year - 1), first - timedelta(days=1))


@dataclass(frozen=True)
class Numbers:
    """What became of words in a place."""

    published: int
    masked: int
    hidden: Mapping[str, int]
    """By kind."""
    appealed: int
    overturned: int


def numbers_of(region: Region, span: Span) -> Numbers:
    """What became of words in a region's subtree in the span."""
    published = _among(select(func.count()), region).where(RatingComment.published_on.between(span.first, span.last))
    second = _last(Verdict.MASK, CommentDecision.words)
    masked = (
        _decided(select(func.count(CommentDecision.comment_key.distinct())), region)
        .join(second, second.c.id == CommentDecision.id)
        .where(span.holds(CommentDecision.at))
    )
    last = _last(Verdict.HIDE)
    hidden = (
        _decided(select(CommentDecision.kind, func.count()), region)
        .join(last, last.c.id == CommentDecision.id)
        .where(span.holds(CommentDecision.at))
        .group_by(CommentDecision.kind)
    )
    appeals = _among(
        select(func.count(), func.coalesce(func.sum(CommentAppeal.upheld.cast(db.Integer)), 0)), region
    ).join(CommentAppeal, CommentAppeal.comment_key == RatingComment.key)
    appealed, overturned = db.session.execute(appeals.where(span.holds(CommentAppeal.decided_at))).one()
    kinds = {row[0]: int(row[1]) for row in db.session.execute(hidden)}
    return Numbers(
        db.session.scalar(published) or 0,
        db.session.scalar(masked) or 0,
        {kind: kinds.get(kind, 0) for kind in KINDS},
        int(appealed),
        int(overturned),
    )


def _last(verdict: Verdict, *alike: Any) -> Any:
    """The last of the two or more decisions of a comment by which it was hidden, or masked `alike`."""
    decisions = select(func.max(CommentDecision.id).label("id")).where(CommentDecision.verdict == verdict.value)
    return decisions.group_by(CommentDecision.comment_key, *alike).having(func.count() >= TO_HIDE).subquery()


def _among(query: Any, region: Region) -> Any:
    joined = query.select_from(RatingComment).join(Region, Region.id == RatingComment.region_id)
    return joined.where(within(region))


def _decided(query: Any, region: Region) -> Any:
    return _among(query, region).join(CommentDecision, CommentDecision.comment_key == RatingComment.key)


@dataclass(frozen=True)
class Moderator:
    """How somebody decides, in whole percent; None where there are too few decisions to say."""

    name: str
    hides: int | None
    masks: int | None
    overturned: int | None
    """Of what she wanted hidden or masked."""


def moderators_of(region: Region, span: Span) -> list[Moderator]:
    """Shares of each who decided in a region's subtree, by name."""
    rows = db.session.execute(
        _decided(select(Person.name, CommentDecision.person_id, CommentDecision.verdict, CommentAppeal.upheld), region)
        .join(Person, Person.id == CommentDecision.person_id)
        .outerjoin(CommentAppeal, CommentAppeal.comment_key == RatingComment.key)
        .where(span.holds(CommentDecision.at))
        .order_by(Person.name, CommentDecision.person_id)
    )
    decided: dict[tuple[str, int], list[tuple[str, bool]]] = defaultdict(list)
    for name, person_id, verdict, upheld in rows:
        decided[name, person_id].append((verdict, bool(upheld)))
    return [_shares(name, made) for (name, _), made in decided.items()]


def _shares(name: str, made: list[tuple[str, bool]]) -> Moderator:
    hides = sum(verdict == Verdict.HIDE for verdict, _ in made)
    masks = sum(verdict == Verdict.MASK for verdict, _ in made)
    overturned = sum(upheld for verdict, upheld in made if verdict != Verdict.PUBLISH)
    return Moderator(name, _percent(hides, len(made)), _percent(masks, len(made)), _percent(overturned, hides + masks))


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole >= FEWEST else None
