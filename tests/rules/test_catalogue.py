"""What is no service is not bought; a division's own item fits into the catalogue."""

from dataclasses import replace
from datetime import date

import pytest

from portal.rules.catalogue import EXCLUSIONS, Exclusion, ItemDraft, item_refusals, may_end, refusals_of_purchase

TODAY = date(2026, 11, 22)
NONE = dict.fromkeys(Exclusion, False)
GOOD = ItemDraft("0450", "老年助浴", "老年助浴", "Bathing", "direct_service", True, "county/township", "", TODAY)


def test_what_is_none_of_the_six_may_be_bought():  # A20, rules-and-standards 2.1
    assert not list(refusals_of_purchase(NONE))
    assert len(EXCLUSIONS) == 6


@pytest.mark.parametrize("exclusion", Exclusion)
def test_each_of_the_six_kinds_is_refused_with_its_article(exclusion):  # A20, rules-and-standards 2.1
    (refusal,) = refusals_of_purchase(NONE | {exclusion: True})
    assert refusal.beside == exclusion.value
    assert f"10.{list(Exclusion).index(exclusion) + 1})" in refusal.text


def test_a_checklist_that_is_not_answered_is_no_approval():  # A20
    assert [one.beside for one in refusals_of_purchase({})] == [one.value for one in Exclusion]


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({}, None),
        ({"code": "0499"}, None),
        ({"code": "0449"}, "code"),
        ({"code": "4250"}, "code"),
        ({"code": "045"}, "code"),
        ({"code": "０４５０"}, "code"),
        ({"code": "0460"}, "code"),
        ({"title_en": ""}, "title_en"),
        ({"title": "老" * 61}, "title"),
        ({"title": "电话13800138000"}, "title"),
        ({"nature": "other"}, "nature"),
        ({"implementing_level": "country"}, "implementing_level"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_from": date(2026, 11, 21)}, "valid_from"),
    ],
)
def test_an_item_has_a_free_code_of_a_group_three_names_and_a_kind(changes, beside):  # A10, A20, B16
    found = [one.beside for one in item_refusals(replace(GOOD, **changes), groups=["04"], taken=["0460"], today=TODAY)]
    assert found == ([beside] if beside else [])


@pytest.mark.parametrize(
    ("since", "until", "last", "refused"),
    [
        (date(2026, 1, 1), None, TODAY, False),
        (date(2026, 1, 1), None, date(2026, 11, 21), True),
        (date(2027, 1, 1), None, TODAY, True),
        (date(2026, 1, 1), date(2026, 12, 31), TODAY, True),
        (date(2026, 1, 1), None, None, True),
    ],
)
def test_an_item_ends_once_and_not_in_the_past(since, until, last, refused):  # A20
    assert bool(list(may_end(since, until, last, today=TODAY))) is refused
