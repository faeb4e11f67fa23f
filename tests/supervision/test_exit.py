"""A provider leaves, and nobody is left alone without the page saying so in red."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.contracts import completing
from portal.contracts.carrying import pay_instalment, terminate_contract
from portal.contracts.contents import instalments_of, is_accepted, money_of
from portal.contracts.models import Contract
from portal.funds.committing import free_of
from portal.funds.models import BudgetLine, Commitment
from portal.providers.models import CreditEvent, Provider
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.instalments import Part
from portal.store import action, clock, db
from portal.supervision.models import ExitCase, ExitRecipient
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import (
    a_replacement,
    a_serving_contract,
    a_signed_contract,
    accepted,
    completed,
    signed,
    the_official,
)
from tests.contracts.test_carry import at_once
from tests.supervision.making import an_exit

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


def the_contract(contract: Contract) -> Contract:
    return db.session.get_one(Contract, contract.id)


def until_covered(office: Office) -> Provider:
    """All steps until everyone is covered, by the provider that is returned."""
    other = builders.a_provider(office.region, "柳溪县暖阳社会服务中心")
    office.begins()
    office.sends("step", words="预案已启动。")
    office.sends("recipients", count="2")
    office.sends("step", words="已登记。")
    office.sends("cover", first="1", last="2", provider=str(other.id), covered_from=office.last_day.isoformat())
    assert office.sends("step", words="都安排好了。").status_code == 303
    return other


def test_an_exit_ends_with_everyone_covered_and_another_contract(  # B33
    office: Office, contract: Contract, at: Any
) -> None:
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
    assert the_contract(contract).state == "serving", "who serves until the last day is paid until then"
    assert "on paper nobody serves" not in office.reads()
    with at(office.last_day + timedelta(days=1)):
        assert "on paper nobody serves" in office.reads()
        assert office.sends("step", words="已结算。").status_code == 422, "no other contract is signed"
    replacement = a_replacement(the_contract(contract), other)
    signed(completed(replacement))
    with at(office.last_day):
        assert "until" in office.sends("step", words="已结算。").text, "its last day has not passed"
        assert the_contract(contract).state == "serving"
    with at(office.last_day + timedelta(days=1)):
        assert "on paper nobody serves" not in office.reads()
        assert office.sends("step", words="已结算。").status_code == 303
    assert the_contract(contract).state == "terminated"
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


def test_the_page_leads_to_the_contract_with_another_provider(office: Office, contract: Contract) -> None:  # B33
    office.begins()
    assert "replacement" not in office.reads()
    replacement = f"/{office.region.code}/contracts/{contract.id}/replacement"
    facts = {"key": "k" * 32, "price": "20000", "starts_on": (office.last_day + timedelta(days=1)).isoformat()}
    facts |= {"ends_on": contract.ends_on.isoformat()}
    other = builders.a_provider(office.region, "柳溪县暖阳社会服务中心")
    facts["provider"] = str(other.id)
    assert office.client.post(replacement, data=facts).status_code == 422, "not everyone is covered"
    office.sends("step", words="预案已启动。")
    office.sends("recipients", count="1")
    office.sends("step", words="已登记。")
    office.sends("cover", first="1", last="1", provider=str(other.id), covered_from=office.last_day.isoformat())
    office.sends("step", words="都安排好了。")
    assert replacement in office.reads()
    assert office.client.post(replacement, data=facts).status_code == 303
    assert replacement not in office.reads()
    assert "Go on with the new contract" in office.reads()


def test_an_official_of_another_office_runs_no_exit_of_the_county(  # B33
    client: InspectingClient, contract: Contract, office: Office
) -> None:
    township = builders.a_region_tree().township
    office.address = f"/{township.code}/supervision/{contract.id}/exit/"
    builders.signed_in(client, builders.an_official(township))
    assert office.begins().status_code == 403
    assert not db.session.scalars(db.select(ExitCase)).all()
    builders.signed_in(client, builders.an_official(office.region))
    assert office.begins().status_code == 303
    builders.signed_in(client, builders.an_official(township))
    assert 'href="step"' not in office.reads()
    for form in ("recipients", "cover", "step"):
        assert office.sends(form, words="启动。", count="1", first="1", last="1").status_code == 403
    assert office.state == "triggered"


def test_neither_who_leaves_nor_who_is_not_registered_covers(office: Office, contract: Contract) -> None:  # B33, B15
    far = builders.a_provider(builders.a_region_tree().villages[2], "远方的机构")
    office.begins()
    office.sends("recipients", count="1")
    for number in (contract.provider_id, far.id, 0):
        said = office.sends(
            "cover", first="1", last="1", provider=str(number), covered_from=office.last_day.isoformat()
        )
        assert said.status_code == 422
    assert db.session.scalars(db.select(ExitRecipient.provider_id)).one() is None


def test_while_a_provider_leaves_its_contract_is_neither_terminated_nor_ended_nor_accepted(  # B33
    office: Office, contract: Contract
) -> None:
    office.begins()
    there = f"/{office.region.code}/contracts/{contract.id}/"
    accepted_ = {"key": "k" * 32, "held_on": clock.today().isoformat(), "invited": "9", "took_part": "7"}
    accepted_ |= {"passed": "yes", "words": "老人们都满意。"}
    for form, typed in (("terminate", {"reason": "直接终止。"}), ("end", {"reason": "结束。"}), ("accept", accepted_)):
        answer = office.client.post(there + form, data=typed, headers=ENGLISH)
        assert answer.status_code == 422, form
    assert the_contract(contract).state == "serving"
    assert not is_accepted(the_contract(contract))
    assert 'href="terminate"' not in office.client.get(there).text


def test_an_open_exit_holds_an_accepted_contract_and_one_that_is_not_served_yet(app: Flask) -> None:  # B33
    contract = a_signed_contract()
    an_exit(contract)
    with pytest.raises(Refused, match="settle its exit first"):
        terminate_contract(the_official(contract), contract, "直接终止。")
    assert the_contract(contract).state == "signed"


def test_no_exit_begins_where_the_service_was_accepted(office: Office, contract: Contract) -> None:  # B33
    accepted(contract)
    assert office.begins().status_code == 422
    assert not db.session.scalars(db.select(ExitCase)).all()


def test_who_leaves_is_paid_until_its_last_day_and_no_yuan_is_promised_twice(  # B24, B33
    office: Office, contract: Contract, at: Any
) -> None:
    other = until_covered(office)
    (line_id,) = money_of(contract)
    line = db.session.get_one(BudgetLine, line_id)
    all_of_it = line.amount_fen
    keep(line, contract.price_fen)
    fresh = a_replacement(the_contract(contract), other)
    assert fresh.price_fen == contract.price_fen // 2, "the first half is due to the one who leaves"
    official = the_official(fresh)
    completed(fresh)
    completing.say_money(official, fresh, [Part(fresh.price_fen, line_id=line_id, number=1)])
    signed(fresh)
    assert all_of_it == contract.price_fen * 2
    assert free_of(db.session.get_one(BudgetLine, line_id)) == 0
    first, second = instalments_of(contract)
    pay_instalment(official, contract, first, first.amount_fen)
    with at(second.due_on), pytest.raises(Refused, match="provider who goes on"):
        pay_instalment(official, contract, second, second.amount_fen)
    with at(office.last_day + timedelta(days=1)):
        assert office.sends("step", words="已结算。").status_code == 303
    found = {one.subject: (one.amount_fen, one.paid_fen) for one in db.session.scalars(db.select(Commitment))}
    half = contract.price_fen // 2
    assert found == {f"contract:{contract.id}": (half, half), f"contract:{fresh.id}": (half, 0)}


def test_a_payment_and_the_signature_of_who_goes_on_never_spend_the_same_yuan(  # B24, B33
    office: Office, contract: Contract, elsewhere: Any
) -> None:
    other = until_covered(office)
    fresh = completed(a_replacement(the_contract(contract), other, price_fen=contract.price_fen))
    old_id, fresh_id, award = contract.id, fresh.id, contract.price_fen
    db.session.rollback()

    def pays() -> None:
        old = db.session.get_one(Contract, old_id)
        first = instalments_of(old)[0]
        pay_instalment(the_official(old), old, first, first.amount_fen)

    found = at_once(elsewhere, [pays, lambda: signed(db.session.get_one(Contract, fresh_id))])
    assert sum(one is None for one in found) == 1
    paid = sum(one.paid_fen for one in instalments_of(db.session.get_one(Contract, old_id)))
    promised = sum(db.session.scalars(db.select(Commitment.amount_fen)))
    assert max(paid, promised) <= award


@action
def keep(line: BudgetLine, amount_fen: int) -> None:
    """`line` has no more than this."""
    line.amount_fen = amount_fen


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
