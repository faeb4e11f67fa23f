"""What may stand on the resource list, and how it may change."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.resources import (
    PARTY_ORG,
    Ownership,
    PremisesDraft,
    ResourceDraft,
    ResourceKind,
    area_of,
    changes_between,
    count_of,
    metres_of,
    period_refusals,
    refusals,
    withdrawal_refusals,
)

TODAY = date(2026, 11, 22)
GOODS = ResourceDraft(ResourceKind.GOODS, "轮椅", amount=6)
ROOM = ResourceDraft(
    ResourceKind.PREMISES,
    "活动室",
    amount=8650,
    premises=PremisesDraft(Ownership.STATE, accessible=True, idle_since=TODAY),
)


def beside(draft: ResourceDraft) -> list[str]:
    return [one.beside for one in refusals(draft, categories=["0401"], today=TODAY)]


@pytest.mark.parametrize(
    ("draft", "changes", "wrong"),
    [
        (GOODS, {}, []),
        (ROOM, {}, []),
        (GOODS, {"amount": None}, ["amount"]),
        (GOODS, {"kind": ResourceKind.SKILL, "amount": None}, []),
        (GOODS, {"kind": ResourceKind.MONEY, "amount": 0}, ["amount"]),
        (GOODS, {"kind": ResourceKind.PREMISES}, ["kind"]),
        (ROOM, {"kind": ResourceKind.GOODS}, ["kind"]),
        (GOODS, {"category": "0401"}, []),
        (GOODS, {"category": "0101"}, ["category"]),
        (GOODS, {"channel": PARTY_ORG}, []),
        (GOODS, {"channel": "friend"}, ["channel"]),
        (GOODS, {"title": "x"}, ["title"]),
        (GOODS, {"conditions": "找13800138000"}, ["conditions"]),
        (GOODS, {"from_on": TODAY, "until_on": TODAY}, []),
        (GOODS, {"from_on": TODAY, "until_on": TODAY - timedelta(days=1)}, ["until_on"]),
        (ROOM, {"premises": PremisesDraft("church", accessible=True)}, ["ownership"]),
        (ROOM, {"premises": PremisesDraft(Ownership.STATE, True, TODAY + timedelta(days=1))}, ["idle_since"]),
        (ROOM, {"premises": PremisesDraft(Ownership.STATE, True, week=None)}, ["hours"]),
    ],
)
def test_what_is_wrong_with_an_offer_is_said_beside_its_field(  # A38, A49, A50
    draft: ResourceDraft, changes: dict[str, Any], wrong: list[str]
) -> None:
    assert beside(replace(draft, **changes)) == wrong


BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ((None, None), (None, AFTER), []),
        ((None, None), (None, TODAY), []),
        ((None, None), (None, BEFORE), ["until_on"]),
        ((None, None), (AFTER, None), ["from_on"]),
        ((BEFORE, None), (AFTER, None), ["from_on"]),
        ((AFTER, None), (AFTER + timedelta(days=9), None), []),
        ((AFTER, None), (BEFORE, None), ["from_on"]),
        ((None, BEFORE), (None, AFTER), ["until_on"]),
        ((BEFORE, BEFORE), (BEFORE, BEFORE), []),
    ],
)
def test_days_that_have_been_are_not_rewritten(before: Any, after: Any, wrong: list[str]) -> None:  # A55
    assert [one.beside for one in period_refusals(before, after, TODAY)] == wrong


@pytest.mark.parametrize(
    ("reason", "listed", "agreed", "count"),
    [
        ("漏水", True, False, 0),
        ("", True, False, 1),
        ("", False, False, 0),
        ("漏水", True, True, 1),
        ("x" * 201, True, False, 1),
    ],
)
def test_nothing_leaves_the_list_silently_or_under_an_agreement(  # A39, A51
    reason: str, listed: bool, agreed: bool, count: int
) -> None:
    assert len(list(withdrawal_refusals(reason, listed=listed, agreed=agreed))) == count


def test_a_change_says_what_was_and_what_is() -> None:  # A39
    old, new = {"title": "a", "from_on": None, "amount": 5}, {"title": "a", "from_on": TODAY, "amount": 6}
    assert changes_between(old, new) == {"from_on": ["", "2026-11-22"], "amount": ["5", "6"]}


@given(st.integers(0, 999_999_999))
def test_an_area_is_read_as_it_is_written(area: int) -> None:  # A50
    assert area_of(metres_of(area)) == area


@pytest.mark.parametrize("typed", ["", "about 80", "-5", "1.234", "养", "9" * 30, "1e3"])
def test_what_is_no_area_or_number_is_none(typed: str) -> None:  # A50
    assert area_of(typed) is None
    assert count_of(typed) is None
