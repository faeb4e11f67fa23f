"""Answers weigh by their age and by how many a group has."""

from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.weighing import Stratum, aged, merged, post_stratified, stratum_of, weight, worst_case


def test_a_rating_counts_half_after_180_days_and_not_after_three_years() -> None:  # F4
    assert [weight(0), weight(180), weight(360), weight(1096)] == [1, 0.5, 0.25, 0]
    assert weight(1095) > 0


def test_ageing_by_hand() -> None:
    found = aged([(0, (0, 0, 0, 0, 2)), (180, (4, 0, 0, 0, 0))])  # weights 2 and 2, squares 2 and 1
    assert found is not None
    assert found.mean == pytest.approx(50)
    assert found.effective == pytest.approx(16 / 3)
    assert found.counts == pytest.approx((8 / 3, 0, 0, 0, 8 / 3))
    assert aged([(1096, (1, 1, 1, 1, 1))]) is None
    assert aged([]) is None


@given(st.lists(st.tuples(st.integers(0, 1095), st.tuples(*[st.integers(0, 9)] * 5)), min_size=1, max_size=8))
def test_ageing_never_makes_more_of_ratings_than_there_are(found: Any) -> None:
    weighed = aged(found)
    if weighed:
        assert weighed.effective <= sum(sum(counts) for _, counts in found) + 1e-9
        assert sum(weighed.shares) == pytest.approx(1)


def test_groups_weigh_what_they_have_in_people() -> None:  # F5
    found = post_stratified([Stratum(100, 20, 80, 400), Stratum(300, 15, 70, 500)])
    assert found.mean == 72.5
    assert found.error == pytest.approx(sqrt(0.0625 * 0.8 * 20 + 0.5625 * 0.95 * 500 / 15), abs=1e-9)
    assert post_stratified([Stratum(10, 10, 80, 400)]).error == 0, "who asked all knows"


def test_a_group_without_answers_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="merge groups"):
        post_stratified([Stratum(10, 0, 0, 0), Stratum(10, 5, 80, 1)])


def test_groups_of_few_answers_go_together() -> None:
    left = merged([Stratum(50, 3, 60, 100), Stratum(50, 4, 80, 100), Stratum(100, 20, 70, 50)])
    assert sorted(one.answered for one in left) == [7, 20]
    assert [one.population for one in left] == [100, 100]


def test_no_answer_weighs_over_five_times_as_much_as_another() -> None:
    left = merged([Stratum(1000, 10, 60, 100), Stratum(50, 40, 80, 100), Stratum(60, 30, 70, 50)])
    weights = [one.population / one.answered for one in left]
    assert max(weights) / min(weights) <= 5


@given(st.lists(st.tuples(st.integers(0, 9), st.tuples(*[st.integers(0, 6)] * 5)), min_size=1, max_size=6))
def test_merged_groups_are_the_same_people_and_answers(groups: Any) -> None:
    strata = [stratum_of(sum(counts) + silent, counts) for silent, counts in groups if sum(counts)]
    if not strata:
        return
    left = merged(strata)
    assert sum(one.population for one in left) == sum(one.population for one in strata)
    assert sum(one.answered for one in left) == sum(one.answered for one in strata)
    total = sum(one.answered * one.mean for one in strata)
    assert sum(one.answered * one.mean for one in left) == pytest.approx(total)
    whole = stratum_of(999, [sum(column) for column in zip(*(counts for _, counts in groups), strict=True)])
    if len(left) == 1:
        assert left[0].variance == pytest.approx(whole.variance)


def test_what_the_silent_could_change() -> None:
    found = worst_case(0.9, 0.3)
    assert (found.low, found.high) == (pytest.approx(0.27), pytest.approx(0.97))
    with pytest.raises(ValueError, match="rate"):
        worst_case(0.9, 1.2)
