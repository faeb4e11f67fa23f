"""B15: four kinds of providers, and a credit code whose last sign is checked (GB 32100-2015)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.providers import (
    SIGNS,
    ProviderDraft,
    ProviderKind,
    check_sign,
    is_credit_code,
    normal_code,
    refusals,
)

STANDARD = "91350100M000100Y43"
"""The example of the standard itself."""


def test_there_are_four_kinds() -> None:
    assert len(ProviderKind) == 4


def test_the_example_of_the_standard_checks() -> None:
    assert check_sign(STANDARD[:17]) == "3"
    assert is_credit_code(STANDARD)


def test_the_check_sign_makes_the_weighted_sum_divisible_by_31() -> None:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # as the standard prints them
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(STANDARD, weights, strict=False))
    assert (total + SIGNS.index(STANDARD[17])) % 31 == 0


@given(st.text(SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(body: str, place: int, other: str) -> None:
    code = body + check_sign(body)
    assert is_credit_code(code)
    if other != code[place]:
        assert not is_credit_code(code[:place] + other + code[place + 1 :])


@given(st.text(SIGNS, min_size=17, max_size=17), st.integers(0, 15))
def test_two_swapped_signs_are_always_noticed(body: str, place: int) -> None:
    code = body + check_sign(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(swapped) == (swapped == code)


@pytest.mark.parametrize(
    "code", ["", "9135", STANDARD + "1", "I" + STANDARD[1:], STANDARD.lower(), "９" + STANDARD[1:]]
)
def test_what_is_no_code_is_no_code(code: str) -> None:
    assert not is_credit_code(code)


def test_a_code_is_read_with_blanks_and_small_letters() -> None:
    assert normal_code(" 91350100-m000 100y43") == STANDARD


def _beside(**given: str) -> list[str]:
    draft = ProviderDraft(**({"name": "晨光社工", "kind": "enterprise", "usc_code": STANDARD} | given))
    return [refusal.beside for refusal in refusals(draft)]


def test_a_good_draft_is_not_refused() -> None:
    assert _beside() == []


def test_each_slip_is_refused_beside_its_field() -> None:
    assert _beside(name="") == ["name"]
    assert _beside(kind="state_organ") == ["kind"]
    assert _beside(usc_code=STANDARD[:-1]) == ["usc_code"]
    assert _beside(usc_code=STANDARD[:-1] + "4") == ["usc_code"]
    assert _beside(kind="social_organisation") == ["kind"]  # 91 is an enterprise's
    assert _beside(story="电话 13800138000") == ["story"]
    assert _beside(story="x" * 2001) == ["story"]


def test_a_state_organ_is_no_provider_of_any_kind() -> None:
    body = "11350100M000100Y4"
    code = body + check_sign(body)
    for kind in ProviderKind:
        assert "kind" in _beside(kind=kind.value, usc_code=code)


def test_a_check_sign_needs_17_signs() -> None:
    with pytest.raises(ValueError, match="17"):
        check_sign("123")
