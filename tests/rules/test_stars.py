"""Points become stars once a quarter, one step at a time, and chance alone seldom moves them."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.stars import (
    Seen,
    StarRules,
    Why,
    cuts_refusals,
    following,
    last_day,
    next_stars,
    plain_stars,
    preceding,
    quarter_of,
    weights_refusals,
    year_before,
)
from tests.bench.stars import simulate
from tests.beside import with_real

RULES = StarRules()
VECTORS = Path(__file__).parents[3] / "shared/data/ratings_vectors.json"
OWN = [
    ([[84, 2, 40, 84], [60, 2, 50, 58], [58, 1, 60, 55]], [4, 3, 2]),
    ([[88, 1, 29, 88], [88, 1, 30, 88]], [0, 4]),
    ([[92, 1, 50, 68]], [3]),
    ([[79.9, 0.5, 99, 80], [80.1, 0.5, 99, 80], [82, 1.6, 99, 82], [82, 1.5, 99, 82]], [3, 3, 3, 4]),
    ([[60, 1, 99, 60], [59.9, 3, 99, 60], [56, 9, 99, 60], [55.99, 9, 99, 60]], [2, 2, 2, 1]),
    ([[95, 1, 99, 95], [95, 1, 99, 62], [95, 1, 99, 62], [95, 1, 99, 62]], [5, 3, 3, 3]),
]


def awarded(rows: list[list[float]]) -> list[int]:
    """The stars of a row of quarters: [C, sd, n, recipients' score] each."""
    before, found = 0, []
    for score, sd, ratings, recipients in rows:
        seen = Seen(round(100 * score), round(100 * sd), int(ratings), round(100 * recipients))
        before = next_stars(seen, before, RULES).stars
        found.append(before)
    return found


@with_real(VECTORS)
def test_the_sequences_of_the_domain_come_out() -> None:  # F7
    cases = json.loads(VECTORS.read_text())["star"]
    assert len(cases) == 7
    for case in cases:
        assert awarded(case["input"]) == [stars or 0 for stars in case["output"]], case


@pytest.mark.parametrize(("rows", "stars"), OWN)
def test_our_own_sequences_come_out(rows: list[list[float]], stars: list[int]) -> None:  # F7
    assert awarded(rows) == stars


seen = st.builds(
    Seen, st.integers(0, 10_000), st.integers(0, 1500), st.integers(0, 300), st.integers(0, 10_000), st.integers(0, 900),
    st.none() | st.integers(1, 900),
)  # fmt: skip


@given(seen, st.integers(0, 5))
def test_stars_move_one_step_and_never_pass_the_recipients_by_more_than_one(one: Seen, before: int) -> None:  # F6, F7
    step = next_stars(one, before, RULES)
    assert 0 <= step.stars <= 5
    if step.stars and before:
        most = plain_stars(one.recipients + 400, RULES.cuts) + 1
        assert abs(step.stars - before) <= 1 or step.stars == most < before
        assert step.stars <= max(step.limit, before - 1)
        assert step.stars <= most
    if step.stars and not before:
        assert step.stars == min(step.plain, step.limit)


@pytest.mark.parametrize(("score", "recipients", "stars"), [(9500, 5500, 2), (7000, 5500, 2), (9500, 5600, 3)])
def test_what_recipients_say_holds_even_against_one_step_a_quarter(score: int, recipients: int, stars: int) -> None:
    step = next_stars(Seen(score, 100, 99, recipients), 5, RULES)  # F6
    assert (step.stars, step.limit, step.why) == (stars, 2, Why.LIMITED)


@given(seen, st.integers(1, 5))
def test_a_star_is_gained_only_where_chance_is_nearly_ruled_out(one: Seen, before: int) -> None:  # F7
    step = next_stars(one, before, RULES)
    if step.stars > before:
        cut = RULES.cuts[before - 1]
        assert one.score - 1.2816 * one.sd >= 100 * cut - 1e-6
        assert one.score >= 100 * cut + 200


@given(seen, st.integers(0, 10_000), st.integers(1, 5))
def test_more_points_never_give_fewer_stars(one: Seen, more: int, before: int) -> None:  # F7
    better = Seen(max(one.score, more), one.sd, one.ratings, one.recipients, one.recipients_sd, one.invited)
    assert next_stars(better, before, RULES).stars >= next_stars(one, before, RULES).stars


@pytest.mark.parametrize(
    ("invited", "sd", "why"),
    [
        (150, 900, Why.FIRST),
        (151, 900, Why.UNSURE),
        (151, 383, Why.UNSURE),
        (151, 382, Why.FIRST),
        (None, 900, Why.FIRST),
    ],
)
def test_few_answers_need_a_narrow_figure(invited: int | None, sd: int, why: Why) -> None:  # F9
    assert next_stars(Seen(8500, sd, 30, 8500, sd, invited), 0, RULES).why is why


def test_a_new_provider_is_not_rated_which_is_no_star_fewer() -> None:  # A68
    assert next_stars(None, 0, RULES).why is Why.TOO_FEW
    assert next_stars(Seen(9900, 10, 99, 9900), 4, RULES, withheld=True).why is Why.WITHHELD


@pytest.mark.parametrize("cuts", [(60, 70, 80), (60, 60, 70, 80), (90, 80, 70, 60), (0, 10, 20, 30), (60, 70, 80, 101)])
def test_cuts_rise(cuts: tuple[int, ...]) -> None:  # A68
    assert list(cuts_refusals(cuts, "star_cuts"))
    assert not list(cuts_refusals((60, 70, 80, 90), "star_cuts"))


@pytest.mark.parametrize("weights", [(50, 50, 0), (49, 26, 25), (60, 25, 16), (60, 40), (101, -1, 0)])
def test_recipients_weigh_most(weights: tuple[int, ...]) -> None:  # B36
    assert list(weights_refusals(weights, "star_weights"))
    assert not list(weights_refusals((60, 25, 15), "star_weights"))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_quarters_follow_each_other(day: date) -> None:
    quarter = quarter_of(day)
    assert preceding(following(quarter)) == quarter
    assert quarter_of(last_day(quarter)) == quarter
    assert (last_day(quarter) - year_before(last_day(quarter))).days in (364, 365)
    assert all(one < other for one, other in pairwise([preceding(quarter), quarter, following(quarter)]))


def test_stars_hardly_change_while_quality_is_constant() -> None:  # F7; the whole simulation is tests/bench/stars.py
    found = simulate(100, 8, seed=1)
    assert found.ours < 0.3
    assert found.plain > 3 * found.ours
