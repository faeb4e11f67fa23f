"""The working calendar of a year is public, the province keeps it, and deadlines follow."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.policies.calendar import months_of, set_days
from portal.policies.models import CalendarDay
from portal.policies.queries import working_days_after
from portal.rules import Refused
from portal.store import action, clock, db
from portal.store.memory import forget
from tests import builders as a

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def as_it_was(app):
    """The calendar is kept between tests on one engine."""
    yield
    with app.app_context():
        put_back()


@action
def put_back():
    for day in db.session.scalars(select(CalendarDay).where(CalendarDay.day >= date(2027, 1, 1))).all():
        db.session.delete(day)
    forget()


def kinds(year):
    return {day: kind for month in months_of(year) for day, kind in month if day}


def test_a_year_has_its_days_its_holidays_and_its_make_up_days(app):  # rules-and-standards 2.2
    found = kinds(2026)
    assert len(found) == 365
    assert len(kinds(2028)) == 366
    assert (found[date(2026, 10, 1)], found[date(2026, 10, 10)]) == ("holiday", "make-up")
    assert (found[date(2026, 11, 22)], found[date(2026, 11, 23)]) == ("weekend", "work")


def test_the_page_shows_the_year_and_says_when_nothing_is_known_of_it(client, tree):
    text = client.get(f"/{tree.villages[0].code}/policies/calendar/2026/", headers=ENGLISH).text
    assert text.count("<time") == 365
    assert "not entered yet" not in text
    assert "not entered yet" in client.get(f"/{tree.county.code}/policies/calendar/2031/", headers=ENGLISH).text
    assert client.get(f"/{tree.county.code}/policies/calendar/1999/").status_code == 404


def test_deadlines_follow_a_change_and_the_change_is_public(client, tree):  # B31, rules-and-standards 2.2
    with a.at("2027-03-01"):  # a Monday
        assert working_days_after(clock.now(), 3).date() == date(2027, 3, 4)
        a.signed_in(client, a.an_official(tree.province))
        where = f"/{tree.province.code}/policies/calendar/2027"
        typed = {"first": "2027-03-02", "last": "2027-03-03", "works": "off"}
        assert client.post(f"{where}/change", data=typed).status_code == 303
        assert working_days_after(clock.now(), 3).date() == date(2027, 3, 8)
        text = client.get(f"/{tree.villages[0].code}/policies/calendar/2027/", headers=ENGLISH).text
        assert "2027-03-02 – 2027-03-03: not worked" in text
        client.post(f"{where}/change", data=typed | {"works": "usual"})
        assert working_days_after(clock.now(), 3).date() == date(2027, 3, 4)
    noted = db.session.scalars(select(AuditEntry.detail).order_by(AuditEntry.id)).all()
    assert [one["works"] for one in noted if "works" in one] == [False, None]


@pytest.mark.parametrize(
    ("first", "last", "beside"),
    [
        (None, None, "first"),
        (date(2027, 2, 28), None, "first"),
        (date(2027, 3, 5), date(2027, 3, 4), "last"),
        (date(2027, 3, 5), date(2027, 4, 5), "last"),
    ],
)
def test_days_that_passed_or_that_end_before_they_begin_are_refused(tree, first, last, beside):
    with a.at("2027-03-01"), pytest.raises(Refused) as refused:
        set_days(a.actor(a.an_official(tree.province)), tree.province, first, last, False)
    assert [one.beside for one in refused.value.refusals] == [beside]


def test_a_county_does_not_keep_the_calendar(client, tree):
    coming = clock.today() + timedelta(days=1)
    with pytest.raises(Refused, match="division above all others"):
        set_days(a.actor(a.an_official(tree.county)), tree.county, coming, None, False)
    a.signed_in(client, a.an_official(tree.county))
    assert client.get(f"/{tree.county.code}/policies/calendar/2027/change").status_code == 404
    assert client.get(f"/{tree.province.code}/policies/calendar/2027/change").status_code == 403
