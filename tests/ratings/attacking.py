"""One who holds the whole database, its files, the outbox and the logs tries to find out which service got which grade.

She knows every row of every table and its place (PostgreSQL: ctid, xmin; SQLite: rowid, the place of its bytes in the
file and its -wal). Whatever can be sorted puts services, or ratings, in an order; where the two go together they are
linked. `tests.voting.attacking.verdict` says whether they do, or whether chance does as well.
"""

from collections.abc import Hashable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from portal.ratings.models import Rating, RatingComment, ServiceRecord, SpentTicket, Ticket
from portal.store import db
from portal.store.outbox import OutboxMessage
from tests.voting.attacking import Order, _keep, _rows, files

TRUTH = "device"
"""The column by which the test knows whose rating a row is; the attacker must do without."""


def leads() -> tuple[dict[str, Order], dict[str, Order]]:
    """Every order of services (by id), and of ratings (by the test's mark), that the database gives away."""
    db.session.rollback()
    services: dict[str, dict[Hashable, Any]] = {}
    ratings: dict[str, dict[Hashable, Any]] = {}
    tickets = {row["hash"]: row["service_id"] for row in _rows(Ticket.__table__)}
    for table in (ServiceRecord, Ticket, OutboxMessage):
        for row in _rows(table.__table__):
            service = (
                row["service_id"]
                if "service_id" in row
                else tickets.get(row.get("tag"), row.get("served_on") and row["id"])
            )
            _note(services, table.__tablename__, service, row)
    marks = {row["key"]: row[TRUTH] for row in _rows(Rating.__table__)}
    for row in _rows(Rating.__table__):
        _note(ratings, "rating", row[TRUTH], row)
    for name, content in files().items():
        _places(services, name, content, tickets)
        _places(ratings, name, content, marks)
    return services, ratings


def _note(orders: dict[str, dict[Hashable, Any]], table: str, who: Hashable, row: Mapping[str, Any]) -> None:
    if who is not None:
        for name, value in _sortable(row):
            _keep(orders, f"{table}.{name}", who, value)


def _sortable(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "_block" in row:
        yield "ctid", (row["_block"], row["_item"])
        yield "xmin", row["_by"]
    for name, value in row.items():
        if name in ("_block", "_item", "_by", TRUTH):
            continue
        if isinstance(value, datetime):
            yield name, value.timestamp()
        elif isinstance(value, date):
            yield name, value.toordinal()
        elif isinstance(value, (int, str)):
            yield name, value


def _places(orders: dict[str, dict[Hashable, Any]], name: str, content: bytes, of: Mapping[str, Hashable]) -> None:
    """Where in a file the bytes of each stand first, and last."""
    for word, who in of.items():
        for what, at in {"first": content.find(word.encode()), "last": content.rfind(word.encode())}.items():
            if at >= 0:
                orders.setdefault(f"{name}: {what}", {})[who] = at


def tables_with(words: list[str]) -> set[str]:
    """The tables and files in which any of `words` stands."""
    db.session.rollback()
    tables = (ServiceRecord, Ticket, Rating, RatingComment, SpentTicket, OutboxMessage)
    found = {
        table.__tablename__
        for table in tables
        for row in _rows(table.__table__)
        if any(word in str(value) for value in row.values() for word in words)
    }
    return found | {name for name, content in files().items() if any(word.encode() in content for word in words)}
