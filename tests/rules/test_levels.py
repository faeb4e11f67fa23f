"""Which level buys what."""

import pytest

from portal.policies.catalogue import catalogue
from portal.rules.levels import Level, fitting, is_mismatch, refusals

MAIN = {
    **{code: {Level.PROVINCE, Level.PREFECTURE} for code in ("1101", "1102")},
    **{code: {Level.COUNTY, Level.TOWNSHIP} for code in ("0101", "0201", "0303", "0401", "0601", "0901", "1001")},
}


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("code", sorted(MAIN))
def test_each_item_is_mainly_bought_by_its_level(code: str, level: Level) -> None:  # A32-A34, B14
    said = catalogue()[code].implementing_level
    assert is_mismatch(level, [said]) is (level not in MAIN[code])
    asked = {refusal.beside for refusal in refusals(level, "", [said])}
    assert asked == ({"level_reason"} if level not in MAIN[code] else set())
    assert not list(refusals(level, "统一试点", [said]))


@pytest.mark.parametrize(
    "item", [item for item in catalogue().values() if len(item.code) == 4], ids=lambda one: one.code
)
def test_only_sector_management_is_for_province_and_city(item: object) -> None:  # A33, A34
    above = item.code in ("1101", "1102")  # type: ignore[attr-defined]
    levels = fitting([item.implementing_level])  # type: ignore[attr-defined]
    assert levels == ({Level.PROVINCE, Level.PREFECTURE} if above else {Level.COUNTY, Level.TOWNSHIP})


def test_a_community_buys_nothing() -> None:  # B14
    assert [refusal.beside for refusal in refusals("village", "因为方便", ["county/township"])] == ["level"]


def test_a_bundle_of_different_levels_owes_a_reason_whoever_buys_it() -> None:  # A32, A36
    both = ["county/township", "province/city"]
    assert fitting(both) == frozenset()
    for level in ("", *Level):
        assert is_mismatch(level, both)
        assert [refusal.beside for refusal in refusals(level, "", both)] == ["level_reason"]


def test_where_no_level_was_chosen_it_is_that_of_the_item() -> None:  # A32
    assert not list(refusals("", "", ["county/township"]))


def test_a_reason_names_no_persons_number_and_ends() -> None:  # B31
    assert list(refusals("province", "请打13812345678", ["county/township"]))
    assert list(refusals("province", "因" * 501, ["county/township"]))
    assert not list(refusals("province", "因" * 500, ["county/township"]))
