"""A committee vouches for those who live in its community."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import ask_residency, grant, vouch
from portal.accounts.models import Person, Residency, RoleGrant
from portal.accounts.queries import home_of
from portal.audit.models import AuditEntry
from portal.rules import Refused
from portal.rules.permissions import Role
from portal.store import db
from tests import builders
from tests.client import InspectingClient


def test_a_resident_asks_and_the_committee_vouches(app: Flask, client: InspectingClient) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    person = builders.a_resident(village, verified=False, name="王秀英")
    committee = builders.signed_in(client, builders.a_committee(village))
    assert "王秀英" in committee.get(f"/{village.code}/residents/").text
    assert not home_of(builders.actor(person)).verified
    committee.post(f"/{village.code}/residents/", data={"person": person.id, "region": village.code})
    assert home_of(builders.actor(person)).votes_in(village)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.deed, entry.detail) == ("resident:vouch", {"person": person.id})
    assert "王秀英" not in committee.get(f"/{village.code}/residents/").text


def test_a_committee_cannot_vouch_elsewhere(app: Flask, client: InspectingClient) -> None:
    here, there, _ = builders.a_region_tree().villages
    person = builders.a_resident(there, verified=False)
    committee = builders.signed_in(client, builders.a_committee(here))
    assert committee.post(f"/{there.code}/residents/", data={"person": person.id}).status_code == 403
    answer = committee.post(f"/{here.code}/residents/", data={"person": person.id, "region": there.code})
    assert answer.status_code == 404
    assert not home_of(builders.actor(person)).verified


def test_nobody_vouches_for_herself(app: Flask) -> None:
    village = builders.a_region_tree().villages[0]
    committee = builders.a_committee(village)
    ask_residency(builders.actor(committee), village)
    with pytest.raises(Refused):
        vouch(builders.actor(committee), village, committee.id)


def test_nobody_is_on_two_rolls(app: Flask) -> None:  # requirements 2.3
    here, there, _ = builders.a_region_tree().villages
    person = builders.a_resident(here)
    ask_residency(builders.actor(person), here)
    assert home_of(builders.actor(person)).verified, "asking again changes nothing"
    ask_residency(builders.actor(person), there)
    assert not home_of(builders.actor(person)).verified
    assert len(db.session.scalars(select(Residency).where(Residency.person_id == person.id)).all()) == 1


def test_a_grant_given_twice_is_one(app: Flask) -> None:
    village = builders.a_region_tree().villages[0]
    person = builders.a_committee(village)
    grant(person, Role.COMMITTEE, village)
    assert len(db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).all()) == 1


def test_preferences_are_kept(client: InspectingClient) -> None:
    person = builders.a_resident(builders.a_region_tree().villages[0])
    builders.signed_in(client, person)
    assert client.post("/preferences", data={"name": "老张", "wants_sms": ""}).status_code == 303
    assert "老张" in client.get("/preferences").text
    assert client.post("/preferences", data={"name": "张" * 41}).status_code == 422


def test_one_lives_in_a_community_and_not_in_a_county(app: Flask, client: InspectingClient) -> None:
    tree = builders.a_region_tree()
    person = builders.a_resident(tree.villages[0], verified=False)
    for region in (tree.county, tree.township):
        with pytest.raises(Refused, match="the community that you live in"):
            ask_residency(builders.actor(person), region)
    builders.signed_in(client, person)
    assert client.post(f"/{tree.county.code}/residency").status_code == 409
    assert db.session.scalars(select(Residency.region_id)).all() == [tree.villages[0].id]


def test_said_by_many_taps_at_once_it_is_one_home_and_one_grant(app: Flask, elsewhere: Callable[..., Any]) -> None:
    here, there, _ = builders.a_region_tree().villages
    phone, login = builders.a_resident(here), builders.a_committee(here)
    person, clerk = builders.actor(phone), db.session.get_one(Person, login.id)
    db.session.remove()
    faults: list[Exception] = []

    def tap(number: int) -> None:
        try:
            ask_residency(person, (here, there)[number % 2])
            grant(clerk, Role.OFFICIAL, here)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=elsewhere, args=(tap, number)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(db.session.scalars(select(Residency).where(Residency.person_id == person.id)).all()) == 1
    assert len(db.session.scalars(select(RoleGrant).where(RoleGrant.role == "official")).all()) == 1
