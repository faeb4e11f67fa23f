"""A26: the Method of Equal Shares, exactly."""

import random
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.rules.backing import Electorate
from portal.rules.counting import Completion, Method, Rule, count
from portal.rules.elections import BallotKind, Election, Project
from portal.rules.equal_shares import Market, TooLong
from tests.rules import reference
from tests.rules.elections_made import election, made

SHARES = Method(Rule.EQUAL_SHARES)
SMALL = st.integers(1, 30)


def shares(**more):
    return Method(Rule.EQUAL_SHARES, **more)


def test_supporters_pay_in_equal_parts_up_to_what_they_have():
    """Each holds 25. a: four pay 15. b: its two have 10 left, c: its two 10 and 25."""
    outcome = count(election(100, {"a": 60, "b": 30, "c": 35}, (2, "a b"), (1, "a c"), (1, "a c")), SHARES)
    assert outcome.winners == ("a",)
    assert [(step.id, step.supporters, step.price) for step in outcome.steps] == [("a", 4, 15)]
    lost = {one.id: one.reason.values["held_fen"] for one in outcome.decisions if not one.chosen}
    assert lost == {"b": 20, "c": 20}


def test_who_has_less_gives_all_and_the_others_the_rest():
    """Three pay 20 each for a. Then c is paid with the 5 that one has left, and 23 of another one's 25."""
    outcome = count(election(100, {"a": 60, "b": 30, "c": 28}, (2, "a b"), (1, "a c"), (1, "c")), SHARES)
    assert outcome.winners == ("a", "c")
    assert [step.price for step in outcome.steps] == [20, 23]


def test_a_large_minority_gets_its_share():
    """Greedy spends all on the 60 of 100; Equal Shares leaves the other 40 their 40 percent."""
    projects = {"a": 50, "b": 50, "c": 40}
    ballots = ((60, "a b"), (40, "c"))
    assert count(election(100, projects, *ballots), Method()).winners == ("a", "b")
    assert count(election(100, projects, *ballots), SHARES).winners == ("a", "c")


def test_points_and_places_are_satisfaction():
    points = election(100, {"a": 50, "b": 50}, (1, (("a", 9), ("b", 1))), (1, (("b", 3),)), kind="cumulative")
    assert count(points, SHARES).winners == ("a", "b")
    ranking = election(100, {"a": 50, "b": 50}, (1, "a b"), (1, "b a"), kind="ordinal")
    assert count(ranking, SHARES).winners == ("a", "b")
    assert "last place" in count(election(9, {"a": 1}, (1, "a"), kind="ordinal"), SHARES).decisions[0].reason.text


def test_add1_goes_on_until_the_next_outcome_costs_too_much():
    """Each of 4 holds 2: nothing. With 3 each, a. With 4 each, b as well: 14 is more than the 10 there are."""
    made_up = election(10, {"a": 9, "b": 8}, (3, "a"), (1, "a b"), (1, "b"))
    assert count(made_up, SHARES).winners == ()
    assert count(made_up, shares(completion=Completion.ADD1)).winners == ("a",)


def test_add1u_spends_greedily_what_add1_leaves():
    left = election(10, {"a": 6, "b": 4, "c": 4}, (2, "a b"), (1, "a c"), (1, "c"))
    assert count(left, shares(completion=Completion.ADD1)).winners == ("a", "c")
    skipped = election(12, {"a": 9, "b": 3, "c": 9}, (5, "a"), (1, "b"), (4, "c"))
    assert count(skipped, shares(completion=Completion.ADD1)).winners == ("a",)
    outcome = count(skipped, shares(completion=Completion.ADD1U))
    assert outcome.winners == ("a", "b")
    assert "Added at the end" in outcome.decisions[1].reason.text


def test_the_comparison_takes_the_greedy_winners_if_more_voters_prefer_them():
    few = election(2, {"a": 1, "b": 1, "c": 1}, (2, "a"), (1, "b"))
    assert count(few, SHARES).winners == ("a",)
    assert count(few, shares(comparison=True)).winners == ("a", "b")
    outcome = count(few, shares(comparison=True))
    assert outcome.notes[0].values == {"better": 1, "worse": 0}


def test_equal_prices_go_by_cost_then_votes_then_the_lot():
    """Prices per yuan of satisfaction: 1 voter of 2 pays 5 for 5 as for 4: each yuan costs the same."""
    by_cost = election(20, {"a": 5, "b": 4}, (1, "a"), (1, "b"), lot={"a": 0, "b": 1})
    assert count(by_cost, SHARES).winners == ("b", "a")
    by_lot = election(20, {"a": 4, "b": 4}, (1, "a"), (1, "b"), lot={"a": 1, "b": 0})
    assert count(by_lot, SHARES).winners == ("b", "a")
    assert count(by_lot, SHARES).ties == (("b", "a"),)


def test_no_float_could_see_the_difference():
    """The prices differ by less than one part in 10**29, and in the last of 40 digits."""
    huge = 10**30
    near = election(6 * huge, {"a": huge, "b": huge + 1}, (3, "a"), (3, "b"))
    assert count(near, SHARES).winners == ("a", "b")
    assert count(near, SHARES).ties == ()
    wide = {"a": 3 * 10**15, "b": 3 * 10**15 - 1}
    fine = election(10**17, wide, (2, (("a", 3 * 10**15), ("b", 3 * 10**15 - 1))), kind="cumulative")
    assert count(fine, SHARES).ties == ()
    assert set(count(fine, SHARES).winners) == {"a", "b"}


@settings(max_examples=300)
@given(made())
def test_equal_shares_counts_as_the_reference(one):
    outcome = count(one.election(), SHARES)
    voters = len(one.ballots)
    share = Fraction(one.budget, voters) if voters else Fraction(0)
    assert list(outcome.winners) == reference.equal_shares(
        one.kind, share, one.costs, one.ballots, one.lot, out=one.out
    )
    assert outcome.total <= one.budget


