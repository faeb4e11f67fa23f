"""Needs as their readers may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, exists, func, select

from portal.needs.models import Need, NeedGroup, NeedGroupMember, NeedPhoto, NeedStep, NeedSupport, need_search
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.needs import OPEN, NeedState
from portal.rules.permissions import Actor, Deed, may
from portal.store import db
from portal.store.paging import Page, page_of
from portal.store.search import grams

SORTS = ("newest", "support")
CARD = (
    Need.id,
    Need.title,
    Need.translations,
    Need.group_code,
    Need.place,
    Need.state,
    Need.supporters,
    Need.reported_at,
)
"""What a need shows in a list."""


def published_needs(
    region: Region,
    *,
    whole: bool = False,
    state: str = "",
    about: str = "",
    words: str = "",
    sort: str = "newest",
    after: str = "",
    least: int = 0,
    size: int = 20,
) -> Page[Any]:
    """The listed needs of a region (the `whole` list for its committee), filtered, newest or most supported first."""
    code = select(Region.code).where(Region.id == Need.region_id).scalar_subquery()
    query = _filtered(select(*CARD, code.label("code")), region, whole, state, about, words, least)
    return page_of(query, _order(sort), after, size)


def listed_needs(region: Region, asked: Mapping[str, Any], most: int) -> Sequence[Row[Any]]:
    """The first `most` needs that everyone may read, filtered as `asked`, with what a sheet shows of them."""
    community = Region.name.label("community"), Region.translations.label("community_words")
    query = select(*CARD, Need.category, Region.code, *community, NeedGroupMember.group_id)
    query = query.join(Region, Region.id == Need.region_id)
    query = query.outerjoin(NeedGroupMember, NeedGroupMember.need_id == Need.id)
    query = _filtered(query, region, False, asked["state"], asked["about"], asked["words"], asked["least"])
    return db.session.execute(query.order_by(*(key.desc() for key in _order(asked["sort"]))).limit(most)).all()


def _order(sort: str) -> tuple[SQLColumnExpression[int], ...]:
    return (Need.supporters, Need.id) if sort == "support" else (Need.id,)


def _filtered(
    query: Select[Any], region: Region, whole: bool, state: str, about: str, words: str, least: int
) -> Select[Any]:
    query = query.where(in_region(region), _visible(whole))
    if state:
        query = query.where(Need.state == state)
    if about:
        query = query.where(Need.group_code == about)
    if least:
        query = query.where(Need.supporters >= least)
    if words:
        query = query.where(need_search.matches(Need.id, words))
    return query


def _visible(whole: bool) -> ColumnElement[bool]:
    return Need.state != NeedState.DRAFT if whole else Need.listed.is_(True)


def count_matching(region: Region, words: str, *, whole: bool = False) -> int:
    """How many needs of the region that may be read hold `words`."""
    query = (
        select(func.count())
        .select_from(Need)
        .where(in_region(region), _visible(whole), need_search.matches(Need.id, words))
    )
    return db.session.scalar(query) or 0


def in_region(region: Region) -> ColumnElement[bool]:
    """That a Need is in the region or below it."""
    if region.level == "village":
        return Need.region_id == region.id
    return Need.region_id.in_(select(Region.id).where(within(region)))


def find_need(number: int, found: dict[str, Any]) -> Need | None:
    """A need by its number under the region it is in."""
    need = db.session.get(Need, number)
    region: Region = found["region"]
    return need if need is not None and need.region_id == region.id else None


def can_read(actor: Actor, need: Need, region: Region) -> bool:
    """Whether `actor` may read `need`: everyone if it is listed, else its author and its committee."""
    if need.listed:
        return True
    own = actor.id is not None and need.author_id == actor.id
    return own or (need.state != NeedState.DRAFT and may(actor, Deed.DECIDE_NEED, region.path))


@dataclass(frozen=True)
class Thread:
    """All that a need's page shows besides the need."""

    steps: Sequence[Row[NeedStep, Region]]
    photos: Sequence[NeedPhoto]
    supporters: int
    supported: bool
    group: Row[Any] | None
    """The group of similar needs that it is in, with the code of its region."""


def thread_of(need: Need, actor: Actor) -> Thread:
    steps = db.session.execute(
        select(NeedStep, Region)
        .outerjoin(Region, Region.id == NeedStep.office_id)
        .where(NeedStep.need_id == need.id)
        .order_by(NeedStep.id)
    ).all()
    counted = select(func.count()).select_from(NeedSupport).where(NeedSupport.need_id == need.id).scalar_subquery()
    mine = exists().where(NeedSupport.need_id == need.id, NeedSupport.person_id == actor.id)
    found = db.session.execute(
        select(counted.label("supporters"), mine.label("supported"))
        .add_columns(NeedGroup.id, NeedGroup.title, NeedGroup.translations, Region.code)
        .select_from(Need)
        .outerjoin(NeedGroupMember, NeedGroupMember.need_id == Need.id)
        .outerjoin(NeedGroup, NeedGroup.id == NeedGroupMember.group_id)
        .outerjoin(Region, Region.id == NeedGroup.region_id)
        .where(Need.id == need.id)
    ).one()
    return Thread(steps, photos_of(need), found.supporters, found.supported, found if found.id else None)


def photos_of(need: Need) -> Sequence[NeedPhoto]:
    return db.session.scalars(select(NeedPhoto).where(NeedPhoto.need_id == need.id)).all()


def count_open_needs(region: Region, author_id: int | None) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Need)
            .where(Need.author_id == author_id, Need.region_id == region.id, Need.state.in_(OPEN))
        )
        or 0
    )


def needs_of(actor: Actor) -> Sequence[Row[Any]]:
    """A person's own needs, newest first, with the code of their region."""
    return db.session.execute(
        select(*CARD, Region.code)
        .join(Region, Region.id == Need.region_id)
        .where(Need.author_id == actor.id)
        .order_by(Need.id.desc())
        .limit(50)
    ).all()


def waiting_needs(region: Region) -> Select[Need, Region]:
    """Needs in the region's subtree that wait for the committee, longest first, each with its region."""
    return (
        select(Need, Region)
        .join(Region, Region.id == Need.region_id)
        .where(within(region), Need.state == NeedState.SUBMITTED)
        .order_by(Need.id)
    )


def similar_needs(region: Region, words: str, *, besides: int = 0, most: int = 5) -> Sequence[Row[Any]]:
    """Listed needs of the region whose titles share most with `words`, for joining and for saying "me too"."""
    rows = db.session.execute(
        select(*CARD)
        .where(in_region(region), Need.listed, Need.id != besides, need_search.touches(Need.id, words[:60]))
        .order_by(Need.id.desc())
        .limit(300)
    ).all()
    wanted = _pairs(words)
    return sorted(rows, key=lambda row: -len(wanted & _pairs(row.title)))[:most]


def _pairs(words: str) -> set[str]:
    return {token for run in grams(words) for token in (run[:-1] or run)}


def recent_answers(region: Region, most: int = 100) -> tuple[int, int]:
    """How many of the latest `most` needs of the region there are, and how many of them the committee has decided."""
    last = (
        select(Need.due_at)
        .where(in_region(region), Need.state != NeedState.DRAFT)
        .order_by(Need.id.desc())
        .limit(most)
        .subquery()
    )
    reported, answered = db.session.execute(
        select(func.count(), func.count().filter(last.c.due_at.is_(None))).select_from(last)
    ).one()
    return reported, answered
