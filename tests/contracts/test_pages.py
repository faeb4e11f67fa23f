"""What everyone reads of contracts, and the way of an official from the award to the signature."""

import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest

from portal.contracts import contents, forms, queries, signing
from portal.contracts.models import Contract
from portal.contracts.targets import targets_of
from portal.projects.models import Project
from portal.purchases.deciding import answer_challenge
from portal.purchases.models import Bid
from portal.rules.changes import ChangeDraft
from portal.rules.contracts import ContractState
from portal.store import clock, db
from tests import builders as a
from tests.contracts import making
from tests.purchases import making as purchases

ENGLISH = {"Accept-Language": "en"}


def address(contract, page=""):
    region = db.session.get_one(a.Region, contract.region_id)
    return f"/{region.code}/contracts/{contract.id}/{page}"


def keeping(client, contract):
    return a.signed_in(client, a.an_official(db.session.get_one(a.Region, contract.region_id)))


def read(client, where):
    answer = client.get(where, headers=ENGLISH)
    assert answer.status_code == 200, where
    return answer.get_data(as_text=True)


def post(client, where, data, status=303):
    answer = client.post(where, data=data, headers=ENGLISH)
    assert answer.status_code == status, re.findall(r'class="error"[^>]*>([^<]+)', answer.get_data(as_text=True))
    return answer.get_data(as_text=True)


def test_an_official_goes_from_the_award_to_the_signature(app, client):  # A28, A41, A54, A61, B23, B24
    award = making.an_award()
    region = db.session.get_one(a.Region, award.purchase.region_id)
    client = a.signed_in(client, a.an_official(region))
    line = making.a_line(region, making.PRICE)
    assert f"draft/{award.purchase.id}" in read(client, f"/{region.code}/contracts/")
    begin = f"/{region.code}/contracts/draft/{award.purchase.id}"
    assert 'value="40000"' in read(client, begin)
    facts = {
        "key": making.a_key(),
        "title": "居家养老服务合同",
        "purchaser": "柳溪县民政局",
        "price": "40000",
        "starts_on": clock.today().isoformat(),
        "ends_on": (clock.today() + timedelta(days=364)).isoformat(),
    }
    said = post(client, begin, facts | {"price": "40000.01"}, 422)
    assert "what was awarded" in said
    assert "居家养老服务合同" in said
    said = post(client, begin, facts | {"ends_on": (clock.today() + timedelta(days=500)).isoformat()}, 422)
    assert said.count("A term above a year needs this condition") >= 5
    post(client, begin, facts)
    contract = db.session.scalars(db.select(Contract)).one()
    there = address(contract)
    assert "No assisting unit is named" in read(client, there)
    place = db.session.get_one(Project, contract.project_id).region_id
    helped = facts | {"assisting_place": place, "assisting_duties": "协助入户。", "assisting_fee": "100"}
    post(client, there + "revise", helped)
    assert "No assisting unit is named" not in read(client, there)
    said = post(client, there + "money", {"part1_line": line.id, "part1_amount": "39999"}, 422)
    assert "the price is 40000.00 yuan" in said
    post(client, there + "money", {"part1_line": line.id, "part1_amount": "40000"})
    post(client, there + "instalments", {"part1_due": facts["starts_on"], "part1_amount": "40000"})
    target = {"indicator": "上门服务人次", "unit": "人次", "baseline": 0, "target": 1200, "due": facts["ends_on"]}
    post(client, there + "targets", {f"target1_{name}": value for name, value in target.items()})
    post(client, there + "clauses", making.CLAUSES | {"dispute_resolution": ""})
    assert "11 of 12 are there" in read(client, there)
    day = {"signed_on": clock.today().isoformat()}
    said = post(client, there + "sign", making.CLAUSES | day | {"dispute_resolution": ""}, 422)
    assert 'id="dispute_resolution-error"' in said
    assert making.CLAUSES["content"] in said
    post(client, there + "sign", making.CLAUSES | day)
    assert db.session.get_one(Contract, contract.id).state == ContractState.SIGNED
    post(client, there + "file", {"day": clock.today().isoformat()})
    post(client, there + "publish", {})
    assert "12 of 12 are there" in read(a.signed_in(client, None), there)


def test_a_draft_is_nobodys_to_read_and_a_signed_one_everyones_once_published(app, client):  # B31
    contract = making.a_contract()
    region = db.session.get_one(a.Region, contract.region_id)
    assert client.get(address(contract)).status_code == 404
    assert contract.title not in read(client, f"/{region.code}/contracts/")
    making.signed(contract)
    said = read(client, address(contract))
    assert "signed and not published yet" in said
    assert making.CLAUSES["content"] not in said
    with a.at(clock.today() + timedelta(days=30)):
        assert 'class="late"' in read(client, address(contract))
    signing.publish_contract(making.the_official(contract), contract)
    assert making.CLAUSES["content"] in read(client, address(contract))
    assert "________" in read(client, address(contract, "print"))


