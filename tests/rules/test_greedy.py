"""A26, B26: the greedy family, as real cities use it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.counting import Method, Rule, count
from portal.rules.elections import BallotKind
from tests.rules import reference
from tests.rules.elections_made import election, made

FAMILY = [rule for rule in Rule if rule is not Rule.EQUAL_SHARES]
LINE = {"a": 50, "b": 60, "c": 40, "d": 10}


def line(**more):
    """Votes: a 4, b 3, c 2, d 1."""
    return election(100, LINE, (1, "a b c d"), (1, "a b c"), (1, "a b"), (1, "a"), **more)


@pytest.mark.parametrize(
    ("rule", "threshold", "winners"),
    [
        (Rule.GREEDY, 0, ("a", "c", "d")),
        (Rule.THRESHOLD, 2, ("a", "c")),
        (Rule.NO_SKIP, 0, ("a",)),
        (Rule.CUSTOM, 0, ("a", "b")),
    ],
)
def test_each_rule_has_its_own_winners(rule, threshold, winners):
    assert count(line(), Method(rule, threshold)).winners == winners


def test_the_80_percent_rule_says_its_extra_money():
    outcome = count(line(), Method(Rule.CUSTOM))
    assert (outcome.total, outcome.left, outcome.extra) == (110, 0, 10)
    assert outcome.decisions[1].reason.values == {"place": 2, "short_fen": 10, "cost_fen": 60, "left_fen": 50}
    exactly = election(90, {"a": 50, "b": 50}, (2, "a"), (1, "b"))
    assert count(exactly, Method(Rule.CUSTOM)).winners == ("a", "b")
    less = election(89, {"a": 50, "b": 50}, (2, "a"), (1, "b"))
    assert count(less, Method(Rule.CUSTOM)).winners == ("a",)


@pytest.mark.parametrize("rule", FAMILY)
def test_of_each_conflict_set_at_most_one_wins_under_every_rule(rule):
    clash = election(100, LINE, (2, "a"), (1, "c"), conflicts=(frozenset("ac"),))
    outcome = count(clash, Method(rule))
    assert outcome.winners == ("a",)
    assert outcome.decisions[1].reason.values == {"rival_id": "a"}


@pytest.mark.parametrize("rule", FAMILY)
def test_what_is_out_never_wins_and_never_stops_the_count(rule):
    assert count(line(out=frozenset("b")), Method(rule)).winners == ("a", "c", "d")


def test_the_lot_breaks_a_tie_and_says_so():
    tied = {"a": 60, "b": 60, "c": 30}
    outcome = count(election(100, tied, (2, "a"), (2, "b"), (1, "c"), lot={"a": 1, "b": 0, "c": 2}), Method())
    assert outcome.winners == ("b", "c")
    assert outcome.ties == (("b", "a"),)
    assert [bool(one.tie) for one in outcome.decisions] == [True, True, False]
    harmless = count(election(120, tied, (2, "a"), (2, "b"), (1, "c")), Method())
    assert harmless.ties == ()


@given(made(conflicts=True), st.sampled_from(FAMILY), st.integers(0, 4))
def test_the_greedy_family_counts_as_the_reference(one, rule, threshold):
    outcome = count(one.election(), Method(rule, threshold))
    expected = reference.greedy(
        one.kind, one.budget, one.costs, one.ballots, one.lot,
        rule=rule.value, threshold=threshold, conflicts=one.conflicts, out=one.out,
    )  # fmt: skip
    assert list(outcome.winners) == expected
    costs = sum(one.costs[key] for key in outcome.winners)
    assert (outcome.total, outcome.left, outcome.extra) == (
        costs,
        max(0, one.budget - costs),
        max(0, costs - one.budget),
    )
    assert outcome.extra == 0 or rule is Rule.CUSTOM


@given(made(kinds=(BallotKind.APPROVAL,), conflicts=True), st.sampled_from(FAMILY), st.integers(0, 4))
def test_the_votes_said_to_be_missing_are_just_enough(one, rule, threshold):
    for decision in count(one.election(), Method(rule, threshold)).decisions:
        if decision.missing and "short" in decision.missing.values:
            short = decision.missing.values["short"]
            for more, wins in ((short, True), (short - 1, False)):
                again = count(one.election(ballots=one.ballots + ((decision.id,),) * more), Method(rule, threshold))
                assert (decision.id in again.winners) is wins


@given(made(conflicts=True), st.sampled_from(FAMILY), st.data())
def test_a_tie_is_told_where_and_only_where_the_lot_decides(one, rule, data):
    told = count(one.election(), Method(rule)).ties
    lot = dict(zip(data.draw(st.permutations(list(one.lot))), range(len(one.lot)), strict=True))
    other = reference.greedy(
        one.kind, one.budget, one.costs, one.ballots, lot, rule=rule.value, conflicts=one.conflicts, out=one.out
    )
    if set(other) != set(count(one.election(), Method(rule)).winners):
        assert told


@given(made(), st.sampled_from([Rule.GREEDY, Rule.EXCLUSIVE]))
def test_greedy_leaves_nothing_that_still_fits(one, rule):
    outcome = count(one.election(), Method(rule))
    for decision in outcome.decisions:
        assert decision.chosen or decision.score == 0 or decision.id in one.out or decision.cost > outcome.left


def test_five_thousand_projects_are_counted():
    many = {str(number): number % 7 for number in range(5000)}
    outcome = count(election(10_000, many, *((1, [str(n), str(n // 2)]) for n in range(1, 5000))), Method(Rule.CUSTOM))
    assert len(outcome.decisions) == 5000