@given(made(costs=SMALL), st.booleans(), st.integers(1, 3))
def test_add1_counts_as_the_reference_and_never_over_budget(one, stop, increment):
    assume(one.ballots and not one.out and one.budget < 100)
    method = shares(completion=Completion.ADD1, stop_exhaustive=stop, increment=increment)
    outcome = count(one.election(), method)
    expected = reference.add1(
        one.kind, one.budget, one.costs, one.ballots, one.lot, increment=increment, stop_exhaustive=stop
    )
    assert list(outcome.winners) == expected
    assert outcome.total <= one.budget
    utilitarian = count(one.election(), shares(completion=Completion.ADD1U, stop_exhaustive=stop, increment=increment))
    assert utilitarian.winners[: len(expected)] == outcome.winners
    wanted = {
        key for key in one.costs if any(reference.utility(one.kind, one.costs, ballot, key) for ballot in one.ballots)
    }
    assert all(one.costs[key] > utilitarian.left for key in wanted - set(utilitarian.winners))


@given(made(), st.randoms())
def test_the_order_of_ballots_and_of_projects_does_not_matter(one, mixed):
    ballots = mixed.sample(one.ballots, len(one.ballots))
    projects = mixed.sample(list(one.costs.items()), len(one.costs))
    for method in (SHARES, Method(), Method(Rule.CUSTOM)):
        assert count(one.election(ballots, projects), method) == count(one.election(), method)


@given(made(), st.sampled_from([SHARES, Method(), Method(Rule.NO_SKIP)]))
def test_names_do_not_matter(one, method):
    renamed = {key: f"x{9 - int(key)}" for key in one.costs}

    def new(mark):
        return renamed[mark] if isinstance(mark, str) else (renamed[mark[0]], mark[1])

    other = one.election(
        [tuple(new(mark) for mark in ballot) for ballot in one.ballots],
        [(renamed[key], cost) for key, cost in one.costs.items()],
    )
    other = type(other)(
        other.kind, other.budget, other.projects, other.ballots, (), {renamed[key]: lot for key, lot in one.lot.items()},
        frozenset(renamed[key] for key in one.out),
    )  # fmt: skip
    assert count(other, method).winners == tuple(renamed[key] for key in count(one.election(), method).winners)


@given(made(), st.integers(0, 50), st.sampled_from([SHARES, Method(), Method(Rule.NO_SKIP), Method(Rule.CUSTOM)]))
def test_a_project_that_nobody_wants_changes_nothing(one, cost, method):
    plain = one.election()
    more = type(plain)(
        plain.kind, plain.budget, (Project("new", cost), *plain.projects), plain.ballots, (), one.lot | {"new": -1}, one.out
    )  # fmt: skip
    assert count(more, method).winners == count(plain, method).winners


@pytest.mark.parametrize(
    "method", [SHARES, shares(completion=Completion.ADD1), shares(completion=Completion.ADD1U), Method()]
)
@pytest.mark.parametrize(
    ("made_up", "winners"),
    [
        (election(10, {"a": 1}), ()),
        (election(10, {}, (1, "")), ()),
        (election(10, {"a": 1}, (3, "")), ()),
        (election(10, {"a": 10}, (1, "a")), ("a",)),
        (election(0, {"a": 1, "b": 0}, (1, "a b")), ("b",)),
        (election(10, {"a": 11, "b": 12}, (9, "a b")), ()),
        (election(10, {"a": 0, "b": 0}, (1, "a")), ("a",)),
        (election(2, {"a": 1, "b": 1}, (5, "a b")), ("a", "b")),
    ],
)
def test_edges(made_up, winners, method):
    assert count(made_up, method).winners == winners


def test_conflict_sets_are_refused():
    with pytest.raises(ValueError, match="conflict sets"):
        count(election(10, {"a": 1, "b": 1}, (1, "a b"), conflicts=(frozenset("ab"),)), SHARES)


def test_five_thousand_projects_with_ties_everywhere():
    rolled = random.Random(1)
    costs = {str(number): rolled.choice((10, 20, 30)) for number in range(5000)}
    ballots = [(1, [str(rolled.randrange(5000)) for _ in range(3)]) for _ in range(700)]
    ballots = [(times, sorted(set(keys))) for times, keys in ballots]
    outcome = count(election(20_000, costs, *ballots), SHARES)
    assert outcome.total <= 20_000
    assert outcome.ties


def test_bounds_are_true_and_exact_money_agrees():
    """The quick bounds of what a group has left hold what it has exactly."""
    rolled = random.Random(2)
    costs = {str(number): rolled.randrange(100, 3000) for number in range(30)}
    ballots = [(1, sorted(rolled.sample(list(costs), 8))) for _ in range(300)]
    market = Market(Electorate.of(election(20_000, costs, *ballots)), Fraction(20_000, 300))
    exact = market._purses()
    for group, least in enumerate(market._money):
        held = exact._money[exact._purse_of[group]] * 2**market._bits
        assert held == 0 if least < 0 else least <= held <= least + market._slack
    assert market._slack < 2**30


def test_a_completion_without_end_in_sight_is_given_up_if_one_may() -> None:
    dear, cheap = Project("1", 900_000), Project("2", 10_000)
    asked = Election(BallotKind.APPROVAL, 1_000_000, (dear, cheap), {("1",): 1, ("2",): 99})
    method = Method(Rule.EQUAL_SHARES, completion=Completion.ADD1)
    assert count(asked, method, patience=10_000_000).winners == ("2", "1")
    with pytest.raises(TooLong):
        count(asked, method, patience=1000)
