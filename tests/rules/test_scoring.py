"""The figures of ratings: against vectors of our own, those of the domain where they lie, and properties."""

from collections.abc import Callable
from fractions import Fraction
from math import inf, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.scoring import (
    DEFAULT_MIX,
    Direction,
    effective_n,
    linear_score,
    mix_of,
    provider_score,
    trend,
    wilson,
)

Z = 1.959963984540054
UNIFORM = (0.2, 0.2, 0.2, 0.2, 0.2)

counts = st.tuples(*[st.integers(0, 400)] * 5)
some_counts = counts.filter(lambda found: sum(found) > 0)


# By hand. B34


def test_the_linear_score_is_the_mean_of_0_to_100() -> None:
    assert linear_score((0, 0, 0, 0, 10)) == 100
    assert linear_score((1, 1, 1, 1, 1)) == 50
    assert linear_score((1, 0, 2, 7, 20)) == pytest.approx((0 + 2 * 50 + 7 * 75 + 20 * 100) / 30, abs=1e-12)


def test_the_provider_score_by_hand() -> None:
    # 10 times grade 5 and 5 more spread evenly: (10 + 1, 1, 1, 1, 1) of 15.
    shares = [Fraction(1, 15)] * 4 + [Fraction(11, 15)]
    mean = sum(s * q for s, q in zip((0, 25, 50, 75, 100), shares, strict=True))
    variance = (sum(s * s * q for s, q in zip((0, 25, 50, 75, 100), shares, strict=True)) - mean**2) / 16
    score = provider_score((0, 0, 0, 0, 10), UNIFORM)
    assert score.mean == pytest.approx(float(mean), abs=1e-9)
    assert score.sd == pytest.approx(sqrt(variance), abs=1e-9)
    assert score.low == pytest.approx(float(mean) - Z * sqrt(variance), abs=1e-9)
    assert score.high == pytest.approx(float(mean) + Z * sqrt(variance), abs=1e-9)


def test_a_score_stays_between_0_and_100() -> None:
    assert provider_score((0, 0, 0, 0, 10), (0, 0, 0, 0, 1)).high == 100
    assert provider_score((10, 0, 0, 0, 0), (1, 0, 0, 0, 0)).low == 0


@pytest.mark.parametrize(("satisfied", "n"), [(0, 1), (10, 10), (27, 30), (140, 260), (5, 60)])
def test_the_ends_of_the_wilson_interval_lie_z_errors_from_the_share(satisfied: int, n: int) -> None:
    interval = wilson(satisfied, n)
    for end in (interval.low, interval.high):
        if 1e-12 < end < 1 - 1e-12:
            assert abs(satisfied / n - end) == pytest.approx(Z * sqrt(end * (1 - end) / n), abs=1e-9)


def test_nearly_everyone_asked_is_nearly_certain() -> None:
    assert effective_n(10, 40) == 13
    assert effective_n(39, 40) == 1521
    assert effective_n(40, 40) == inf
    assert wilson(36, 40, population=40) == wilson(36, 40, population=40, confidence=0.8)
    narrow, wide = wilson(20, 30, population=40), wilson(20, 30)
    assert wide.low < narrow.low < 20 / 30 < narrow.high < wide.high


def test_the_trend_by_hand() -> None:
    # Before: 10 of each, mean 50. Recently: mean 80. Sample variances, Welch.
    found = trend((10, 10, 10, 10, 10), (0, 0, 10, 20, 20))
    before = 10 * (50**2 + 25**2 + 0 + 25**2 + 50**2) / 49
    after = (10 * 30**2 + 20 * 5**2 + 20 * 20**2) / 49
    assert found.difference == pytest.approx(30, abs=1e-9)
    assert found.z == pytest.approx(30 / sqrt(before / 50 + after / 50), abs=1e-9)
    assert found.z == pytest.approx(5.25, abs=1e-9)
    assert found.direction is Direction.UP


def test_a_trend_needs_20_ratings_three_points_and_more_than_chance() -> None:
    assert trend((0, 0, 0, 9, 10), (10, 9, 0, 0, 0)).direction is Direction.UNKNOWN
    assert trend((0, 0, 0, 10, 10), (10, 10, 0, 0, 0)).direction is Direction.DOWN
    assert trend((0, 0, 0, 100, 900), (0, 0, 0, 180, 820)).direction is Direction.UNCLEAR  # 2 points, but z = -5
    assert trend((1, 2, 5, 20, 40), (1, 2, 5, 20, 40)).direction is Direction.UNCLEAR
    assert trend((0, 0, 0, 0, 30), (0, 0, 0, 0, 30)).direction is Direction.UNCLEAR  # no spread at all
    assert trend((0, 0, 0, 30, 0), (0, 0, 0, 0, 30)).direction is Direction.UP
    assert trend((0,) * 5, (0, 0, 0, 0, 30)).direction is Direction.UNKNOWN


def test_the_mix_of_a_kind_counts_from_200_ratings_on() -> None:
    assert mix_of((0, 0, 0, 0, 199)) == DEFAULT_MIX
    assert mix_of((20, 20, 20, 40, 100)) == (0.1, 0.1, 0.1, 0.2, 0.5)
    assert sum(DEFAULT_MIX) == pytest.approx(1)


# Properties


@given(some_counts)
def test_more_ratings_of_the_same_kind_make_the_interval_narrower(found: Any) -> None:
    once, thrice = provider_score(found), provider_score([3 * count for count in found], weight=15)
    assert once.mean == pytest.approx(thrice.mean)
    assert thrice.sd <= once.sd


@given(some_counts, st.integers(0, 3))
def test_a_better_grade_never_lowers_a_score(found: Any, grade: int) -> None:
    better = list(found)
    if better[grade]:
        better[grade] -= 1
        better[grade + 1] += 1
    assert linear_score(better) >= linear_score(found)
    assert provider_score(better).mean >= provider_score(found).mean - 1e-9


@given(counts)
def test_a_provider_score_lies_in_its_interval(found: Any) -> None:
    score = provider_score(found)
    assert 0 <= score.low <= score.mean <= score.high <= 100


@given(some_counts, some_counts)
def test_a_trend_the_other_way_round_is_the_opposite(one: Any, other: Any) -> None:
    there, back = trend(one, other), trend(other, one)
    assert there.difference == pytest.approx(-back.difference)
    assert there.p == pytest.approx(back.p)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval(found: tuple[int, int]) -> None:
    interval = wilson(*found)
    assert 0 <= interval.low <= found[0] / found[1] + 1e-12
    assert found[0] / found[1] - 1e-12 <= interval.high <= 1


# Bad input


@pytest.mark.parametrize(
    "call",
    [
        lambda: linear_score((0, 0, 0, 0, 0)),
        lambda: linear_score((1, 2, 3, 4)),
        lambda: linear_score((1, 2, 3, 4, -1)),
        lambda: provider_score((1, 2, 3, 4, True)),
        lambda: provider_score((1, 2, 3, 4, 5), (0.5, 0.5, 0.5, 0, 0)),
        lambda: provider_score((1, 2, 3, 4, 5), weight=-1),
        lambda: provider_score((0, 0, 0, 0, 0), weight=0),
        lambda: provider_score((1, 2, 3, 4, 5), confidence=1),
        lambda: wilson(3, 2),
        lambda: wilson(0, 0),
        lambda: wilson(-1, 5),
        lambda: wilson(1, 5, population=4),
        lambda: effective_n(0, 4),
        lambda: trend((1, 2), (1, 2, 3, 4, 5)),
        lambda: linear_score((1.5, 2, 3, 4, 5)),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        call()
