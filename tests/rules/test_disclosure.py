"""What of a purchase is due when, and how late it is."""

from datetime import UTC, date, datetime

import pytest

from portal.rules.disclosure import Item, Moments, arises_at, clock, refusals

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 4, tzinfo=UTC)


def test_each_item_arises_with_its_own_event() -> None:  # B31
    before, published = Moments(None, None, None), Moments(AT, None, None)
    assert {arises_at(item, before) for item in Item} == {None}
    assert [item for item in Item if arises_at(item, published)] == [Item.PURCHASER, Item.PROJECT, Item.METHOD]
    failed = Moments(AT, None, LATER)
    assert {item: arises_at(item, failed) for item in (Item.PROCESS, Item.RESULT)} == {
        Item.PROCESS: LATER,
        Item.RESULT: LATER,
    }


@pytest.mark.parametrize(
    ("published", "today", "late"),
    [
        (None, date(2026, 3, 30), 0),
        (None, date(2026, 3, 31), 1),
        (date(2026, 3, 30), date(2026, 5, 1), 0),
        (date(2026, 4, 2), date(2026, 5, 1), 3),
    ],
)
def test_late_days_count_until_it_was_published(published: date | None, today: date, late: int) -> None:  # B31
    assert clock(date(2026, 3, 30), published, today).late_days == late


def test_a_correction_says_what_is_changed() -> None:  # B32
    moments = Moments(AT, AT, AT)
    assert not list(refusals(Item.METHOD, moments, "", versions=0))
    assert [one.beside for one in refusals(Item.METHOD, moments, "", versions=1)] == ["words"]
    assert [one.beside for one in refusals(Item.METHOD, moments, "电话 13812345678", versions=0)] == ["words"]
    assert list(refusals(Item.RESULT, Moments(AT, None, None), "", versions=0))
