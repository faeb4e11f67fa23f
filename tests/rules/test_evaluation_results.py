"""How three parties become one result. Source: ratings F6, F7."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.evaluation import DIMENSIONS, WEIGHTS, Dimension, Party
from portal.rules.evaluation_results import Cap, Mark, composite, most_stars, outcome, party_score, stars_of, weighed

VECTORS = Path(__file__).parents[3] / "shared/data/ratings_vectors.json"
ORDER = (Party.RECIPIENTS, Party.PURCHASER, Party.THIRD)
"""The order of the vectors."""
hundredths = st.integers(0, 10_000)


def scored(*given):
    return dict(zip(ORDER, (tuple(one) if one else None for one in given), strict=True))


OWN = [
    (scored((82, 1.5), (90, 0), (85, 2)), (83.95, 1.0295630140987)),
    (scored((80, 2), None, None), (80, 2)),
    (scored((80, 0), (100, 0), (60, 0)), (78, 0)),
    (scored((60, 3), (0, 0), None), (48, 2.4)),
]


@pytest.mark.parametrize(("scores", "expected"), OWN)
def test_the_composite_is_the_weighted_mean_of_the_parties(scores, expected):  # F6
    mean, sd = composite(scores, WEIGHTS)
    assert (float(mean), sd) == pytest.approx(expected, abs=1e-9)


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not part of the repository")
def test_the_composite_is_that_of_the_vectors():  # F6
    found = json.loads(VECTORS.read_text())["composite"]
    assert len(found) == 6
    for one in found:
        mean, sd = composite(scored(*one["input"]), WEIGHTS)
        assert (mean, sd) == pytest.approx(one["output"], abs=1e-9)


@given(hundredths, hundredths)
def test_without_recipients_there_is_no_result_of_the_others(third, purchaser):  # F6, B36
    scores = {Party.RECIPIENTS: None, Party.THIRD: (third, 0), Party.PURCHASER: (purchaser, 0)}
    out = outcome(scores, WEIGHTS)
    assert (out.composite, out.sd, out.missing) == (None, None, (Party.RECIPIENTS,))


@given(hundredths, st.integers(0, 900), st.none() | hundredths, st.none() | hundredths)
def test_the_result_is_the_sum_of_its_products_and_lies_between_the_scores(mine, sd, third, purchaser):  # F6
    scores = {Party.RECIPIENTS: (mine, sd)}
    scores |= {Party.THIRD: None if third is None else (third, 0)}
    scores |= {Party.PURCHASER: None if purchaser is None else (purchaser, 0)}
    out = outcome(scores, WEIGHTS)
    there = [one[0] for one in scores.values() if one]
    assert sum(out.used.values()) == 1
    assert abs(sum(out.products.values()) - out.composite) <= Fraction(1, 2)
    assert min(there) <= out.composite <= max(there)
    assert 0 <= out.sd <= sd
    assert set(out.missing) == {party for party in Party if scores[party] is None}


marks = st.builds(
    lambda dimension, most, share: Mark(dimension, most * share, most),
    st.sampled_from(list(Dimension)),
    st.integers(1, 100),
    st.integers(0, 100),
)


@given(st.lists(marks, min_size=1, max_size=6))
def test_points_become_a_score_of_100_by_the_weights_of_the_dimensions(given_marks):  # B35
    all_marks = [*given_marks, *(Mark(one, 0, 10) for one in Dimension)]
    scores = party_score(all_marks, DIMENSIONS)
    assert all(0 <= score <= 100 for score in scores.values())
    exact = sum(scores[one] * DIMENSIONS[one] for one in Dimension)
    assert abs(weighed(scores, DIMENSIONS) - exact) <= Fraction(1, 2)


@given(hundredths, hundredths)
def test_stars_are_at_most_one_above_what_recipients_alone_say(total, recipients):  # F6
    stars, cap = most_stars(total, recipients)
    assert stars <= stars_of(recipients) + 1
    assert stars == stars_of(total) or cap is Cap.RECIPIENTS
