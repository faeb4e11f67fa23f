"""Keyset paging: a page is found by where the last one ended, so the thousandth costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, and_, or_

from portal.store.base import db

T = TypeVar("T", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Page(Generic[T]):
    rows: Sequence[Row[T]]
    after: str
    """What the next page begins after; empty on the last page."""


def page_of(query: Select[T], keys: Sequence[SQLColumnExpression[int]], after: str, size: int = 20) -> Page[T]:
    """`size` rows of `query`, highest `keys` first, that come after the mark `after` ("9-120").

    A mark that cannot be read counts as none.
    """
    mark = _parse(after, len(keys))
    if mark:
        query = query.where(_beyond(keys, mark))
    rows = db.session.execute(query.order_by(*(key.desc() for key in keys)).limit(size + 1)).all()
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Page(rows[:size], "-".join(str(getattr(last, str(getattr(key, "key", "")))) for key in keys) if last else "")


def _parse(after: str, length: int) -> list[int] | None:
    parts = after.split("-")
    if len(parts) != length or not all(p.isascii() and p.isdecimal() and len(p) < 18 for p in parts):
        return None
    return [int(p) for p in parts]


def _beyond(keys: Sequence[SQLColumnExpression[int]], mark: list[int]) -> ColumnElement[bool]:
    return or_(*(and_(*(keys[j] == mark[j] for j in range(i)), keys[i] < mark[i]) for i in range(len(keys))))
