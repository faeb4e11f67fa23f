"""A provider leaves, and nobody is left alone without the page saying so in red."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.contracts.models import Contract
from portal.regions.models import Region
from portal.store import clock, db
from portal.supervision.models import CreditEvent, ExitCase, ExitRecipient
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import a_replacement, a_serving_contract, completed, signed

BEGUN = {"trigger": "breach", "words": "连续两周未上门。", "plan": "社区志愿者先接手，街道另选机构。"}

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def contract(app: Flask) -> Contract:
    return a_serving_contract()


class Office:
    """An official in a browser, on the pages of one exit."""

    def __init__(self, client: InspectingClient, contract: Contract) -> None:
        self.region = db.session.get_one(Region, contract.region_id)
        self.client, self.contract = client, contract
        builders.signed_in(client, builders.an_official(self.region))
        self.address = f"/{self.region.code}/supervision/{contract.id}/exit/"
        self.last_day = clock.today() + timedelta(days=5)

    def begins(self, **typed: str) -> Any:
        return self.sends("begin", **{**BEGUN, "last_day": self.last_day.isoformat(), **typed})

    def sends(self, form: str, **typed: str) -> Any:
        answer = self.client.post(self.address + form, data=typed, headers=ENGLISH)
        db.session.rollback()
        return answer

    def reads(self) -> str:
        return self.client.get(self.address, headers=ENGLISH).text

    @property
    def state(self) -> str:
        return db.session.scalars(db.select(ExitCase.state)).one()


@pytest.fixture
def office(client: InspectingClient, contract: Contract) -> Office:
    return Office(client, contract)


def test_an_exit_ends_with_everyone_covered_and_another_contract(office: Office, contract: Contract) -> None:  # B33
    assert office.begins().status_code == 303
    assert office.sends("step", words="预案已启动。").status_code == 303
    assert office.sends("step", words="已登记。").status_code == 422, "nobody is listed yet"
    assert office.sends("recipients", count="3").status_code == 303
    assert "3 people have nobody who serves" in office.reads()
    assert office.sends("step", words="已登记。").status_code == 303
    refused = office.sends("step", words="都安排好了。")
    assert refused.status_code == 422
    assert "3 recipients would be without service" in refused.text
    other = builders.a_provider(office.region, "柳溪县暖阳社会服务中心")
    day = (office.last_day + timedelta(days=1)).isoformat()
    assert office.sends("cover", first="1", last="2", provider=str(other.id), covered_from=day).status_code == 303
    assert "1 person has nobody who serves" in office.reads()
    assert office.sends("cover", first="3", last="3", released="已搬到外地。").status_code == 303
    assert "nobody who serves after" not in office.reads()
    assert office.sends("step", words="都安排好了。").status_code == 303
    assert db.session.get_one(Contract, contract.id).state == "terminated"
    assert "on paper nobody serves" in office.reads()
    assert office.sends("step", words="已结算。").status_code == 422, "no other contract is signed"
    replacement = a_replacement(db.session.get_one(Contract, contract.id), other)
    signed(completed(replacement))
    assert "on paper nobody serves" not in office.reads()
    assert office.sends("step", words="已结算。").status_code == 303
    event = db.session.scalars(db.select(CreditEvent)).one()
    assert (event.provider_id, event.points) == (contract.provider_id, -10)
    assert office.sends("step", words="总结已公开。").status_code == 303
    assert office.state == "closed"
    assert "-10 points" in office.reads()


def test_someone_who_is_covered_a_day_late_is_still_red(office: Office) -> None:  # B33
    office.begins()
    office.sends("recipients", count="1")
    other = builders.a_provider(office.region, "柳溪县暖阳社会服务中心")
    day = (office.last_day + timedelta(days=2)).isoformat()
    office.sends("cover", first="1", last="1", provider=str(other.id), covered_from=day)
    said = office.reads()
    assert "1 person has nobody who serves" in said
    assert 'class="alarm"' in said


def test_an_exit_begun_twice_is_one_and_typed_wrong_is_none(office: Office) -> None:  # B33
    bad = office.begins(plan="", last_day="2020-01-01")
    assert bad.status_code == 422
    assert "连续两周未上门。" in bad.text
    assert not db.session.scalars(db.select(ExitCase)).all()
    for _ in range(2):
        office.begins()
    assert office.state == "triggered"
    assert office.sends("recipients", count="0").status_code == 422
    assert not db.session.scalars(db.select(ExitRecipient)).all()


def test_a_list_names_nobody(office: Office) -> None:  # B33, 2.6
    assert {column.name for column in ExitRecipient.__table__.columns} == {
        "id",
        "exit_id",
        "number",
        "covered_from",
        "provider_id",
        "released",
    }


def test_a_committee_cannot_run_an_exit(client: InspectingClient, contract: Contract, office: Office) -> None:  # B33
    builders.signed_in(client, builders.a_committee(builders.a_region_tree().villages[0]))
    assert office.begins().status_code == 403
