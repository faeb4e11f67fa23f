"""A26: every rule explains itself, and its result can be kept as plain JSON."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.counting import Completion, Method, Outcome, Rule, count
from tests.rules.elections_made import election, made

METHODS = [Method(rule, threshold) for rule in Rule for threshold in (0, 3)]
METHODS += [
    Method(Rule.EQUAL_SHARES, completion=Completion.ADD1U, increment=10**31),
    Method(Rule.EQUAL_SHARES, comparison=True),
]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_survives_json(method):
    assert Method.from_json(json.loads(json.dumps(method.as_json()))) == method


@pytest.mark.parametrize(
    "data",
    [
        {"rule": "borda"},
        {"rule": "equalshares", "completion": "add2"},
        {"rule": "greedy", "threshold": -1},
        {"rule": "greedy", "increment": 0},
    ],
)
def test_an_unknown_method_is_refused(data):
    with pytest.raises(ValueError, match=r"valid|threshold"):
        Method.from_json(data)


def test_what_a_method_does_not_say_is_as_usual():
    assert Method.from_json({"rule": "equalshares", "from": "a newer site"}) == Method(Rule.EQUAL_SHARES)


@given(made(), st.sampled_from(METHODS))
def test_an_outcome_survives_json_and_holds_no_float(one, method):
    outcome = count(one.election(), method)
    text = json.dumps(outcome.as_json())
    assert Outcome.from_json(json.loads(text, parse_float=pytest.fail)) == outcome


@given(made(), st.sampled_from(METHODS))
def test_every_option_gets_a_sentence_whose_values_are_there(one, method):
    outcome = count(one.election(), method)
    assert sorted(decision.id for decision in outcome.decisions) == sorted(one.costs)
    assert [decision.place for decision in outcome.decisions] == list(range(1, len(one.costs) + 1))
    assert {decision.id for decision in outcome.decisions if decision.chosen} == set(outcome.winners)
    for decision in outcome.decisions:
        for reason in (decision.reason, decision.missing, decision.tie):
            assert reason is None or set(re.findall(r"%\((\w+)\)s", reason.text)) == set(reason.values)
        assert not (decision.chosen and decision.missing)


def test_losers_learn_what_was_missing():
    small = election(100, {"a": 60, "b": 50, "c": 200, "d": 1}, (5, "a"), (3, "b"), (1, "c"))
    said = {one.id: one.missing and one.missing.text % one.missing.values for one in count(small, Method()).decisions}
    assert said == {
        "a": None,
        "b": "Votes that were missing for it to be chosen: 3.",
        "c": "It costs more than the whole budget of 100; no number of votes could have helped.",
        "d": "Votes that were missing for it to be chosen: 1.",
    }
    by_shares = count(small, Method(Rule.EQUAL_SHARES)).decisions
    assert [one.missing.values["short_fen"] if one.missing else None for one in by_shares] == [5, 17, 189, None]


def test_under_a_threshold_the_threshold_is_said():
    few = count(election(100, {"a": 1, "b": 1}, (5, "a"), (2, "b")), Method(Rule.THRESHOLD, 3)).decisions[1]
    assert few.reason.text % few.reason.values == "It has 2 votes; at least 3 are needed."
    assert few.missing.values == {"short": 1}
    points = election(100, {"a": 1}, (1, (("a", 2),)), kind="cumulative")
    for rule in (Rule.THRESHOLD, Rule.EQUAL_SHARES):
        one = count(points, Method(rule, 3)).decisions[0]
        assert one.reason.text % one.reason.values == "It has 2 points; at least 3 are needed."
