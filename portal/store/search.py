"""Search that finds Chinese words of two characters, in either script, on both engines.

Both engines' own search sees a Chinese sentence as one word, or finds nothing under three characters.
So we cut text into overlapping pairs of characters ourselves and search for them as a phrase, which is an exact
match of the words as typed.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

import opencc
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    column,
    false,
    literal_column,
    select,
    table,
    text,
)

from portal.store.base import db

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|(?:(?![{_HAN}])[^\W_])+")
_LONGEST = 200
"""Longer words are cut: PostgreSQL refuses those of more than 2,046 bytes."""
_VARIANTS = str.maketrans("於裏裡臺台爲羣衆", "于里里台台为群众")


def fold(words: str) -> str:
    """`words` in one script, width and case, so that 養老, 养老 and ＷＩＦＩ, wifi meet."""
    plain = unicodedata.normalize("NFKC", words).lower().translate(_VARIANTS)
    return "".join(map(_simplified, plain))


@cache
def _simplified(character: str) -> str:
    return character if character.isascii() else _to_simplified().convert(character)


@cache
def _to_simplified() -> "opencc.OpenCC":
    return opencc.OpenCC("t2s")


def grams(words: str) -> list[list[str]]:
    """Runs of tokens, folded: a Chinese run as overlapping pairs and its last character, any other word as one.

    >>> grams("养老院 wifi")
    [['养老', '老院', '院'], ['wifi']]
    """
    runs = _RUN.findall(fold(words.replace("\x00", " ")))
    return [
        [run[i : i + 2] for i in range(len(run))] if re.match(f"[{_HAN}]", run) else [run[:_LONGEST]] for run in runs
    ]


class Index:
    """Full text of the rows of one table, beside it under the name `<table>_search`."""

    def __init__(self, of: str) -> None:
        self.name = f"{of}_search"

    def put(self, row_id: int, words: str) -> None:
        """Remember `words` for the row; call inside an action."""
        self.put_all({row_id: words})

    def put_all(self, words_by_id: Mapping[int, str]) -> None:
        """Remember the words of several rows at once; call inside an action."""
        if not words_by_id:
            return
        put = f"INSERT OR REPLACE INTO {self.name} (rowid, words) VALUES (:id, :words)"
        if db.engine.dialect.name == "postgresql":
            put = (
                f"INSERT INTO {self.name} (id, words) VALUES (:id, CAST(:words AS tsvector)) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
            )
        db.session.execute(text(put), [{"id": row_id, "words": _cut(words)} for row_id, words in words_by_id.items()])

    def is_empty(self) -> bool:
        return db.session.execute(text(f"SELECT 1 FROM {self.name} LIMIT 1")).first() is None

    def matches(self, id_column: SQLColumnExpression[int], words: str) -> ColumnElement[bool]:
        """That the row with this id holds every run of `words`, each as it was typed."""
        runs = [run[:-1] or run for run in grams(words)]
        if db.engine.dialect.name == "sqlite":
            wanted = " AND ".join(f'"{" ".join(run)}"' + "*" * (len(run) == 1) for run in runs)
        else:
            wanted = " & ".join(
                f"'{run[0]}':*" if len(run) == 1 else "(" + " <-> ".join(f"'{token}'" for token in run) + ")"
                for run in runs
            )
        return self._among(id_column, wanted)

    def touches(self, id_column: SQLColumnExpression[int], words: str) -> ColumnElement[bool]:
        """That the row with this id holds any pair of characters, or any whole word, of `words`."""
        pairs = dict.fromkeys(token for run in grams(words) for token in (run[:-1] or run))
        if db.engine.dialect.name == "sqlite":
            return self._among(id_column, " OR ".join(f'"{pair}"' for pair in pairs))
        return self._among(id_column, " | ".join(f"'{pair}'" for pair in pairs))

    def _among(self, id_column: SQLColumnExpression[int], wanted: str) -> ColumnElement[bool]:
        if not wanted:
            return false()
        if db.engine.dialect.name == "sqlite":
            found = select(literal_column("rowid", BigInteger)).select_from(table(self.name))
            return id_column.in_(found.where(text(f"{self.name} MATCH :wanted").bindparams(wanted=wanted)))
        found = select(column("id", BigInteger)).select_from(table(self.name))
        return id_column.in_(found.where(text("words @@ CAST(:wanted AS tsquery)").bindparams(wanted=wanted)))


def _cut(words: str) -> str:
    """The tokens of `words` as the engine reads them; PostgreSQL wants their places and counts to 16,383."""
    tokens = [token for run in grams(words) for token in run]
    if db.engine.dialect.name == "sqlite":
        return " ".join(tokens)
    return " ".join(f"'{token}':{place}" for place, token in enumerate(tokens[:16000], 1))
