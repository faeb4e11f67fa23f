"""Officials keep funds: opened, filled, shared out and planned, with every refusal beside its field."""

from typing import Any

import pytest
from flask import Flask

from portal.funds.allocating import resize_line
from portal.funds.balances import balance_of, free_of_fund
from portal.funds.committing import commit_money
from portal.funds.models import Allocation, BudgetLine, Fund, FundEntry
from portal.rules import Refused
from portal.store import db
from tests import builders
from tests.client import InspectingClient
from tests.funds.making import a_fund, a_key, a_line, an_allocation, keeper

ENGLISH = {"Accept-Language": "en"}


def rows(model: type[Any]) -> list[Any]:
    return list(db.session.scalars(db.select(model).order_by(model.id)))


def test_an_official_opens_a_fund_once(app: Flask, client: InspectingClient) -> None:  # A18, A49
    county = builders.a_region_tree().county
    builders.signed_in(client, builders.an_official(county))
    said = {"key": a_key(), "name": "社会救助专项资金", "kind": "assistance", "year": "2026", "channel": "party_org"}
    for _ in range(2):
        assert client.post(f"/{county.code}/funds/open", data=said).status_code == 303
    assert [(fund.kind, fund.year, fund.channel) for fund in rows(Fund)] == [("assistance", 2026, "party_org")]
    answer = client.post(f"/{county.code}/funds/open", data=said | {"name": "另一个"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "sent already with something else" in answer.text


def test_committees_and_residents_keep_no_fund(app: Flask, client: InspectingClient) -> None:  # B24
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village)
    for person in (builders.a_committee(village), builders.a_resident(village)):
        builders.signed_in(client, person)
        assert client.post(f"/{village.code}/funds/{fund.id}/enter", data={"way": "income"}).status_code == 403


def test_an_official_of_the_township_keeps_no_fund_of_the_county(app: Flask, client: InspectingClient) -> None:  # B26
    tree = builders.a_region_tree()
    fund = a_fund(tree.county)
    builders.signed_in(client, builders.an_official(tree.township))
    said = {"key": a_key(), "place": tree.township.code, "amount": "1"}
    assert client.post(f"/{tree.county.code}/funds/{fund.id}/allocate", data=said).status_code == 403
    assert client.post(f"/{tree.township.code}/funds/{fund.id}/allocate", data=said).status_code == 404


def test_spending_above_what_is_free_is_refused_beside_the_amount_and_keeps_what_was_typed(
    app: Flask, client: InspectingClient
) -> None:  # A59, B24
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, 100_00, "community")
    builders.signed_in(client, builders.an_official(village))
    there = f"/{village.code}/funds/{fund.id}/enter"
    said = {"key": a_key(), "way": "direct", "amount": "100.01", "words": "重阳节活动物资", "category": "04"}
    answer = client.post(there, data=said, headers=ENGLISH)
    assert answer.status_code == 422
    for kept in ("Only 100.00 yuan of this fund are free.", "100.01", "重阳节活动物资"):
        assert kept in answer.text
    for _ in range(2):
        assert client.post(there, data=said | {"amount": "４０．５"}).status_code == 303
    assert balance_of(fund) == 59_50


@pytest.mark.parametrize("amount", ["", "十元", "-5", "0", "1.234", "9" * 30])
def test_what_is_no_amount_is_refused(app: Flask, client: InspectingClient, amount: str) -> None:  # B24
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, 100_00)
    builders.signed_in(client, builders.an_official(village))
    said = {"key": a_key(), "way": "income", "amount": amount, "words": "捐款"}
    assert client.post(f"/{village.code}/funds/{fund.id}/enter", data=said).status_code == 422
    assert balance_of(fund) == 100_00


