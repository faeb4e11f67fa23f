"""A target is measured by a steady way, in whole numbers and exact shares."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.contracts import ContractState
from portal.rules.numbers import Numbers
from portal.rules.targets import (
    TargetDraft,
    evaluation_refusals,
    expected,
    midterm,
    reading_refusals,
    standing,
    target_refusals,
)

LAW = Numbers()
START, DUE = date(2026, 1, 1), date(2026, 4, 11)  # a hundred days apart
VALUES = st.integers(0, 10**6)


def light(value, days, baseline=0, target=1000, today=None):
    day = START + timedelta(days=days)
    return standing(baseline, target, START, DUE, (day, value), today or day, LAW).light


@pytest.mark.parametrize(
    ("value", "days", "seen"),
    [
        (500, 50, "green"),
        (400, 50, "green"),  # ten percent of the way behind is not more than ten
        (399, 50, "amber"),
        (250, 50, "amber"),
        (249, 50, "red"),
        (0, 10, "green"),
        (1000, 100, "green"),
        (899, 100, "amber"),
        (749, 100, "red"),
    ],
)
def test_the_light_follows_how_far_it_is_behind(value, days, seen):  # A62
    assert light(value, days) == seen


def test_a_target_that_goes_down_is_measured_downwards():  # A62
    assert light(80, 50, baseline=100, target=60) == "green"
    assert light(85, 50, baseline=100, target=60) == "amber"
    assert light(95, 50, baseline=100, target=60) == "red"


def test_what_is_due_and_never_read_is_red():  # A62
    assert standing(0, 10, START, DUE, None, DUE, LAW).light == "red"
    assert standing(0, 10, START, DUE, None, START, LAW).light == ""


def test_an_old_reading_does_not_count_as_reached_once_it_is_due():  # A62
    assert light(500, 50, today=DUE) == "red"


@given(VALUES, VALUES, st.integers(0, 200), st.integers(0, 200))
def test_the_steady_way_never_turns_back_nor_leaves_its_ends(baseline, target, one, other):
    early, late = sorted((one, other))
    at = [expected(baseline, target, START, DUE, START + timedelta(days=days)) for days in (early, late)]
    assert all(min(baseline, target) <= value <= max(baseline, target) for value in at)
    assert (at[1] - at[0]) * (target - baseline) >= 0
    assert expected(baseline, target, START, DUE, DUE) == target


@given(VALUES.filter(bool), st.integers(0, 100))
def test_who_keeps_the_pace_is_never_shown_as_behind(target, days):
    pace = expected(0, target, START, DUE, START + timedelta(days=days))
    assert isinstance(pace, Fraction)
    assert light(-(-pace.numerator // pace.denominator), days, target=target) == "green"


def test_a_target_says_what_is_counted_from_where_to_where_and_until_when():  # A61
    good = TargetDraft("上门次数", "次", 0, 100, DUE, 1)
    assert not list(target_refusals([good], START, DUE))
    for bad, where in (
        (TargetDraft("", "次", 0, 100, DUE, 1), "indicator"),
        (TargetDraft("上门次数", "", 0, 100, DUE, 1), "unit"),
        (TargetDraft("上门次数", "次", None, 100, DUE, 1), "baseline"),
        (TargetDraft("上门次数", "次", 100, 100, DUE, 1), "target"),
        (TargetDraft("上门次数", "次", 0, 100, DUE + timedelta(days=1), 1), "due"),
    ):
        assert [refusal.beside for refusal in target_refusals([bad], START, DUE)] == [f"target1_{where}"]


def test_a_second_reading_of_a_day_says_why_it_corrects():  # A62
    def refused(words, before):
        return [
            refusal.beside
            for refusal in reading_refusals(
                5, START, words, state=ContractState.SERVING, starts_on=START, today=DUE, before=before
            )
        ]

    assert refused("", None) == []
    assert refused("", 4) == ["words"]
    assert refused("漏记了一次上门", 4) == []


@pytest.mark.parametrize("state", [ContractState.ENDED, ContractState.TERMINATED])
def test_the_access_of_a_provider_ends_with_the_contract(state):  # B33
    said = list(reading_refusals(5, START, "", state=state, starts_on=START, today=DUE, before=None))
    assert "access has ended" in said[0].text


def test_an_evaluation_needs_targets_and_monitoring():  # A63
    assert list(evaluation_refusals(0, 0))
    assert list(evaluation_refusals(2, 0))
    assert not list(evaluation_refusals(2, 1))


def test_the_middle_of_a_term():  # A62
    assert midterm(date(2026, 1, 1), date(2026, 12, 31)) == date(2026, 7, 2)
