"""A plan says who evaluates what, how and when. Source: A64, B34-B36."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.evaluation import DIMENSIONS, WEIGHTS, Dimension, Party
from portal.rules.evaluation_plans import (
    Ground,
    IndicatorDraft,
    PlanDraft,
    dimension_refusals,
    plan_refusals,
    weight_refusals,
)

percents = st.integers(-2, 101)


@given(percents, percents, percents)
def test_weights_are_taken_only_where_recipients_weigh_strictly_most_and_all_make_100(own, third, purchaser):  # B36
    weights = {Party.RECIPIENTS: own, Party.THIRD: third, Party.PURCHASER: purchaser}
    taken = not list(weight_refusals(weights))
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
    found = list(weight_refusals(dict(zip(Party, weights, strict=True))))
    assert [words in one.text for one in found] == [True]
    assert found[0].beside.startswith("weight_")


@given(st.tuples(percents, percents, percents))
def test_each_dimension_counts_and_all_make_100(typed):  # B35
    taken = not list(dimension_refusals(dict(zip(Dimension, typed, strict=True))))
    assert taken == (sum(typed) == 100 and min(typed) >= 1)


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
    return {one.beside for one in plan_refusals(replace(GOOD, **changes), GROUND)}


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
