"""Pages of funds ask the database as often for many rows as for one."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.funds.allocating import add_line
from portal.funds.committing import commit_money
from portal.funds.granting import ask_grant, open_call
from portal.funds.keeping import enter_money
from portal.funds.sharing import note_contract
from portal.rules.funds import EntryDraft, Way
from portal.rules.grants import CallDraft, RequestDraft
from portal.store import clock
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements
from tests.funds.making import a_fund, a_key, an_allocation, keeper

BUDGET = {"": 10, "shares": 10, "report": 6, "grants/": 6, "{fund}/": 6, "calls/{call}/": 8, "allocations/{given}/": 8}


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", BUDGET)
def test_fifty_rows_cost_what_one_does(app: Flask, client: InspectingClient, page: str) -> None:  # A18, A46, A57, B26
    village = builders.a_region_tree().villages[0]
    fund, provider = a_fund(village, 100_000_00, "community"), builders.a_provider(village)
    given = an_allocation(fund, village, 50_000_00)
    call = open_call(
        keeper(village), fund, CallDraft("资助", "请申请", 9_000_00, clock.today() + timedelta(days=9)), a_key()
    )
    there = f"/{village.code}/funds/{page.format(fund=fund.id, given=given.id, call=call.id)}"

    def more(count: int, first: int) -> None:
        for number in range(first, first + count):
            a_fund(village, 1_00)
            an_allocation(fund, village, 1_00)
            line = add_line(keeper(village), given, f"助餐{number}", 10_00, a_key(), is_new=True)
            commit_money(line, 1_00, f"contract:{number}")
            note_contract(f"contract:{number}", village.id, "enterprise")
            enter_money(keeper(village), fund, EntryDraft(Way.DIRECT, 1_00, "办公用品"), a_key())
            draft = RequestDraft("活动", "助老", 1_00, clock.today())
            ask_grant(builders.actor(builders.staff_of(provider)), call, provider, draft, a_key())

    def cost() -> list[Any]:
        client.get(there)
        with statements() as said:
            assert client.get(there).status_code == 200
        return said

    more(1, 1)
    one = cost()
    more(24, 2)
    many = cost()
    assert len(many) == len(one) <= BUDGET[page], "\n".join(many)
