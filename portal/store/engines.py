"""SQLite and PostgreSQL, made to behave alike: durable, closed to stray writes, one writer's turn at a time.

Why each line is there: transactions begin by our own BEGIN because the driver's would leave DDL
outside of them, a writing one by BEGIN IMMEDIATE because a limit that is checked later would not hold.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

WRITING = {"writing": True, "postgresql_readonly": False}
"""Execution options of a transaction that may write; all others may only read."""


PATIENCE = 10
"""Seconds for which SQLite waits for another process."""
HIDDEN = {"hide_parameters": True}
"""What was typed stays out of error messages, and so out of logs."""


def options_for(url: str) -> dict[str, Any]:
    """Engine options that suit the database at `url`."""
    if make_url(url).get_backend_name() == "sqlite":
        return HIDDEN | {"connect_args": {"timeout": PATIENCE}, "pool_size": 20, "max_overflow": 20}
    return HIDDEN | {
        "connect_args": {"prepare_threshold": None, "connect_timeout": 5},
        "execution_options": {"postgresql_readonly": True},
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 10,
        "pool_pre_ping": True,
    }


def prepare(engine: Engine) -> None:
    """Install what SQLite needs on `engine`; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        record.info["reading"] = False

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reading = not connection.get_execution_options().get("writing", False)
        raw, state = connection.connection.dbapi_connection, connection.connection.info
        assert raw is not None
        if state["reading"] is not reading:
            raw.execute(f"PRAGMA query_only={int(reading)}")
            state["reading"] = reading
        if reading:
            raw.execute("BEGIN")  # waits for nothing, so it cannot fail
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def scrub(engine: Engine, *tables: str) -> bool:
    """Leave nothing of deleted rows of these tables in the database's files: no old row, no old order.

    False: somebody else is at work there; it has to be tried again.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw, state = connection.connection.dbapi_connection, connection.connection.info
        assert raw is not None
        if engine.dialect.name == "sqlite":
            raw.execute("PRAGMA query_only=0")
            state["reading"] = False
            return _rewritten(raw)
        try:
            raw.execute("SET default_transaction_read_only = off; SET lock_timeout = '5s'")
            for table in tables:
                raw.execute(f'CLUSTER "{table}" USING "pk_{table}"')
        except engine.dialect.loaded_dbapi.OperationalError:
            return False
        finally:
            raw.execute("RESET default_transaction_read_only; RESET lock_timeout")
        return True


def _rewritten(raw: Any) -> bool:
    """Write SQLite's file anew: pages keep bytes of rows that moved, and rows in the order in which they came."""
    try:
        raw.execute("PRAGMA busy_timeout=1000")  # writers wait meanwhile
        raw.execute("VACUUM")
        (busy, _, _) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={1000 * PATIENCE}")
    return not busy


class Turns:
    """First come, first served. SQLite's own waiting is unfair: one of four busy writers can wait for seconds."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._guard:
            mine = None
            if self._taken:
                mine = threading.Lock()
                mine.acquire()
                self._waiting.append(mine)
            self._taken = True
        if mine:
            mine.acquire()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._taken = False
