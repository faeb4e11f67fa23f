"""Groups of similar needs: which there are, what is in them, who is behind them, and what else looks alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select, union

from portal.needs.models import Need, NeedGroup, NeedGroupMember, NeedSupport
from portal.needs.queries import CARD, in_region, similar_needs
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.groups import words_in_common
from portal.store import db
from portal.store.paging import Page, page_of
from portal.store.search import fold

LOOKED_AT = 60
"""Similar needs that are looked at for those in no group yet."""


def groups_of(region: Region, after: str = "") -> Page[Any]:
    """The groups of a region and all below it that hold anything, newest first, each with its number of needs."""
    held = _of_group(select(func.count(Need.id)), NeedGroup.id).correlate(NeedGroup).scalar_subquery()
    query = select(
        NeedGroup.id,
        NeedGroup.title,
        NeedGroup.translations,
        NeedGroup.category,
        NeedGroup.place,
        Region.code,
        held.label("needs"),
    ).join(Region, Region.id == NeedGroup.region_id)
    return page_of(query.where(within(region), held > 0), (NeedGroup.id,), after)


def find_group(number: int, found: dict[str, Any]) -> NeedGroup | None:
    """A group by its number under the region that it is of."""
    group = db.session.get(NeedGroup, number)
    return group if group is not None and group.region_id == found["region"].id else None


def needs_in(group: NeedGroup) -> Sequence[Row[Any]]:
    """The needs of a group that everyone may read, most people first; what was joined with another is that one."""
    return db.session.execute(
        select(*CARD, Region.code)
        .join(Region, Region.id == Need.region_id)
        .where(Need.id.in_(_numbers(group.id)))
        .order_by(Need.supporters.desc(), Need.id)
    ).all()


def people_behind(group: NeedGroup) -> int:
    """How many people need what is in a group: authors and supporters, each once; a nameless author counts as one."""
    numbers = _numbers(group.id)
    known = union(
        select(Need.author_id).where(Need.id.in_(numbers), Need.author_id.is_not(None)),
        select(NeedSupport.person_id).where(NeedSupport.need_id.in_(numbers)),
    ).subquery()
    nameless = select(func.count()).select_from(Need).where(Need.id.in_(numbers), Need.author_id.is_(None))
    counted = select(func.count()).select_from(known).scalar_subquery()
    return db.session.scalar(select(counted + nameless.scalar_subquery())) or 0


def _numbers(group_id: int) -> Select[int]:
    return _of_group(select(Need.id), group_id)


def _of_group(query: Select[int], group_id: Any) -> Select[int]:
    held = NeedGroupMember.need_id == Need.id
    return query.join(NeedGroupMember, held).where(NeedGroupMember.group_id == group_id, Need.listed)


@dataclass(frozen=True)
class Alike:
    """A need that looks like others, and the words that it has in common with them."""

    need: Row[Any]
    words: Sequence[str]


def look_alikes(region: Region, words: str, besides: Collection[int] = (), most: int = 12) -> list[Alike]:
    """Listed needs in no group whose titles share words with `words`, most first, and what they share."""
    similar = [row for row in similar_needs(region, words, most=LOOKED_AT) if row.id not in besides]
    taken = grouped([row.id for row in similar]) if similar else set()
    alike = [Alike(row, words_in_common(fold(row.title), fold(words))) for row in similar if row.id not in taken]
    return [one for one in alike if one.words][:most]


def grouped(numbers: Collection[int]) -> set[int]:
    """Those of these needs that are in a group."""
    return set(db.session.scalars(select(NeedGroupMember.need_id).where(NeedGroupMember.need_id.in_(numbers))))


def listed_among(region: Region, numbers: Collection[int]) -> Sequence[Row[Any]]:
    """Those of these needs that everyone may read in the region."""
    return db.session.execute(
        select(*CARD, Need.category).where(Need.id.in_(numbers), in_region(region), Need.listed).order_by(Need.id)
    ).all()
