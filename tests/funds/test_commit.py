"""Money is promised, released and paid: never more than there is, whoever comes at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from portal.funds.allocating import add_line, allocate
from portal.funds.balances import balance_of, free_of_fund
from portal.funds.committing import commit_money, free_of, pay_money, release_money
from portal.funds.keeping import enter_money
from portal.funds.models import Allocation, BudgetLine, Commitment, Fund, FundEntry
from portal.funds.queries import sources_of
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.funds import EntryDraft, Way
from portal.store import action, db
from tests import builders
from tests.funds.making import a_fund, a_key, a_line, an_allocation, keeper

TAPS = 24


def fund_of(line: BudgetLine) -> Fund:
    return db.session.get_one(Fund, db.session.get_one(Allocation, line.allocation_id).fund_id)


def test_no_contract_is_promised_more_than_is_free(app: Flask) -> None:  # B24
    line = a_line(builders.a_region_tree().villages[0], 100_00)
    commit_money(line, 60_00, "contract:1")
    with pytest.raises(Refused) as refused:
        commit_money(line, 40_01, "contract:2")
    assert refused.value.refusals[0].beside == "amount"
    assert refused.value.refusals[0].values == {"free": "40.00"}
    commit_money(line, 40_00, "contract:2")
    assert free_of(line) == 0


def test_a_supplement_adds_to_what_is_promised(app: Flask) -> None:  # B24
    line = a_line(builders.a_region_tree().villages[0], 100_00)
    commit_money(line, 60_00, "contract:1")
    assert commit_money(line, 6_00, "contract:1").amount_fen == 66_00
    assert free_of(line) == 34_00


def test_a_payment_leaves_the_fund_and_the_public_account_says_for_what(app: Flask) -> None:  # A45, B24
    line = a_line(builders.a_region_tree().villages[0], 100_00, category="0401")
    commit_money(line, 60_00, "contract:1")
    pay_money("contract:1", 25_00)
    entry = db.session.scalars(db.select(FundEntry).where(FundEntry.amount_fen < 0)).one()
    assert (entry.amount_fen, entry.way, entry.subject, entry.category) == (-25_00, "purchase", "contract:1", "0401")
    fund = fund_of(line)
    assert (balance_of(fund), free_of(line), free_of_fund(fund)) == (75_00, 40_00, 0)


def test_what_is_released_is_free_again_and_what_is_paid_stays(app: Flask) -> None:  # B24, B33
    line = a_line(builders.a_region_tree().villages[0], 100_00)
    commit_money(line, 60_00, "contract:1")
    commit_money(line, 40_00, "contract:2")
    pay_money("contract:1", 25_00)
    release_money("contract:1")
    release_money("contract:2")
    assert free_of(line) == 75_00
    assert db.session.scalars(db.select(Commitment.amount_fen)).all() == [25_00]


def test_a_contract_may_draw_on_several_sources_or_on_none(app: Flask) -> None:  # A18
    village = builders.a_region_tree().villages[0]
    budget, lottery = a_line(village, 100_00), a_line(village, 50_00, "lottery")

    @action
    def draw(second: int) -> None:
        commit_money(budget, 80_00, "contract:1")
        commit_money(lottery, second, "contract:1")

    with pytest.raises(Refused):
        draw(50_01)
    assert free_of(budget) == 100_00
    draw(50_00)
    pay_money("contract:1", 100_00)
    assert [(row.Fund.kind, row.amount_fen, row.paid_fen) for row in sources_of("contract:1")] == [
        ("budget", 80_00, 80_00),
        ("lottery", 50_00, 20_00),
    ]
    assert (balance_of(fund_of(budget)), balance_of(fund_of(lottery))) == (20_00, 30_00)


@pytest.mark.parametrize("amount", [0, -1, 60_01])
def test_more_than_was_promised_cannot_be_paid(app: Flask, amount: int) -> None:  # B24
    line = a_line(builders.a_region_tree().villages[0], 100_00)
    commit_money(line, 60_00, "contract:1")
    with pytest.raises(ValueError, match="paid"):
        pay_money("contract:1", amount)
    assert balance_of(fund_of(line)) == 100_00


def test_the_database_lets_nobody_change_an_entry_or_take_one_out(app: Flask) -> None:  # A59
    a_fund(builders.a_region_tree().villages[0], 100_00)

    @action
    def change(statement: Any) -> None:
        db.session.execute(statement)

    for statement in (update(FundEntry).values(amount_fen=1), delete(FundEntry)):
        with pytest.raises(DBAPIError, match="corrected by a further entry"):
            change(statement)
    assert db.session.scalar(select(func.sum(FundEntry.amount_fen))) == 100_00


def at_once(elsewhere: Callable[..., Any], deed: Callable[[int], Any]) -> int:
    """Do `deed` for many numbers at the same moment; gives how many were not refused."""

    def one(number: int) -> bool:
        try:
            deed(number)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(TAPS) as pool:
        done = list(pool.map(lambda number: elsewhere(one, number), range(TAPS)))
    db.session.rollback()
    db.session.expire_all()
    return sum(done)


def test_simultaneous_commitments_never_overdraw_a_line(app: Flask, elsewhere: Callable[..., Any]) -> None:  # B24
    line_id = a_line(builders.a_region_tree().villages[0], 100_00).id
    taken = at_once(
        elsewhere, lambda number: commit_money(db.session.get_one(BudgetLine, line_id), 15_00, f"contract:{number}")
    )
    assert taken == 6
    assert free_of(db.session.get_one(BudgetLine, line_id)) == 10_00


def test_simultaneous_deeds_never_overdraw_a_fund(app: Flask, elsewhere: Callable[..., Any]) -> None:  # A59, B26
    village = builders.a_region_tree().villages[0]
    fund_id, official = a_fund(village, 100_00).id, keeper(village)
    line = add_line(official, an_allocation(db.session.get_one(Fund, fund_id), village, 30_00), "助餐", 30_00, a_key())
    commit_money(line, 30_00, "contract:1")

    def take(number: int) -> None:
        fund, here = db.session.get_one(Fund, fund_id), db.session.get_one(Region, village.id)
        if number % 3 == 0:
            pay_money("contract:1", 1_00)
        elif number % 3 == 1:
            allocate(official, fund, here, 15_00, a_key())
        else:
            enter_money(official, fund, EntryDraft(Way.DIRECT, 15_00, "办公用品"), a_key())

    assert at_once(elsewhere, take) == 8 + 4
    fund = db.session.get_one(Fund, fund_id)
    assert free_of_fund(fund) == 10_00
    spent = db.session.scalar(select(func.count()).where(FundEntry.way == "direct")) or 0
    assert balance_of(fund) == 100_00 - 8_00 - spent * 15_00


def test_the_same_form_sent_many_times_at_once_counts_once(app: Flask, elsewhere: Callable[..., Any]) -> None:  # A59
    village = builders.a_region_tree().villages[0]
    fund_id, official, key = a_fund(village, 100_00).id, keeper(village), a_key()
    draft = EntryDraft(Way.DIRECT, 10_00, "办公用品")
    assert at_once(elsewhere, lambda _: enter_money(official, db.session.get_one(Fund, fund_id), draft, key)) == TAPS
    assert balance_of(db.session.get_one(Fund, fund_id)) == 90_00
