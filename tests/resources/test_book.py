"""Premises are booked, each time by one body only."""

import random
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.regions.models import Region
from portal.resources.booking import book_resource, cancel_booking
from portal.resources.calendars import Body
from portal.resources.models import Booking, Resource
from portal.rules import Refused
from portal.rules.bookings import Slot
from portal.store import db
from portal.store.clock import today
from tests import builders
from tests.client import InspectingClient
from tests.resources import making

ENGLISH = {"Accept-Language": "en"}
TAPS = 24


@pytest.fixture
def premises(village: Region) -> Resource:
    return making.a_resource(village)


def tomorrow() -> date:
    return today() + timedelta(days=1)


def typed(village: Region, **changes: Any) -> dict[str, Any]:
    return {
        "body": f"{village.id}-0",
        "day": tomorrow().isoformat(),
        "starts": "09:00",
        "ends": "11:00",
        "purpose": "健康讲座",
        "key": "b" * 32,
        **changes,
    }


def book(client: Any, resource: Resource, village: Region, **changes: Any) -> Any:
    there = f"/{village.code}/resources/{resource.id}/book"
    return client.post(there, data=typed(village, **changes), headers=ENGLISH)


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Booking).where(Booking.cancelled_at.is_(None))) or 0


def test_the_calendar_shows_the_body_and_the_purpose_and_no_person(  # A52
    village: Region, premises: Resource, client: InspectingClient
) -> None:
    committee = builders.a_committee(village)
    builders.signed_in(client, committee)
    answer = book(client, premises, village)
    assert answer.location == f"/{village.code}/resources/{premises.id}/calendar?month={tomorrow():%Y-%m}"
    builders.signed_in(client, None)
    page = client.get(answer.location, headers=ENGLISH).text
    for words in ("长桥社区居委会", "健康讲座", "09:00–11:00"):
        assert words in page
    assert committee.name not in page
    assert "Cancel this booking" not in page
    assert f"{count()}" == "1"


def test_a_provider_books_where_it_is_registered_and_nowhere_else(  # A52
    village: Region, premises: Resource, client: InspectingClient
) -> None:
    provider = builders.a_provider(village)
    elsewhere = builders.a_provider(builders.a_region_tree().villages[1], "别处的机构")
    builders.signed_in(client, builders.staff_of(provider))
    assert book(client, premises, village, body=f"0-{elsewhere.id}").status_code == 422
    assert book(client, premises, village, body=f"{village.id}-0").status_code == 422, "no committee of hers"
    assert book(client, premises, village, body=f"0-{provider.id}").status_code == 303
    assert db.session.scalars(select(Booking.provider_id)).all() == [provider.id]
    builders.signed_in(client, builders.staff_of(elsewhere))
    assert book(client, premises, village, body=f"0-{elsewhere.id}").status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts": "11:00", "ends": "09:00"}, "It ends before it begins."),
        ({"starts": "11:00", "ends": "11:00"}, "It ends before it begins."),
        ({"day": "2020-01-01"}, "This time has passed."),
        ({"starts": "07:00"}, "It is open from 08:00 to 20:00"),
        ({"ends": "20:01"}, "It is open from 08:00 to 20:00"),
        ({"day": "2999-01-01"}, "too far ahead"),
        ({"day": "tomorrow"}, "Not a valid date value."),
        ({"starts": "nine"}, "It is open from 08:00 to 20:00"),
        ({"purpose": ""}, "Please say what it is for"),
        ({"purpose": "找13800138000"}, "leave phone numbers out"),
        ({"starts": "10:59", "ends": "12:00"}, "Taken from 09:00 to 11:00 by 长桥社区居委会."),
        ({"starts": "08:00", "ends": "09:01"}, "Taken from 09:00 to 11:00 by 长桥社区居委会."),
        ({"starts": "11:00", "ends": "12:00"}, ""),
        ({"starts": "08:00", "ends": "09:00"}, ""),
    ],
)
def test_what_cannot_be_booked_is_said_beside_the_field(  # A52
    village: Region, premises: Resource, client: InspectingClient, changes: dict[str, str], said: str
) -> None:
    making.a_booking(village, premises)
    builders.signed_in(client, builders.a_committee(village))
    answer = book(client, premises, village, **changes)
    assert (answer.status_code, count()) == ((422, 1) if said else (303, 2))
    assert said in answer.text
    if said:
        assert all(value in answer.text for value in changes.values())


