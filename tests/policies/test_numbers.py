"""Numbers are inherited down the tree, and a place may set its own."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from portal.policies.catalogue import EVERYDAY, catalogue
from portal.policies.models import CalendarDay
from portal.policies.queries import national_rules, rules_for, working_days_after
from portal.rules.numbers import Numbers
from portal.store import db
from portal.store.clock import now, today
from tests import builders


def test_the_law_holds_where_nobody_says_otherwise(app: Flask) -> None:
    assert rules_for(builders.a_region_tree().villages[0]) == Numbers()
    assert national_rules() == Numbers()


def test_a_place_inherits_from_those_above_and_may_differ(app: Flask) -> None:  # A44
    tree = builders.a_region_tree()
    builders.with_numbers(tree.province, most_open_needs=9, answer_working_days=7)
    builders.with_numbers(tree.township, most_open_needs=3)
    here, county = rules_for(tree.villages[0]), rules_for(tree.county)
    assert (here.most_open_needs, here.answer_working_days) == (3, 7)
    assert (county.most_open_needs, county.answer_working_days) == (9, 7)


def test_a_newer_set_wins_from_its_day_on(app: Flask) -> None:  # A43
    village = builders.a_region_tree().villages[0]
    builders.with_numbers(village, date(2021, 1, 1), most_open_needs=9)
    builders.with_numbers(village, date(2022, 1, 1), most_open_needs=4)
    builders.with_numbers(village, today() + timedelta(days=1), most_open_needs=1)
    assert rules_for(village).most_open_needs == 4
    with builders.at(now() + timedelta(days=2)):
        assert rules_for(village).most_open_needs == 1


def test_a_lower_set_wins_over_a_newer_one_above(app: Flask) -> None:  # A44
    tree = builders.a_region_tree()
    builders.with_numbers(tree.villages[0], date(2021, 1, 1), most_open_needs=3)
    builders.with_numbers(tree.province, date(2024, 1, 1), most_open_needs=9)
    assert rules_for(tree.villages[0]).most_open_needs == 3


def test_names_that_are_no_numbers_are_ignored_and_lists_are_lists(app: Flask) -> None:
    village = builders.a_region_tree().villages[0]
    builders.with_numbers(village, nonsense=1, sensitive_categories=["05"])
    assert rules_for(village).sensitive_categories == ("05",)


def test_the_working_calendar_is_loaded(app: Flask) -> None:
    days = {day.day: day.works for day in db.session.scalars(select(CalendarDay))}
    assert days[date(2026, 10, 1)] is False
    assert days[date(2026, 10, 10)] is True
    with builders.at("2026-09-30"):
        assert working_days_after(now(), 1).isoformat() == "2026-10-08T15:59:59+00:00"


def test_a_deadline_counts_from_the_day_in_china(app: Flask) -> None:
    with builders.at("2026-11-22T17:00:00+00:00"):  # Monday 01:00 in China
        assert working_days_after(now(), 1).isoformat() == "2026-11-24T15:59:59+00:00"


def test_residents_choose_from_groups_that_are_theirs() -> None:  # A20, B17
    codes = list(EVERYDAY)
    assert "04" in codes
    assert "01" not in codes
    assert codes == [item.code for item in catalogue().values() if len(item.code) == 2 and item.resident_visible]
    assert {item.nature for item in catalogue().values()} <= {"transactional", "direct_service", "auxiliary"}  # B16
    assert all(item.code[:2] in catalogue() for item in catalogue().values())
