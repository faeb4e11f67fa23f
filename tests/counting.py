"""How many rows there are, and how many statements a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select

from portal.store import db
from portal.store.memory import forget

ENGINES_OWN = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ")


def count(model: type[Any], *where: Any) -> int:
    """How many rows there are at this moment."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that reach the database inside, with nothing in memory yet; BEGIN, COMMIT and the like left out."""
    forget()
    said: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(ENGINES_OWN):
            said.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)