def test_the_clauses_of_the_figures_say_what_was_signed_at_first(app, client):  # B23
    contract = making.a_serving_contract()
    making.carrying.change_contract(
        making.the_official(contract),
        contract,
        ChangeDraft(
            "多服务一个季度。",
            contract.ends_on + timedelta(days=90),
            conditions=making.CONDITIONS,
            signed_on=clock.today(),
        ),
        making.a_key(),
    )
    said = read(client, address(contract))
    assert "¥40,000 in money." in said
    assert "both days included" in said
    assert "<del>" in said
    assert said.count(making.CONDITIONS["budget_assured"]) == 5
    assert "may not pass this contract on" in said


def test_everyone_finds_a_contract_from_its_community_and_its_project(app, client):  # B31
    contract = making.a_serving_contract()
    project = db.session.get_one(Project, contract.project_id)
    village = db.session.get_one(a.Region, project.region_id)
    for where in (f"/{village.code}/contracts/", f"/{village.code}/contracts/project/{project.id}"):
        assert address(contract) in read(client, where)
    assert client.get(f"/{village.code}/contracts/{contract.id}/").status_code == 404


def test_the_list_is_saved_as_tables(app, client):
    contract = making.a_serving_contract()
    region = db.session.get_one(a.Region, contract.region_id)
    table = client.get(f"/{region.code}/contracts/contracts.csv").get_data().decode("utf-8-sig")
    assert "居家养老服务合同" in table
    assert "40000.0," in table
    book = client.get(f"/{region.code}/contracts/contracts.xlsx").get_data()
    assert "居家养老服务合同" in ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("page", ["revise", "clauses", "money", "instalments", "targets", "sign"])
def test_each_page_of_a_draft_shows_what_was_typed(app, client, page):
    contract = making.a_contract()
    said = read(keeping(client, contract), address(contract, page))
    assert {"revise": "40000", "clauses": "两名持证社工", "money": "selected", "instalments": "20000"}.get(
        page, "form"
    ) in said


@pytest.mark.parametrize(
    "page", ["file", "publish", "start", "change", "accept", "pay/1", "end", "terminate", "replacement"]
)
def test_each_page_of_a_running_contract_is_there(app, client, page):
    contract = making.a_signed_contract()
    read(keeping(client, contract), address(contract, page))
    assert client.get(address(contract, "pay/9")).status_code == 404


def test_an_official_carries_a_contract_to_its_end(app, client):  # A40, B23, 2.2
    contract = making.a_serving_contract()
    client = keeping(client, contract)
    there = address(contract)
    line = next(iter(contents.money_of(contract)))
    supplement = {"key": making.a_key(), "words": "增加两户老人。", "signed_on": clock.today().isoformat()}
    supplement |= {"amount": "4000.01", "line": line, "due_on": contract.ends_on.isoformat()}
    said = post(client, there + "change", supplement, 422)
    assert "4000.00 yuan are left" in said
    assert "增加两户老人。" in said
    post(client, there + "change", supplement | {"amount": "4000"})
    post(client, there + "pay/1", {"amount": "20000"})
    acceptance = {"key": making.a_key(), "held_on": clock.today().isoformat(), "invited": "10", "took_part": "7"}
    assert "Please write a few words" in post(client, there + "accept", acceptance | {"passed": "yes"}, 422)
    post(client, there + "accept", acceptance | {"passed": "yes", "words": "老人们都满意。"})
    assert "7 of 10 invited recipients took part" in read(client, there)
    post(client, there + "end", {"reason": "其余各期经双方同意不再支付。"})
    assert db.session.get_one(Contract, contract.id).state == ContractState.ENDED


def test_a_service_that_cannot_begin_says_why_on_the_page(app, client):  # A23
    contract = making.a_signed_contract(starts_on=clock.today() + timedelta(days=2))
    said = post(keeping(client, contract), address(contract, "start"), {}, 422)
    assert "not before" in said


