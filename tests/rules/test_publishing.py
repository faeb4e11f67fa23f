"""What is said of figures tells nothing of a few people, however it is combined."""

import random
from collections import Counter
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.publishing import (
    cells,
    publishable,
    response_of,
    roughly,
    share_of,
    shares_of,
    told_score,
    told_trend,
)
from portal.rules.scoring import DEFAULT_MIX, provider_score, trend, wilson

counts = st.tuples(*[st.integers(0, 60)] * 5)
some = counts.filter(lambda found: sum(found) >= 10)


def spans(*given: int, least: int = 10) -> list[tuple[int, int, int]]:
    return [(cell.lowest, cell.highest, cell.ratings) for cell in cells(given, least=least, smallest=5)]


def test_nothing_is_shown_of_nine_ratings() -> None:
    assert not publishable((0, 0, 0, 4, 5), least=10)
    assert publishable((0, 0, 0, 5, 5), least=10)
    assert spans(0, 0, 0, 4, 5) == []


def told(grades: Any) -> tuple[Any, ...]:
    score = told_score(provider_score(grades), sum(grades), 30)
    share = share_of(grades, 4, 5)
    shown = (share.low, share.high, share.interval.low, share.interval.high)
    return (roughly(sum(grades)), score.mean, score.low, score.high, *(round(100 * one) for one in shown))


def test_from_the_figures_of_ten_it_can_seldom_be_worked_out_how_many_gave_each_grade() -> None:  # F9
    bars = [(-1, *found, n + 4) for n in range(10, 15) for found in combinations(range(n + 4), 4)]
    ways = Counter(told(tuple(b - a - 1 for a, b in pairwise(found))) for found in bars)
    drawn, found_out = random.Random(1), 0
    for _ in range(1000):
        grades = Counter(drawn.choices(range(5), DEFAULT_MIX, k=10))
        found_out += ways[told(tuple(grades[grade] for grade in range(5)))] == 1
    assert found_out < 150, "with tenths of a point it is more than half"


def test_of_thirty_a_score_is_said_as_it_is() -> None:
    score = provider_score((1, 2, 3, 10, 14))
    assert told_score(score, 30, 30) == score
    change = trend((0, 0, 9, 10, 2), (0, 0, 0, 10, 15))
    assert told_trend(change, 30, 30) == change
    assert told_trend(change, 21, 30).difference == round(change.difference) != change.difference


def test_the_distribution_is_shown_from_thirty_on() -> None:  # trust 4.3
    assert spans(5, 5, 5, 5, 9, least=30) == []
    assert len(spans(5, 5, 5, 5, 10, least=30)) == 5


def test_small_cells_are_shown_with_their_neighbour() -> None:
    assert spans(6, 7, 8, 9, 10) == [(1, 1, 6), (2, 2, 7), (3, 3, 8), (4, 4, 9), (5, 5, 10)]
    assert spans(1, 1, 2, 8, 12) == [(1, 4, 12), (5, 5, 12)]
    assert spans(7, 6, 0, 0, 4) == [(1, 1, 7), (2, 5, 10)]
    assert spans(0, 0, 0, 0, 12) == [(1, 5, 12)]  # unanimity is not told
    assert spans(12, 0, 0, 0, 0) == [(1, 5, 12)]


def test_cells_end_where_the_shares_beside_them_end() -> None:
    assert spans(5, 0, 2, 5, 20) == [(1, 3, 7), (4, 4, 5), (5, 5, 20)]
    assert spans(3, 2, 5, 2, 20) == [(1, 2, 5), (3, 3, 5), (4, 5, 22)]


@given(some)
def test_no_shown_cell_and_no_difference_to_a_shown_share_is_of_few(found: Any) -> None:  # F9
    shown = cells(found, least=10, smallest=5)
    assert [grade for cell in shown for grade in range(cell.lowest, cell.highest + 1)] == [1, 2, 3, 4, 5]
    assert sum(cell.ratings for cell in shown) == sum(found)
    told = [share for share in shares_of(found, 5) if share and share.is_exact]
    known = {0, sum(found)} | {round(share.low * sum(found)) for share in told}
    above = 0
    for cell in reversed(shown):
        above += cell.ratings
        known.add(above)
    assert all(high - low >= 5 for low, high in pairwise(sorted(known)))


@given(some, st.sampled_from([3, 4]))
def test_a_share_is_true_and_in_its_interval(found: Any, lowest: int) -> None:
    share, truth = share_of(found, lowest, 5), sum(found[lowest - 1 :]) / sum(found)
    assert share.low - 1e-12 <= truth <= share.high + 1e-12
    assert share.interval.low - 1e-9 <= wilson(round(truth * sum(found)), sum(found)).low
    assert share.interval.high + 1e-9 >= wilson(round(truth * sum(found)), sum(found)).high


@given(st.integers(10, 200), st.integers(0, 4), st.integers(0, 4))
def test_whether_nobody_or_four_were_dissatisfied_is_not_told(n: int, few: int, other: int) -> None:  # trust 4.5
    assert share_of((few, 0, 0, 0, n - few), 4, 5) == share_of((0, 0, other, 1, n - other - 1), 4, 5)
    assert share_of((0, 0, 0, 0, n), 4, 5).low <= 0.9


def test_counts_are_said_in_steps_of_five() -> None:  # trust 4.3
    assert [roughly(count) for count in (10, 14, 15, 19)] == [10, 10, 15, 15]


def test_the_worst_cases_are_those_of_silence() -> None:  # F5
    found = response_of(100, 50, share_of((5, 5, 0, 20, 20), 4, 5))
    assert found.rate == 0.5
    assert found.bounds.low == pytest.approx(0.4)
    assert found.bounds.high == pytest.approx(0.9)
    assert response_of(3, 50, share_of((5, 5, 0, 20, 20), 4, 5)).rate == 1, "never more answers than people asked"


def test_silence_is_never_counted_as_good() -> None:
    full = share_of((0, 0, 0, 0, 50), 4, 5)
    assert response_of(100, 50, full).bounds.low == pytest.approx(0.45)
