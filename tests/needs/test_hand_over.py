"""A need goes to another office under its own number, and everyone sees who owes the answer."""

from datetime import timedelta
from typing import Any

import pytest

from portal.needs.handing import cases_for, cases_of
from portal.needs.models import HandOver
from portal.notifications.models import Notice
from portal.regions.models import Region
from portal.store import db
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}
WORDS = "路灯归城管管，请安排维修。"


def handed(client: InspectingClient, village: Region, need: Any, **typed: str) -> Any:
    builders.signed_in(client, builders.a_committee(village))
    data = {"to": str(builders.a_region_tree().county.id), "office": "城市管理局", "words": WORDS, **typed}
    answer = client.post(f"/{village.code}/cases/new/{need.id}", data=data)
    db.session.rollback()
    return answer


def test_a_need_keeps_its_number_whoever_sees_to_it(client: InspectingClient, village: Region) -> None:  # B11, B3
    author = builders.a_resident(village)
    need, county = builders.a_need(village, author=author), builders.a_region_tree().county
    for _ in range(2):
        assert handed(client, village, need).status_code == 303
    ((case, place),) = cases_of(need)
    assert place.id == county.id
    builders.signed_in(client, builders.an_official(county))
    assert client.post(f"/{county.code}/cases/{case.id}/", data={"words": ""}).status_code == 422
    for _ in range(2):
        client.post(f"/{county.code}/cases/{case.id}/", data={"words": "已换新灯。"})
    said = client.get(f"/{village.code}/thread/{need.id}", headers=ENGLISH).text
    assert "Handed to 城市管理局" in said
    assert "已换新灯。" in said
    told = db.session.scalars(db.select(Notice.template).where(Notice.person_id == author.id)).all()
    assert "need_handed" in told
    assert told.count("need_answered") == 1


def test_an_overdue_answer_is_shown_as_late(client: InspectingClient, village: Region, at: Any) -> None:  # B11
    county = builders.a_region_tree().county
    handed(client, village, builders.a_need(village))
    ((case, _, _),) = cases_for(county)
    assert 'class="late"' not in client.get(f"/{county.code}/cases/").text
    with at(case.due_at + timedelta(minutes=1)):
        assert 'class="late"' in client.get(f"/{county.code}/cases/").text


def test_a_need_is_with_one_office_at_a_time(client: InspectingClient, village: Region) -> None:  # B11
    need = builders.a_need(village)
    handed(client, village, need)
    assert handed(client, village, need, office="住建局").status_code == 422
    assert len(cases_of(need)) == 1


@pytest.mark.parametrize(
    "typed", [{"to": "999999"}, {"to": "x"}, {"office": ""}, {"words": ""}, {"words": "请打 13812345678"}]
)
def test_what_is_typed_wrong_stays_beside_its_error(  # B11
    client: InspectingClient, village: Region, typed: dict[str, str]
) -> None:
    need = builders.a_need(village)
    answer = handed(client, village, need, **typed)
    assert answer.status_code == 422
    kept = {"office": "城市管理局", "words": WORDS} | typed
    assert kept["office"] in answer.text
    assert kept["words"] in answer.text
    assert not db.session.scalars(db.select(HandOver)).all()


def test_a_private_need_is_not_handed_on(client: InspectingClient, village: Region) -> None:  # B11, A14
    assert handed(client, village, builders.a_need(village, private=True)).status_code == 422
    assert not db.session.scalars(db.select(HandOver)).all()


def test_another_place_s_official_does_not_answer(client: InspectingClient, village: Region) -> None:  # B11
    need, tree = builders.a_need(village), builders.a_region_tree()
    handed(client, village, need)
    ((case, _),) = cases_of(need)
    builders.signed_in(client, builders.an_official(tree.township))
    assert client.post(f"/{tree.county.code}/cases/{case.id}/", data={"words": "已办。"}).status_code == 403
    assert client.post(f"/{tree.township.code}/cases/{case.id}/", data={"words": "已办。"}).status_code == 404


def test_what_waits_for_the_committee_is_not_handed_on(client: InspectingClient, village: Region) -> None:  # B11
    assert handed(client, village, builders.a_need(village, state="submitted")).status_code == 422
    assert not db.session.scalars(db.select(HandOver)).all()
