"""The staffing standard as the documents write it, edge by edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.numbers import Numbers
from portal.rules.staffing import (
    TIELING,
    Band,
    Reading,
    Verdict,
    bands_of,
    judge,
    minimum_staff,
    refusals_of_table,
    rows_of,
)

COUNTY = [
    (0, 2, 2),
    (4_999, 2, 2),
    (5_000, 2, 2),
    (5_001, 2, 3),
    (9_999, 2, 3),
    (10_000, 3, 3),
    (10_001, 3, 4),
    (15_000, 4, 4),
    (25_000, 6, 6),
    (100_000, 21, 21),
]
TOWNSHIP = [
    (0, 2, 2),
    (499, 2, 2),
    (500, 4, 4),
    (1_500, 4, 4),
    (1_501, 4, 5),
    (1_999, 4, 5),
    (2_000, 5, 5),
    (2_001, 5, 6),
    (3_000, 7, 7),
    (3_001, 7, 8),
    (3_499, 7, 8),
    (3_500, 8, 8),
    (999_999, 8, 8),
]
GUANGDONG = (
    Band("county", 0, True, 3000, False, 2),
    Band("county", 3000, True, 5000, True, 4),
    Band("county", 5000, False, 8000, True, 6),
    Band("county", 8000, False, None, False, 10),
    Band("township", 0, True, 300, False, 2),
    Band("township", 300, True, 600, True, 4),
    Band("township", 600, False, None, False, 6),
)
"""Households. The text lets its edges overlap; here each belongs to the lower band."""
FUJIAN = (
    Band("county", 0, True, 20_000, False, 1),
    Band("county", 20_000, True, 50_000, True, 2),
    Band("county", 50_000, False, None, False, 3),
    Band("village", 0, True, None, False, 1),
)
TABLES = (TIELING, GUANGDONG, FUJIAN)


@pytest.mark.parametrize(("number", "full", "started"), COUNTY)
def test_a_county_has_two_and_one_more_for_each_5000_above_5000(number: int, full: int, started: int) -> None:  # B28
    assert minimum_staff(TIELING, "county", number, Reading.FULL) == full
    assert minimum_staff(TIELING, "county", number, Reading.STARTED) == started


@pytest.mark.parametrize(("number", "full", "started"), TOWNSHIP)
def test_a_township_has_two_or_four_and_at_most_eight(number: int, full: int, started: int) -> None:  # B29
    assert minimum_staff(TIELING, "township", number, Reading.FULL) == full
    assert minimum_staff(TIELING, "township", number, Reading.STARTED) == started


def test_without_a_number_nothing_is_computed_and_below_zero_is_refused() -> None:  # B27
    assert minimum_staff(TIELING, "county", None, Reading.FULL) is None
    assert minimum_staff(TIELING, "province", 5, Reading.FULL) is None
    with pytest.raises(ValueError, match="below zero"):
        minimum_staff(TIELING, "county", -1, Reading.FULL)


@pytest.mark.parametrize(
    ("level", "number", "staff", "verdict", "short_by"),
    [
        ("township", 2_000, 4, Verdict.SHORT, 1),
        ("township", 2_000, 5, Verdict.MET, 0),
        ("township", 2_000, 8, Verdict.MET, 0),
        ("township", 2_000, 9, Verdict.ABOVE_CAP, 0),
        ("county", 2_000, 9, Verdict.MET, 0),
        ("county", 2_000, 0, Verdict.SHORT, 2),
        ("county", None, 3, Verdict.NO_DATA, 0),
        ("county", 10, None, Verdict.NO_DATA, 0),
    ],
)
def test_the_verdict_says_short_met_or_above_the_cap(  # B28, B29
    level: str, number: int | None, staff: int | None, verdict: Verdict, short_by: int
) -> None:
    judged = judge(TIELING, level, number, staff, Reading.FULL)
    assert (judged.verdict, judged.short_by) == (verdict, short_by)


@pytest.mark.parametrize(
    ("table", "level", "number", "minimum"),
    [
        (GUANGDONG, "county", 2_999, 2),
        (GUANGDONG, "county", 5_000, 4),
        (GUANGDONG, "county", 8_000, 6),
        (GUANGDONG, "county", 8_001, 10),
        (GUANGDONG, "township", 300, 4),
        (GUANGDONG, "township", 601, 6),
        (FUJIAN, "county", 19_999, 1),
        (FUJIAN, "county", 50_000, 2),
        (FUJIAN, "county", 50_001, 3),
        (FUJIAN, "village", 7, 1),
    ],
)
def test_other_provinces_tables_load_into_the_same_engine(  # B27
    table: tuple[Band, ...], level: str, number: int, minimum: int
) -> None:
    held = bands_of([list(row) for row in rows_of(table)])
    assert not list(refusals_of_table(held))
    assert minimum_staff(held, level, number, Reading.FULL) == minimum


def test_a_table_with_a_hole_or_an_overlap_is_refused() -> None:  # B27
    hole = (Band("county", 0, True, 3000, False, 2), Band("county", 3000, False, None, False, 4))
    overlap = (Band("county", 0, True, 3000, True, 2), Band("county", 3000, True, None, False, 4))
    assert [r.values for r in refusals_of_table(hole)] == [{"number": 3000}]
    assert [r.values for r in refusals_of_table(overlap)] == [{"number": 3000}]
    assert next(refusals_of_table((Band("county", 5, True, None, False, 1),))).values == {"number": 0}


def test_the_law_s_own_table_is_the_default() -> None:  # B28, B29
    assert bands_of(Numbers().staffing_table) == TIELING


@given(
    st.sampled_from(TABLES), st.sampled_from(("county", "township")), st.integers(0, 10**6), st.sampled_from(Reading)
)
def test_more_people_never_need_fewer_staff(table: tuple[Band, ...], level: str, number: int, reading: Reading) -> None:
    fewer, more = (minimum_staff(table, level, n, reading) for n in (number, number + 1))
    assert (fewer is None) == (more is None)
    assert fewer is None or more is None or fewer <= more <= fewer + 4
