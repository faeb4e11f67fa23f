"""Whatever is changed in a published file, or by the site in its own log, is found."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from portal.rules import opencount
from tests.verify import making, third
from tests.verify.conftest import edited

TIMES = 1000
IN_A_BROWSER = 300
Change = Callable[[random.Random, dict[str, Any]], object]


def another_digit(chance: random.Random, text: str) -> str:
    """One character of a text of digits is another one."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([digit for digit in "0123456789abcdef" if digit != text[at]]) + text[at + 1 :]


def flip_a_record(chance: random.Random, data: dict[str, Any]) -> None:
    record = chance.choice(data["records"])
    at = chance.randrange(3)
    record[at] = (
        chance.choice(["", "1", "2", "3:2", "1,2", "1:0", "2:1"]) if at == 1 else another_digit(chance, record[at])
    )


def flip_a_leaf(chance: random.Random, data: dict[str, Any]) -> None:
    at = chance.randrange(len(data["leaves"]))
    leaf = data["leaves"][at]
    place = chance.randrange(len(leaf))
    data["leaves"][at] = leaf[:place] + chance.choice("0123456789abcdefg ") + leaf[place + 1 :]


def flip_a_head(chance: random.Random, data: dict[str, Any]) -> None:
    head = chance.choice(data["heads"])
    name = chance.choice(["root", "signature", "size", "at"])
    head[name] = head[name] + chance.choice([-1, 1]) if name == "size" else another_digit(chance, head[name])


def flip_the_roll(chance: random.Random, data: dict[str, Any]) -> None:
    line = chance.choice(data["roll"])
    if chance.random() < 0.5:
        line[0] = another_digit(chance, line[0])
    else:
        line[1] = 1 - line[1]


def change_a_count(chance: random.Random, data: dict[str, Any]) -> None:
    key = chance.choice(list(data["counts"]))
    data["counts"][key] = max(0, data["counts"][key] + chance.choice([-2, -1, 1, 2]))


def change_the_result(chance: random.Random, data: dict[str, Any]) -> None:
    result = data["result"]
    kind = chance.randrange(4)
    if kind == 0:
        result["winners"] = chance.sample(list(data["counts"]), chance.randrange(len(data["counts"])))
    elif kind == 1:
        result["total"] += chance.choice([-100, -1, 1, 1000])
    elif kind == 2:
        result["ties"] = result["ties"][1:] or [chance.sample(list(data["counts"]), 2)]
    else:
        result["winners"] = result["winners"][::-1]


def change_the_manifest(chance: random.Random, data: dict[str, Any]) -> None:
    manifest = json.loads(data["leaves"][0])
    name = chance.choice(list(manifest))
    if chance.random() < 0.1:
        del manifest[name]
    else:
        manifest[name] = changed(chance, manifest[name])
    data["leaves"][0] = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))


def changed(chance: random.Random, value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, dict):
        name = chance.choice(list(value))
        return value | {name: changed(chance, value[name])}
    if isinstance(value, list):
        return value[:-1] if value else [["1", "2"]]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return max(0, value + chance.choice([-1, 1, 1000]))
    return another_digit(chance, value) if value else "1"


def of_a_list(name: str, how: str) -> Change:
    """Drop, double, add to or reorder what stands in one of the lists."""

    def change(chance: random.Random, data: dict[str, Any]) -> None:
        rows = data[name]
        at = chance.randrange(len(rows))
        if how == "drop":
            del rows[-1 if name == "heads" else at]  # without one of the others, the heads still say the same
        elif how == "double":
            rows.insert(at, rows[at])
        elif how == "add":
            rows.insert(at, foreign(chance, rows[at]))
        else:
            other = chance.randrange(len(rows))
            rows[at], rows[other] = rows[other], rows[at]

    change.__name__ = f"{how} {name}"
    return change


def foreign(chance: random.Random, row: Any) -> Any:
    """Something new of the same shape."""
    if isinstance(row, dict):
        return row | {"root": f"{chance.getrandbits(256):064x}"}
    if isinstance(row, list):
        return [another_digit(chance, row[0]), *row[1:]]
    return opencount.record_text(f"{chance.getrandbits(256):064x}")