def test_a_provider_reads_its_own_targets_and_no_others(app, client):  # A62
    contract = making.a_serving_contract()
    (one,) = targets_of(contract)
    staff = a.staff_of(db.session.get_one(a.Provider, contract.provider_id))
    where = f"/targets/{one.target.id}"
    client = a.signed_in(client, staff)
    assert where.rpartition("/")[2] in read(client, "/targets/")
    post(client, where, {"value": "5", "read_on": clock.today().isoformat()})
    said = post(client, where, {"value": "6", "read_on": clock.today().isoformat()}, 422)
    assert "5 was read already" in said
    post(client, where, {"value": "6", "read_on": clock.today().isoformat(), "words": "漏记一次"})
    assert "<del>5</del>" in read(client, where)
    other = a.staff_of(a.a_provider(db.session.get_one(a.Region, contract.region_id), "别家服务中心"))
    assert a.signed_in(client, other).get(where).status_code == 403


def test_an_official_of_another_place_changes_nothing(app, client):
    contract = making.a_signed_contract()
    village = a.a_region_tree().villages[1]
    client = a.signed_in(client, a.an_official(village))
    assert client.get(address(contract, "terminate")).status_code == 403
    assert client.post(address(contract, "terminate"), data={"reason": "不想要了。"}).status_code == 403


def test_an_upheld_challenge_stands_in_red_on_the_signed_contract(app, client):  # B8, 2.2
    project = a.a_project(a.a_region_tree().villages[0])
    purchase, bid = purchases.an_award(project)
    official, buyer = purchases.the_official(project), purchases.the_buyer(project)
    award = queries.find_award(purchase.id, {"region": buyer})
    contract = making.drafting.draft_contract(official, buyer, award, making.a_draft(bid.price_fen), making.a_key())
    making.signed(making.completed(contract))
    lost = db.session.scalars(db.select(Bid).where(Bid.purchase_id == purchase.id, ~Bid.won)).first()
    challenge = purchases.a_challenge(purchase, lost)
    assert "was right" not in read(client, address(contract))
    answer_challenge(official, purchase, challenge, upheld=True, answer="质疑成立，评分确有错误。")
    said = read(client, address(contract))
    assert "was right: 质疑成立，评分确有错误。" in said
    assert 'class="alarm"' in said
    assert "exit/begin" not in said
    assert "exit/begin" in read(keeping(client, contract), address(contract))


def test_an_official_contracts_with_another_provider_in_the_place_of_a_terminated_one(app, client):  # B33
    old = making.terminated(making.a_serving_contract())
    client = keeping(client, old)
    region = db.session.get_one(a.Region, old.region_id)
    far = a.a_provider(a.a_region_tree().villages[2], "石榴村服务队")
    other = a.a_provider(region, "柳溪县暖阳社会服务中心")
    there = address(old)
    assert "replacement" in read(client, there)
    form = read(client, there + "replacement")
    assert "柳溪县暖阳社会服务中心" in form
    assert 'value="40000"' in form
    assert far.name not in form
    facts = {"key": making.a_key(), "provider": other.id, "price": "40000"}
    facts |= {"starts_on": clock.today().isoformat(), "ends_on": old.ends_on.isoformat()}
    for wrong, words in (
        ({"provider": 0}, "Please choose who serves them instead"),
        ({"provider": far.id}, "not registered for the place"),
        ({"price": "viel"}, "amount above zero"),
        ({"price": "40000.01"}, "at most 40000.00 yuan"),
    ):
        assert words in post(client, there + "replacement", facts | wrong, 422)
    for _ in range(2):
        post(client, there + "replacement", facts)
    fresh = db.session.scalars(db.select(Contract).where(Contract.replaces_id == old.id)).one()
    assert fresh.provider_id == other.id
    said = read(client, there)
    assert 'href="replacement"' not in said
    assert f"../{fresh.id}/" in said
    assert client.get(f"/{a.a_region_tree().villages[0].code}/contracts/{old.id}/replacement").status_code == 404


ODD = ("\x00", "9" * 30, "养", "-1", "9999-12-31", "0001-01-01")


@pytest.mark.parametrize("made", [making.a_contract, making.a_serving_contract])
def test_no_odd_word_breaks_a_form_of_the_office(app, client, made):
    contract = made()
    region = db.session.get_one(a.Region, contract.region_id)
    waiting = making.a_won_purchase(a.a_project(a.a_region_tree().villages[1]), a.a_provider(region), region)
    client = keeping(client, contract)
    names = {name for form in vars(forms).values() if hasattr(form, "_unbound_fields") for name in dir(form)}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("contracts.") and "POST" in rule.methods:
            where = {"region": region.code, "contract": contract.id, "instalment": 1, "award": waiting.id}
            with app.test_request_context():
                there = app.url_for(rule.endpoint, **{word: where[word] for word in rule.arguments})
            for odd in ODD:
                said = dict.fromkeys(names, odd) | {"csrf_token": client.csrf_token()}
                answer = client.post(there, data=said, inspect=False)
                assert answer.status_code in (200, 303, 404, 422), f"{there} with {odd!r}"
