"""Who may help whom to vote, and who stands out."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.helpers import LASTS, ends_at, helper_refusals, helping_refusals, is_known_by, stands_out

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_a_named_confirmed_helper_with_consent_may_help() -> None:
    assert not list(helper_refusals(named=True, confirmed=True, consents=True))


@pytest.mark.parametrize("missing", ["named", "confirmed", "consents"])
def test_without_name_home_or_consent_nobody_helps(missing: str) -> None:
    said = {"named": True, "confirmed": True, "consents": True} | {missing: False}
    assert len(list(helper_refusals(**said))) == 1


@given(st.integers(0, 20), st.integers(1, 10))
def test_a_neighbour_helps_no_more_than_the_limit_and_the_committee_any_number(helped: int, most: int) -> None:
    assert bool(list(helping_refusals(herself=False, helped=helped, most=most))) == (helped >= most)
    assert not list(helping_refusals(herself=False, helped=helped, most=None))


def test_nobody_helps_herself() -> None:
    assert [one.beside for one in helping_refusals(herself=True, helped=0, most=None)] == ["number"]


@pytest.mark.parametrize(
    ("said", "known"),
    [("8000", True), ("3-2-501", True), (" ３－２－５０１ ", True), ("800", False), ("", False), ("3-2-50", False)],
)
def test_a_neighbour_knows_the_telephone_or_the_household(said: str, known: bool) -> None:
    assert is_known_by(said, "8000", "3-2-501") is known


def test_who_has_neither_telephone_nor_household_on_the_roll_is_known_by_nothing() -> None:
    assert not is_known_by("", "", "")


def test_help_ends_after_twenty_minutes_or_at_the_closing() -> None:
    assert ends_at(START, START + timedelta(days=1)) == START + LASTS == START + timedelta(minutes=20)
    assert ends_at(START, START + timedelta(minutes=5)) == START + timedelta(minutes=5)


@given(st.integers(2, 1000), st.integers(1, 1000), st.integers(1, 100))
def test_who_helped_more_than_the_share_stands_out(helped: int, votes: int, percent: int) -> None:
    assert stands_out(helped, votes, percent) == (Fraction(helped, votes) > Fraction(percent, 100))
    assert not stands_out(1, votes, percent)
