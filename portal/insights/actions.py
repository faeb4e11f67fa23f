"""Keep the officials' figures: counted while nobody waits, written only where they differ."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, inspect, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from portal.insights import rollups
from portal.insights.models import ProviderStanding, Refresh, Summary, Turnout
from portal.store import Base, action, db, take_turn
from portal.store.clock import now

Rows = dict[tuple[Any, ...], dict[str, Any]]


def refresh_summary() -> None:
    """Bring all figures up to date; they are counted before the writing transaction, so that no deed waits for it."""
    moment = now()
    open_rounds = rollups.turnouts(moment)
    changes = [_changes(Turnout, (dict(row._mapping) for row in open_rounds))]
    fresh = rollups.bases(moment, open_rounds)
    last = {row.name: row.basis for row in db.session.execute(select(Refresh.name, Refresh.basis))}
    if fresh["summary"] != last.get("summary"):
        changes.append(_changes(Summary, rollups.summaries(moment, open_rounds)))
    if fresh["standings"] != last.get("standings"):
        changes.append(_changes(ProviderStanding, rollups.standings(moment)))
    refreshed: Rows = {(name,): {"name": name, "at": moment, "basis": basis} for name, basis in fresh.items()}
    _write([*changes, (Refresh, refreshed, set())])


def _changes(model: type[Base], fresh: Iterable[dict[str, Any]]) -> tuple[type[Base], Rows, set[tuple[Any, ...]]]:
    """What to put into the table of `model`, and the keys of what to take out, for it to hold the `fresh` rows."""
    keys = [column.name for column in inspect(model).primary_key]
    wanted = {tuple(row[key] for key in keys): row for row in fresh}
    kept = {
        tuple(row[key] for key in keys): dict(row)
        for row in db.session.execute(select(*inspect(model).columns)).mappings()
    }
    return model, {key: row for key, row in wanted.items() if kept.get(key) != row}, kept.keys() - wanted.keys()


@action
def _write(changes: list[tuple[type[Base], Rows, set[tuple[Any, ...]]]]) -> None:
    take_turn("summary")
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    connection = db.session.connection()
    for model, put, gone in changes:
        keys = inspect(model).primary_key
        names = [column.name for column in keys]
        for some in _portions(sorted(gone)):
            connection.execute(delete(model).where(tuple_(*keys).in_(some)))
        if put:
            adding = insert(model)
            new = {
                column.name: adding.excluded[column.name]
                for column in inspect(model).columns
                if column.name not in names
            }
            connection.execute(adding.on_conflict_do_update(index_elements=names, set_=new), list(put.values()))


def _portions(keys: list[tuple[Any, ...]], most: int = 400) -> list[list[tuple[Any, ...]]]:
    return [keys[start : start + most] for start in range(0, len(keys), most)]
