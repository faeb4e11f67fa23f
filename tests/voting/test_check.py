"""`portal check votes` finds whatever somebody changed in the database behind the site's back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.commands import main
from portal.store import db
from portal.voting.checking import fault_of
from portal.voting.models import Round
from portal.voting.sealing import seal_closed_rounds
from tests import builders


@pytest.fixture
def sealed(voted: Round) -> Round:
    with builders.at(voted.closes_at):
        assert seal_closed_rounds() == 1
    return voted


@pytest.fixture
def tampered(app: Flask) -> Iterator[Callable[..., None]]:
    """Whoever holds the database switches its triggers off and changes what she likes."""
    sqlite = db.engine.dialect.name == "sqlite"
    kept: list[str] = []

    def change(*statements: str) -> None:
        db.session.rollback()
        with db.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            if sqlite:
                raw.execute("PRAGMA query_only=0")
                found = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
                kept.extend(words for _, words in found)
                raw.execute("BEGIN IMMEDIATE")
                for name, _ in found:
                    raw.execute(f"DROP TRIGGER {name}")
            else:
                raw.execute("ROLLBACK")
                raw.execute("BEGIN READ WRITE")
                raw.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                assert raw.execute(statement).rowcount != 0, statement
            raw.execute("COMMIT")
            connection.connection.info["reading"] = False
        db.session.expire_all()

    yield change
    if kept:
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA query_only=0")
            for words in kept:
                raw.execute(words)


def swapped(table: str, key: str, column: str, one: str, other: str) -> list[str]:
    a, b = (
        f"(SELECT {column} FROM {table} WHERE {key} = {one})",
        f"(SELECT {column} FROM {table} WHERE {key} = {other})",
    )
    return [
        f"UPDATE {table} SET {column} = CASE {key} WHEN {one} THEN {b} ELSE {a} END WHERE {key} IN ({one}, {other})"
    ]


LOG = {
    "flip": ["UPDATE log_leaf SET text = replace(text, '\"record\"', '\"recorD\"') WHERE number = 3"],
    "drop": ["DELETE FROM log_leaf WHERE number = 3"],
    "drop the last": ["DELETE FROM log_leaf WHERE number = (SELECT max(number) FROM log_leaf)"],
    "add": ["INSERT INTO log_leaf SELECT round_id, max(number) + 1, 'x' FROM log_leaf GROUP BY round_id"],
    "duplicate": ["UPDATE log_leaf SET text = (SELECT text FROM log_leaf WHERE number = 4) WHERE number = 5"],
    "reorder": swapped("log_leaf", "number", "text", "2", "5"),
    "another root": ["UPDATE tree_head SET root = replace(root, substr(root, 1, 1), 'g')"],
    "another time": ["UPDATE tree_head SET at = (SELECT opens_at FROM round) WHERE size = 13"],
    "no head": ["DELETE FROM tree_head WHERE size = (SELECT max(size) FROM tree_head)"],
}
OPEN = LOG | {
    "a logged ballot": ["UPDATE ballot SET choices = '1,2,3' WHERE logged"],
    "a ballot more": [
        "INSERT INTO ballot SELECT round_id, 'x', region_id, 'x', secret, marks, turn, choices, FALSE, void, '{}', '[]' "
        "FROM ballot WHERE NOT logged LIMIT 1"
    ],
    "a ballot less": ["DELETE FROM ballot WHERE NOT logged"],
    "a voter more": ["UPDATE ledger_entry SET voted = TRUE WHERE NOT voted"],
}
FIRST = "(SELECT min(tag) FROM ballot_record)"
LAST = "(SELECT max(tag) FROM ballot_record)"
SEALED = LOG | {
    "flip a record": [
        f"UPDATE ballot_record SET choices = CASE choices WHEN '1' THEN '2' ELSE '1' END WHERE tag = {FIRST}"
    ],
    "drop a record": [f"DELETE FROM ballot_record WHERE tag = {FIRST}"],
    "add a record": [
        f"INSERT INTO ballot_record SELECT round_id, '0000000000000001', choices, nonce FROM ballot_record WHERE tag = {FIRST}"
    ],
    "duplicate a record": [
        f"UPDATE ballot_record SET choices = (SELECT choices FROM ballot_record WHERE tag = {FIRST}), "
        f"nonce = (SELECT nonce FROM ballot_record WHERE tag = {FIRST}) WHERE tag = {LAST}"
    ],
    "reorder records": swapped("ballot_record", "tag", "nonce", FIRST, LAST),
    "a voter more": ["UPDATE ledger_entry SET voted = TRUE WHERE NOT voted"],
    "a voter less": [
        "UPDATE ledger_entry SET voted = FALSE WHERE number = (SELECT min(number) FROM ledger_entry WHERE voted)"
    ],
    "another on the roll": ["UPDATE ledger_entry SET line = replace(line, substr(line, 1, 1), 'g') WHERE NOT voted"],
    "a count": ["UPDATE option_count SET votes = votes + 1 WHERE number = 1"],
}


def test_votes_that_nobody_touched_are_all_right(voted: Round) -> None:  # A26
    assert fault_of(voted) == ""
    with builders.at(voted.closes_at):
        assert seal_closed_rounds() == 1
    db.session.expire_all()
    assert fault_of(voted) == ""


@pytest.mark.parametrize("change", OPEN)
def test_a_change_in_an_open_vote_comes_out(voted: Round, tampered: Any, change: str) -> None:  # A26
    tampered(*OPEN[change])
    assert fault_of(voted)


@pytest.mark.parametrize("change", SEALED)
def test_a_change_in_a_sealed_vote_comes_out(sealed: Round, tampered: Any, change: str) -> None:  # A26
    tampered(*SEALED[change])
    assert fault_of(sealed)


def test_the_command_names_the_first_vote_that_is_wrong(  # A26
    app: Flask, voted: Round, tampered: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = app.config["SETTINGS"]
    for name, value in {"DATA_DIR": settings.data_dir, "DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(f"PORTAL_{name}", str(value))
    monkeypatch.setenv("PORTAL_SECRET_KEY", settings.secret_key)
    number = voted.id
    assert run("check", "votes") == 0
    assert "1 votes checked; all fit" in capsys.readouterr().out
    tampered(*LOG["drop"])
    assert run("check", "votes") == 2
    assert f"vote {number} (" in capsys.readouterr().err


def run(*words: str) -> int:
    db.session.remove()
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)
