"""Recount a published election: `python3 -m portal.rules.recount FILE.pb`. Needs nothing but Python."""

import argparse
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from portal.rules import pabulib
from portal.rules.counting import Completion, Method, Outcome, Rule, count


class Unusable(ValueError):
    """What was given cannot be counted; says which file, where and why."""


@dataclass(frozen=True)
class Recount:
    """An outcome, by which method, and the size of the file's unit of money (`scale` is 100 where costs have cents)."""

    method: Method
    outcome: Outcome
    budget: int
    scale: int

    def money(self, amount: int) -> int | str:
        """An amount in the file's own unit; a text with a decimal point where it is not whole."""
        whole, rest = divmod(amount, self.scale)
        return f"{whole}.{rest:0{len(str(self.scale)) - 1}}" if rest else whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the winners of a .pb file in order, the total and the ties; 2 with one line on stderr if it cannot be."""
    given = _parser().parse_args(arguments)
    try:
        found = recount(given)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(as_json(found), ensure_ascii=False) if given.json else as_text(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("recount", description="Recount an election in Pabulib's format.")
    parser.add_argument("file", type=Path, help="a .pb file")
    parser.add_argument(
        "--rule", choices=[rule.value for rule in Rule], help="instead of the rule that the file states"
    )
    parser.add_argument("--threshold", type=int, help="the least score that can win; else as the file states")
    parser.add_argument("--completion", choices=[one.value for one in Completion], help="of Equal Shares")
    parser.add_argument("--stop-exhaustive", action="store_true", help="stop Add1 where nothing more can be added")
    parser.add_argument("--comparison", action="store_true", help="take the greedy winners if more voters prefer them")
    parser.add_argument("--lot", type=Path, help="all project ids, one a line: with equal results the first one wins")
    parser.add_argument(
        "--conflicts",
        type=Path,
        help='sets of which at most one wins: lines like "3, 7", or "3 > 7" where 3 is kept by decision; or JSON lists',
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def recount(given: argparse.Namespace) -> Recount:
    """Count what was asked for. Raises Unusable."""
    try:
        file = pabulib.read(_text(given.file))
        keys = file.projects.column("project_id")
        lot = _lot(given.lot, keys) if given.lot else None
        conflicts, out = _conflicts(given.conflicts, keys) if given.conflicts else ((), frozenset())
        reading = pabulib.election_of(file, conflicts=conflicts, lot=lot, out=out)
        if reading.method is None and not given.rule:
            raise pabulib.Malformed(file.line("rule"), "the rule is unknown; say which with --rule")
        method = _method(given, reading)
        return Recount(method, count(reading.election, method), reading.election.budget, reading.scale)
    except Unusable:
        raise
    except ValueError as error:
        raise Unusable(f"{given.file}: {error}") from None


def _method(given: argparse.Namespace, reading: pabulib.Reading) -> Method:
    """The stated rule, or the one given: a greedy one then keeps the file's threshold."""
    stated = reading.method or Method()
    method = replace(stated, increment=reading.scale)
    if given.rule:
        rule = Rule(given.rule)
        threshold = 0 if rule is Rule.EQUAL_SHARES else pabulib.threshold_of(reading.file)
        method = Method(rule, threshold, increment=reading.scale)
    if given.threshold is not None:
        method = replace(method, threshold=given.threshold)
    if given.completion:
        method = replace(method, completion=Completion(given.completion))
    return replace(
        method,
        stop_exhaustive=method.stop_exhaustive or given.stop_exhaustive,
        comparison=method.comparison or given.comparison,
    )


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path}: cannot be read ({error.strerror})") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unusable(f"{path}: line {line}: not UTF-8") from None


def _lot(path: Path, keys: Collection[str]) -> dict[str, int]:
    """The place of each project: its line."""
    found: dict[str, int] = {}
    for line, text in _lines(_text(path)):
        if text not in keys or text in found:
            raise Unusable(f"{path}: line {line}: {text!r} stands twice or is no project")
        found[text] = line
    if len(found) < len(keys):
        missing = next(key for key in keys if key not in found)
        raise Unusable(f"{path}: {missing!r} and {len(keys) - len(found) - 1} more have no place")
    return found


def _conflicts(path: Path, keys: Collection[str]) -> tuple[list[frozenset[str]], frozenset[str]]:
    """Sets of which at most one wins; and what is out because another one is kept by decision."""
    text = _text(path)
    sets, out = [], set()
    for line, kept, rest in _listed(path, text) if text.lstrip().startswith("[") else _written(text):
        unknown = [key for key in (*kept, *rest) if key not in keys]
        if unknown or not rest:
            raise Unusable(
                f"{path}: line {line}: {unknown[0]!r} is no project" if unknown else f"{path}: line {line}: empty"
            )
        if kept:
            out.update(rest)
        else:
            sets.append(frozenset(rest))
    return sets, frozenset(out)


def _listed(path: Path, text: str) -> Iterator[tuple[int, list[str], list[str]]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unusable(f"{path}: line {error.lineno}: no JSON ({error.msg})") from None
    if not all(isinstance(one, list) and all(isinstance(key, str) for key in one) for one in data):
        raise Unusable(f"{path}: line 1: must be a list of lists of project ids")
    return (((1, [], one)) for one in data)


def _written(text: str) -> Iterator[tuple[int, list[str], list[str]]]:
    for line, words in _lines(text):
        before, mark, after = words.partition(">")
        first, second = ([key.strip() for key in part.split(",") if key.strip()] for part in (before, after))
        yield (line, first, second) if mark else (line, [], first)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line, words in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if words.strip():
            yield line, words.strip()


def as_json(found: Recount) -> dict[str, object]:
    """The winners in the order in which they won, their cost, and equal results that the lot put in order."""
    outcome = found.outcome
    return {
        "rule": found.method.rule.value,
        "winners": list(outcome.winners),
        "total": found.money(outcome.total),
        "ties": [list(tie) for tie in outcome.ties],
    }


def as_text(found: Recount) -> str:
    """The same for people."""
    outcome, method = found.outcome, found.method
    said = [f"rule {method.rule.value}"]
    said += [f"threshold {method.threshold}"] if method.threshold else []
    said += [f"completion {method.completion.value}"] if method.rule is Rule.EQUAL_SHARES else []
    lines = [", ".join(said), f"{len(outcome.winners)} of {len(outcome.decisions)} projects win"]
    lines += [f"{place:4}. {key}" for place, key in enumerate(outcome.winners, 1)]
    lines.append(f"total {found.money(outcome.total)} of {found.money(found.budget)}")
    lines += [f"decided by the lot: {' before '.join(tie)}" for tie in outcome.ties] or ["no tie"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