def test_a_slip_is_taken_back_once_by_an_entry_that_names_it(app: Flask, client: InspectingClient) -> None:  # A59
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, 100_00)
    slip = rows(FundEntry)[0]
    builders.signed_in(client, builders.an_official(village))
    there = f"/{village.code}/funds/{fund.id}/entries/{slip.id}/correct"
    key = a_key()
    for _ in range(2):
        assert client.post(there, data={"key": key, "words": "金额录错"}).status_code == 303
    assert client.post(there, data={"key": a_key(), "words": "再改一次"}).status_code == 422
    assert [(one.amount_fen, one.corrects_id) for one in rows(FundEntry)] == [(100_00, None), (-100_00, slip.id)]
    assert balance_of(fund) == 0


def test_income_that_is_shared_out_cannot_be_taken_back(app: Flask, client: InspectingClient) -> None:  # B26
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, 100_00)
    an_allocation(fund, village, 1_00)
    builders.signed_in(client, builders.an_official(village))
    there = f"/{village.code}/funds/{fund.id}/entries/{rows(FundEntry)[0].id}/correct"
    answer = client.post(there, data={"key": a_key(), "words": "金额录错"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "only 99.00 yuan are still free" in answer.text


def test_money_goes_from_the_county_to_a_township_to_a_village_and_never_grows(
    app: Flask, client: InspectingClient
) -> None:  # B26
    tree = builders.a_region_tree()
    village, fund = tree.villages[0], a_fund(tree.county, 100_00)
    builders.signed_in(client, builders.an_official(tree.county))

    def gives(there: str, place: str, amount: str) -> int:
        return client.post(there, data={"key": a_key(), "place": place, "amount": amount}).status_code

    from_fund = f"/{tree.county.code}/funds/{fund.id}/allocate"
    assert gives(from_fund, tree.township.code, "100.01") == 422
    assert gives(from_fund, tree.prefecture.code, "10") == 422
    assert gives(from_fund, tree.township.code, "60") == 303
    assert gives(from_fund, tree.county.code, "40.01") == 422
    given = rows(Allocation)[0]
    builders.signed_in(client, builders.an_official(tree.township))
    on = f"/{tree.township.code}/funds/allocations/{given.id}/give"
    assert gives(on, tree.county.code, "1") == gives(on, tree.township.code, "1") == 422
    assert gives(on, village.code, "60.01") == 422
    assert gives(on, village.code, "50") == 303
    assert gives(on, tree.villages[1].code, "10.01") == 422
    assert [one.amount_fen for one in rows(Allocation)] == [60_00, 50_00]
    larger = f"/{tree.township.code}/funds/allocations/{given.id}/resize"
    assert client.post(larger, data={"amount": "100"}).status_code == 409  # the county keeps it
    builders.signed_in(client, builders.an_official(tree.county))
    assert client.post(larger, data={"amount": "49.99"}).status_code == 422
    assert client.post(larger, data={"amount": "100.01"}).status_code == 422
    assert client.post(larger, data={"amount": "100"}).status_code == 303
    assert free_of_fund(fund) == 0


def test_lines_and_what_is_given_on_share_one_allocation(app: Flask, client: InspectingClient) -> None:  # B24, B26
    tree = builders.a_region_tree()
    given = an_allocation(a_fund(tree.township, 100_00), tree.township, 100_00)
    an_allocation(db.session.get_one(Fund, given.fund_id), tree.villages[0], 30_00, given)
    builders.signed_in(client, builders.an_official(tree.township))
    there = f"/{tree.township.code}/funds/allocations/{given.id}/plan"
    said = {"key": a_key(), "title": "助餐服务", "amount": "70.01", "category": "04", "is_new": "y"}
    answer = client.post(there, data=said, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Only 70.00 yuan are left of this allocation." in answer.text
    assert "助餐服务" in answer.text
    for _ in range(2):
        assert client.post(there, data=said | {"amount": "70"}).status_code == 303
    assert [(one.amount_fen, one.is_new) for one in rows(BudgetLine)] == [(70_00, True)]


def test_no_line_gets_below_what_is_promised(app: Flask) -> None:  # B24
    village = builders.a_region_tree().villages[0]
    line = a_line(village, 100_00)
    commit_money(line, 60_00, "contract:1")
    with pytest.raises(Refused):
        resize_line(keeper(village), line, 59_99)
    assert resize_line(keeper(village), line, 60_00).amount_fen == 60_00
