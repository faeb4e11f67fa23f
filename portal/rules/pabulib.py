"""Pabulib's .pb files: real elections in one open format, read and written without loss."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from portal.rules.counting import Completion, Method, Rule
from portal.rules.elections import BallotKind, Choices, Election, Project

SECTIONS = ("META", "PROJECTS", "VOTES")
THRESHOLD = "min_project_score_threshold"
KINDS = {
    "approval": BallotKind.APPROVAL,
    "choose-1": BallotKind.CHOOSE_1,
    "cumulative": BallotKind.CUMULATIVE,
    "ordinal": BallotKind.ORDINAL,
}
_NUMBER = re.compile(r"(-?)[0-9]{1,30}(\.[0-9]{1,30})?\Z", re.ASCII)


class Malformed(ValueError):
    """The text is no proper .pb file; says where (`line`, from 1) and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line


@dataclass(frozen=True)
class Table:
    """A section: its columns, and its rows as they stand, with the line of each."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int = field(default=1, compare=False)
    """Where the names of the columns stand."""
    lines: tuple[int, ...] = field(default=(), compare=False)

    def at(self, place: int) -> int:
        """The line of a row."""
        return self.lines[place] if self.lines else self.line

    def column(self, name: str) -> list[str]:
        """The cells of a column, without the blanks around them. Malformed where there is no such column."""
        names = [one.strip() for one in self.columns]
        if name not in names:
            raise Malformed(self.line, f"the column {name} is missing")
        place = names.index(name)
        return [row[place].strip() for row in self.rows]


@dataclass(frozen=True)
class File:
    """A .pb file as it stands: nothing is dropped, so `write` gives back what `read` was given."""

    meta: Table
    projects: Table
    votes: Table
    newline: str = "\n"

    def value(self, key: str) -> str | None:
        """What META says for a key."""
        return next((row[1].strip() for row in self.meta.rows if row[0].strip() == key), None)

    def line(self, key: str) -> int:
        """Where META says it; its first line if it does not."""
        keys = [row[0].strip() for row in self.meta.rows]
        return self.meta.at(keys.index(key)) if key in keys else self.meta.line


def read(text: str) -> File:
    """Take a .pb file apart. Malformed: a section is missing, a row is ragged, a key or an id stands twice."""
    found: dict[str, tuple[int, tuple[str, ...], list[tuple[str, ...]], list[int]]] = {}
    section, line = "", 0
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True)
    try:
        for row in reader:
            line, begins = reader.line_num, line + 1
            name = row[0].strip() if len(row) == 1 else ""
            if name in SECTIONS:
                if name in found or len(found) != SECTIONS.index(name):
                    raise Malformed(begins, f"the section {name} stands in the wrong place")
                section, found[name] = name, (begins + 1, (), [], [])
            elif not section and row:
                raise Malformed(begins, "the file must begin with the section META")
            elif any(cell.strip() for cell in row):
                _take(found, section, begins, tuple(row))
    except csv.Error as error:
        raise Malformed(line + 1, f"not a table with semicolons ({error})") from None
    for name in SECTIONS:
        if name not in found or not found[name][1]:
            raise Malformed(line + 1, f"the section {name} is missing")
    meta, projects, votes = (
        Table(columns, tuple(rows), at, tuple(lines)) for at, columns, rows, lines in found.values()
    )
    file = File(meta, projects, votes, "\r\n" if "\r\n" in text else "\n")
    _no_doubles(file.meta, file.meta.column("key"), "the key")
    _no_doubles(file.projects, file.projects.column("project_id"), "the project")
    return file


def _take(
    found: dict[str, tuple[int, tuple[str, ...], list[tuple[str, ...]], list[int]]],
    section: str,
    line: int,
    row: tuple[str, ...],
) -> None:
    _, columns, rows, lines = found[section]
    if not columns:
        found[section] = (line, row, rows, lines)
        names = [one.strip() for one in row]
        if section == "META" and names != ["key", "value"]:
            raise Malformed(line, "META must have the columns key;value")
        if len(set(names)) < len(names):
            raise Malformed(line, f"a column stands twice in {section}")
    elif len(row) != len(columns):
        raise Malformed(line, f"{len(row)} cells where {section} has {len(columns)} columns")
    else:
        rows.append(row)
        lines.append(line)


def _no_doubles(table: Table, names: list[str], what: str) -> None:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            raise Malformed(table.at(place), f"{what} {name} stands twice")
        seen.add(name)


def write(file: File) -> str:
    """The text of a .pb file, UTF-8 when stored; cells are quoted only where they must be."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator=file.newline)
    for name, table in zip(SECTIONS, (file.meta, file.projects, file.votes), strict=True):
        writer.writerow([name])
        writer.writerow(table.columns)
        writer.writerows(table.rows)
    return out.getvalue()


