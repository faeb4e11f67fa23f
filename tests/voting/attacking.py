"""One who holds the whole database, its files too, tries to find out who cast which ballot.

She knows every table, the place of each row (SQLite: rowid, and the place of its bytes in the file and its -wal;
PostgreSQL: ctid and xmin), every time and number in it, and the public log. Each of these puts voters, or ballots, in
an order. Where an order of voters goes with an order of ballots, they are linked: `verdict` says whether one does.
"""

import json
import random
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import mul
from pathlib import Path
from typing import Any

from flask import current_app

from portal.store import Base, db
from portal.voting.models import LedgerEntry, Round

SHUFFLES = 1999
SEED = 20261122
NEAR = 7
FEWEST = 20
"""An order of fewer voters, or ballots, is no lead."""
Order = Mapping[Hashable, Any]


@dataclass(frozen=True)
class Verdict:
    """How well the best of her leads fits the truth; `chance`: how often a truth drawn at random fits as well."""

    lead: str
    correlation: float
    chance: float
    narrowed: int
    """Voters whose ballot her best lead narrows down to the NEAR ones around the same place in the other order."""


def verdict(voters: Mapping[str, Order], ballots: Mapping[str, Order], truth: Mapping[int, str]) -> Verdict:
    """An exact permutation test of the largest rank correlation (Spearman's, absolute) over all pairs of orders.

    The truth, number → ballot, is shuffled SHUFFLES times with a fixed seed; each time the largest correlation of all
    pairs is taken, so that many leads do not make a false alarm likelier. p = (1 + as large or larger) / (1 + SHUFFLES).
    """
    people, cast = list(truth), list(truth.values())
    seen = {name: ranks for name, order in voters.items() if (ranks := _ranks(order, people))}
    found = {name: ranks for name, order in ballots.items() if (ranks := _ranks(order, cast))}
    assert seen, "no lead to voters"
    assert found, "no lead to ballots"
    fits = {(one, other): abs(sum(map(mul, x, y))) for one, x in seen.items() for other, y in found.items()}
    best = max(fits, key=lambda pair: fits[pair])
    chance, larger, places = random.Random(SEED), 1, list(range(len(people)))
    for _ in range(SHUFFLES):
        chance.shuffle(places)
        shuffled = [[y[place] for place in places] for y in found.values()]
        larger += max(abs(sum(map(mul, x, y))) for x in seen.values() for y in shuffled) >= fits[best] - 1e-9
    both = [person for person in people if person in voters[best[0]] and truth[person] in ballots[best[1]]]
    by_one = sorted(both, key=voters[best[0]].__getitem__)
    by_other = {person: at for at, person in enumerate(sorted(both, key=lambda one: ballots[best[1]][truth[one]]))}
    ways = (by_one, by_one[::-1])  # one may go with the other, or against it
    narrowed = max(sum(abs(at - by_other[person]) <= NEAR // 2 for at, person in enumerate(way)) for way in ways)
    return Verdict(" ~ ".join(best), fits[best], larger / (1 + SHUFFLES), narrowed)


def _ranks(order: Order, wanted: list[Any]) -> list[float]:
    """Centred ranks of length 1, equal ones alike, 0 for who is not in the order; empty if it tells nothing."""
    known = sorted({order[one] for one in wanted if one in order})
    if len(known) < 2 or sum(one in order for one in wanted) < FEWEST:
        return []
    place = {value: float(number) for number, value in enumerate(known)}
    listed = sorted(place[order[one]] for one in wanted if one in order)
    middle: dict[float, float] = {value: listed.index(value) + (listed.count(value) - 1) / 2 for value in set(listed)}
    mean = (len(listed) - 1) / 2
    centred = [middle[place[order[one]]] - mean if one in order else 0.0 for one in wanted]
    length = sum(one * one for one in centred) ** 0.5
    return [one / length for one in centred]


def leads(round: Round) -> tuple[dict[str, Order], dict[str, Order]]:
    """Every order of voters (by number on the roll), and of ballots (by code), that the database gives away."""
    db.session.rollback()
    voters: dict[str, dict[Hashable, Any]] = {}
    ballots: dict[str, dict[Hashable, Any]] = {}
    known = _Known(round)
    for table in Base.metadata.sorted_tables:
        for row in _rows(table):
            number, code = known.voter(table.name, row), known.ballot(table.name, row)
            for name, value in _orders(row):
                if number is not None:
                    _keep(voters, f"{table.name}.{name}", number, value)
                if code is not None:
                    _keep(ballots, f"{table.name}.{name}", code, value)
    for name, content in files().items():
        for number, line in known.lines.items():
            for what, needle in {"line": line, "marked": line + "phone"}.items():
                if (at := content.find(needle.encode())) >= 0:
                    _keep(voters, f"{name}: {what}", number, at)
        for code in known.codes.values():
            for what, at in {"first": content.find(code.encode()), "last": content.rfind(code.encode())}.items():
                if at >= 0:
                    ballots.setdefault(f"{name}: {what}", {})[code] = at
    return voters, ballots


def _keep(orders: dict[str, dict[Hashable, Any]], name: str, who: Hashable, value: Any) -> None:
    """The first and the last that the order says of someone."""
    first, last = orders.setdefault(f"{name} (first)", {}), orders.setdefault(f"{name} (last)", {})
    first[who], last[who] = min(value, first.get(who, value)), max(value, last.get(who, value))


class _Known:
    """How she recognises voters and ballots in a row."""

    def __init__(self, round: Round) -> None:
        self.round = round
        people = db.session.execute(db.text("SELECT person_id, id FROM roll_entry WHERE person_id IS NOT NULL"))
        self.people: dict[int, int] = dict(map(tuple, people))
        phones = db.session.execute(db.text("SELECT phone, id FROM person WHERE phone IS NOT NULL"))
        self.phones = {phone: self.people.get(person) for phone, person in phones}
        entries = db.session.execute(db.select(LedgerEntry.number, LedgerEntry.line).where(LedgerEntry.voted))
        self.lines: dict[int, str] = dict(map(tuple, entries))
        self.codes = _codes(round)

    def voter(self, table: str, row: Mapping[str, Any]) -> int | None:
        if table == "ledger_entry":
            return row["number"] if row["voted"] else None
        if table == "roll_entry":
            return row["id"]
        if table == "person":
            return self.people.get(row["id"])
        if table in ("slip", "assistance"):
            return row["number"]
        if row.get("to") in self.phones:
            return self.phones[row["to"]]
        return self.people.get(row.get("person_id", row.get("actor_id")))

    def ballot(self, table: str, row: Mapping[str, Any]) -> str | None:
        if table in ("ballot", "ballot_record"):
            return row.get("code", row.get("tag"))
        if table == "log_leaf":
            return self.codes.get(json.loads(row["text"]).get("commitment"))
        return None


def _codes(round: Round) -> dict[str, str]:
    """The code by the commitment of a ballot: from what is published, or from the ballots while they are there."""
    from portal.rules.opencount import Record
    from portal.voting.log import records_of
    from portal.voting.models import Ballot, BallotRecord

    published = db.session.scalars(db.select(BallotRecord)).all()
    found = {Record(one.tag, one.choices, one.nonce).commitment(round.uid): one.tag for one in published}
    for ballot in db.session.scalars(db.select(Ballot).where(~Ballot.void)):
        found |= {one.commitment(round.uid): ballot.code for one in records_of(round, ballot)}
    return found


def _rows(table: Any) -> Iterator[Mapping[str, Any]]:
    said: dict[str, str] = {}
    if db.engine.dialect.name == "postgresql":
        of = f'"{table.name}"'
        said = {"_block": f"({of}.ctid::text::point)[0]::int", "_item": f"({of}.ctid::text::point)[1]::int"}
        said["_by"] = f"{of}.xmin::text::bigint"
    elif table.dialect_options["sqlite"]["with_rowid"]:
        said = {"_row": f'"{table.name}".rowid'}
    places = [db.literal_column(words).label(name) for name, words in said.items()]
    yield from db.session.execute(db.select(table, *places)).mappings().all()


def _orders(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "_block" in row:
        yield "ctid", (row["_block"], row["_item"])
        yield "xmin", row["_by"]
    for name, value in row.items():
        numbered = name in ("id", "_row", "turn") or (name == "number" and "text" in row)
        if isinstance(value, datetime) or (numbered and isinstance(value, int)):
            yield name, value.timestamp() if isinstance(value, datetime) else value


def files() -> dict[str, bytes]:
    """What the database's files hold, by name."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        folder: Path = current_app.config["SETTINGS"].data_dir
        return {path.name: path.read_bytes() for path in sorted(folder.glob("portal.sqlite3*"))}
    with db.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("CHECKPOINT")
        relations = raw.execute(
            "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
            "WHERE relkind IN ('r', 'i', 't') AND relfilenode > 0 AND relnamespace >= 2200 OR relname LIKE 'pg_toast_1____'"
        ).fetchall()
        raw.rollback()
    return {name: bytes(content) for name, content in relations}
