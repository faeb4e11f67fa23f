"""What is published of a vote: records, texts, forms."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import merkle, opencount
from portal.rules.elections import BallotKind

ROUND, CODE, SECRET = "0123456789abcdef" * 2, "1234567890123456", "5" * 64
GREEDY, SHARES = {"rule": "greedy"}, {"rule": "equalshares"}


@pytest.mark.parametrize(
    ("kind", "most", "method", "options", "form"),
    [
        ("choose-1", None, GREEDY, 9, "ballots"),
        ("choose-k", 3, GREEDY, 9, "ballots"),
        ("choose-k", 4, GREEDY, 9, "marks"),
        ("choose-k", 4, GREEDY, 3, "ballots"),
        ("cumulative", 3, GREEDY, 9, "ballots"),
        ("cumulative", 10, GREEDY, 3, "marks"),
        ("approval", None, GREEDY, 4, "marks"),
        ("approval", None, GREEDY, 3, "ballots"),
        ("approval", None, GREEDY, 1, "ballots"),
        ("knapsack", None, GREEDY, 4, "marks"),
        ("ordinal", 5, GREEDY, 9, "ballots"),
        ("approval", None, SHARES, 9, "ballots"),
    ],
)
def test_ballots_are_published_whole_where_they_must_be_or_have_few_marks(  # A26
    kind: str, most: int | None, method: dict[str, Any], options: int, form: str
) -> None:
    assert opencount.publish_form(BallotKind(kind), most, method, options) == form


@pytest.mark.parametrize(
    ("form", "kind", "method", "patterns", "used"),
    [
        ("ballots", "choose-1", GREEDY, {"1": 19}, "aggregate"),
        ("ballots", "choose-1", GREEDY, {"1": 20}, "ballots"),
        ("ballots", "choose-1", GREEDY, {"1": 19, "2": 1}, "ballots"),
        ("ballots", "approval", SHARES, {"1": 30, "1,2": 1}, "aggregate"),
        ("ballots", "approval", SHARES, {"1": 30, "1,2": 2}, "ballots"),
        ("ballots", "ordinal", GREEDY, {"2,1": 30, "1,2": 1}, "aggregate"),
        ("marks", "approval", GREEDY, {"1": 30, "1,2": 1}, "marks"),
        ("aggregate", "approval", GREEDY, {"1": 30}, "aggregate"),
        ("ballots", "choose-1", GREEDY, {}, "aggregate"),
    ],
)
def test_only_sums_are_published_where_voters_are_few_or_recognisable(  # A26
    form: str, kind: str, method: dict[str, Any], patterns: dict[str, int], used: str
) -> None:
    assert opencount.form_at_closing(form, BallotKind(kind), method, patterns) == used


def test_the_fewest_ballots_are_a_number_of_the_rule_set() -> None:
    assert opencount.form_at_closing("ballots", BallotKind.CHOOSE_1, GREEDY, {"1": 19}, fewest=10) == "ballots"


def test_a_whole_ballot_is_one_record_under_its_code() -> None:
    (record,) = opencount.records_of("ballots", ROUND, CODE, "1,3", SECRET)
    assert (record.tag, record.choices) == (CODE, "1,3")
    assert opencount.records_of("aggregate", ROUND, CODE, "1,3", SECRET) == [record]


def test_single_marks_are_one_record_for_each_option_whether_marked_or_not() -> None:
    keys = ("1", "2", "13")
    records = opencount.records_of("marks", ROUND, CODE, "1:2,13:1", SECRET, keys)
    tags = {opencount.tag(ROUND, CODE, key): f"{key}:{points}" for key, points in (("1", 2), ("2", 0), ("13", 1))}
    assert {record.tag: record.choices for record in records} == tags
    assert records == sorted(records)
    chosen = opencount.records_of("marks", ROUND, CODE, "2", SECRET, keys)
    assert sorted(record.choices for record in chosen) == ["13:0", "1:0", "2:1"]
    assert len(opencount.records_of("marks", ROUND, CODE, "", SECRET, keys)) == 3


def test_hashes_are_those_of_the_format() -> None:
    """Written out once, so that no change of the code changes what was published."""
    (record,) = opencount.records_of("ballots", ROUND, CODE, "1,3", SECRET)
    assert record.nonce == opencount.digest("open-count-nonce", SECRET, CODE, "1,3")
    assert record.nonce == "071c01ede01fcbde1ae62fb3e7ebe2cf688c1d0d5dcdfcd1e15abe0ae701fd17"
    assert record.commitment(ROUND) == "25e9e4dcb8e909e7f9bff54d989fcf3c424f2ca5943029980401982c0fa5e4fd"
    assert opencount.tag(ROUND, CODE, "2") == "1268e006ab809a01bf6a3f4a49b7d8ea8733f0ab6eed1147b4e3ff41dbe5962e"
    assert opencount.lot(SECRET, "2") == "20bd37ec1f1ffc30f066e272272e913fcf874cf76b3782158a3b8474fb8dd8be"
    assert opencount.roll_line("7" * 32, 12) == "aa6122eacf937d2b4829cc57b0dae73b07639d84b434d56f9166e7a438e9f636"


@given(st.text("0123456789", min_size=16, max_size=16), st.sampled_from(["", "1", "2", "1,2"]))
def test_commitments_of_different_ballots_differ(code: str, choices: str) -> None:
    (one,) = opencount.records_of("ballots", ROUND, code, choices, SECRET)
    (other,) = opencount.records_of("ballots", ROUND, code, choices, "6" * 64)
    assert one.commitment(ROUND) != other.commitment(ROUND)
    assert one.commitment(ROUND) != one.commitment("f" * 32)


def test_the_roll_does_not_depend_on_its_order() -> None:
    lines = [opencount.roll_line(f"{number:032x}", number) for number in range(1, 6)]
    assert opencount.roll_root(lines) == opencount.roll_root(lines[::-1]) == merkle.root(sorted(lines))


def test_leaves_are_written_as_short_as_can_be() -> None:
    assert opencount.record_text("0" * 64) == '{"kind":"record","commitment":"' + "0" * 64 + '"}'
    assert opencount.superseded_text(7) == '{"kind":"superseded","leaf":7}'
    assert json.loads(opencount.closed_text(3, 3, SECRET, "aggregate")) == {
        "kind": "closed",
        "ballots": 3,
        "voted": 3,
        "seed": SECRET,
        "publish": "aggregate",
    }


def test_signed_texts_name_what_they_are_for() -> None:
    assert opencount.head_text(ROUND, 3, "a" * 64, "2026-11-22T08:00:00Z").split("\n") == [
        "open-count-head",
        ROUND,
        "3",
        "a" * 64,
        "2026-11-22T08:00:00Z",
    ]
    receipt = opencount.receipt_text(ROUND, CODE, ["b" * 64, "a" * 64])
    assert receipt.split("\n") == ["open-count-receipt", ROUND, CODE, "a" * 64, "b" * 64]
    assert opencount.printed(receipt, "c" * 128).splitlines() == [*receipt.split("\n"), "c" * 128]
