"""Who fits, why, and in which order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.matching import (
    MOST_PEOPLE,
    Average,
    Ground,
    Known,
    average,
    fit_of,
    fits,
    offer_refusals,
    skill_refusals,
)
from portal.rules.projects import ProjectState

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("says", "rated", "people", "grounds"),
    [
        ({"0401": 50}, (), 50, (Ground.SAYS_ITEM, Ground.ENOUGH)),
        ({"0401": 50}, (), 51, (Ground.SAYS_ITEM, Ground.TOO_FEW)),
        ({"0402": 50}, (), 10, (Ground.SAYS_GROUP, Ground.ENOUGH)),
        ({}, ("0401",), 10, (Ground.RATED_ITEM,)),
        ({}, ("0402",), 10, (Ground.RATED_GROUP,)),
        ({"0402": 9}, ("0401", "0301"), 10, (Ground.SAYS_GROUP, Ground.RATED_ITEM, Ground.TOO_FEW)),
        ({"0301": 50}, ("0901",), 10, None),
        ({}, (), 10, None),
    ],
)
def test_each_ground_is_said(  # A30
    says: dict[str, int], rated: tuple[str, ...], people: int, grounds: tuple[Ground, ...] | None
) -> None:
    fit = fit_of(Known(1, "甲", says, rated), ("0401",), people)
    assert (fit.grounds if fit else None) == grounds


def test_the_order_is_the_one_that_is_said_and_no_other() -> None:  # A30
    everyone = [
        Known(1, "己", {"0402": 99}, ()),
        Known(2, "乙", {"0401": 5}, ()),
        Known(3, "丙", {"0401": 99}, ()),
        Known(4, "甲", {"0401": 99}, ()),
        Known(5, "丁", {}, ("0401",)),
        Known(6, "戊", {"0901": 99}, ()),
    ]
    assert [fit.provider_id for fit in fits(everyone, ("0401",), 10)] == [3, 4, 5, 2, 1]


@given(st.permutations(range(6)))
def test_the_order_does_not_depend_on_how_they_come(order: list[int]) -> None:  # A30
    everyone = [Known(n, "同名", {"0401": 5 + n % 3}, ()) for n in range(6)]
    found = [fit.provider_id for fit in fits([everyone[n] for n in order], ("0401",), 6)]
    assert found == [fit.provider_id for fit in fits(everyone, ("0401",), 6)]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=50))
def test_an_average_is_what_it_is_made_of(days: list[int]) -> None:  # A30
    found = average(days)
    assert found == Average(sum(days), len(days))
    assert abs(found.tenths * found.projects - 10 * found.days) * 2 <= found.projects


def test_there_is_no_average_of_nothing() -> None:  # A30
    assert average([]) is None


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({}, []),
        ({"state": ProjectState.NOTICED}, [""]),
        ({"state": ProjectState.AWARDED}, [""]),
        ({"serves": False}, ["provider"]),
        ({"words": ""}, ["words"]),
        ({"words": "请打 13800138000"}, ["words"]),
        ({"words": "很" * 1001}, ["words"]),
        ({"people": 0}, ["people_a_month"]),
        ({"people": None}, ["people_a_month"]),
        ({"people": MOST_PEOPLE + 1}, ["people_a_month"]),
        ({"start_on": None}, ["start_on"]),
        ({"start_on": date(2026, 11, 22)}, ["start_on"]),
        ({"start_on": TODAY}, []),
    ],
)
def test_an_offer_says_what_for_how_many_and_from_when(changes: dict[str, object], beside: list[str]) -> None:  # A30
    said = {"state": ProjectState.APPROVED, "serves": True, "words": "每天上门", "people": 20, "start_on": TODAY}
    found = [one.beside for one in offer_refusals(**(said | changes), today=TODAY)]  # type: ignore[arg-type]
    assert found == beside


@pytest.mark.parametrize(
    ("category", "people", "refused"),
    [("0401", 5, False), ("0401", 0, False), ("0401", -1, True), ("0401", None, True), ("04", 5, True), ("", 5, True)],
)
def test_a_provider_says_what_the_catalogue_has(category: str, people: int | None, refused: bool) -> None:  # A30
    assert bool(list(skill_refusals(category, people, ["0401"]))) is refused