@dataclass(frozen=True)
class Reading:
    """A file as an election. Money is counted in `1 / scale` of the file's unit, so that it is whole."""

    file: File
    election: Election
    method: Method | None
    """The rule that the file states; None: unknown."""
    scale: int = 1


def election_of(
    file: File,
    *,
    conflicts: Iterable[frozenset[str]] = (),
    lot: Mapping[str, int] | None = None,
    out: Iterable[str] = (),
) -> Reading:
    """What a file says, ready to be counted, with what it cannot say. Malformed: what it says does not hold."""
    kind = _kind(file)
    budget, costs = _money(file, "budget"), _costs(file)
    keys = file.projects.column("project_id")
    scale = 1
    while any((one * scale).denominator > 1 for one in (budget, *costs)):
        scale *= 10
    projects = tuple(Project(key, int(cost * scale)) for key, cost in zip(keys, costs, strict=True))
    _count_of(file, "num_projects", len(projects))
    _count_of(file, "num_votes", len(file.votes.rows))
    ballots = Counter(_ballots(file, kind, frozenset(keys)))
    election = Election(kind, int(budget * scale), projects, ballots, tuple(conflicts), lot, frozenset(out))
    return Reading(file, election, _method(file, scale), scale)


def _kind(file: File) -> BallotKind:
    said = file.value("vote_type")
    if said is None or said not in KINDS:
        known = ", ".join(KINDS)
        raise Malformed(file.line("vote_type"), f"vote_type {said or 'is missing'}; known are {known}")
    return KINDS[said]


def _number(text: str, line: int, what: str) -> Fraction:
    found = _NUMBER.match(text)
    if not found:
        raise Malformed(line, f"{what} is not a number: {text!r}")
    if found[1]:
        raise Malformed(line, f"{what} is negative: {text}")
    return Fraction(Decimal(text))


def _money(file: File, key: str) -> Fraction:
    said = file.value(key)
    if said is None:
        raise Malformed(file.meta.line, f"the key {key} is missing in META")
    return _number(said, file.line(key), key)


def _costs(file: File) -> list[Fraction]:
    cells = file.projects.column("cost")
    return [_number(cell, file.projects.at(place), "the cost") for place, cell in enumerate(cells)]


def _count_of(file: File, key: str, there: int) -> None:
    if _money(file, key) != there:
        raise Malformed(file.line(key), f"{key} is {file.value(key)}, but the file has {there}")


def _ballots(file: File, kind: BallotKind, keys: frozenset[str]) -> Iterator[Choices]:
    points = file.votes.column("points") if kind is BallotKind.CUMULATIVE else None
    for place, cell in enumerate(file.votes.column("vote")):
        named = tuple(part.strip() for part in cell.split(",")) if cell else ()
        if not keys.issuperset(named):
            stranger = next(key for key in named if key not in keys)
            raise Malformed(file.votes.at(place), f"a vote for {stranger!r}, which is no project of this file")
        if points is None and len(set(named)) < len(named):
            raise Malformed(file.votes.at(place), "a vote names a project twice")
        if kind is BallotKind.CHOOSE_1 and len(named) > 1:
            raise Malformed(file.votes.at(place), "a vote for more than one project where vote_type is choose-1")
        if points is None:
            yield named if kind is BallotKind.ORDINAL else tuple(sorted(named))
            continue
        given = [part.strip() for part in points[place].split(",")] if points[place] else []
        if len(given) != len(named):
            raise Malformed(file.votes.at(place), f"{len(given)} points for {len(named)} projects")
        shares = Counter[str]()  # Czestochowa 2020 gives a project its points one by one
        for key, one in zip(named, given, strict=True):
            shares[key] += _points(one, file.votes.at(place))
        yield tuple(sorted(shares.items()))


def _points(text: str, line: int) -> int:
    found = _number(text, line, "points")
    if found.denominator > 1:
        raise Malformed(line, f"points are not whole: {text}")
    return int(found)


def _method(file: File, scale: int) -> Method | None:
    said = file.value("rule") or "unknown"
    if said == "unknown":
        return None
    name, _, completion = said.removesuffix("-comparison").partition("/")
    try:
        rule, completed = Rule(name), Completion(completion or "none")
    except ValueError:
        raise Malformed(file.line("rule"), f"the rule {said} is not known") from None
    return Method(rule, threshold_of(file), completed, comparison=said.endswith("-comparison"), increment=scale)


def threshold_of(file: File) -> int:
    """The least score that can win; 0 if the file states none."""
    return -(-_money(file, THRESHOLD) // 1) if file.value(THRESHOLD) is not None else 0


def ballots_of(file: File) -> Iterator[Choices]:
    """What each row of VOTES says, in their order. Malformed: as `election_of`."""
    return _ballots(file, _kind(file), frozenset(file.projects.column("project_id")))
