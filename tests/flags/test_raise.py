"""What looks odd is held, once for each thing, and nothing else is."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.flags.queries import held_now, is_doubted
from portal.flags.raising import raise_flags
from portal.flags.words import evidence
from portal.ratings.inviting import inviter_mark
from portal.ratings.models import Rating, RatingDay, ServiceRecord
from portal.ratings.releasing import release_ratings
from portal.ratings.settling import settle_ratings
from portal.rules import Refused
from portal.rules.flags import Flag
from portal.rules.reviews import Verdict
from portal.store import action, clock, db
from tests import builders
from tests.flags.making import a_hold, decided, decided_by_two, holds, ratings_of, waiting
from tests.providers.making import published

A_DAY = "2026-11-21"
"""A Saturday."""


@pytest.fixture
def provider(app: Flask, village: Any) -> Any:
    return builders.a_provider(village)


def flags() -> list[tuple[str, int]]:
    return [(one.flag, one.held) for one in holds()]


def test_many_people_on_one_device_are_held_once_and_others_are_not(provider: Any) -> None:
    honest = waiting(provider, 5)
    waiting(provider, 9, device="d" * 16)
    assert raise_flags() == 1
    assert [raise_flags() for _ in range(2)] == [0, 0], "again nothing is new"
    (hold,) = holds()
    assert (hold.flag, hold.held, hold.region_id) == ("device", 9, provider.region_id)
    assert {one.device for one in ratings_of(hold)} == {"d" * 16}
    assert not any(db.session.get_one(Rating, one.key).hold_id for one in honest)
    assert held_now(provider.id) == 9


def test_what_comes_from_there_later_joins_until_somebody_has_decided(provider: Any, village: Any) -> None:
    waiting(provider, 9, device="d" * 16)
    raise_flags()
    waiting(provider, 1, device="d" * 16)
    assert raise_flags() == 0
    (hold,) = holds()
    assert (hold.held, hold.evidence["held"]) == (10, 10)
    decided(hold, builders.a_committee(village), Verdict.LEFT_OUT)
    waiting(provider, 1, device="d" * 16)
    assert raise_flags() == 1, "what the first has not seen, two others see"
    assert flags() == [("device", 10), ("device", 1)]


def test_what_two_people_counted_is_not_held_again_and_is_published(provider: Any, at: Any) -> None:
    with at(A_DAY):
        hold = a_hold(provider)
        decided_by_two(hold, Verdict.COUNTED)
        assert not ratings_of(hold)
        waiting(provider, 9, device=hold.about)
        assert raise_flags() == 0, "in the same month the same device is not asked about again"
    with at("2026-11-30"):
        settle_ratings()
        assert release_ratings() == 21


def test_held_and_left_out_ratings_are_settled_and_never_published_nor_deleted(provider: Any, at: Any) -> None:
    with at(A_DAY):
        a_hold(provider)
        waiting(provider, 12)
    with at("2026-11-30"):
        settle_ratings()
        assert release_ratings() == 12
        (hold,) = holds()
        decided_by_two(hold, Verdict.LEFT_OUT)
    with at("2026-12-20"):
        assert release_ratings() == 0
        kept = ratings_of(hold)
        assert len(kept) == 12
        assert all(one.settled and one.batch_id is None for one in kept)
        assert {(one.rater, one.inviter, one.device) for one in kept} == {("", "", "")}


def test_a_day_is_measured_by_the_28_before_also_when_they_are_settled(provider: Any, at: Any) -> None:  # F10
    @action
    def a_quiet_month() -> None:
        days = (clock.today() - timedelta(days=back) for back in range(8, 29))
        db.session.add_all([RatingDay(provider_id=provider.id, day=day, ratings=4) for day in days])

    with at(A_DAY):
        a_quiet_month()
        waiting(provider, 12, over=1)
        assert raise_flags() == 0
        waiting(provider, 20, over=1)
        raise_flags()
        assert flags() == [("burst", 32)]


def test_other_grades_than_those_published_are_held_when_their_week_is_over(provider: Any, at: Any) -> None:  # F11
    with at(A_DAY):
        published(provider, (5, 8, 20, 60, 107))
        waiting(provider, 15, grade=1)
        assert raise_flags() == 0
    with at("2026-11-23"):
        raise_flags()
        assert flags() == [("shift", 15)]


@action
def served(provider: Any, people: list[Any], count: int, days_ago: int) -> None:
    """So many services that each of `people` recorded, some days ago."""
    day = clock.now() - timedelta(days=days_ago)
    row = {"provider_id": provider.id, "region_id": provider.region_id, "category": "0401", "served_on": day.date()}
    row |= {"recorded_at": day}
    db.session.add_all([ServiceRecord(recorded_by_id=one.id, **row) for one in people for _ in range(count)])


def test_more_best_ratings_than_the_services_since_the_last_release_explain_are_held(provider: Any, at: Any) -> None:
    one, other = [builders.a_committee(region) for region in builders.a_region_tree().villages][:2]
    for weeks in range(20, 0, -1):
        published(provider, (1, 0, 2, 5, 7), invited=45, on=date(2026, 11, 30) - timedelta(weeks=weeks))
    with at("2026-11-30"):
        served(provider, [one, other], 60, 15)
        served(provider, [one, other], 12, 8)
        waiting(provider, 10, grade=4, days_ago=8)
        waiting(provider, 16, days_ago=8)
    with at("2026-12-01"):
        assert raise_flags() == 0, "asked on Mondays"
    with at("2026-11-30"):
        assert raise_flags() == 1
    (hold,) = holds()
    assert (hold.flag, hold.held) == ("best", 26)
    assert hold.evidence == {"held": 26, "services": 24, "by_one": 0}, (
        "what the last release counts is not counted again"
    )
    assert len(evidence(hold)) == 1


def test_best_ratings_by_one_who_records_are_held_without_those_of_others(provider: Any, at: Any) -> None:
    one, other = [builders.a_committee(region) for region in builders.a_region_tree().villages][1:3]
    with at("2026-10-20"):
        published(provider, (10, 10, 30, 100, 150), invited=900)
    with at("2026-12-07"):
        served(provider, [one, other], 22, 8)
        mine = waiting(provider, 22, days_ago=8, inviter=inviter_mark(one.id, "2026-11"))
        for grade in (3, 4, 5):
            waiting(provider, 3, days_ago=8, grade=grade, inviter=inviter_mark(other.id, "2026-11"))
        raise_flags()
        hold = next(one for one in holds() if one.flag == "best")
        assert {one.key for one in ratings_of(hold)} == {one.key for one in mine}
        assert len(evidence(hold)) == 2, "that one person recorded them is said, too"
        with pytest.raises(Refused, match="tied to this provider"):
            decided(hold, one, Verdict.COUNTED)
        decided_by_two(hold, Verdict.COUNTED)
        waiting(provider, 20, days_ago=8, inviter=inviter_mark(one.id, "2026-11"))
        raise_flags()
        assert sum(one.flag == "best" for one in holds()) == 1, "it is not asked again in this month"


def test_one_who_recorded_far_more_than_before_is_seen_across_the_turn_of_a_month(provider: Any, at: Any) -> None:
    people = [builders.a_committee(region) for region in builders.a_region_tree().villages]

    with at("2026-12-08"):
        served(provider, people[:3], 30, 60)
        served(provider, people[:3], 20, 5)
        for month in ("2026-11", "2026-12"):
            waiting(provider, 10, days_ago=2, inviter=inviter_mark(people[0].id, month))
        for who in (1, 2):
            waiting(provider, 3, days_ago=2, inviter=inviter_mark(people[who].id, "2026-11"))
        raise_flags()
        assert ("inviter", 20) in flags()
        refused = pytest.raises(Exception, match="tied to this provider")
        with refused:
            decided(holds()[-1], people[0], Verdict.COUNTED)


def test_published_figures_that_are_too_good_get_a_note_and_hold_nothing(provider: Any, village: Any) -> None:
    published(provider, (0, 0, 0, 0, 400), invited=410)
    assert not is_doubted(provider.id)
    assert raise_flags() == 1
    assert raise_flags() == 0, "once a year"
    assert flags() == [("too_good", 0)]
    assert is_doubted(provider.id)
    decided(holds()[0], builders.a_committee(village), Verdict.COUNTED)
    assert is_doubted(provider.id), "one is not two"
    decided(holds()[0], builders.an_official(village), Verdict.COUNTED)
    assert not is_doubted(provider.id)
    other = builders.a_provider(village, "石榴家政")
    published(other, (10, 10, 30, 150, 300))
    assert raise_flags() == 0


def test_the_same_devices_at_three_providers_are_held_at_each(provider: Any, village: Any) -> None:
    everywhere = [provider, *(builders.a_provider(village, f"机构{i}") for i in range(2))]
    for one in everywhere:
        for device in range(5):
            waiting(one, 1, device=f"d{device}")
        waiting(one, 12)
    assert raise_flags() == 3
    assert {(one.flag, one.held, one.provider_id) for one in holds()} == {
        (Flag.SAME_RATERS.value, 5, one.id) for one in everywhere
    }


def test_no_log_tells_when_a_flag_was_raised(provider: Any) -> None:  # trust 4
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    waiting(provider, 1, early=True)
    assert raise_flags() == 1
    assert db.session.scalar(select(func.count(AuditEntry.id))) == before
    assert not {"key", "rater", "grade", "time"} & set(holds()[0].evidence)


def test_looking_costs_the_same_for_one_provider_and_for_twenty(app: Flask, village: Any) -> None:
    from tests.counting import statements

    counts = []
    for more in (1, 19):
        for number in range(more):
            waiting(builders.a_provider(village, f"机构{more}-{number}"), 3)
        with statements() as said:
            raise_flags()
        counts.append(len(said))
    assert counts[0] == counts[1] <= 14, counts
