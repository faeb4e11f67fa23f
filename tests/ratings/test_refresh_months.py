"""The months that pages read follow the ratings, revised ones too."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from portal.providers.queries import standing_of
from portal.ratings.actions import rate_service, refresh_months
from portal.ratings.models import Rating, RatingMix, RatingMonth
from portal.rules.numbers import Numbers
from portal.store import action, clock, db
from tests import builders
from tests.counting import statements


def months() -> list[tuple[Any, ...]]:
    db.session.rollback()
    return sorted(
        tuple(row)
        for row in db.session.execute(
            select(
                RatingMonth.provider_id,
                RatingMonth.region_id,
                RatingMonth.category,
                RatingMonth.month,
                RatingMonth.grade,
                RatingMonth.ratings,
            )
        )
    )


@pytest.fixture
def place(app: Any) -> Any:
    return builders.a_region_tree().villages[0]


def rated(provider: Any, place: Any, grade: int, moment: str | None = None, category: str = "0401") -> Any:
    """A service of `provider`, rated at `moment`."""
    if moment is None:
        service = builders.a_service(provider, place, category=category)
        rate_service(service.ticket, grade)
        return service
    with builders.at(moment):
        return rated(provider, place, grade, None, category)


def test_the_month_is_that_of_china(place: Any) -> None:
    provider = builders.a_provider(place)
    rated(provider, place, 5, "2026-10-31T15:59:59+00:00")
    rated(provider, place, 5, "2026-10-31T16:00:00+00:00")
    rated(provider, place, 4, "2026-11-30T15:59:59+00:00")
    refresh_months()
    one = (provider.id, place.id, "0401")
    assert months() == [(*one, "2026-10", 5, 1), (*one, "2026-11", 4, 1), (*one, "2026-11", 5, 1)]


def test_a_revised_rating_leaves_no_trace(place: Any) -> None:  # B34
    provider = builders.a_provider(place)
    rated(provider, place, 3, "2026-09-05")
    service = rated(provider, place, 5, "2026-10-31")
    with builders.at("2026-10-31T13:00:00+00:00"):
        refresh_months()
    with builders.at("2026-11-03"):
        rate_service(service.ticket, 1)
        assert refresh_months() == 1
    one = (provider.id, place.id, "0401")
    assert months() == [(*one, "2026-09", 3, 1), (*one, "2026-10", 1, 1)]


def test_what_was_not_changed_is_not_touched(place: Any) -> None:
    quiet, busy = builders.a_provider(place, "甲社"), builders.a_provider(place, "乙社")
    rated(quiet, place, 4, "2026-10-10")
    rated(busy, place, 4, "2026-10-10")
    with builders.at("2026-10-11"):
        refresh_months()
    rated(busy, place, 5, "2026-11-10", category="0901")
    with builders.at("2026-11-11"):
        assert refresh_months() == 1
    assert [(row[0], *row[2:]) for row in months()] == sorted(
        [
            (quiet.id, "0401", "2026-10", 4, 1),
            (busy.id, "0401", "2026-10", 4, 1),
            (busy.id, "0901", "2026-11", 5, 1),
        ]
    )


def test_when_nothing_was_changed_it_is_a_look_and_no_more(place: Any) -> None:
    provider = builders.a_provider(place)
    rated(provider, place, 4, "2026-10-10")
    with builders.at("2026-10-11"):
        refresh_months()
    with builders.at("2026-10-12"), statements() as said:
        assert refresh_months() == 0
    assert not [statement for statement in said if not statement.startswith("SELECT")]


def test_a_rating_that_was_committed_just_after_a_refresh_is_not_missed(place: Any) -> None:
    provider = builders.a_provider(place)
    rated(provider, place, 4, "2026-10-10T10:00:00+00:00")
    with builders.at("2026-10-10T10:01:00+00:00"):
        refresh_months()
    rated(provider, place, 5, "2026-10-10T10:00:30+00:00")
    with builders.at("2026-10-10T10:02:00+00:00"):
        refresh_months()
    assert [row[4:] for row in months()] == [(4, 1), (5, 1)]


def test_everything_can_be_counted_anew(place: Any) -> None:
    provider = builders.a_provider(place)
    rated(provider, place, 4, "2026-10-10")
    gone = rated(provider, place, 1, "2026-10-10")
    refresh_months()

    @action
    def erase() -> None:
        db.session.execute(delete(Rating).where(Rating.service_id == gone.id))

    erase()
    with builders.at(clock.now() + timedelta(days=1)):
        refresh_months(everything=True)
    assert [row[4:] for row in months()] == [(4, 1)]


def test_it_gives_the_sums_that_one_count_of_all_ratings_gives(place: Any) -> None:
    two = [builders.a_provider(place, name) for name in ("甲社", "乙社")]
    for number in range(24):
        moment = datetime.fromisoformat("2026-08-20T12:00:00+00:00") + timedelta(days=3 * number)
        rated(two[number % 2], place, number % 5 + 1, moment.isoformat(), ("0401", "0901")[number % 3 == 0])
        if number % 7 == 0:
            with builders.at(moment + timedelta(hours=1)):
                refresh_months()
    refresh_months()
    stepwise = months()
    refresh_months(everything=True)
    assert stepwise == months()
    assert sum(row[5] for row in stepwise) == 24


def test_the_mix_of_a_kind_is_that_of_the_last_year(place: Any) -> None:  # F3
    provider = builders.a_provider(place)
    rated(provider, place, 1, "2025-11-30")
    rated(provider, place, 4, "2025-12-02")
    rated(provider, place, 5, "2026-11-20", category="0402")
    with builders.at("2026-11-22"):
        refresh_months()
    found = db.session.execute(select(RatingMix.group_code, RatingMix.grade, RatingMix.ratings)).all()
    assert sorted(map(tuple, found)) == [("04", 4, 1), ("04", 5, 1)]


def test_ten_ratings_become_a_published_score(place: Any) -> None:  # A27, B34
    provider = builders.a_provider(place)
    for number in range(10):
        assert standing_of(provider, Numbers()).score is None
        rated(provider, place, 4 + number % 2)
        refresh_months()
    standing = standing_of(provider, Numbers())
    assert standing.ratings == 10
    assert standing.score is not None
