"""Put a row in once, however often and however simultaneously it is asked for."""

from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from portal.store.base import Base, db

Row = TypeVar("Row", bound=Base)


def put_once(model: type[Row], **values: Any) -> Row | None:
    """A new row of `model`, or None where a unique key says that it is there already."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    return db.session.scalar(insert(model).values(**values).on_conflict_do_nothing().returning(model))
