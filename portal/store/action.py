"""One deed, one transaction: nothing is written outside of an `@action`."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from portal.store.base import Base, db
from portal.store.engines import WRITING, Turns

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=Base)

TRIES = 4
_turns = Turns()


class StrayWrite(RuntimeError):
    """Something was changed outside of an action."""


def action(deed: Callable[P, R]) -> Callable[P, R]:
    """Run `deed` in a writing transaction of its own, or as part of the deed that called it.

    Commits once, at the end; any exception undoes everything. Conflicts that PostgreSQL asks
    to be tried again (deadlock, serialization) are tried again.
    """

    @functools.wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("acting"):
            return deed(*args, **kwargs)
        for left in reversed(range(TRIES)):
            try:
                with _transaction(session):
                    return deed(*args, **kwargs)
            except DBAPIError as error:
                if not (left and _worth_another_try(error)):
                    raise
        raise AssertionError("unreachable")

    return done


@contextmanager
def _transaction(session: Session) -> Iterator[None]:
    session.commit()  # ends the reading transaction; what was read stays in hand
    with _turns.turn() if db.engine.dialect.name == "sqlite" else nullcontext():
        session.connection(execution_options=WRITING)
        session.info["acting"] = True
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.info["acting"]


def _worth_another_try(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in ("40001", "40P01")


def locked(row: Row) -> Row:
    """`row` as it is now, and nobody else's to change until this deed ends."""
    db.session.flush()  # what was changed already would be lost otherwise
    db.session.refresh(row, with_for_update=True)
    return row


def take_turn(name: str) -> None:
    """Until this deed ends, no other deed that takes a turn at `name` goes on (SQLite's writers take turns anyway)."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def refuse_stray_writes(session: scoped_session[Any]) -> None:
    @event.listens_for(session, "before_flush")
    def flushed(session: Session, *_: Any) -> None:
        if not session.info.get("acting") and (session.new or session.dirty or session.deleted):
            raise StrayWrite("change data inside an @action (portal/store/action.py)")


refuse_stray_writes(db.session)
