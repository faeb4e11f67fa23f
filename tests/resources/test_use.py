"""How much premises are used: booked open hours of all open hours."""

from dataclasses import replace
from datetime import date

from portal.regions.models import Region
from portal.resources.actions import revise_resource, withdraw_resource
from portal.resources.booking import cancel_booking
from portal.resources.calendars import use_in
from portal.resources.models import Booking
from portal.rules.bookings import Use
from portal.store import db
from tests import builders
from tests.client import InspectingClient
from tests.resources import making

ENGLISH = {"Accept-Language": "en"}
OCTOBER = date(2026, 10, 1)


def test_use_is_booked_open_hours_of_all_open_hours_of_a_month(  # A55
    village: Region, client: InspectingClient
) -> None:
    with builders.at("2026-09-20"):
        premises = making.a_resource(village)
        for day in range(1, 11):
            making.a_booking(village, premises, date(2026, 10, day), 8 * 60, 12 * 60)
        making.a_booking(village, premises, date(2026, 9, 30), 8 * 60, 12 * 60)
        making.a_booking(village, premises, date(2026, 11, 1), 8 * 60, 12 * 60)
    seen = use_in(village, OCTOBER)
    assert seen.total == Use(31 * 12 * 60, 10 * 4 * 60)
    assert (seen.total.hundredths, seen.places) == (1075, [(seen.places[0][0], seen.total)])
    page = client.get(f"/{village.code}/resources/use?month=2026-10", headers=ENGLISH).text
    assert "10.75 %: 40 of 372 hours" in page
    csv = client.get(f"/{village.code}/resources/use.csv?month=2026-10", headers=ENGLISH).get_data(as_text=True)
    assert ",22320,2400,10.75" in csv
    assert "No premises" in client.get(f"/{village.code}/resources/use?month=2026-08", headers=ENGLISH).text


def test_cancelled_bookings_do_not_count(village: Region) -> None:  # A55
    with builders.at("2026-09-20"):
        premises = making.a_resource(village)
        booking = making.a_booking(village, premises, date(2026, 10, 5))
        cancel_booking(making.keeper(village), premises, booking)
    assert use_in(village, OCTOBER).total.booked == 0


def test_premises_are_counted_from_the_day_they_are_listed_to_the_day_they_are_withdrawn(
    village: Region,
) -> None:  # A55
    with builders.at("2026-10-11"):
        premises = making.a_resource(village)
    assert use_in(village, OCTOBER).total.open == 21 * 12 * 60
    with builders.at("2026-10-20"):
        withdraw_resource(making.keeper(village), village, premises, "另有用途")
    assert use_in(village, OCTOBER).total.open == 10 * 12 * 60
    assert not use_in(village, date(2026, 11, 1)).premises


def test_new_hours_leave_the_days_that_have_been_as_they_were(village: Region) -> None:  # A55
    with builders.at("2026-09-20"):
        premises = making.a_resource(village)
    with builders.at("2026-10-15"):
        shorter = replace(making.PREMISES.premises, week=((480, 540),) * 7)  # type: ignore[type-var]
        revise_resource(making.keeper(village), village, premises, replace(making.PREMISES, premises=shorter))
    assert use_in(village, OCTOBER).total.open == 15 * 12 * 60 + 16 * 60


def test_no_booking_ever_lies_outside_of_the_hours_it_is_counted_against(village: Region) -> None:  # A55
    with builders.at("2026-10-14"):
        premises = making.a_resource(village)
        for day in range(15, 32):
            making.a_booking(village, premises, date(2026, 10, day), 16 * 60, 20 * 60)
    with builders.at("2026-10-15"):  # noon in UTC: 20:00 in China, so that today's booking has been
        closed = replace(making.PREMISES.premises, week=(None,) * 7)  # type: ignore[type-var]
        revise_resource(making.keeper(village), village, premises, replace(making.PREMISES, premises=closed))
    assert use_in(village, OCTOBER).total == Use(2 * 12 * 60, 4 * 60)


def test_use_is_added_up_by_place_and_in_all(village: Region, client: InspectingClient) -> None:  # A55
    tree = builders.a_region_tree()
    with builders.at("2026-09-20"):
        for place, bookings in ((village, 3), (tree.villages[1], 1)):
            premises = making.a_resource(place)
            for day in range(1, bookings + 1):
                making.a_booking(place, premises, date(2026, 10, day), 8 * 60, 9 * 60)
    seen = use_in(tree.county, OCTOBER)
    assert {place.code: use.booked for place, use in seen.places} == {village.code: 180, tree.villages[1].code: 60}
    assert seen.total == sum((use for _, use in seen.places), Use())
    page = client.get(f"/{tree.county.code}/resources/use?month=2026-10", headers=ENGLISH).text
    assert "By place" in page
    assert db.session.query(Booking).count() == 4
