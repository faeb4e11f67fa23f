"""What a place types as a number is read by its kind and stays in its bounds."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policies.words import NUMBERS
from portal.rules.numbers import Numbers
from portal.rules.setting import (
    CHOICES,
    DEFAULTS,
    FOR_THE_WHOLE_SITE,
    NEVER_FEWER,
    NEVER_HIGHER,
    NEVER_LOWER,
    bounds_of,
    number_refusals,
    read_numbers,
    settable,
)

CODES = ("01", "02", "03", "05", "06", "0801")


def refused(name, typed):
    return [one.beside for one in number_refusals(read_numbers({name: typed}), top=True, codes=CODES)]


def test_every_number_has_words_and_bounds_that_hold_its_default():  # A43
    named = {name for names in NUMBERS.values() for name in names}
    assert named == {field.name for field in fields(Numbers)}, "portal/policies/words.py: say what each number is"
    for name, default in DEFAULTS.items():
        if isinstance(default, int) and not isinstance(default, bool):
            least, most = bounds_of(name)
            assert least <= default <= most, name
    assert {*FOR_THE_WHOLE_SITE, *NEVER_LOWER, *NEVER_HIGHER, *NEVER_FEWER, *CHOICES} <= set(DEFAULTS)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("undo_days", "9", 9),
        ("undo_days", " ９ ", 9),
        ("sensitive_categories", "01, 03、05 06;0801", ("01", "03", "05", "06", "0801")),
        ("social_share_points", "35.5 %", 3550),
        ("social_share_points", "30", 3000),
        ("small_project_fen", "120,000 元", 12_000_000),
        ("exit_credit_points", "-20", -20),
        ("undo_days", "-", None),
        ("undo_days", "—", None),
    ],
)
def test_what_is_typed_well_is_read(name, typed, value):  # A43
    assert read_numbers({name: typed}) == {name: value}
    assert not refused(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("undo_days", "two"),
        ("undo_days", "1.5"),
        ("undo_days", "0"),
        ("undo_days", "-3"),
        ("undo_days", "3651"),
        ("undo_days", "9" * 17),
        ("helper_share_percent", "101"),
        ("cell_to_publish", "4"),
        ("longest_contract_years", "4"),
        ("supplement_percent", "11"),
        ("social_share_points", "29.99"),
        ("social_share_points", "100.01"),
        ("sensitive_categories", "01, 03, 05, 06"),
        ("sensitive_categories", "01, 03, 05, 06, 0801, 77"),
        ("staffing_reading", "perhaps"),
        ("exit_credit_points", "5"),
        ("exit_credit_points", "-1001"),
    ],
)
def test_what_is_typed_wrong_or_out_of_bounds_is_refused_beside_its_field(name, typed):  # A43, A42, A46
    assert refused(name, typed) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "batch_ratings",
        "batch_days",
        "grades_to_publish",
        "comments_to_publish",
        "evaluation_fewest_ratings",
        "ratings_for_star",
        "cell_to_publish",
        "ratings_to_publish",
    ],
)
def test_no_place_publishes_figures_of_fewer_than_the_default(name):  # F9, trust 4.1
    assert refused(name, str(DEFAULTS[name] - 1)) == [name]
    assert not refused(name, str(DEFAULTS[name] + 1))


@pytest.mark.parametrize(
    ("name", "value"), [("undo_days", True), ("undo_days", 2.0), ("sensitive_categories", "01"), ("no", 1)]
)
def test_a_value_of_another_kind_is_refused(name, value):  # A43
    assert [one.beside for one in number_refusals({name: value}, top=True, codes=CODES)] == [name]


@given(st.sampled_from(settable(top=True)), st.text(max_size=30))
def test_whatever_is_typed_a_whole_number_stays_one_in_its_bounds(name, typed):  # A43
    for key, value in read_numbers({name: typed}).items():
        if value is not None and not refused(name, typed) and isinstance(DEFAULTS[key], int):
            least, most = bounds_of(key)
            assert type(value) is type(DEFAULTS[key])
            assert least <= value <= most
