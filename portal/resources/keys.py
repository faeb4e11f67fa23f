"""A form that is sent twice is kept once."""

import secrets
from typing import Any, TypeVar

from sqlalchemy import select

from portal.store import Base, db

Row = TypeVar("Row", bound=Base)


def sent_before(model: type[Row], key: str, **same: Any) -> tuple[Row | None, str]:
    """The row that was made with `key` and says the `same`, and the key to make one with: a new one, where other words
    came with an old key, as after Back.
    """
    found: Row | None = db.session.scalar(select(model).where(model.key == key))  # type: ignore
    if found is None:
        return None, key
    repeated = all(getattr(found, name) == value for name, value in same.items())
    return (found if repeated else None), secrets.token_hex(16)
