"""A time is UTC, always."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy.exc import StatementError

from portal.accounts.models import Person
from portal.store import action, db
from portal.store.clock import now, today
from tests import builders


@action
def keep(person: Person) -> int:
    db.session.add(person)
    db.session.flush()
    return person.id


def test_a_time_comes_back_as_it_went_in(app: Flask) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, timezone(timedelta(hours=8)))
    number = keep(Person(created_at=moment))
    db.session.expunge_all()
    kept = db.session.get_one(Person, number).created_at
    assert kept == moment
    assert kept.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        keep(Person(created_at=datetime(2026, 1, 2)))


def test_the_day_is_the_day_in_china(app: Flask) -> None:
    with builders.at("2026-11-22T16:30:00+00:00"):
        assert now() == datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
        assert str(today()) == "2026-11-23"