LISTS = [
    of_a_list(name, how)
    for name in ("records", "leaves", "heads", "roll")
    for how in ("drop", "double", "add", "reorder")
]
CHANGES: list[Change] = [
    flip_a_record,
    flip_a_leaf,
    flip_a_head,
    flip_the_roll,
    change_a_count,
    change_the_result,
    change_the_manifest,
    *LISTS,
]


@pytest.fixture(scope="session")
def votes() -> list[making.Vote]:
    """Votes of every kind, rule and form with a list of ballots."""
    return [vote for vote in making.every_vote(7) if vote.manifest.publish != opencount.AGGREGATE]


@pytest.fixture(scope="session")
def tampered(votes: list[making.Vote]) -> list[tuple[str, str]]:
    """Files in which one thing is changed, each with what was done; all mean something else than before."""
    chance = random.Random(2026)
    texts = [making.published(vote) for vote in votes]
    found: list[tuple[str, str]] = []
    while len(found) < TIMES:
        text, change = chance.choice(texts), CHANGES[len(found) % len(CHANGES)]
        other = edited(text, lambda data, change=change: change(chance, data))  # type: ignore[misc]
        if json.loads(other) != json.loads(text):
            found.append((change.__name__, other))
    return found


def test_a_thousand_changes_of_files_are_found(  # A26
    tampered: list[tuple[str, str]], in_python: Callable[..., Any]
) -> None:
    missed = [name for name, text in tampered if in_python(text)["check"] == "fits"]
    assert not missed


def test_the_browser_finds_the_same_first_fault(  # A26
    tampered: list[tuple[str, str]], in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    some = tampered[:IN_A_BROWSER]
    for (name, text), script in zip(some, in_javascript([text for _, text in some]), strict=True):
        assert (name, script["check"]) == (name, in_python(text)["check"])
        assert script["check"] != "fits"


def test_the_portals_own_rules_find_each_change_too(tampered: list[tuple[str, str]]) -> None:
    for name, text in tampered[:IN_A_BROWSER]:
        try:
            third.check(text)
        except Exception:
            continue
        raise AssertionError(name)


def rewrite(chance: random.Random, vote: making.Vote, known: int) -> None:
    """The site, which holds the key, changes one of the first `known` leaves and signs all heads anew."""
    at, how = chance.randrange(known), chance.choice(["change", "drop", "add", "swap"])
    leaves = vote.leaves[:]
    if how == "change" or at == 0:
        leaves[at] = opencount.record_text(f"{chance.getrandbits(256):064x}")
    elif how == "drop":
        del leaves[at]
    elif how == "add":
        leaves.insert(at, opencount.record_text(f"{chance.getrandbits(256):064x}"))
    else:
        other = chance.choice([place for place in range(len(leaves) - 1) if place != at])
        leaves[at], leaves[other] = leaves[other], leaves[at]
    vote.leaves = leaves
    vote.heads[-1] = making.replace(vote.heads[-1], size=len(leaves))
    making.signed_anew(vote)


def test_a_log_that_the_site_itself_rewrote_is_found_by_an_earlier_head(  # A26
    votes: list[making.Vote], in_python: Callable[..., Any]
) -> None:
    chance = random.Random(11)
    for _ in range(200):
        vote = chance.choice(votes)
        witnessed = chance.choice(vote.heads[1:-1])
        printed = vote.head_printed(witnessed)
        other = making.replace(vote, heads=vote.heads[:])
        rewrite(chance, other, witnessed.size)
        assert in_python(making.published(vote), heads=[printed])["check"] == "fits"
        assert in_python(making.published(other), heads=[printed])["check"] != "fits"


def test_a_log_that_was_rewritten_where_nothing_else_shows_it_is_named_by_the_head(
    in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    """Two commitments change places: only the order in the log is another one."""
    vote = making.a_vote(6)
    printed = vote.head_printed(vote.heads[1])
    vote.leaves[1], vote.leaves[2] = vote.leaves[2], vote.leaves[1]
    making.signed_anew(vote)
    text = making.published(vote)
    assert in_python(text)["check"] == "fits"
    assert in_python(text, heads=[printed])["check"] == "earlier"
    assert in_javascript([text], heads=[printed])[0]["check"] == "earlier"
