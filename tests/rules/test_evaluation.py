"""How three parties become one result. Source: A64, B34-B36, ratings F6."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import evaluation
from portal.rules.evaluation import (
    DIMENSIONS,
    WEIGHTS,
    Cap,
    Dimension,
    Given,
    Ground,
    IndicatorDraft,
    Mark,
    Party,
    PlanDraft,
    PlanState,
    Ties,
)

VECTORS = Path(__file__).parents[3] / "shared/data/ratings_vectors.json"
ORDER = (Party.RECIPIENTS, Party.PURCHASER, Party.THIRD)
"""The order of the vectors."""
percents = st.integers(-2, 101)
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
    mean, sd = evaluation.composite(scores, WEIGHTS)
    assert (float(mean), sd) == pytest.approx(expected, abs=1e-9)


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not part of the repository")
def test_the_composite_is_that_of_the_vectors():  # F6
    found = json.loads(VECTORS.read_text())["composite"]
    assert len(found) == 6
    for one in found:
        mean, sd = evaluation.composite(scored(*one["input"]), WEIGHTS)
        assert (mean, sd) == pytest.approx(one["output"], abs=1e-9)


@given(hundredths, hundredths)
def test_without_recipients_there_is_no_result_of_the_others(third, purchaser):  # F6, B36
    scores = {Party.RECIPIENTS: None, Party.THIRD: (third, 0), Party.PURCHASER: (purchaser, 0)}
    out = evaluation.outcome(scores, WEIGHTS)
    assert (out.composite, out.sd, out.missing) == (None, None, (Party.RECIPIENTS,))


@given(hundredths, st.integers(0, 900), st.none() | hundredths, st.none() | hundredths)
def test_the_result_is_the_sum_of_its_products_and_lies_between_the_scores(mine, sd, third, purchaser):  # F6
    scores = {Party.RECIPIENTS: (mine, sd)}
    scores |= {Party.THIRD: None if third is None else (third, 0)}
    scores |= {Party.PURCHASER: None if purchaser is None else (purchaser, 0)}
    out = evaluation.outcome(scores, WEIGHTS)
    there = [one[0] for one in scores.values() if one]
    assert sum(out.used.values()) == 1
    assert abs(sum(out.products.values()) - out.composite) <= Fraction(1, 2)
    assert min(there) <= out.composite <= max(there)
    assert 0 <= out.sd <= sd
    assert set(out.missing) == {party for party in Party if scores[party] is None}


@given(percents, percents, percents)
def test_weights_are_taken_only_where_recipients_weigh_strictly_most_and_all_make_100(own, third, purchaser):  # B36
    weights = {Party.RECIPIENTS: own, Party.THIRD: third, Party.PURCHASER: purchaser}
    taken = not list(evaluation.weight_refusals(weights))
    good = own > max(third, purchaser) and own >= 50 and min(third, purchaser) >= 1 and own + third + purchaser == 100
    assert taken == good


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ((49, 48, 3), "at least"),
        ((40, 40, 20), "weigh more"),
        ((60, 25, 14), "not 100"),
        ((98, 1, None), "whole percent"),
    ],
)
def test_it_is_said_beside_the_field_why_weights_are_refused(weights, words):  # B36
    found = list(evaluation.weight_refusals(dict(zip(Party, weights, strict=True))))
    assert [words in one.text for one in found] == [True]
    assert found[0].beside.startswith("weight_")


@given(st.tuples(percents, percents, percents))
def test_each_dimension_counts_and_all_make_100(typed):  # B35
    taken = not list(evaluation.dimension_refusals(dict(zip(Dimension, typed, strict=True))))
    assert taken == (sum(typed) == 100 and min(typed) >= 1)


marks = st.builds(
    lambda dimension, most, share: Mark(dimension, most * share, most),
    st.sampled_from(list(Dimension)),
    st.integers(1, 100),
    st.integers(0, 100),
)


@given(st.lists(marks, min_size=1, max_size=6))
def test_points_become_a_score_of_100_by_the_weights_of_the_dimensions(given_marks):  # B35
    all_marks = [*given_marks, *(Mark(one, 0, 10) for one in Dimension)]
    scores = evaluation.party_score(all_marks, DIMENSIONS)
    assert all(0 <= score <= 100 for score in scores.values())
    exact = sum(scores[one] * DIMENSIONS[one] for one in Dimension)
    assert abs(evaluation.weighed(scores, DIMENSIONS) - exact) <= Fraction(1, 2)


@given(hundredths, hundredths)
def test_stars_are_at_most_one_above_what_recipients_alone_say(total, recipients):  # F6
    stars, cap = evaluation.most_stars(total, recipients)
    assert stars <= evaluation.stars_of(recipients) + 1
    assert stars == evaluation.stars_of(total) or cap is Cap.RECIPIENTS


@pytest.mark.parametrize("given_", [Given(None), Given(-1), Given(10_001), Given(5999), Given(5999, "少"), None])
def test_too_many_points_and_few_without_a_reason_are_refused(given_):  # B35
    assert list(evaluation.given_refusals(given_, 100, 1))


@pytest.mark.parametrize("given_", [Given(0, "没有做到。"), Given(6000), Given(10_000), Given(5999, "少了两次。")])
def test_other_points_are_taken(given_):  # B35
    assert not list(evaluation.given_refusals(given_, 100, 1))


@pytest.mark.parametrize("tie", ["provider", "assisting", "purchaser", "herself"])
def test_who_is_tied_is_no_third_party(tie):  # B34, 1.5
    assert len(list(evaluation.third_party_refusals(Ties(**{tie: True}), "account"))) == 1
    assert not list(evaluation.third_party_refusals(Ties(), "account"))


START = date(2026, 3, 2)
TODAY = date(2026, 5, 20)
GROUND = Ground(START, date(2027, 3, 1), date(2026, 6, 1), TODAY, ("柳溪县民政局", "安康中心"), (2,), date(2026, 4, 1))
GOOD = PlanDraft(
    account="13900000001",
    evaluator="评估中心",
    evaluator_body="",
    weights=WEIGHTS,
    dimensions=DIMENSIONS,
    sample="全部受助人。",
    sample_number=60,
    from_on=date(2026, 4, 2),
    until_on=date(2026, 6, 5),
    opens_on=date(2026, 6, 1),
    closes_on=date(2026, 6, 10),
    indicators=tuple(IndicatorDraft(one, "有没有做到", 100, f"{one}1") for one in Dimension),
    instalments=(2,),
)


def refused(**changes):
    return {one.beside for one in evaluation.plan_refusals(replace(GOOD, **changes), GROUND)}


def test_a_plan_says_who_what_how_and_when():  # A64
    assert refused() == set()
    assert refused(evaluator="安 康中心") == {"evaluator"}
    assert refused(evaluator_body="柳溪县民政局") == {"evaluator_body"}
    assert refused(sample="") == {"sample"}
    assert refused(sample="打13800000000问") == {"sample"}
    assert refused(sample_number=0) == {"sample_number"}
    assert refused(from_on=date(2026, 3, 1)) == {"from_on"}
    assert refused(from_on=date(2026, 4, 1)) == {"from_on"}
    assert refused(until_on=date(2026, 4, 1)) == {"until_on"}
    assert refused(until_on=TODAY - timedelta(days=1)) == {"until_on"}, "its figures are known"
    assert refused(until_on=TODAY) == set()
    assert refused(opens_on=date(2026, 5, 31)) == {"opens_on"}
    assert refused(closes_on=date(2026, 6, 4)) == {"closes_on"}
    assert refused(closes_on=date(2027, 3, 2)) == {"closes_on"}
    assert refused(opens_on=None) == {"opens_on"}
    assert refused(indicators=GOOD.indicators[:2]) == {"social1_title"}
    assert refused(indicators=(*GOOD.indicators, IndicatorDraft(Dimension.EFFECT, "", None, "effect2"))) == {
        "effect2_title",
        "effect2_points",
    }
    assert refused(instalments=(1, 2)) == {"pays1"}


@given(st.sets(st.sampled_from(["third", "purchaser"])), st.integers(-3, 3), st.integers(0, 3))
def test_a_result_waits_for_both_or_for_the_end_and_always_for_the_days_that_count(handed_in, late, longer):  # B34
    today, until_on = START, START - timedelta(days=late)
    closes_on = until_on + timedelta(days=longer)
    ready = not list(
        evaluation.decide_refusals(handed_in=handed_in, until_on=until_on, closes_on=closes_on, today=today)
    )
    assert ready == (today > until_on and bool(handed_in) and (len(handed_in) == 2 or today > closes_on))


@given(st.sets(st.sampled_from(["third", "purchaser"])), st.integers(-3, 3))
def test_points_are_shown_when_both_are_in_or_nobody_gives_any_more(handed_in, days):  # B34
    closes_on = START + timedelta(days=days)
    shown = evaluation.are_open(handed_in, PlanState.PUBLISHED, closes_on, START)
    assert shown == (len(handed_in) == 2 or days < 0)
    assert evaluation.are_open(handed_in, PlanState.DECIDED, closes_on, START)
