"""Who may rate what, until when, and with which words. A27, B34."""

from datetime import date, timedelta

from portal.rules.numbers import Numbers
from portal.rules.ratings import (
    GRADES,
    answerable_until,
    grade_refusals,
    reasons_for,
    too_late,
    words_refusals,
)

UNTIL = date(2026, 11, 22)
NUMBERS = Numbers()


def test_there_are_five_grades_and_no_other() -> None:
    assert list(GRADES) == [5, 4, 3, 2, 1]
    assert not list(grade_refusals(1))
    assert list(grade_refusals(0))
    assert list(grade_refusals(6))


def test_a_link_holds_until_its_day_and_a_rating_can_be_changed_for_7_days() -> None:
    assert answerable_until(UNTIL, None, NUMBERS) == UNTIL
    assert answerable_until(UNTIL, UNTIL, NUMBERS) == UNTIL + timedelta(days=7)
    assert answerable_until(UNTIL, UNTIL, Numbers(rating_revision_days=1)) == UNTIL + timedelta(days=1)


def test_after_its_time_a_rating_is_refused() -> None:
    day = timedelta(days=1)
    assert not list(too_late(UNTIL, UNTIL, None, NUMBERS))
    assert list(too_late(UNTIL + day, UNTIL, None, NUMBERS))
    assert not list(too_late(UNTIL + 7 * day, UNTIL, UNTIL, NUMBERS))
    assert list(too_late(UNTIL + 8 * day, UNTIL, UNTIL, NUMBERS))
    assert list(too_late(UNTIL, UNTIL, None, NUMBERS, spent=True))


def test_good_grades_have_good_reasons_and_bad_ones_bad() -> None:
    assert not set(reasons_for(3)) & set(reasons_for(2))
    assert not list(words_refusals(5, ["on_time"], ""))
    assert [r.beside for r in words_refusals(2, ["on_time"], "")] == ["reasons"]
    assert [r.beside for r in words_refusals(5, ["nonsense"], "")] == ["reasons"]


def test_words_are_short_and_lead_to_nobody() -> None:
    assert not list(words_refusals(5, [], "很" * 500))
    assert [r.beside for r in words_refusals(5, [], "很" * 501)] == ["words"]
    assert [r.beside for r in words_refusals(1, [], "打 13800138000 找她")] == ["words"]
