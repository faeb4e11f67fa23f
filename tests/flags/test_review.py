"""Two people who are not tied to it decide, nobody alone, and everyone reads what came of it."""

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.flags.models import HoldDecision
from portal.providers.models import Provider
from portal.rules import Refused
from portal.rules.permissions import Role
from portal.rules.reviews import Judge, Verdict, may_review, verdict_of
from portal.store import db
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import ASSISTING, a_serving_contract
from tests.counting import statements
from tests.flags.making import WHY, a_hold, decided, decided_by_two, holds, ratings_of

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def provider(app: Flask, village: Any) -> Any:
    return builders.a_provider(village)


@pytest.fixture
def hold(provider: Any) -> Any:
    return a_hold(provider)


def post(client: InspectingClient, person: Any, region: Any, hold: Any, verdict: str, reason: str = WHY) -> Any:
    builders.signed_in(client, person)
    return client.post(f"/{region.code}/flags/{hold.id}/", data={"verdict": verdict, "reason": reason}, headers=ENGLISH)


def test_the_first_decision_waits_for_the_second(client: InspectingClient, hold: Any, village: Any) -> None:
    committee, official = builders.a_committee(village), builders.an_official(village)
    for _ in range(2):
        assert post(client, committee, village, hold, "counted").status_code == 303
    assert holds()[0].verdict == ""
    assert len(ratings_of(hold)) == 12
    assert "another person" in post(client, committee, village, hold, "left_out").text
    assert post(client, official, village, hold, "counted").status_code == 303
    assert holds()[0].verdict == "counted"
    assert not ratings_of(hold)
    assert len(db.session.scalars(db.select(AuditEntry).where(AuditEntry.deed == "rating:review")).all()) == 2


def test_a_decision_needs_a_choice_and_a_reason_without_a_telephone_number(
    client: InspectingClient, hold: Any, village: Any
) -> None:
    committee = builders.a_committee(village)
    for verdict, reason in (("", WHY), ("counted", ""), ("perhaps", WHY), ("counted", "请打 13800138000")):
        answer = post(client, committee, village, hold, verdict, reason)
        assert answer.status_code == 422
        assert reason in answer.text
    assert not db.session.scalars(db.select(HoldDecision)).all()


def test_where_two_differ_a_third_from_above_decides(hold: Any, village: Any) -> None:
    tree = builders.a_region_tree()
    decided(hold, builders.a_committee(village), Verdict.COUNTED)
    assert decided(hold, builders.an_official(village), Verdict.LEFT_OUT) is None
    assert holds()[0].verdict == ""
    again = builders._staff("second.official", Role.OFFICIAL, village)
    with pytest.raises(Refused, match="level above"):
        decided(hold, again, Verdict.COUNTED)
    assert decided(hold, builders.an_official(tree.county), Verdict.LEFT_OUT) is Verdict.LEFT_OUT
    assert len(ratings_of(hold)) == 12


def test_who_works_for_the_provider_decides_nothing(hold: Any, provider: Any, village: Any) -> None:
    both = builders.staff_of(provider)
    builders.accounts.grant(both, Role.OFFICIAL, village)
    with pytest.raises(Refused, match="tied to this provider"):
        decided(hold, both, Verdict.COUNTED)


@pytest.mark.parametrize("body", ["committee", "office"])
def test_who_is_paid_in_the_provider_s_contract_decides_nothing(  # trust 5, A28
    app: Flask, village: Any, body: str
) -> None:
    tree = builders.a_region_tree()
    place = village if body == "committee" else tree.township
    contract = a_serving_contract(assisting=replace(ASSISTING, region_id=place.id))
    hold = a_hold(db.session.get_one(Provider, contract.provider_id))
    paid = builders.a_committee(place) if body == "committee" else builders.an_official(place)
    with pytest.raises(Refused, match="tied to this provider"):
        decided(hold, paid, Verdict.LEFT_OUT)
    assert not db.session.scalars(db.select(HoldDecision)).all()
    assert decided(hold, builders.an_official(tree.prefecture), Verdict.LEFT_OUT) is None


def test_another_place_sees_nothing_and_the_one_above_does(client: InspectingClient, hold: Any, village: Any) -> None:
    tree = builders.a_region_tree()
    other = tree.villages[1]
    builders.signed_in(client, builders.a_committee(other))
    assert client.get(f"/{village.code}/flags/{hold.id}/").status_code == 403
    assert client.get(f"/{other.code}/flags/{hold.id}/").status_code == 404
    builders.signed_in(client, builders.an_official(tree.county))
    assert "Many people on one device" in client.get(f"/{tree.county.code}/flags/", headers=ENGLISH).text
    said = client.get(f"/{tree.county.code}/flags/{hold.id}/", headers=ENGLISH).text
    assert "12 people of 12 rated on one device." in said
    assert hold.about not in said, "the hash is for nobody"


def test_everyone_reads_what_is_held_in_steps_of_five_and_why_it_was_decided(
    client: InspectingClient, hold: Any, provider: Any, village: Any
) -> None:
    address = f"/{village.code}/providers/{provider.id}/held/"
    said = client.get(address, headers=ENGLISH).text
    assert "10 or a few more" in said
    assert "not yet" in said
    decided(hold, builders.a_committee(village), Verdict.LEFT_OUT, "同一部手机，住户都说没有评过。")
    assert "同一部手机" not in client.get(address).text, "not before it is decided"
    decided(hold, builders.an_official(village), Verdict.LEFT_OUT)
    said = client.get(address, headers=ENGLISH).text
    assert "同一部手机" in said
    assert "They are left out" in said
    assert ">12<" not in said


def test_pages_ask_the_same_of_the_database_for_one_flag_and_for_many(
    client: InspectingClient, provider: Any, village: Any
) -> None:
    builders.signed_in(client, builders.an_official(village))
    for address in (f"/{village.code}/flags/", f"/{village.code}/providers/{provider.id}/held/"):
        asked = []
        for more in (1, 12):
            for _ in range(more):
                a_hold(provider)
            client.get(address)
            with statements() as said:
                client.get(address)
            asked.append(len(said))
        assert asked[0] == asked[1] <= 8, said


def test_two_who_decide_at_once_are_both_counted_and_it_is_closed_once(
    app: Flask, hold: Any, village: Any, elsewhere: Any
) -> None:
    people = [builders.a_committee(village), builders.an_official(village)]
    number, ids = hold.id, [one.id for one in people]
    at_once, results = Barrier(2), []

    def say(person_id: int) -> None:
        def inside() -> Any:
            at_once.wait()
            person = db.session.get_one(type(people[0]), person_id)
            return decided(db.session.get_one(type(hold), number), person, Verdict.COUNTED)

        results.append(elsewhere(inside))

    threads = [Thread(target=say, args=(one,)) for one in ids]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(str, results)) == ["None", "counted"]
    assert holds()[0].verdict == "counted"
    assert not ratings_of(hold)


def test_the_level_above_is_anybody_where_there_is_none() -> None:
    differ = [Verdict.COUNTED, Verdict.LEFT_OUT]
    assert not list(may_review(differ, Judge(is_above=True)))
    assert list(may_review(differ, Judge()))
    assert verdict_of(differ) is None
    assert verdict_of([*differ, Verdict.COUNTED]) is Verdict.COUNTED


def test_decided_is_decided(hold: Any, village: Any) -> None:
    decided_by_two(hold, Verdict.COUNTED)
    with pytest.raises(Refused, match="decided already"):
        decided(hold, builders.an_official(builders.a_region_tree().county), Verdict.LEFT_OUT)
