"""Alembic's way into the portal's database.

On SQLite a table is changed by building it anew; with foreign keys on, that would delete every row that hangs on it,
silently. So they are off while migrating and checked at the end; `portal setup` copies the file before.
"""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.store import db
from portal.store.engines import WRITING
from portal.store.types import UtcTime


def _searched(kind: str, name: str | None) -> bool:
    """Full-text tables are made by their migration and are no models."""
    return kind == "table" and (name or "").partition("_search")[1] == "_search"


def _rendered(kind: str, item: Any, autogen: Any) -> str | bool:
    """Migrations stand on SQLAlchemy alone."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


def run() -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _migrate_sqlite(connection)
        else:
            _migrate(connection.execution_options(**WRITING))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=_rendered,
        include_name=lambda name, kind, parents: not _searched(kind, name),
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


def _migrate_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        _migrate(connection.execution_options(**WRITING))
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows without what they hang on: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


run()
