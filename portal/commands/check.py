"""Check what can be checked from a terminal: which tests prove which requirement, and that the log was not changed."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click

from portal.audit.actions import first_broken_seal, seal
from portal.commands import on_site, stop
from portal.settings import ROOT
from portal.voting.checking import fault_of, frozen_rounds

ROWS = [*(f"A{number}" for number in range(1, 71)), *(f"B{number}" for number in range(1, 38))]
"""The rows of the founding documents."""
_CITED = re.compile(r"\b([AB])(\d{1,2})(?:-([AB]?)(\d{1,2}))?\b")


@click.group()
def check() -> None:
    """Check what this site claims."""


@check.command()
@click.option("--rows", help="Only these, for example A19,A25-A27,B34; fails if one of them has no test.")
def trace(rows: str | None) -> None:
    """Print which requirement row is cited by which tests; rows without a test come last."""
    folder = ROOT / "tests"
    if not folder.is_dir():
        stop(f"there are no tests in {folder}; run this in the source tree")
    wanted = [row for row in ROWS if row in cited_in(rows)] if rows else ROWS
    tests = cited_by(folder)
    for row in wanted:
        if row in tests:
            click.echo(f"{row:4} {len(tests[row]):3}  " + "\n          ".join(tests[row]))
    missing = [row for row in wanted if row not in tests]
    click.echo(f"{len(wanted) - len(missing)} of {len(wanted)} rows are cited by a test")
    if missing:
        click.echo(f"without a test: {' '.join(missing)}")
    if missing and rows:
        raise SystemExit(1)


@check.command()
@on_site
def audit() -> None:
    """Chain what is new in the log and look for entries that were changed or removed since."""
    new = seal()
    broken = first_broken_seal()
    if broken is not None:
        stop(f"the log was changed at seal {broken}: its entry is not what was sealed")
    click.echo(f"{new} entries sealed; none was changed")


@check.command()
@on_site
def votes() -> None:
    """Recompute every vote's log and result, and name the first one that is not what was signed."""
    rounds = frozen_rounds()
    for round in rounds:
        fault = fault_of(round)
        if fault:
            stop(f"vote {round.id} ({round.uid}): {fault}")
    click.echo(f"{len(rounds)} votes checked; all fit what was signed")


def cited_by(folder: Path) -> dict[str, list[str]]:
    """The tests of `folder`, as file::test, by each row that they cite in a comment or docstring."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        for name, rows in _citations(path.read_text("utf-8")):
            for row in rows:
                found[row].add(f"{path.relative_to(folder.parent)}{name}")
    return {row: sorted(names) for row, names in found.items()}


def _citations(source: str) -> Iterator[tuple[str, set[str]]]:
    """Each test with the rows it cites; the module's own docstring and comments count for the file."""
    lines = source.splitlines()
    tests = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    tests = sorted((node for node in tests if node.name.startswith("test_")), key=lambda node: node.lineno)
    of_tests: set[int] = set()
    for node in tests:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        span = range(first, (node.end_lineno or node.lineno) + 1)
        of_tests.update(span)
        said = " ".join(_comment(lines[number - 1]) for number in span)
        yield f"::{node.name}", cited_in(f"{said} {ast.get_docstring(node) or ''}")
    around = " ".join(_comment(line) for number, line in enumerate(lines, 1) if number not in of_tests)
    yield "", cited_in(f"{around} {ast.get_docstring(ast.parse(source)) or ''}")


def _comment(line: str) -> str:
    return line.rpartition("# ")[2] if "# " in line else ""


def cited_in(text: str) -> set[str]:
    """The rows that `text` names, ranges such as A25-A27 or B34-36 unfolded."""
    rows: set[str] = set()
    for letter, first, _, last in _CITED.findall(text):
        rows.update(f"{letter}{number}" for number in range(int(first), int(last or first) + 1))
    return rows & set(ROWS)


def install(main: click.Group) -> None:
    main.add_command(check)
