"""Committees and officials look, providers answer in time, and everyone reads both."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.notifications.models import Notice
from portal.projects.models import Participation
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.credit import EventKind
from portal.rules.supervision import PHASE_OF, Phase
from portal.store import clock, db
from portal.supervision import checking
from portal.supervision.models import DeliveryCheck
from portal.supervision.queries import list_of, lists_of, pace_of
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import a_serving_contract
from tests.counting import statements
from tests.stars.making import an_event
from tests.supervision.making import a_check, watched

FOUND = {"point": "served_as_agreed", "words": "上周两次没有上门。", "present": "6", "mend": "y"}

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def contract(app: Flask) -> Any:
    return a_serving_contract()


@pytest.fixture
def village(contract: Any) -> Region:
    project = db.session.get_one(builders.Project, contract.project_id)
    return db.session.get_one(Region, project.region_id)


def checked(client: InspectingClient, village: Region, contract: Any, **typed: str) -> Any:
    builders.signed_in(client, builders.a_committee(village))
    data = {**FOUND, "key": "k" * 32, "found_on": clock.today().isoformat(), **typed}
    return client.post(f"/{village.code}/supervision/{contract.id}/check", data=data)


def the_check() -> DeliveryCheck:
    db.session.rollback()
    return db.session.scalars(db.select(DeliveryCheck)).one()


def the_staff(contract: Any) -> Any:
    return builders.staff_of(db.session.get_one(Provider, contract.provider_id))


def test_a_committee_s_check_is_answered_by_the_provider_in_public(  # A31, A27, A23
    client: InspectingClient, contract: Any, village: Region
) -> None:
    staff = the_staff(contract)
    for _ in range(2):
        assert checked(client, village, contract).status_code == 303
    check = the_check()
    assert check.answer_due_at
    told = db.session.scalars(db.select(Notice).where(Notice.person_id == staff.id)).all()
    assert "check_waits" in [one.template for one in told]
    part = db.session.scalars(db.select(Participation).where(Participation.source == f"check:{check.id}")).one()
    assert (part.way, part.took_part) == ("check", 6)
    builders.signed_in(client, staff)
    assert client.post(f"/checks/{check.id}", data={"answer": ""}).status_code == 422
    for _ in range(2):
        assert client.post(f"/checks/{check.id}", data={"answer": "已补上两次服务。"}).status_code == 303
    other = client.post(f"/checks/{check.id}", data={"answer": "改口。"}, headers=ENGLISH)
    assert "answered already" in other.text
    builders.signed_in(client, None)
    said = client.get(f"/{village.code}/supervision/{contract.id}/", headers=ENGLISH).text
    assert "上周两次没有上门。" in said
    assert "已补上两次服务。" in said
    assert "改口。" not in said


def test_a_check_with_something_to_mend_is_not_closed_without_an_answer(  # A31
    client: InspectingClient, contract: Any, village: Region
) -> None:
    checked(client, village, contract)
    address = f"/{village.code}/supervision/{contract.id}/{the_check().id}/close"
    client.post(address)
    assert the_check().closed_at is None
    builders.signed_in(client, the_staff(contract))
    client.post(f"/checks/{the_check().id}", data={"answer": "已补上。"})
    builders.signed_in(client, builders.a_committee(village))
    client.post(address)
    assert the_check().closed_at


def test_only_who_looked_says_that_it_is_mended(  # A31
    client: InspectingClient, contract: Any, village: Region
) -> None:
    county = builders.a_region_tree().county
    check = a_check(contract)
    assert check.region_id == county.id
    checking.answer_check(builders.actor(the_staff(contract)), check, "已补上。")
    builders.signed_in(client, builders.a_committee(village))
    assert "It is mended" not in client.get(f"/{village.code}/supervision/{contract.id}/", headers=ENGLISH).text
    assert client.post(f"/{village.code}/supervision/{contract.id}/{check.id}/close").status_code == 403
    assert the_check().closed_at is None
    builders.signed_in(client, builders.an_official(county))
    assert "It is mended" in client.get(f"/{village.code}/supervision/{contract.id}/", headers=ENGLISH).text
    client.post(f"/{county.code}/supervision/{contract.id}/{check.id}/close")
    assert the_check().closed_at


def test_a_check_with_nobody_counts_no_participation(  # A23, A31
    client: InspectingClient, contract: Any, village: Region
) -> None:
    assert checked(client, village, contract, present="0").status_code == 303
    source = f"check:{the_check().id}"
    assert not db.session.scalars(db.select(Participation).where(Participation.source == source)).all()


def test_an_overdue_answer_is_red_and_stays_late(  # A31, B30
    client: InspectingClient, contract: Any, village: Region, at: Any
) -> None:
    checked(client, village, contract)
    with at(the_check().answer_due_at + timedelta(hours=1)):
        assert "late" in client.get(f"/{village.code}/supervision/", headers=ENGLISH).text
        builders.signed_in(client, the_staff(contract))
        client.post(f"/checks/{the_check().id}", data={"answer": "已补上。"})
        assert 'class="late"' in client.get(f"/{village.code}/supervision/{contract.id}/", headers=ENGLISH).text


def test_another_provider_cannot_answer(client: InspectingClient, contract: Any, village: Region) -> None:  # A31
    checked(client, village, contract)
    other = builders.a_provider(builders.a_region_tree().county, "别家社工站")
    builders.signed_in(client, builders.staff_of(other))
    assert client.post(f"/checks/{the_check().id}", data={"answer": "不是我们。"}).status_code == 403
    assert the_check().answered_at is None


def test_the_list_says_what_is_late(client: InspectingClient, contract: Any, village: Region, at: Any) -> None:  # B30
    with at(clock.now() + timedelta(days=40)):
        said = client.get(f"/{village.code}/supervision/", headers=ENGLISH).text
        assert "8 are late" in said
        assert "10 days late" in client.get(f"/{village.code}/supervision/{contract.id}/", headers=ENGLISH).text


def test_what_is_typed_wrong_stays_beside_its_error(  # A31
    client: InspectingClient, contract: Any, village: Region
) -> None:
    answer = checked(client, village, contract, words="请打 13812345678", present="viele")
    assert answer.status_code == 422
    assert "13812345678" in answer.text
    assert "viele" in answer.text
    assert not db.session.scalars(db.select(DeliveryCheck)).all()


def test_a_contract_of_elsewhere_is_not_found(client: InspectingClient, contract: Any, village: Region) -> None:
    elsewhere = builders.a_region_tree().villages[2]
    assert elsewhere.id != village.id
    assert client.get(f"/{elsewhere.code}/supervision/{contract.id}/").status_code == 404


def test_the_pages_ask_few_statements(client: InspectingClient, contract: Any, village: Region) -> None:
    for number in range(3):
        checked(client, village, contract, key=f"{number}" * 32)
    for address, most in ((f"/{village.code}/supervision/", 9), (f"/{village.code}/supervision/{contract.id}/", 9)):
        client.get(address)
        with statements() as said:
            client.get(address, inspect=False)
        assert len(said) <= most, said


@pytest.mark.parametrize(("kind", "every"), [(None, 30), (EventKind.HONOUR, 60), (EventKind.FALSE_RATINGS, 15)])
def test_credit_decides_how_often_a_service_is_looked_at(  # A69
    client: InspectingClient, contract: Any, kind: EventKind | None, every: int
) -> None:
    provider, buyer = db.session.get_one(Provider, contract.provider_id), db.session.get_one(Region, contract.region_id)
    if kind:
        an_event(provider, buyer, kind)
    found = watched(contract)
    for due in (list_of(found, pace_of(found)), lists_of([found])[contract.id]):
        next_look = {one.due_on for one in due if PHASE_OF[one.point] is Phase.DURING}
        assert next_look == {contract.starts_on + timedelta(days=every)}
    text = client.get(f"/{buyer.code}/supervision/{contract.id}/", headers=ENGLISH).text
    assert f"every {every} days" in text
