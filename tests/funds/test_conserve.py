"""Whatever officials and contracts do in whatever order: money is conserved and nothing is overdrawn."""

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.funds.allocating import add_line, allocate, give_on, resize_allocation, resize_line
from portal.funds.balances import balance_of, free_of_allocation, free_of_fund
from portal.funds.committing import commit_money, free_of, pay_money, release_money
from portal.funds.granting import ask_grant, decide_grant, finish_call, open_call, pay_grant
from portal.funds.keeping import correct_entry, enter_money
from portal.funds.models import Allocation, BudgetLine, Commitment, FundEntry, GrantCall, GrantRequest
from portal.rules import Refused
from portal.rules.funds import EntryDraft, Way
from portal.rules.grants import CallDraft, RequestDraft
from portal.store import clock, db
from tests import builders
from tests.conftest import clean
from tests.funds.making import a_fund, a_key, keeper

DEEDS = (
    "income", "direct", "correct", "allocate", "give", "resize_allocation", "line", "resize_line",
    "commit", "release", "pay", "call", "ask", "decide", "pay_grant", "finish",
)  # fmt: skip
START = [("allocate", 50, 0), ("line", 40, 0), ("commit", 11, 0), ("call", 30, 0), ("ask", 9, 0), ("decide", 5, 0)]
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 60), st.integers(0, 5)), min_size=10, max_size=40)


class World:
    """A county with a fund, and everything that can be done with its money."""

    def __init__(self) -> None:
        self.tree = builders.a_region_tree()
        self.official = keeper(self.tree.county)
        self.fund = a_fund(self.tree.county, 100, "community")
        self.provider = builders.a_provider(self.tree.county)
        self.contracts = 0

    def pick(self, model: type[Any], number: int) -> Any:
        rows = db.session.scalars(select(model).order_by(*model.__table__.primary_key)).all()
        return rows[number % len(rows)] if rows else None

    def do(self, deed: str, fen: int, number: int) -> None:
        me, key = self.official, a_key()
        entry, allocation = self.pick(FundEntry, number), self.pick(Allocation, number)
        line, call, wish = self.pick(BudgetLine, number), self.pick(GrantCall, number), self.pick(GrantRequest, number)
        promised = self.pick(Commitment, number)
        places = (self.tree.county, self.tree.township, *self.tree.villages)
        if deed in (Way.INCOME, Way.DIRECT):
            enter_money(me, self.fund, EntryDraft(deed, fen, "某事"), key)
        elif deed == "correct":
            correct_entry(me, self.fund, entry, "记错了", key)
        elif deed == "allocate":
            allocate(me, self.fund, places[number % len(places)], fen, key)
        elif deed == "call":
            open_call(me, self.fund, CallDraft("资助", "请申请", fen, clock.today()), key)
        elif deed == "give" and allocation:
            give_on(me, allocation, places[fen % len(places)], fen, key)
        elif deed == "resize_allocation" and allocation:
            resize_allocation(me, allocation, fen)
        elif deed == "line" and allocation:
            add_line(me, allocation, "助餐", fen, key)
        elif deed == "resize_line" and line:
            resize_line(me, line, fen)
        elif deed == "commit" and line:
            self.contracts += 1
            commit_money(line, fen, f"contract:{self.contracts if fen % 2 else 1}")
        elif deed == "release" and promised:
            release_money(promised.subject)
        elif deed == "pay" and promised:
            left = db.session.scalar(
                select(func.sum(Commitment.amount_fen - Commitment.paid_fen)).where(
                    Commitment.subject == promised.subject
                )
            )
            if left:
                pay_money(promised.subject, min(fen, left))
        elif deed == "ask" and call:
            ask_grant(me, call, self.provider, RequestDraft("活动", "助老", fen, clock.today()), key)
        elif wish and deed in ("decide", "pay_grant"):
            own = db.session.get_one(GrantCall, wish.call_id)
            if deed == "decide":
                decide_grant(me, own, wish, min(fen, wish.amount_fen), "有理由")
            else:
                pay_grant(me, own, wish)
        elif deed == "finish" and call:
            finish_call(me, call)
        else:
            raise Refused([])

    def holds(self) -> None:
        """All sums, said once more and apart from `funds.balances`."""

        def total(column: Any, *where: Any) -> int:
            return int(db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)

        came, paid = total(FundEntry.amount_fen, FundEntry.way == "income"), total(Commitment.paid_fen)
        direct, granted = (total(FundEntry.amount_fen, FundEntry.way == way) for way in ("direct", "grant"))
        assert total(FundEntry.amount_fen, FundEntry.way == "purchase") == -paid
        assert granted == -total(GrantRequest.granted_fen, GrantRequest.paid_at.is_not(None))
        assert balance_of(self.fund) == came + direct - paid + granted >= 0
        roots = total(Allocation.amount_fen, Allocation.parent_id.is_(None))
        kept = 0
        for call in db.session.scalars(select(GrantCall)):
            given = total(GrantRequest.granted_fen, GrantRequest.call_id == call.id)
            done = total(GrantRequest.granted_fen, GrantRequest.call_id == call.id, GrantRequest.paid_at.is_not(None))
            assert given <= call.budget_fen
            kept += (given if call.finished_at else call.budget_fen) - done
        assert free_of_fund(self.fund) == balance_of(self.fund) - (roots - paid) - kept >= 0
        for one in db.session.scalars(select(Allocation)):
            parts = total(Allocation.amount_fen, Allocation.parent_id == one.id)
            lines = total(BudgetLine.amount_fen, BudgetLine.allocation_id == one.id)
            assert free_of_allocation(one) == one.amount_fen - parts - lines >= 0
        for line in db.session.scalars(select(BudgetLine)):
            promised = total(Commitment.amount_fen, Commitment.line_id == line.id)
            assert free_of(line) == line.amount_fen - promised >= 0
        db.session.rollback()


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_any_sequence_of_deeds_keeps_all_sums(app: Flask) -> None:  # A18, A57, A59, B24, B26
    done = set()

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(STEPS)
    def played(steps: list[tuple[str, int, int]]) -> None:
        clean(app)
        world = World()
        for deed, fen, number in (*START, *steps):
            with suppress(Refused):
                world.do(deed, fen, number)
                done.add(deed)
            world.holds()

    played()
    assert done == set(DEEDS)
