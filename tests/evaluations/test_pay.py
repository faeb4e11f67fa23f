"""An instalment that follows from the evaluation is paid by its result. Source: A65, A70."""

import re
from datetime import timedelta

import pytest

from portal.contracts import carrying, completing, contents, signing
from portal.contracts.models import Contract, Instalment
from portal.evaluations.paying import advice_for
from portal.rules import Refused
from portal.rules.instalments import Part
from portal.rules.payment import DEFAULT, Band, Why
from portal.store import db
from tests import builders as a
from tests.contracts import making as contracts
from tests.evaluations import making


def linked(contract):
    return db.session.scalars(
        db.select(Instalment).where(Instalment.contract_id == contract.id, Instalment.is_linked)
    ).one()


def evaluated(counts=making.GOOD, **given):
    """A contract that is accepted and evaluated, and its linked instalment."""
    contract = making.a_linked_contract()
    first = contents.instalments_of(contract)[0]
    carrying.pay_instalment(making.the_official(contract), contract, first, first.amount_fen)
    contracts.accepted(contract)
    making.an_evaluation(contract, counts, **given)
    return contract, linked(contract)


def pay(contract, instalment, amount_fen):
    with a.at(instalment.due_on + timedelta(days=1)):
        carrying.pay_instalment(making.the_official(contract), contract, instalment, amount_fen)


def test_as_much_is_paid_as_the_result_brings_and_no_fen_more(app):  # A65
    contract, instalment = evaluated()
    advice = advice_for(contract, instalment)
    assert (advice.band.share, advice.fen) == (90, instalment.amount_fen * 9 // 10)
    with pytest.raises(Refused, match="at most"):
        pay(contract, instalment, advice.fen + 1)
    pay(contract, instalment, advice.fen)
    assert db.session.get_one(Instalment, instalment.id).paid_fen == advice.fen


def test_nothing_is_paid_before_there_is_a_result(app):  # A65
    contract = making.a_linked_contract()
    contracts.accepted(contract)
    instalment = linked(contract)
    assert advice_for(contract, instalment).why is Why.NOT_PLANNED
    making.a_plan(contract)
    assert advice_for(contract, instalment).why is Why.NOT_DECIDED
    with pytest.raises(Refused, match="no result yet"):
        pay(contract, instalment, 1)


def test_nothing_is_paid_by_too_few_ratings(app):  # A65, F6
    contract, instalment = evaluated((0, 0, 0, 9, 20))
    assert advice_for(contract, instalment).why is Why.FEW_RATINGS
    with pytest.raises(Refused, match="too few recipients"):
        pay(contract, instalment, 1)


def test_a_bad_result_brings_nothing_and_leads_to_the_exit(app, client):  # A65, A70, B33
    contract = making.a_linked_contract()
    result = making.an_evaluation(contract, (20, 10, 5, 3, 2), third=40, purchaser=30)
    assert result.composite < 6000
    assert advice_for(contract, linked(contract)).fen == 0
    region = db.session.get_one(a.Region, contract.region_id)
    client = a.signed_in(client, a.an_official(region))
    exit_ = f"/{region.code}/supervision/{contract.id}/exit/begin?trigger=bad_result"
    assert exit_ in client.get(f"/{region.code}/evaluations/{result.plan_id}/").text
    form = client.get(exit_).text
    chosen = [tag for tag in re.findall("<input[^>]*>", form) if 'value="bad_result"' in tag]
    assert ["checked" in tag for tag in chosen] == [True]


def test_an_instalment_that_brings_nothing_holds_up_no_later_one(app):  # A65
    contract = contracts.a_contract()
    official, third = contracts.the_official(contract), contract.price_fen // 4
    parts = [
        Part(third, contract.starts_on, is_linked=True, number=1),
        Part(contract.price_fen - third, contract.starts_on, number=2),
    ]
    completing.say_instalments(official, contract, parts)
    completing.fix_bands(official, contract, DEFAULT)
    contracts.signed(contract)
    contract = serving(contract)
    contracts.accepted(contract)
    _, later = contents.instalments_of(contract)
    carrying.pay_instalment(official, contract, later, later.amount_fen)
    assert later.paid_on is not None


def serving(contract):
    official = contracts.the_official(contract)
    contract_project = db.session.get_one(making.Project, contract.project_id)
    making.took_part(contract_project, making.Way.NONE, f"contract:{contract.id}", 0, words="过程已公示。")
    carrying.start_service(official, contract)
    return contract


def test_bands_are_fixed_before_the_signature_and_never_after(app):  # A65
    contract = contracts.a_contract()
    official = contracts.the_official(contract)
    completing.fix_bands(official, contract, [Band(0, 4999, 0, 1), Band(5000, 10_000, 100, 2)])
    contracts.signed(contract)
    with pytest.raises(Refused):
        completing.fix_bands(official, contract, DEFAULT)
    assert db.session.get_one(Contract, contract.id).bands == [[5000, 10_000, 100], [0, 4999, 0]]


def test_a_linked_instalment_without_bands_is_not_signed(app):  # A65
    contract = contracts.a_contract()
    official = contracts.the_official(contract)
    parts = [Part(contract.price_fen, contract.ends_on, is_linked=True, number=1)]
    completing.say_instalments(official, contract, parts)
    with pytest.raises(Refused, match="please fix what is paid"):
        signing.sign_contract(official, contract, contents.clauses_of(contract), contract.starts_on)


def test_bands_are_typed_on_a_page_and_refused_beside_their_field(app, client):  # A65
    contract = contracts.a_contract()
    region = db.session.get_one(a.Region, contract.region_id)
    where = f"/{region.code}/contracts/{contract.id}/bands"
    client = a.signed_in(client, a.an_official(region))
    assert 'value="89.99"' in client.get(where).text
    rows = [("80", "100", "100"), ("0", "79.98", "50"), *[("", "", "")] * 4]
    typed = {
        f"band{n}_{part}": v
        for n, row in enumerate(rows, 1)
        for part, v in zip(("low", "high", "share"), row, strict=True)
    }
    refused = client.post(where, data=typed)
    assert refused.status_code == 422
    assert 'value="79.98"' in refused.text
    assert "79.99" in refused.text
    assert client.post(where, data=typed | {"band2_high": "79.99"}).status_code == 303
    assert db.session.get_one(Contract, contract.id).bands == [[8000, 10_000, 100], [0, 7999, 50]]


def test_a_replacement_takes_the_bands_over(app):  # A65, B33
    contract = making.a_linked_contract()
    contracts.terminated(contract)
    assert contracts.a_replacement(contract).bands == contract.bands


def test_the_evidence_of_a_payment_is_one_page_a_table_and_a_file_for_programs(app, client):  # A65
    contract, instalment = evaluated()
    region = db.session.get_one(a.Region, contract.region_id)
    here = f"/{region.code}/evaluations/contract/{contract.id}/{instalment.number}/"
    advice = advice_for(contract, instalment)
    page = client.get(here).text
    assert f"{advice.fen / 100:,.2f}".removesuffix(".00") in page or f"{advice.fen // 100:,}" in page
    assert "上门服务人次" in page
    assert "57%" in page
    facts = client.get(f"{here}payment.json").json
    assert facts["advice"] == {"fen": advice.fen, "share_percent": 90, "result": advice.result, "why_none": None}
    used = facts["evaluation"]["working"]
    assert used["raters"] == sum(making.GOOD)
    assert sum(used["products"].values()) == pytest.approx(advice.result * 100, abs=50)
    table = client.get(f"{here}payment.csv").text
    assert f"{advice.fen / 100}" in table
