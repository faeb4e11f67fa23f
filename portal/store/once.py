"""Put a row in once, however often and however simultaneously it is asked for."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from portal.store.base import Base, db

Row = TypeVar("Row", bound=Base)


def put_once(model: type[Row], *, by: str | None = None, **values: Any) -> Row | None:
    """A new row of `model`, or None where a unique key (only that of the column `by`, if given) says it is there."""
    row: Row | None = db.session.scalar(
        _insert(model).values(**values).on_conflict_do_nothing(index_elements=[by] if by else None).returning(model)
    )
    return row


def put_all_once(model: type[Row], rows: Sequence[dict[str, Any]]) -> Sequence[Row]:
    """The new ones among many rows of `model`, in no order."""
    return db.session.scalars(_insert(model).on_conflict_do_nothing().returning(model), rows).all() if rows else []


def _insert(model: type[Row]) -> Any:
    return (sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert)(model)
