"""What a vote needs before it is announced."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import Refused
from portal.rules.counting import Completion, Method, Rule
from portal.rules.decisions import Body, Share
from portal.rules.elections import BallotKind
from portal.rules.numbers import Numbers
from portal.rules.rounds import OptionDraft, RoundDraft, in_time, read_conflicts, refusals

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHARES = Method(Rule.EQUAL_SHARES, completion=Completion.ADD1)
GOOD = RoundDraft(
    question="楼道灯怎么装？",
    options=tuple(OptionDraft(1, number, f"方案{number}", None, number * 100) for number in (1, 2, 3)),
    budget_fen=300,
    opens_at=NOW + timedelta(days=1),
    closes_at=NOW + timedelta(days=8),
    beside=SHARES,
)
FOUR = tuple(OptionDraft(1, number, f"方案{number}", None, number * 50) for number in (1, 2, 3, 4))


def beside(draft: RoundDraft, **numbers: Any) -> list[str]:
    return [refusal.beside for refusal in refusals(draft, at=NOW, numbers=Numbers(**numbers))]


def test_a_question_options_budget_and_times_are_enough() -> None:  # A21, A26
    assert beside(GOOD) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"opens_at": None}, ["opens_at"]),
        ({"closes_at": None}, ["closes_at"]),
        ({"opens_at": NOW - timedelta(days=2)}, ["opens_at"]),
        ({"opens_at": NOW - timedelta(hours=1)}, []),
        ({"closes_at": GOOD.opens_at}, ["closes_at"]),
        ({"closes_at": NOW}, ["closes_at"]),
        ({"closes_at": NOW + timedelta(days=400)}, ["closes_at"]),
        ({"question": "　"}, ["question"]),
        ({"question": "字" * 121}, ["question"]),
        ({"options": ()}, ["options"]),
        ({"options": GOOD.options[:1]}, ["options"]),
        ({"options": GOOD.options[:1], "method": Method(threshold=1)}, []),
        ({"options": GOOD.options[:1] * 2}, ["options"]),
        ({"budget_fen": 99}, ["budget"]),
        ({"budget_fen": 0}, ["budget"]),
        ({"budget_fen": -1}, ["budget"]),
        ({"ballot": BallotKind.CHOOSE_K}, ["most"]),
        ({"ballot": BallotKind.CHOOSE_K, "most": 2}, []),
        ({"ballot": BallotKind.CUMULATIVE}, ["most"]),
        ({"ballot": BallotKind.CUMULATIVE, "most": 0}, ["most"]),
        ({"ballot": BallotKind.CUMULATIVE, "most": 10**9}, ["most"]),
        ({"ballot": BallotKind.ORDINAL}, []),
        ({"ballot": BallotKind.ORDINAL, "publish": "marks"}, ["publish"]),
        ({"method": SHARES, "publish": "marks"}, ["publish"]),
        ({"options": FOUR, "publish": "ballots"}, ["publish"]),
        ({"options": FOUR, "publish": "marks"}, []),
        ({"method": SHARES, "publish": "ballots"}, []),
        ({"method": Method(Rule.THRESHOLD)}, ["threshold"]),
        ({"method": Method(Rule.THRESHOLD, 5)}, []),
        ({"method": Method(threshold=10**7)}, ["threshold"]),
        ({"method": Method(Rule.EXCLUSIVE)}, ["conflicts"]),
        ({"method": Method(Rule.EXCLUSIVE), "conflicts": ((1, 2),)}, []),
        ({"method": SHARES, "conflicts": ((1, 2),)}, ["rule"]),
        ({"conflicts": ((1, 4),)}, ["conflicts"]),
        ({"conflicts": ((0, 1),)}, ["conflicts"]),
        ({"conflicts": ((2, 2),)}, ["conflicts"]),
        ({"legal_basis": "字" * 201}, ["legal_basis"]),
        ({"quorum": Share.read(">1/2")}, ["body"]),
        ({"body": Body.RESIDENTS_MEETING}, ["legal_basis", "quorum", "majority"]),
        (
            {"body": Body.RESIDENTS_MEETING, "ballot": BallotKind.ORDINAL},
            ["ballot", "legal_basis", "quorum", "majority"],
        ),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(change: dict[str, Any], expected: list[str]) -> None:  # A26
    assert beside(replace(GOOD, **change)) == expected


def test_a_place_says_how_many_options_fit_on_a_ballot() -> None:
    many = tuple(OptionDraft(number, None, "x", None, 1) for number in range(5000))
    assert beside(replace(GOOD, options=many)) == ["options"]
    assert beside(replace(GOOD, options=many), most_options=5000) == []


def test_equal_shares_does_not_stand_beside_options_that_exclude_each_other() -> None:  # A26
    assert GOOD.shown_beside == SHARES
    assert replace(GOOD, conflicts=((1, 2),)).shown_beside is None
    greedy = replace(GOOD, conflicts=((1, 2),), beside=Method())
    assert greedy.shown_beside == Method()


PLACES = {1: (1,), 2: (2,), 17: (3, 4)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ()),
        (" ; ", ()),
        ("1,2", ((1, 2),)),
        ("１、２；17，1", ((1, 2), (3, 4, 1))),
        ("17", ((3, 4),)),
    ],
)
def test_options_that_exclude_each_other_are_typed_by_their_numbers(typed: str, expected: Any) -> None:
    assert read_conflicts(typed, PLACES) == expected


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = read_conflicts(typed, PLACES)
    except Refused:
        return
    assert all(option in (1, 2, 3, 4) for group in found for option in group)


def test_the_steps_of_add1_grow_with_a_very_large_budget() -> None:
    method = Method(Rule.EQUAL_SHARES, increment=100)
    assert [in_time(method, yuan * 100).increment for yuan in (50_000, 1_000_000, 1_999_999, 25_000_000)] == [
        100,
        100,
        100,
        2500,
    ]
