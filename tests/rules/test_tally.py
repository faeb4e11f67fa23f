"""How approvals become winners."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.tally import Candidate, money_left, results, turnout

candidates = st.lists(
    st.builds(Candidate, st.integers(1, 10**6), st.integers(0, 10**7), st.integers(0, 30)),
    unique_by=lambda one: one.id,
    max_size=8,
)
budgets = st.integers(1, 10**7)


@pytest.mark.parametrize(
    ("votes_and_costs", "budget", "chosen"),
    [
        ([(5, 60), (3, 50), (1, 40)], 100, [1, 3]),  # the second does not fit, the third does
        ([(5, 60), (3, 40), (1, 1)], 100, [1, 2]),
        ([(4, 100), (4, 90)], 100, [2]),  # a tie: the cheaper one first
        ([(4, 90), (4, 90)], 100, [1]),  # and of equal cost the one listed first
        ([(0, 10), (1, 10)], 100, [2]),  # what nobody chose is not chosen
        ([(0, 0)], 100, []),
        ([(9, 101), (2, 100)], 100, [2]),
        ([], 100, []),
    ],
)
def test_the_most_approved_designs_that_fit_are_chosen(  # A26, B26
    votes_and_costs: list[tuple[int, int]], budget: int, chosen: list[int]
) -> None:
    listed = [Candidate(number, cost, votes) for number, (votes, cost) in enumerate(votes_and_costs, 1)]
    assert sorted(one.id for one in results(listed, budget) if one.chosen) == chosen


def test_each_result_says_why_with_its_figures() -> None:  # A24, A26
    listed = [Candidate(1, 60, 5), Candidate(2, 50, 5), Candidate(3, 45, 2), Candidate(4, 1, 0)]
    said = {one.id: one.reason.text % one.reason.values for one in results(listed, 100)}
    assert said == {
        2: "Number 1 by votes; its cost of 50 fits into the free 100.",
        1: "As many votes as a chosen design, which comes first by the rule for equal votes; "
        "then 50 was free, and this one costs 60.",
        3: "Number 3 by votes; its cost of 45 fits into the free 50.",
        4: "Nobody chose it.",
    }
    assert results([Candidate(1, 60, 5), Candidate(2, 50, 4)], 100)[1].reason.values == {"cost_fen": 50, "left_fen": 40}


@given(candidates, budgets, st.randoms())
def test_the_outcome_does_not_depend_on_the_order_of_counting(  # A26
    listed: list[Candidate], budget: int, shuffler: random.Random
) -> None:
    shuffled = listed[:]
    shuffler.shuffle(shuffled)
    assert results(shuffled, budget) == results(listed, budget)


@given(candidates, budgets)
def test_the_budget_is_never_exceeded_and_no_better_design_that_fits_is_left_out(  # A26, B26
    listed: list[Candidate], budget: int
) -> None:
    counted = results(listed, budget)
    left = money_left(counted, budget)
    assert left >= 0
    assert all(one.votes == 0 or one.cost_fen > left for one in counted if not one.chosen)
    assert [one.place for one in counted] == list(range(1, len(listed) + 1))


@given(candidates, budgets, st.data())
def test_one_vote_more_never_makes_a_chosen_design_lose(  # A26
    listed: list[Candidate], budget: int, data: st.DataObject
) -> None:
    winners = [one for one in results(listed, budget) if one.chosen]
    if winners:
        lucky = data.draw(st.sampled_from(winners)).id
        more = [Candidate(one.id, one.cost_fen, one.votes + (one.id == lucky)) for one in listed]
        assert next(one for one in results(more, budget) if one.id == lucky).chosen


def test_turnout_is_an_exact_fraction_and_none_where_nobody_might_vote() -> None:  # A23
    assert turnout(1, 3) == Fraction(1, 3)
    assert turnout(0, 7) == 0
    assert turnout(0, 0) is None
