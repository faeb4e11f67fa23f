"""When its days of change are over a rating is settled: nothing leads to it any more, and nobody can use its link again."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.ratings import settling
from portal.ratings.answering import explain_rating, rate_service
from portal.ratings.models import Rating, RatingComment, RatingDay, Settling, SpentTicket, Ticket
from portal.ratings.queries import rating_key
from portal.ratings.settling import forget_links, settle_ratings
from portal.rules import Refused
from portal.store import db, engines
from portal.store.clock import now
from tests import builders

THURSDAY = date(2026, 11, 26)
MONDAY = date(2026, 11, 23)
STANDS = date(2026, 12, 4)
"""The day from which a rating of that Thursday can no longer be changed."""


def rated(provider: Any, place: Any, grade: int, *, words: str = "", reasons: tuple[str, ...] = ()) -> str:
    """The link of a service that was rated."""
    token: str = builders.a_service(provider, place).ticket
    rate_service(token, grade, device="d" * 16)
    if words or reasons:
        explain_rating(token, reasons, words)
    return token


def all_of(model: Any) -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(model)))


def settled_on(day: date) -> int:
    with builders.at(day):
        return settle_ratings()


def test_nothing_is_settled_while_it_can_be_changed(provider: Any, place: Any) -> None:
    with builders.at(THURSDAY):
        token = rated(provider, place, 4)
    assert settled_on(STANDS - timedelta(days=1)) == 0
    with builders.at(STANDS - timedelta(days=1)):
        rate_service(token, 2)
    assert settled_on(STANDS) == 1
    assert settled_on(STANDS) == 0
    assert [rating.grade for rating in all_of(Rating)] == [2]


def test_a_settled_rating_has_a_key_of_chance_the_week_and_no_words(provider: Any, place: Any) -> None:  # trust 1.4
    with builders.at(THURSDAY):
        token = rated(provider, place, 1, words="等了一小时", reasons=("late",))
        before = all_of(Rating)[0]
        told = (before.provider_id, before.region_id, before.category, before.grade, before.reasons, before.device)
    settled_on(STANDS)
    (after,) = all_of(Rating)
    assert (after.provider_id, after.region_id, after.category, after.grade, after.reasons, after.device) == told
    assert after.key != rating_key(token)
    assert len(after.key) == 64
    assert (after.settled, after.rated_on, after.words, after.photo, after.writer) == (True, MONDAY, "", None, "")


def test_words_go_on_without_their_grade(provider: Any, place: Any) -> None:  # trust 4.6
    with builders.at(THURSDAY):
        rated(provider, place, 1, words="等了一小时")
        rated(provider, place, 5)
        writer = next(rating.writer for rating in all_of(Rating) if rating.words)
    settled_on(STANDS)
    (comment,) = all_of(RatingComment)
    assert (comment.provider_id, comment.category, comment.month, comment.words, comment.writer, comment.state) == (
        provider.id,
        "0401",
        "2026-11",
        "等了一小时",
        writer,
        "waiting",
    )
    assert comment.due_at.date() == date(2026, 12, 9), "the end of the third working day in China, in UTC"
    assert not {column.name for column in RatingComment.__table__.columns} & {"grade", "reasons", "rated_on"}
    assert comment.key not in {rating.key for rating in all_of(Rating)}


def test_a_photo_goes_on_with_no_words(provider: Any, place: Any) -> None:
    with builders.at(THURSDAY):
        token = rated(provider, place, 1)
        explain_rating(token, [], "", "f" * 32)
    settled_on(STANDS)
    (comment,) = all_of(RatingComment)
    assert (comment.words, comment.photo) == ("", "f" * 32)


def test_a_used_link_is_used(client: Any, provider: Any, place: Any) -> None:  # A27
    with builders.at(THURSDAY):
        token = rated(provider, place, 2)
    settled_on(STANDS)
    for day in (STANDS, STANDS + timedelta(days=80)):
        with builders.at(day):
            forget_links()
            with pytest.raises(Refused):
                rate_service(token, 5)
    with builders.at(STANDS):
        page = client.get(f"/rate/{token}", headers={"Accept-Language": "en"}).text
    assert "Your rating stands." in page
    assert "atisfied" not in page
    assert len(all_of(Rating)) == 1


def test_a_link_is_forgotten_with_its_time_and_never_before_what_it_was_used_for(provider: Any, place: Any) -> None:
    with builders.at(THURSDAY):
        token = rated(provider, place, 2)
    settled_on(STANDS)
    builders.with_numbers(place, rating_invitation_days=7)
    (ticket,), (spent,) = all_of(Ticket), all_of(SpentTicket)
    assert spent.hash == rating_key(token)
    assert spent.until >= ticket.until, "else it could be used once more"
    with builders.at(spent.until):
        forget_links()
        assert (len(all_of(Ticket)), len(all_of(SpentTicket))) == (1, 1)
    with builders.at(spent.until + timedelta(days=1)):
        forget_links()
        assert all_of(SpentTicket) == []
        with pytest.raises(Refused, match="too old"):
            rate_service(token, 5)
    with builders.at(ticket.until + timedelta(days=40)):
        forget_links()
        assert all_of(Ticket) == []


def test_how_many_there_were_on_a_day_is_kept_and_added_to(provider: Any, place: Any) -> None:  # F10
    other = builders.a_provider(place, "别家")
    for day, count in ((THURSDAY, 3), (THURSDAY + timedelta(days=1), 2)):
        with builders.at(day):
            for _ in range(count):
                rated(provider, place, 5)
            rated(other, place, 5)
    builders.with_numbers(place, rating_revision_days=7)
    settled_on(STANDS)
    with builders.at(THURSDAY):
        rated(provider, place, 5)  # one more of that day, settled later
    settled_on(STANDS + timedelta(days=1))
    days = {(day.provider_id, day.day): day.ratings for day in all_of(RatingDay)}
    friday = THURSDAY + timedelta(days=1)
    assert days == {
        (provider.id, THURSDAY): 4,
        (provider.id, friday): 2,
        (other.id, THURSDAY): 1,
        (other.id, friday): 1,
    }


def test_each_place_has_its_own_days(app: Any) -> None:
    tree = builders.a_region_tree()
    slow, quick = tree.villages[0], tree.villages[1]
    provider = builders.a_provider(tree.county)
    builders.with_numbers(quick, rating_revision_days=2)
    with builders.at(THURSDAY):
        rated(provider, slow, 3)
        rated(provider, quick, 4)
    settled_on(THURSDAY + timedelta(days=3))
    assert {rating.grade: rating.settled for rating in all_of(Rating)} == {3: False, 4: True}


def test_many_are_settled_in_several_transactions(provider: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "AT_ONCE", 3)
    with builders.at(THURSDAY):
        for number in range(8):
            rated(provider, place, number % 5 + 1, words=f"第{number}次")
    assert settled_on(STANDS) == 8
    assert sorted(rating.grade for rating in all_of(Rating)) == [1, 1, 2, 2, 3, 3, 4, 5]
    assert all(rating.settled for rating in all_of(Rating))
    assert len(all_of(RatingComment)) == len(all_of(SpentTicket)) == 8
    assert [day.ratings for day in all_of(RatingDay)] == [8]


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)  # SQLite's writers take turns
def test_a_tap_that_waits_for_the_settling_counts_nothing_twice(  # A27
    provider: Any, place: Any, monkeypatch: pytest.MonkeyPatch, elsewhere: Callable[..., Any]
) -> None:
    with builders.at(THURSDAY):
        token = rated(provider, place, 2)
    refused: list[str] = []

    def tap() -> None:
        try:
            elsewhere(rate_service, token, 5)
        except Refused as error:
            refused.append(str(error))

    tapping, count = threading.Thread(target=tap), settling._count_days

    def while_somebody_taps(over: Any) -> None:
        tapping.start()
        tapping.join(0.5)
        assert tapping.is_alive(), "it waits for the settling"
        count(over)

    monkeypatch.setattr(settling, "_count_days", while_somebody_taps)
    assert settled_on(STANDS) == 1
    with builders.at(STANDS):
        tapping.join()
    assert len(refused) == 1
    assert [rating.grade for rating in all_of(Rating)] == [2]


def test_what_hinders_the_cleaning_is_tried_again(provider: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with builders.at(THURSDAY):
        rated(provider, place, 2)
    monkeypatch.setattr(engines, "scrub", lambda *_: False)
    assert settled_on(STANDS) == 1
    assert [(one.day, one.cleaned) for one in all_of(Settling)] == [(STANDS, False)]
    monkeypatch.undo()
    assert settled_on(STANDS + timedelta(days=1)) == 0
    assert [(one.day, one.cleaned) for one in all_of(Settling)] == [(STANDS, True)]


def test_the_clock_of_the_site_is_that_of_the_days(provider: Any, place: Any) -> None:
    with builders.at("2026-11-26T15:59:00+00:00"):  # still Thursday in China
        rated(provider, place, 2)
    with builders.at("2026-12-03T15:59:00+00:00"):
        assert (settle_ratings(), now().hour) == (0, 15)
    with builders.at("2026-12-03T16:00:00+00:00"):  # Friday in China
        assert settle_ratings() == 1
