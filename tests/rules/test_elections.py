"""A26: ballots of every kind, what they are worth and what may not be cast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.elections import BallotKind, ballot_refusals, borda, choices_of, points, scores, text_of, votes
from tests.rules.elections_made import election, made

KEYS = ("1", "2", "3", "10")


def test_votes_points_and_rankings_are_summed():
    approval = election(9, {"a": 1, "b": 2}, (3, "a"), (2, "a b"), (1, ""))
    assert votes(approval) == scores(approval) == {"a": 5, "b": 2}
    assert approval.voters == 6
    shares = election(9, {"a": 1, "b": 2}, (3, (("a", 2), ("b", 1))), kind="cumulative")
    assert points(shares) == scores(shares) == {"a": 6, "b": 3}
    ranking = election(9, {"a": 1, "b": 2, "c": 1}, (1, "b a c"), (2, "c"), kind="ordinal")
    assert borda(ranking) == scores(ranking) == {"a": 2, "b": 3, "c": 3}


@pytest.mark.parametrize(
    ("kind", "choices", "text"),
    [
        ("approval", ("10", "2"), "2,10"),
        ("choose-k", (), ""),
        ("cumulative", (("10", 1), ("2", 3)), "2:3,10:1"),
        ("ordinal", ("10", "2"), "10,2"),
    ],
)
def test_choices_have_one_text(kind, choices, text):
    assert text_of(BallotKind(kind), choices) == text
    assert text_of(BallotKind(kind), choices_of(BallotKind(kind), text)) == text


@pytest.mark.parametrize(
    "text", ["2,1", "1,", ",1", "1,,2", "01", "+1", " 1", "1 ", "a", "1:2", "²", "١", "1\n", "1;2", "0"]
)
def test_any_other_text_is_refused(text):
    with pytest.raises(ValueError, match="not the choices"):
        choices_of(BallotKind.APPROVAL, text)


@pytest.mark.parametrize("text", ["1", "1:", "1:+2", "1:02", "2:1,1:1", "1:1.5", "1:1e3", "1:٣", "1:-0"])
def test_any_other_text_of_points_is_refused(text):
    with pytest.raises(ValueError, match="not the choices"):
        choices_of(BallotKind.CUMULATIVE, text)


@given(made(), st.randoms())
def test_the_text_of_a_made_ballot_is_read_back(one, random):
    for ballot in one.ballots:
        mixed = tuple(ballot) if one.kind == "ordinal" else tuple(random.sample(ballot, len(ballot)))
        assert choices_of(BallotKind(one.kind), text_of(BallotKind(one.kind), mixed)) == (
            ballot
            if one.kind == "ordinal"
            else tuple(sorted(ballot, key=lambda mark: int(mark[0] if one.kind == "cumulative" else mark)))
        )


@pytest.mark.parametrize(
    ("kind", "choices", "says"),
    [
        ("approval", ("4",), "not part of this vote"),
        ("approval", ("1", "1"), "only once"),
        ("ordinal", ("1", "1"), "only once"),
        ("choose-1", ("1", "2"), "only one"),
        ("choose-k", ("1", "2", "3"), "at most"),
        ("ordinal", ("1", "2", "3"), "at most"),
        ("knapsack", ("1", "10"), "more than the budget"),
        ("cumulative", (("1", 3),), "You gave"),
        ("cumulative", (("1", -1), ("2", 3)), "whole numbers"),
        ("cumulative", (("1", 0),), "whole numbers"),
        ("cumulative", (("1", 1), ("1", 1)), "only once"),
    ],
)
def test_what_may_not_be_cast_is_refused_beside_the_choices(kind, choices, says):
    """Trust 2, class 5: empty, negative and foreign choices."""
    costs = {"1": 60, "2": 50, "3": 1, "10": 41}
    found = list(ballot_refusals(BallotKind(kind), choices, keys=KEYS, most=2, costs=costs, budget=100))
    assert [refusal.beside for refusal in found] == ["choices"]
    assert says in found[0].text
    assert found[0].text % found[0].values


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("approval", KEYS),
        ("approval", ()),
        ("choose-1", ("2",)),
        ("choose-k", ("1", "2")),
        ("knapsack", ("1", "3")),
        ("cumulative", (("1", 1), ("2", 1))),
        ("ordinal", ("10", "1")),
    ],
)
def test_what_may_be_cast_is_not_refused(kind, choices):
    costs = {"1": 60, "2": 50, "3": 40, "10": 41}
    assert not list(ballot_refusals(BallotKind(kind), choices, keys=KEYS, most=2, costs=costs, budget=100))
