"""What a contract must say, and its term."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.clauses import GIVEN, TYPED, Clause, Condition, latest_end, missing, needs_conditions, term_refusals
from portal.rules.numbers import Numbers

LAW = Numbers()
SHOWN = {condition.value: "有三年预算与服务记录" for condition in Condition}
DAYS = st.dates(date(2004, 1, 1), date(2090, 12, 31))


def beside(refusals):
    return {refusal.beside for refusal in refusals}


@pytest.mark.parametrize(
    ("start", "latest"),
    [
        (date(2024, 1, 1), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2024, 3, 1), date(2027, 2, 28)),
        (date(2025, 12, 31), date(2028, 12, 30)),
    ],
)
def test_the_latest_end_is_that_of_the_table(start, latest):  # A42, 1.4
    assert latest_end(start, 3) == latest
    assert not list(term_refusals(start, latest, SHOWN, LAW))
    assert beside(term_refusals(start, latest + timedelta(days=1), SHOWN, LAW)) == {"ends_on"}


@given(DAYS)
def test_no_day_belongs_to_four_years(start):  # A42
    latest = latest_end(start, 3)
    assert 3 * 365 - 1 <= (latest - start).days <= 3 * 365
    assert latest_end(latest + timedelta(days=1), 3) > latest


@pytest.mark.parametrize(
    ("start", "end", "asks"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), False),
        (date(2026, 1, 1), date(2027, 1, 1), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_above_a_year_all_conditions_are_asked(start, end, asks):  # A41
    assert needs_conditions(start, end, LAW) == asks
    assert beside(term_refusals(start, end, {}, LAW)) == ({one.value for one in Condition} if asks else set())


@pytest.mark.parametrize("lacking", list(Condition))
def test_four_conditions_of_five_are_not_enough(lacking):  # A41
    shown = {name: words for name, words in SHOWN.items() if name != lacking.value}
    assert beside(term_refusals(date(2026, 1, 1), date(2027, 6, 30), shown, LAW)) == {lacking.value}


def test_a_place_may_set_the_years():  # A44
    strict = replace(LAW, longest_contract_years=2)
    assert beside(term_refusals(date(2026, 1, 1), date(2028, 1, 1), SHOWN, strict)) == {"ends_on"}


def test_a_term_does_not_end_before_it_begins():
    assert beside(term_refusals(date(2026, 1, 2), date(2026, 1, 1), {}, LAW)) == {"ends_on"}
    assert beside(term_refusals(None, None, {}, LAW)) == {"starts_on"}


def test_there_are_twelve_clauses_and_four_of_them_nobody_types():  # B23
    assert len(Clause) == 12
    assert len(TYPED) == 8
    assert set(GIVEN) | set(TYPED) == set(Clause)


@given(st.sets(st.sampled_from(TYPED)), st.booleans(), st.booleans())
def test_what_is_missing_is_exactly_what_is_not_there(written, priced, paid):  # B23
    found = set(missing({clause.value: "写明" for clause in written}, priced=priced, paid=paid))
    expected = set(TYPED) - written
    expected |= set() if priced else {Clause.PRICE}
    expected |= set() if paid else {Clause.PAYMENT}
    assert found == expected


def test_the_year_of_the_conditions_counts_from_the_first_contract_of_a_chain():  # A41
    start, end = date(2026, 7, 1), date(2027, 1, 1)
    assert not list(term_refusals(start, end, {}, LAW))
    assert beside(term_refusals(start, end, {}, LAW, date(2026, 1, 1))) == {one.value for one in Condition}
