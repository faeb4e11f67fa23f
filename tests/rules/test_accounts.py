"""Which numbers can sign in, and when someone has tried too often."""

import pytest

from portal.rules import accounts
from portal.rules.accounts import phone_number, too_many


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("(138) 0013 8000", "13800138000"),
        ("+852 6123 4567", "85261234567"),
        ("+853 6612 3456", "85366123456"),
        ("+886 912345678", "886912345678"),
        ("12800138000", None),
        ("1380013800", None),
        ("138001380001", None),
        ("0551-63601234", None),
        ("abc", None),
        ("", None),
        ("+1 212 555 0100", None),
    ],
)
def test_a_mobile_number_is_known_however_it_is_typed(typed: str, kept: str | None) -> None:
    assert phone_number(typed) == kept


def test_a_try_is_refused_once_any_limit_is_reached() -> None:
    assert not list(too_many({"number": 4, "site": 0}, {"number": 5, "site": 10}))
    assert list(too_many({"number": 5, "site": 0}, {"number": 5, "site": 10}))
    assert list(too_many({"number": 0, "site": 10}, {"number": 5, "site": 10}))


def test_a_code_has_6_digits_5_minutes_and_5_tries() -> None:
    assert (accounts.CODE_DIGITS, accounts.CODE_MINUTES, accounts.CODE_TRIES) == (6, 5, 5)
