"""Load the official list of divisions: all of it, or nothing."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from portal import audit
from portal.regions.models import LEVELS, Region
from portal.rules.permissions import NOBODY, Deed
from portal.store import action, db
from portal.store.memory import forget
from portal.store.search import fold

COLUMNS = ["code", "level", "name", "parent_code"]


class BadRegionRow(ValueError):
    """A row that cannot be loaded: where and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


@action
def import_regions(file: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> tuple[int, int]:
    """Load `file` (code, level, name, parent_code; parents before or after children); gives (new, changed).

    A second run changes nothing. Raises BadRegionRow with the line and the reason; then nothing was loaded.
    """
    rows = _checked(file)
    known = {region.code: region for region in db.session.scalars(select(Region))}
    _check_parents(rows, known)
    new = changed = 0
    for level in LEVELS:
        fresh = []
        for row in rows.values():
            if row["level"] != level:
                continue
            old = known.get(row["code"])
            if old is None:
                fresh.append(row)
            elif (old.name, old.level) != (row["name"], row["level"]):
                db.session.execute(
                    update(Region)
                    .where(Region.id == old.id)
                    .values(name=row["name"], level=row["level"], folded=fold(row["name"]))
                )
                changed += 1
        for start in range(0, len(fresh), 1000):
            _insert(fresh[start : start + 1000], known)
            new += len(fresh[start : start + 1000])
            progress(new, len(rows))
    progress(len(rows), len(rows))
    if new or changed:
        topmost = min(rows.values(), key=lambda row: LEVELS.index(row["level"]))
        audit.record(NOBODY, Deed.IMPORT_DATA, known[topmost["code"]], file=file.name, new=new, changed=changed)
    forget()
    return new, changed


def _insert(rows: list[dict[str, str]], known: dict[str, Region]) -> None:
    first = (db.session.scalar(select(Region.id).order_by(Region.id.desc()).limit(1)) or 0) + 1
    values: list[dict[str, Any]] = []
    for number, row in enumerate(rows, first):
        parent = known.get(row["parent_code"])
        values.append(
            {
                "id": number,
                "code": row["code"],
                "level": row["level"],
                "name": row["name"],
                "folded": fold(row["name"]),
                "parent_id": parent.id if parent else None,
                "path": f"{parent.path if parent else ''}{number}.",
            }
        )
    db.session.execute(insert(Region), values)
    known.update({value["code"]: Region(**value) for value in values})


def _checked(file: Path) -> dict[str, dict[str, str]]:
    """The rows by code, each good in itself."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRegionRow(1 + file.read_bytes()[: error.start].count(b"\n"), "this is not UTF-8 text") from None
    reader = csv.DictReader(text.splitlines(keepends=True))
    if not set(COLUMNS) <= set(reader.fieldnames or []):
        raise BadRegionRow(
            1, f"the columns must be {', '.join(COLUMNS)}; found: {', '.join(reader.fieldnames or []) or 'none'}"
        )
    rows: dict[str, dict[str, str]] = {}
    for row in reader:
        reason = next(_faults(row, rows), None)
        if reason:
            raise BadRegionRow(reader.line_num, reason)
        rows[row["code"]] = row | {"name": row["name"].strip(), "line": str(reader.line_num)}
    return rows


def _faults(row: dict[str, str], before: dict[str, dict[str, str]]) -> Iterator[str]:
    code, parent = row["code"] or "", row["parent_code"] or ""
    if None in row or None in row.values():
        yield f"{'more' if None in row else 'fewer'} fields than the heading"
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        yield f"the code {code!r} must have 12 digits, it has {len(code)} characters"
    if code in before:
        yield f"the code {code} was already on line {before[code]['line']}"
    if row["level"] not in LEVELS:
        yield f"the level {row['level']!r} must be one of {', '.join(LEVELS)}"
    if not 1 <= len((row["name"] or "").strip()) <= 80:
        yield "the name must have 1 to 80 characters"
    if parent and (len(parent) != 12 or not (parent.isascii() and parent.isdigit())):
        yield f"the parent's code {parent!r} must have 12 digits, it has {len(parent)} characters"
    if not parent and row["level"] != "province":
        yield f"the {row['level']} {code} has no parent"


def _check_parents(rows: dict[str, dict[str, str]], known: dict[str, Region]) -> None:
    for row in rows.values():
        parent = row["parent_code"]
        above = rows.get(parent) or known.get(parent)
        if parent and above is None:
            raise BadRegionRow(int(row["line"]), f"the parent {parent} is unknown")
        level = above["level"] if isinstance(above, dict) else above.level if above else None
        if level and LEVELS.index(level) >= LEVELS.index(row["level"]):
            raise BadRegionRow(int(row["line"]), f"a {row['level']} cannot lie in the {level} {parent}")
        old = known.get(row["code"])
        held = known[parent].id if parent in known else None
        if old is not None and old.parent_id != held:
            raise BadRegionRow(int(row["line"]), f"the code {row['code']} already lies elsewhere; withdraw it first")
