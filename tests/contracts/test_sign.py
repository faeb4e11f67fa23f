"""A contract is signed whole or not at all, and nothing of it is edited afterwards."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.contracts import completing, contents, drafting, signing
from portal.contracts.contents import clocks_of
from portal.contracts.models import Contract, Instalment
from portal.contracts.queries import found_contract
from portal.funds.models import Commitment
from portal.projects.models import Project
from portal.rules import Refused
from portal.rules.clauses import TYPED
from portal.rules.contracts import ContractState
from portal.rules.instalments import Part
from portal.store import action, clock, db
from tests import builders as a
from tests.contracts import making


def said(refused):
    return {refusal.beside for refusal in refused.value.refusals}


def sign(contract, clauses=making.CLAUSES, day=None):
    signing.sign_contract(making.the_official(contract), contract, clauses, day or clock.today())


def test_a_signature_promises_the_money_and_brings_the_project_on(app):  # B23, B24, A40
    contract = making.a_signed_contract()
    commitment = db.session.scalars(select(Commitment)).one()
    assert (commitment.subject, commitment.amount_fen) == (f"contract:{contract.id}", making.PRICE)
    assert contract.state == ContractState.SIGNED
    assert db.session.get_one(Project, contract.project_id).state == "contracted"


@pytest.mark.parametrize("clause", [clause.value for clause in TYPED])
def test_with_one_clause_missing_it_cannot_be_signed_and_the_clause_is_named(app, clause):  # B23
    contract = making.a_contract()
    with pytest.raises(Refused) as refused:
        sign(contract, making.CLAUSES | {clause: " "})
    assert said(refused) == {clause}
    assert contract.signed_on is None


def test_without_money_instalments_and_targets_it_cannot_be_signed(app):  # B23, B24, A61
    contract = making.a_contract(complete=False)
    with pytest.raises(Refused) as refused:
        sign(contract)
    assert said(refused) == {"price", "payment", "targets"}


def test_a_price_changed_after_its_parts_were_typed_cannot_be_signed(app):  # B23
    contract = making.a_contract()
    drafting.revise_contract(making.the_official(contract), contract, making.a_draft(making.PRICE - 1))
    with pytest.raises(Refused) as refused:
        sign(contract)
    assert said(refused) == {"price", "payment"}


def test_a_signature_above_the_free_balance_is_refused_whole(app):  # B24
    one = making.a_contract()
    (line_id,) = contents.money_of(one)
    other = making.a_contract(complete=False)
    making.completed(other)

    @action
    def from_the_same_line():
        row = db.session.scalars(select(making.completing.ContractMoney).filter_by(contract_id=other.id)).one()
        row.line_id = line_id

    from_the_same_line()
    third = making.a_contract()

    @action
    def and_the_third():
        row = db.session.scalars(select(making.completing.ContractMoney).filter_by(contract_id=third.id)).one()
        row.line_id = line_id

    and_the_third()
    making.signed(one)
    making.signed(other)
    with pytest.raises(Refused, match="yuan of this budget line are free"):
        sign(third)
    assert db.session.get_one(Contract, third.id).state == ContractState.DRAFT


def test_more_than_is_free_is_refused_beside_its_line(app):  # B24
    contract = making.a_contract(complete=False)
    line = making.a_line(db.session.get_one(a.Region, contract.region_id), making.PRICE - 1)
    with pytest.raises(Refused) as refused:
        completing.say_money(making.the_official(contract), contract, [Part(making.PRICE, line_id=line.id, number=1)])
    assert said(refused) == {"part1_amount"}


@pytest.mark.parametrize("amounts", [(making.PRICE - 1,), (making.PRICE, 1), (making.PRICE // 2,) * 3])
def test_instalments_are_the_price_exactly(app, amounts):  # B23
    contract = making.a_contract(complete=False)
    parts = [Part(amount, contract.starts_on, number=n) for n, amount in enumerate(amounts, 1)]
    with pytest.raises(Refused, match="but the price is"):
        completing.say_instalments(making.the_official(contract), contract, parts)


def test_signed_twice_it_is_once(app):
    contract = making.a_signed_contract()
    sign(contract)
    assert db.session.scalars(select(Commitment)).one().amount_fen == making.PRICE


def test_it_is_signed_neither_before_the_award_nor_after_it_began(app):  # 2.2
    contract = making.a_contract(starts_on=clock.today() + timedelta(days=3))
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            sign(contract, day=day)
        assert said(refused) == {"signed_on"}
    late = making.a_contract(starts_on=clock.today())
    with a.at(clock.today() + timedelta(days=1)), pytest.raises(Refused, match="signed before it begins"):
        sign(late, day=clock.today())


def test_nothing_of_a_signed_contract_is_edited_by_any_deed(app):  # B31
    contract = making.a_signed_contract()
    official = making.the_official(contract)
    for deed in (
        lambda: drafting.revise_contract(official, contract, making.a_draft()),
        lambda: completing.write_clauses(official, contract, making.CLAUSES),
        lambda: completing.say_money(official, contract, []),
        lambda: completing.say_instalments(official, contract, []),
        lambda: completing.set_targets(official, contract, []),
    ):
        with pytest.raises(Refused, match="is signed"):
            deed()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contract SET title = 'x'",
        "UPDATE contract SET price_fen = price_fen - 1",
        "UPDATE contract SET ends_on = starts_on",
        "UPDATE contract SET signed_on = NULL",
        "UPDATE contract SET conditions = '{}'",
        "DELETE FROM contract",
        "UPDATE contract_party SET fee_fen = 1",
        "DELETE FROM contract_clause",
        "UPDATE contract_clause SET words = 'x'",
        "UPDATE performance_target SET target = 1",
        "DELETE FROM performance_target",
        "UPDATE instalment SET amount_fen = 1",
        "DELETE FROM instalment",
        "INSERT INTO contract_clause (contract_id, clause, words) SELECT id, 'more', 'x' FROM contract",
    ],
)
def test_nor_by_any_other_program_and_it_is_kept(app, statement):  # 2.2 (Law 42: at least 15 years)
    making.a_signed_contract()

    @action
    def edit():
        db.session.execute(text(statement))

    with pytest.raises(DatabaseError, match=r"this is (frozen|signed)"):
        edit()


def test_the_clocks_of_the_law_begin_with_award_and_signature(app):  # 2.2
    with a.at("2026-03-02"):
        contract = making.a_contract(starts_on=date(2026, 4, 30))
    with a.at("2026-04-01"):
        assert clocks_of(found_contract(contract.id))["signed"].late_days == 0
    with a.at("2026-04-03"):
        assert clocks_of(found_contract(contract.id))["signed"].late_days == 2
        making.signed(contract, date(2026, 4, 3))
        clocks = clocks_of(found_contract(contract.id))
        # 4 to 6 April 2026 are the holidays of Qingming, 7 and 8 April are worked
        assert clocks["published"].due_on == date(2026, 4, 8)
        assert clocks["filed"].due_on == date(2026, 4, 15)
    with a.at("2026-04-10"):
        signing.publish_contract(making.the_official(contract), contract)
        signing.file_contract(making.the_official(contract), contract, date(2026, 4, 9))
        clocks = clocks_of(found_contract(contract.id))
        assert (clocks["published"].late_days, clocks["filed"].late_days) == (2, 0)


def test_value_in_kind_is_apart_and_inside_the_total_of_the_award(app):  # A54
    award = making.an_award(making.PRICE)
    region = db.session.get_one(a.Region, award.purchase.region_id)
    official = a.actor(a.an_official(region))

    def draft(**changes):
        said_ = making.a_draft(making.PRICE - 500_000, in_kind_fen=500_000, **changes)
        return drafting.draft_contract(official, region, award, said_, making.a_key())

    with pytest.raises(Refused) as refused:
        draft()
    assert said(refused) == {"in_kind_basis"}
    contract = draft(in_kind_basis="活动室按同地段租金估价，由县资产评估所出具报告。")
    assert (contract.price_fen, contract.in_kind_fen) == (3_500_000, 500_000)
    more = making.a_draft(making.PRICE, in_kind_fen=1, in_kind_basis="同上述评估报告。")
    with pytest.raises(Refused) as refused:
        drafting.revise_contract(official, contract, more)
    assert said(refused) == {"price"}


def test_a_purchase_has_one_contract(app):
    award = making.an_award()
    region = db.session.get_one(a.Region, award.purchase.region_id)
    official = a.actor(a.an_official(region))
    one, other = (drafting.draft_contract(official, region, award, making.a_draft(), making.a_key()) for _ in range(2))
    assert one.id == other.id
    assert db.session.scalar(select(db.func.count()).select_from(Instalment)) == 0