def test_nothing_is_booked_in_the_past_of_china_though_it_is_ahead_in_utc(village: Region) -> None:
    with builders.at("2026-11-20"):
        premises = making.idle_premises(village, date(2026, 1, 1))
    with builders.at("2026-11-23T00:30:00+08:00"):
        making.a_booking(village, premises, date(2026, 11, 23))
        with pytest.raises(Refused, match="has passed"):
            making.a_booking(village, premises, date(2026, 11, 22))  # A52: the day in China has begun
    with builders.at("2026-11-24T12:00:00+08:00"):
        making.a_booking(village, premises, date(2026, 11, 24), 12 * 60, 13 * 60)
        with pytest.raises(Refused, match="has passed"):
            making.a_booking(village, premises, date(2026, 11, 24), 11 * 60 + 59, 12 * 60)


def test_only_premises_on_the_list_are_booked(village: Region) -> None:  # A52
    for resource in (making.a_resource(village, making.GOODS), making.an_offer(village, making.PREMISES)):
        with pytest.raises(Refused, match="on the public list"):
            making.a_booking(village, resource)


def test_who_booked_cancels_and_the_time_is_free_again(  # A52
    village: Region, premises: Resource, client: InspectingClient
) -> None:
    booking = making.a_booking(village, premises)
    provider = builders.a_provider(village)
    cancel = f"/{village.code}/resources/{premises.id}/bookings/{booking.id}/cancel"
    builders.signed_in(client, builders.staff_of(provider))
    assert client.post(cancel).status_code == 409
    builders.signed_in(client, builders.a_committee(village))
    calendar = f"/{village.code}/resources/{premises.id}/calendar?month={tomorrow():%Y-%m}"
    assert "Cancel this booking" in client.get(calendar, headers=ENGLISH).text
    assert client.post(cancel).status_code == 303
    assert client.post(cancel).status_code == 303, "twice it is once"
    assert "健康讲座" not in client.get(calendar).text
    assert count() == 0
    making.a_booking(village, premises)


def test_a_booking_that_has_begun_is_not_cancelled(  # A52
    village: Region, premises: Resource, client: InspectingClient
) -> None:
    booking = making.a_booking(village, premises)
    builders.signed_in(client, builders.a_committee(village))
    with builders.at(today() + timedelta(days=3)):
        answer = client.post(f"/{village.code}/resources/{premises.id}/bookings/{booking.id}/cancel")
    assert answer.status_code == 409


def test_sent_twice_it_is_booked_once(village: Region, premises: Resource, client: InspectingClient) -> None:  # A52
    builders.signed_in(client, builders.a_committee(village))
    assert [book(client, premises, village).status_code for _ in range(2)] == [303, 303]
    assert count() == 1


def test_no_sequence_of_bookings_and_cancellations_ever_overlaps(village: Region, premises: Resource) -> None:  # A52
    chance, keeper, day = random.Random(52), making.keeper(village), tomorrow()
    standing: list[Booking] = []
    for _ in range(120):
        if standing and chance.random() < 0.35:
            cancel_booking(keeper, premises, standing.pop(chance.randrange(len(standing))))
            continue
        starts = chance.randrange(480, 1190, 10)
        slot = Slot(day, starts, starts + chance.randrange(10, 200, 10))
        free = slot.ends <= 1200 and all(one.ends <= slot.starts or slot.ends <= one.starts for one in standing)
        try:
            standing.append(making.a_booking(village, premises, day, slot.starts, slot.ends))
            assert free
        except Refused:
            assert not free
    kept = db.session.execute(select(Booking.starts, Booking.ends).where(Booking.cancelled_at.is_(None))).all()
    assert sorted(tuple(row) for row in kept) == sorted((one.starts, one.ends) for one in standing)
    assert len(standing) > 1


def at_once(elsewhere: Callable[..., Any], doing: Callable[[int], bool]) -> int:
    """How many of 24 threads that begin together did it."""
    done, gate = [], threading.Barrier(TAPS)

    def run(number: int) -> None:
        gate.wait()
        done.append(elsewhere(doing, number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(TAPS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == TAPS
    return sum(done)


def test_of_simultaneous_bookings_of_one_time_exactly_one_stands(  # A52
    village: Region, premises: Resource, elsewhere: Callable[..., Any]
) -> None:
    keeper, number_of, day = making.keeper(village), premises.id, tomorrow()

    def one(number: int) -> bool:
        resource = db.session.get_one(Resource, number_of)
        slot = Slot(day, 540 + number, 660 + number)
        try:
            book_resource(keeper, village, resource, Body(village.id, None), slot, "健康讲座", f"{number:032}")
        except Refused:
            return False
        return True

    assert at_once(elsewhere, one) == 1
    assert count() == 1
