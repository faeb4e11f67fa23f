"""Who may rate what, until when, and with which words. A27, B34."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.rules.numbers import Numbers
from portal.rules.ratings import (
    GRADES,
    answerable_until,
    grade_refusals,
    reasons_for,
    service_refusals,
    too_late,
    words_refusals,
)

RECORDED = datetime(2026, 11, 22, 10, tzinfo=UTC)
NUMBERS = Numbers()


def test_there_are_five_grades_and_no_other() -> None:
    assert list(GRADES) == [5, 4, 3, 2, 1]
    assert not list(grade_refusals(1))
    assert list(grade_refusals(0))
    assert list(grade_refusals(6))


def test_a_service_can_be_rated_for_90_days_and_a_rating_changed_for_7() -> None:
    assert answerable_until(RECORDED, None, NUMBERS) == RECORDED + timedelta(days=90)
    rated = RECORDED + timedelta(days=90)
    assert answerable_until(RECORDED, rated, NUMBERS) == rated + timedelta(days=7)


def test_after_its_time_a_rating_is_refused() -> None:
    last = RECORDED + timedelta(days=90)
    assert not list(too_late(last, RECORDED, None, NUMBERS))
    assert list(too_late(last + timedelta(seconds=1), RECORDED, None, NUMBERS))
    assert not list(too_late(RECORDED + timedelta(days=7), RECORDED, RECORDED, NUMBERS))
    assert list(too_late(RECORDED + timedelta(days=7, seconds=1), RECORDED, RECORDED, NUMBERS))


def test_a_place_may_set_other_days() -> None:
    assert answerable_until(RECORDED, None, Numbers(rating_invitation_days=30)) == RECORDED + timedelta(days=30)


def test_good_grades_have_good_reasons_and_bad_ones_bad() -> None:
    assert not set(reasons_for(3)) & set(reasons_for(2))
    assert not list(words_refusals(5, ["on_time"], ""))
    assert [r.beside for r in words_refusals(2, ["on_time"], "")] == ["reasons"]
    assert [r.beside for r in words_refusals(5, ["nonsense"], "")] == ["reasons"]


def test_words_are_short_and_lead_to_nobody() -> None:
    assert not list(words_refusals(5, [], "很" * 500))
    assert [r.beside for r in words_refusals(5, [], "很" * 501)] == ["words"]
    assert [r.beside for r in words_refusals(1, [], "打 13800138000 找她")] == ["words"]


def _beside(**given: Any) -> list[str]:
    values: dict[str, Any] = {
        "served_on": date(2026, 11, 22),
        "recorded_at": RECORDED,
        "category": "0401",
        "categories": {"04", "0401"},
        "phone": "13800138000",
        "serves_here": True,
        "own_staff": False,
        "numbers": NUMBERS,
    } | given
    return [refusal.beside for refusal in service_refusals(**values)]


def test_a_service_is_recorded_after_it_was_given_and_not_long_after() -> None:
    assert _beside() == []
    assert _beside(served_on=date(2026, 11, 23)) == ["served_on"]
    assert (
        _beside(served_on=date(2026, 11, 23), recorded_at=RECORDED.replace(hour=16)) == []
    )  # already the 23rd in China
    assert _beside(served_on=date(2026, 8, 24)) == []
    assert _beside(served_on=date(2026, 8, 23)) == ["served_on"]


def test_a_service_has_a_kind_a_phone_and_a_provider_of_the_place() -> None:
    assert _beside(category="04") == ["category"]
    assert _beside(category="0499") == ["category"]
    assert _beside(phone="12345") == ["phone"]
    assert _beside(serves_here=False) == ["provider"]


def test_a_provider_does_not_rate_itself() -> None:
    assert _beside(own_staff=True) == ["phone"]
