"""Who evaluates, and when points are given, shown and counted. Source: A64, B34-B36."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import evaluation
from portal.rules.evaluation import Given, PlanState, Ties


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
