"""What everyone reads of evaluations, and who may do what. Source: A64, A70, B34-B36."""

import csv
import io
import re

import pytest

from portal.evaluations.models import EvaluationPlan
from portal.providers.models import Provider
from portal.store import db
from tests import builders as a
from tests.contracts import making as contracts
from tests.evaluations import making


def address(plan_or_result):
    plan = db.session.get_one(EvaluationPlan, getattr(plan_or_result, "plan_id", None) or plan_or_result.id)
    region = db.session.get_one(a.Region, plan.region_id)
    return f"/{region.code}/evaluations/{plan.id}/"


def typed(contract):
    draft = making.a_draft(contract)
    values = {
        "key": contracts.a_key(),
        "account": draft.account,
        "evaluator": draft.evaluator,
        "evaluator_body": draft.evaluator_body,
        "sample": draft.sample,
        "sample_number": "60",
        "pays2": "y",
    }
    values |= {f"weight_{party}": str(weight) for party, weight in draft.weights.items()}
    values |= {f"dimension_{one}": str(weight) for one, weight in draft.dimensions.items()}
    values |= {name: getattr(draft, name).isoformat() for name in ("from_on", "until_on", "opens_on", "closes_on")}
    for one in draft.indicators:
        values |= {f"{one.beside}_title": one.title, f"{one.beside}_points": str(one.points)}
    return values


def test_an_official_plans_corrects_and_publishes_on_the_pages(app, client):  # A64, B36
    contract = making.a_linked_contract()
    region = db.session.get_one(a.Region, contract.region_id)
    client = a.signed_in(client, a.an_official(region))
    begin = f"/{region.code}/evaluations/contract/{contract.id}/plan"
    assert 'value="60"' in client.get(begin).text
    tie = client.post(
        begin, data=typed(contract) | {"weight_recipients": "40", "weight_third": "40", "weight_purchaser": "20"}
    )
    assert tie.status_code == 422
    assert 'id="weight_recipients-error"' in tie.text
    assert draft_values(tie.text) == {"weight_recipients": "40", "weight_third": "40", "weight_purchaser": "20"}
    where = client.post(begin, data=typed(contract)).headers["Location"]
    anyone = app.test_client()
    assert anyone.get(where).status_code == 404
    assert client.get(f"{where}revise").status_code == 200
    assert client.post(f"{where}publish").status_code == 303
    assert anyone.get(where).status_code == 200
    assert "云泽省社会服务评估中心" in anyone.get(where).text


def draft_values(text):
    found = {}
    for name in ("weight_recipients", "weight_third", "weight_purchaser"):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)[0]
        found[name] = re.search(r'value="([^"]*)"', field)[1]
    return found


PEOPLE = ("anonymous", "resident", "committee", "provider", "official")


@pytest.mark.parametrize("who", PEOPLE)
def test_only_an_official_of_the_purchaser_plans_scores_for_it_and_computes(app, client, who):  # 1.6, B34
    contract = making.a_linked_contract()
    plan = making.a_plan(contract)
    village = a.a_region_tree().villages[0]
    person = {
        "anonymous": lambda: None,
        "resident": lambda: a.a_resident(village),
        "committee": lambda: a.a_committee(village),
        "provider": lambda: a.staff_of(db.session.get_one(Provider, contract.provider_id)),
        "official": lambda: a.an_official(db.session.get_one(a.Region, plan.region_id)),
    }[who]()
    client = a.signed_in(client, person)
    here = address(plan)
    for path in ("purchaser", "withdraw", "revise"):
        assert (client.get(here + path).status_code == 200) == (who == "official"), path
    for path in ("publish", "decide"):
        answer = client.post(here + path)
        let_in = answer.status_code == 303 and "/sign-in" not in answer.headers["Location"]
        assert let_in == (who == "official"), path
    assert client.get(here).status_code == 200


def test_every_number_of_a_result_is_on_its_page_and_in_its_table(app, client):  # F6, A70
    result = making.an_evaluation(third=50)
    where = address(result)
    page = client.get(where).text
    for hundredths in (result.recipients, result.third, result.purchaser, result.composite, result.sd):
        assert f"{hundredths / 100:.2f}" in page
    for product in result.working["products"].values():
        assert f"{product / 10_000:.4f}" in page
    provider = db.session.get_one(Provider, result.provider_id)
    assert f"/providers/{provider.id}/stars/" in page
    rows = list(csv.reader(io.StringIO(client.get(f"{where}evaluation.csv").data.decode("utf-8-sig"))))
    products = [float(row[5]) for row in rows if row[4] in ("3/5\t", "1/4\t", "3/20\t", "3/5", "1/4", "3/20")]
    assert sum(products) == pytest.approx(result.composite / 100, abs=0.005)
    assert [row[2] for row in rows[1:6]] == ["40", "88%", "12", "30", "57"]


def test_a_heading_of_what_is_next_stands_only_where_something_is(app, client):
    done = making.an_evaluation(third=50)
    headings = []
    for one in (making.a_plan(), db.session.get_one(EvaluationPlan, done.plan_id)):
        evaluator = a.signed_in(client, db.session.get_one(a.Person, one.evaluator_id))
        headings.append('id="next"' in evaluator.get(address(one)).text)
    assert headings == [True, False]


def test_there_is_no_table_before_there_is_a_result(app, client):
    assert client.get(f"{address(making.a_plan())}evaluation.csv").status_code == 404


def test_an_evaluation_is_found_only_under_the_region_that_buys(app, client):
    plan = making.a_plan()
    other = a.a_region_tree().villages[1]
    assert client.get(f"/{other.code}/evaluations/{plan.id}/").status_code == 404


def test_who_was_asked_finds_the_evaluation(app, client):  # B34
    plan = making.a_plan()
    person = db.session.get_one(a.Person, plan.evaluator_id)
    assert address(plan) in a.signed_in(client, person).get("/evaluating/").text
    assert (
        address(plan) not in a.signed_in(client, a.a_committee(a.a_region_tree().villages[0])).get("/evaluating/").text
    )


def test_the_evidence_of_a_contract_that_is_not_published_is_nobodys(app, client):
    contract = contracts.a_signed_contract()
    region = db.session.get_one(a.Region, contract.region_id)
    where = f"/{region.code}/evaluations/contract/{contract.id}/1/"
    assert client.get(where).status_code == 404
    assert a.signed_in(client, a.an_official(region)).get(where).status_code == 200
