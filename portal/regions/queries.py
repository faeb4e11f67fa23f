"""Find a region by its number, by typing, or by walking down."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from portal.regions.models import Region
from portal.store import db
from portal.store.memory import kept
from portal.store.search import fold

PSEUDO_LEVELS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
"""Rows of the official list that are no place to anyone."""


def find_region(code: str, found: dict[str, Any] | None = None) -> Region | None:
    """The region with this code, from memory where it was read a moment ago: not to be changed."""
    return _region(code) if code.isdecimal() else None


@kept
def _region(code: str) -> Region | None:
    region = db.session.scalar(select(Region).where(Region.code == code))
    if region is not None:
        db.session.expunge(region)
    return region


def within(region: Region) -> ColumnElement[bool]:
    """That a row of Region lies in `region` or is it."""
    return is_below(Region.path, region.path)


def is_below(column: Any, path: str) -> ColumnElement[bool]:
    """That the path in `column` begins with `path`: a range, so that an index serves it on both engines."""
    return and_(column >= path, column < path[:-1] + "/")


def only_community() -> Region | None:
    """The one community of a site that has no other."""
    found = db.session.scalars(select(Region).where(Region.level == "village").limit(2)).all()
    return found[0] if len(found) == 1 else None


def path_to(region: Region) -> list[Region]:
    """The regions above `region`, highest first, and itself; pseudo-levels left out."""
    return paths_to([region])[region.id]


def paths_to(regions: Sequence[Region]) -> dict[int, list[Region]]:
    """For each region's id the way down to it, pseudo-levels left out."""
    steps = {region.id: [int(i) for i in region.path.split(".") if i] for region in regions}
    wanted = {i for way in steps.values() for i in way}
    rows = {r.id: r for r in db.session.scalars(select(Region).where(Region.id.in_(wanted)))}
    return {
        region_id: [rows[i] for i in way if i == region_id or rows[i].name not in PSEUDO_LEVELS]
        for region_id, way in steps.items()
    }


def typed(words: str, limit: int = 20) -> list[Region]:
    """Regions whose name holds `words` (in either script, two characters at least), communities first, best first."""
    wanted = fold(words.strip())
    if len(wanted) < 2:
        return []
    where = (
        func.instr(Region.folded, wanted) if db.engine.dialect.name == "sqlite" else func.strpos(Region.folded, wanted)
    )
    return list(
        db.session.scalars(
            select(Region)
            .where(where > 0, Region.valid_to.is_(None), Region.name.not_in(PSEUDO_LEVELS))
            .order_by(where > 1, func.length(Region.code) - func.length(func.rtrim(Region.code, "0")), Region.code)
            .limit(limit)
        )
    )


def children(region: Region | None) -> list[Region]:
    """The regions one step down (None: the top), those below a pseudo-level among them."""
    found = list(
        db.session.scalars(
            select(Region)
            .where(Region.parent_id == (region.id if region else None), Region.valid_to.is_(None))
            .order_by(Region.code)
        )
    )
    shown = [child for child in found if child.name not in PSEUDO_LEVELS]
    for pseudo in (child for child in found if child.name in PSEUDO_LEVELS):
        shown += children(pseudo)
    return shown
