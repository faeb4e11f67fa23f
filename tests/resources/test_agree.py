"""Agreements on premises and goods, and the hours owed and delivered."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.regions.models import Region
from portal.resources.agreeing import end_agreement, enter_hours
from portal.resources.models import HoursEntry, PremisesAgreement, Resource
from portal.rules import Refused
from portal.rules.resources import ResourceKind
from portal.store import db
from portal.store.clock import today
from tests import builders
from tests.client import InspectingClient
from tests.resources import making

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def premises(village: Region) -> Resource:
    return making.a_resource(village)


@pytest.fixture
def committee(village: Region, client: InspectingClient) -> InspectingClient:
    return builders.signed_in(client, builders.a_committee(village))  # type: ignore[return-value]


def typed(provider_id: int, **changes: Any) -> dict[str, Any]:
    return {
        "provider": str(provider_id),
        "mode": "service_exchange",
        "from_on": "2027-01-01",
        "until_on": "2027-12-31",
        "hours": "120",
        "value": "24000",
        "valuation": "周边同类房屋租金",
        "words": "每周一次义诊。",
        "key": "a" * 32,
        **changes,
    }


def agree(client: Any, village: Region, resource: Resource, values: dict[str, Any]) -> Any:
    return client.post(f"/{village.code}/resources/{resource.id}/agree", data=values, headers=ENGLISH)


def test_everyone_reads_the_terms_the_value_in_kind_and_how_it_was_found(  # A51, A53, A54
    village: Region, premises: Resource, committee: InspectingClient
) -> None:
    provider = builders.a_provider(village)
    answer = agree(committee, village, premises, typed(provider.id))
    builders.signed_in(committee, None)
    page = committee.get(answer.location, headers=ENGLISH).text
    for words in (
        provider.name,
        "Exchange of services",
        "24,000",
        "no cash",
        "周边同类房屋租金",
        "0 of 120 hours delivered",
    ):
        assert words in page
    made = db.session.scalars(select(PremisesAgreement)).one()
    assert (made.minutes_owed, made.value_fen) == (7200, 2_400_000)


@pytest.mark.parametrize("mode", ["free_use", "entrusted_operation"])
def test_free_use_and_entrusted_operation_may_owe_nothing(  # A51, A53
    village: Region, premises: Resource, committee: InspectingClient, mode: str
) -> None:
    values = typed(builders.a_provider(village).id, mode=mode, hours="", value="", valuation="")
    assert agree(committee, village, premises, values).status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"until_on": "2026-12-31"}, "It ends before it begins."),
        ({"provider": ""}, "not registered for this place"),
        ({"mode": "free_use"}, "Free use owes no hours"),
        ({"hours": ""}, "An exchange owes hours of service"),
        ({"mode": "agreed_exchange", "hours": "0"}, "An exchange owes hours of service"),
        ({"hours": "many"}, "Please give hours such as 12 or 12.5."),
        ({"valuation": ""}, "how this value was found"),
        ({"value": ""}, "the value that was found"),
        ({"value": "about 12"}, "an amount in yuan"),
        ({"mode": ""}, "one of the ways shown"),
        ({"words": "找13800138000"}, "leave phone numbers out"),
    ],
)
def test_terms_that_do_not_hold_are_refused_beside_the_field_and_nothing_is_lost(  # A51, A53, A54
    village: Region, premises: Resource, committee: InspectingClient, changes: dict[str, str], said: str
) -> None:
    values = typed(builders.a_provider(village).id, **changes)
    answer = agree(committee, village, premises, values)
    assert (answer.status_code, db.session.scalar(select(PremisesAgreement))) == (422, None)
    assert said in answer.text
    assert all(value in answer.text for value in values.values())


def test_a_provider_that_is_not_registered_there_gets_nothing(  # A51
    village: Region, premises: Resource, committee: InspectingClient
) -> None:
    stranger = builders.a_provider(builders.a_region_tree().villages[1])
    assert "not registered for this place" in agree(committee, village, premises, typed(stranger.id)).text
    with pytest.raises(Refused, match="not registered"):
        making.an_agreement(village, premises, stranger)


@pytest.mark.parametrize(
    ("first", "last", "stands"),
    [(0, 10, False), (10, 20, False), (-5, 0, False), (11, 20, True), (-5, -1, True), (2, 3, False), (-5, 20, False)],
)
def test_two_agreements_never_overlap(  # A51
    village: Region, premises: Resource, first: int, last: int, stands: bool
) -> None:
    start = today() + timedelta(days=30)
    provider = builders.a_provider(village)
    making.an_agreement(village, premises, provider, from_on=start, until_on=start + timedelta(days=10))
    days = {"from_on": start + timedelta(days=first), "until_on": start + timedelta(days=last)}
    if stands:
        making.an_agreement(village, premises, provider, **days)
        return
    with pytest.raises(Refused, match="Another agreement"):
        making.an_agreement(village, premises, provider, **days)


def test_goods_are_lent_and_people_are_not(village: Region) -> None:  # A51
    making.an_agreement(village, making.a_resource(village, making.GOODS))
    with pytest.raises(Refused, match="premises and goods"):
        making.an_agreement(village, making.a_resource(village, making.GOODS, kind=ResourceKind.PEOPLE))


def test_the_ledger_of_hours_shows_each_entry_and_the_balance(  # A53
    village: Region, premises: Resource, committee: InspectingClient
) -> None:
    agreement = making.an_agreement(village, premises)
    there = f"/{village.code}/resources/{premises.id}/agreements/{agreement.id}/"
    for number, hours in enumerate(("60", "40", "-2.5")):
        values = {"hours": hours, "served_on": today().isoformat(), "words": "义诊", "key": f"{number}" * 32}
        assert committee.post(f"{there}hours", data=values).status_code == 303
        assert committee.post(f"{there}hours", data=values).status_code == 303, "twice it is once"
    page = committee.get(there, headers=ENGLISH).text
    assert "97:30 of 100 hours delivered, 2:30 still owed" in page
    assert "-2:30" in page
    assert "still owes 2:30 hours" in committee.get(f"{there}hours", headers=ENGLISH).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours": "100:01"}, "Only 100 hours are still owed"),
        ({"hours": "-1"}, "Only 0 hours were entered"),
        ({"hours": "0"}, "Please give hours"),
        ({"hours": "some"}, "Please give hours"),
        ({"served_on": "2999-01-01"}, "has not come yet"),
        ({"served_on": "2020-01-01"}, "outside of the agreement"),
        ({"words": "x"}, "Please say what was done"),
    ],
)
def test_hours_that_cannot_be_are_refused(  # A53
    village: Region, premises: Resource, committee: InspectingClient, changes: dict[str, str], said: str
) -> None:
    agreement = making.an_agreement(village, premises)
    values = {"hours": "3", "served_on": today().isoformat(), "words": "义诊", "key": "h" * 32, **changes}
    there = f"/{village.code}/resources/{premises.id}/agreements/{agreement.id}/hours"
    answer = committee.post(there, data=values, headers=ENGLISH)
    assert (answer.status_code, db.session.scalar(select(HoursEntry))) == (422, None)
    assert said in answer.text


def test_simultaneous_entries_never_deliver_more_than_is_owed(  # A53
    village: Region, premises: Resource, elsewhere: Callable[..., Any]
) -> None:
    agreement, keeper = making.an_agreement(village, premises, minutes_owed=300), making.keeper(village)
    number_of, gate = agreement.id, threading.Barrier(24)

    def one(number: int) -> None:
        gate.wait()
        try:
            found = db.session.get_one(PremisesAgreement, number_of)
            enter_hours(keeper, found, 60, today(), "义诊", f"{number:032}")
        except Refused:
            pass

    threads = [threading.Thread(target=elsewhere, args=(one, number)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.execute(select(func.count(), func.sum(HoursEntry.minutes))).one() == (5, 300)


def test_an_agreement_ends_early_with_a_public_reason_and_frees_the_premises(  # A51
    village: Region, premises: Resource, committee: InspectingClient
) -> None:
    agreement = making.an_agreement(village, premises)
    there = f"/{village.code}/resources/{premises.id}/agreements/{agreement.id}/"
    assert committee.post(f"{there}end", data={"ended_on": today().isoformat(), "reason": ""}).status_code == 422
    values = {"ended_on": today().isoformat(), "reason": "机构搬走了"}
    assert committee.post(f"{there}end", data=values).status_code == 303
    builders.signed_in(committee, None)
    assert "机构搬走了" in committee.get(there).text
    db.session.expire_all()
    next_day = today() + timedelta(days=1)
    making.an_agreement(village, premises, from_on=next_day, until_on=next_day + timedelta(days=9))


@pytest.mark.parametrize(("days", "said"), [(-1, "in the past|outside"), (400, "outside of the agreement")])
def test_an_agreement_ends_on_none_but_one_of_its_days(  # A51
    village: Region, premises: Resource, days: int, said: str
) -> None:
    agreement = making.an_agreement(village, premises)
    with pytest.raises(Refused, match=said):
        end_agreement(making.keeper(village), premises, agreement, today() + timedelta(days=days), "机构搬走了")


def test_what_has_ended_does_not_end_again(village: Region, premises: Resource) -> None:  # A51
    agreement, keeper = making.an_agreement(village, premises), making.keeper(village)
    end_agreement(keeper, premises, agreement, today() + timedelta(days=3), "机构搬走了")
    with pytest.raises(Refused, match="ended already"):
        end_agreement(keeper, premises, agreement, today() + timedelta(days=2), "机构搬走了")
    assert agreement.ended_on == today() + timedelta(days=3)
    assert isinstance(agreement.until_on, date)
