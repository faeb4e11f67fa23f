"""Ratings are published ten people at a time and a week apart, with nothing left of who gave them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.providers.models import RatingBatch, RatingMix, RatingRelease
from portal.providers.queries import contract_counts, standing_of
from portal.ratings.models import Rating, RatingHold, ServiceRecord
from portal.ratings.releasing import release_ratings
from portal.rules.numbers import Numbers
from portal.store import action, clock, db
from tests import builders
from tests.counting import statements
from tests.ratings.making import on_a_contract

DAY = date(2026, 9, 7)


@pytest.fixture
def place(app: Any) -> Any:
    return builders.a_region_tree().villages[0]


@action
def settled(provider: Any, region: Any, grades: list[int], **more: Any) -> None:
    """Settled ratings of a provider, each of somebody else if not said."""
    held = db.session.scalar(select(func.count()).select_from(Rating)) or 0
    for number, grade in enumerate(grades, held + 1):
        values = {"category": "0401", "rater": f"{number:016}", "rated_on": DAY, "settled": True} | more
        one = Rating(key=f"{number:064}", provider_id=provider.id, region_id=region.id, grade=grade, reasons=[])
        for name, value in (values | {"inviter": "i", "device": "d"}).items():
            setattr(one, name, value)
        db.session.add(one)


@action
def a_hold(provider: Any, verdict: str = "", held: int = 3) -> RatingHold:
    hold = RatingHold(
        provider_id=provider.id, region_id=provider.region_id, flag="burst", about=verdict, evidence={}, held=held
    )
    hold.raised_on, hold.verdict = DAY, verdict
    hold.closed_at = clock.now() if verdict else None
    db.session.add(hold)
    return hold


def batches() -> list[RatingBatch]:
    db.session.expire_all()
    return list(db.session.scalars(select(RatingBatch).order_by(RatingBatch.id)))


def test_nine_wait_and_the_tenth_publishes_all(place: Any) -> None:  # trust 4.1, B34
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 9)
    assert release_ratings() == 0
    settled(provider, place, [1])
    assert release_ratings() == 10
    (batch,) = batches()
    assert (batch.raters, batch.n1, batch.n5, batch.category, batch.region_id) == (10, 1, 9, "0401", place.id)
    assert db.session.scalars(select(Rating.batch_id).distinct()).all() == [batch.id]


def test_ten_ratings_of_nine_people_wait(place: Any) -> None:  # trust 4.1
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 9)
    settled(provider, place, [1], rater=f"{1:016}")
    assert release_ratings() == 0


def test_nine_slips_of_its_own_and_one_victim_wait(place: Any) -> None:  # trust 4.2, 5
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 9, rater="", channel="slip")
    settled(provider, place, [5] * 9, channel="slip")
    settled(provider, place, [5] * 9, channel="phone", by_staff=True)
    settled(provider, place, [1] * 8)
    assert release_ratings() == 0
    settled(provider, place, [1])
    assert release_ratings() == 36
    (batch,) = batches()
    assert (batch.raters, batch.n1, batch.n5, batch.by_staff) == (10, 9, 27, 9)


def test_who_rated_twenty_services_weighs_as_one(place: Any) -> None:  # trust 4.2
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 12)
    settled(provider, place, [1] * 19, rater="x" * 16)
    settled(provider, place, [2], rater="x" * 16, rated_on=DAY + timedelta(days=7))
    assert release_ratings() == 32
    (batch,) = batches()
    assert (batch.raters, batch.n1, batch.n2, batch.n5) == (13, 0, 1, 12)
    assert db.session.scalar(select(func.count()).where(Rating.batch_id == batch.id)) == 32
    assert standing_of(provider, Numbers()).ratings == 13


def test_who_gave_a_published_rating_is_forgotten(place: Any) -> None:  # trust 1.4
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 10)
    release_ratings()
    db.session.expire_all()
    assert {(one.rater, one.inviter, one.device) for one in db.session.scalars(select(Rating))} == {("", "", "")}


def test_figures_stand_for_a_week_however_many_come(place: Any) -> None:  # trust 4.2
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 10)
    release_ratings(DAY)
    settled(provider, place, [1] * 30)
    for days in range(7):
        assert release_ratings(DAY + timedelta(days=days)) == 0
    assert release_ratings(DAY + timedelta(days=7)) == 30
    assert [one.number for one in db.session.scalars(select(RatingRelease).order_by(RatingRelease.id))] == [1, 2]
    with builders.at(DAY + timedelta(days=8)):
        assert standing_of(provider, Numbers()).ratings == 40


def test_what_can_still_be_changed_and_what_is_held_is_not_published(place: Any) -> None:  # ratings F10
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 10)
    settled(provider, place, [4] * 4, settled=False)
    settled(provider, place, [1] * 3, hold_id=a_hold(provider).id)
    a_hold(provider, "left_out", 2)
    assert release_ratings() == 10
    assert [one.n1 + one.n4 for one in batches()] == [0]
    standing = standing_of(provider, Numbers())
    assert (standing.held, standing.left_out) == (3, 2)


def test_the_waiting_of_a_small_village_are_published_with_those_of_its_neighbours(app: Any) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.county)
    for village, count in zip(tree.villages, (4, 7, 12), strict=True):
        settled(provider, village, [4] * count)
    assert release_ratings() == 23
    assert {(one.region_id, one.raters) for one in batches()} == {(tree.township.id, 11), (tree.villages[2].id, 12)}


def test_a_contract_has_its_own_figures_where_it_has_ten_people(app: Any) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.county)
    contract = on_a_contract(provider, tree.villages[0])
    settled(provider, tree.villages[0], [2] * 10, contract_id=contract.id)
    settled(provider, tree.villages[0], [5] * 10)
    release_ratings()
    assert contract_counts(contract.id) == (0, 10, 0, 0, 0)


def test_who_could_have_answered_counts_as_invited_once(place: Any) -> None:  # ratings F5
    provider = builders.a_provider(place)

    @action
    def served(day: date, count: int) -> None:
        by = builders.staff_of(provider).id
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=clock.CHINA)
        for _ in range(count):
            db.session.add(
                ServiceRecord(
                    provider_id=provider.id,
                    region_id=place.id,
                    category="0401",
                    served_on=day,
                    recorded_at=moment,
                    recorded_by_id=by,
                )
            )

    served(DAY - timedelta(days=20), 25)
    served(DAY - timedelta(days=3), 5)
    settled(provider, place, [5] * 10)
    release_ratings(DAY)
    settled(provider, place, [5] * 10)
    release_ratings(DAY + timedelta(days=7))
    assert db.session.scalars(select(RatingRelease.invited).order_by(RatingRelease.id)).all() == [25, 5]


def test_the_usual_grades_are_those_of_all_that_was_published_in_a_year(app: Any) -> None:  # ratings F3
    tree = builders.a_region_tree()
    for name in ("甲社", "乙社"):
        settled(builders.a_provider(tree.county, name), tree.villages[0], [5] * 8 + [3] * 4)
    settled(builders.a_provider(tree.county, "丙社"), tree.villages[0], [1] * 11, category="0901")
    release_ratings()
    mix = {(one.group_code, one.grade): one.ratings for one in db.session.scalars(select(RatingMix)) if one.ratings}
    assert mix == {("04", 5): 16, ("04", 3): 8, ("09", 1): 11}


def test_released_from_many_sides_at_once_it_is_one_release(app: Any, elsewhere: Callable[..., Any]) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    settled(provider, place, [4] * 25)
    with ThreadPoolExecutor(6) as threads:
        done = [threads.submit(elsewhere, release_ratings) for _ in range(6)]
    db.session.rollback()
    assert sorted(one.result() for one in done) == [0] * 5 + [25]
    assert len(batches()) == 1
    assert db.session.scalar(select(func.count()).select_from(RatingRelease)) == 1


def test_a_look_at_a_site_where_nothing_waits_writes_nothing(place: Any) -> None:
    provider = builders.a_provider(place)
    settled(provider, place, [5] * 30)
    release_ratings()
    with statements() as said:
        assert release_ratings() == 0
    assert len(said) == 1
    assert said[0].startswith("SELECT")
