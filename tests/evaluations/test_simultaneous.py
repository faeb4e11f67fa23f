"""What holds when several people act at the same moment."""

from datetime import timedelta

from sqlalchemy import select

from portal.contracts import carrying
from portal.contracts.models import Contract, Instalment
from portal.evaluations import deciding, planning, scoring
from portal.evaluations.models import EvaluationPlan, EvaluationResult, EvaluationScore
from portal.evaluations.paying import advice_for
from portal.rules.evaluation import Party
from portal.store import db
from tests import builders as a
from tests.contracts import making as contracts
from tests.counting import count
from tests.evaluations import making
from tests.racing import TAPS, all_at_once


def test_a_result_is_computed_once_however_many_ask_for_it(app, elsewhere):  # F6
    plan = making.handed_in(making.rated(making.a_plan()))
    official, number = making.the_purchaser(plan), plan.id
    with a.at(plan.closes_on + timedelta(days=1)):
        said = all_at_once(
            elsewhere, lambda _: deciding.decide_evaluation(official, db.session.get_one(EvaluationPlan, number))
        )
    assert said == ["done"] * TAPS
    assert count(EvaluationResult) == 1


def test_the_points_of_a_party_are_given_once(app, elsewhere):  # B34
    plan = making.a_plan()
    official, number, opens_on = making.the_purchaser(plan), plan.id, plan.opens_on
    shares = [making.shares(plan, 70 + tap) for tap in range(TAPS)]
    with a.at(opens_on):
        said = all_at_once(
            elsewhere,
            lambda tap: scoring.hand_in_points(
                official, db.session.get_one(EvaluationPlan, number), Party.PURCHASER, shares[tap]
            ),
        )
    assert said == ["done"] + ["refused"] * (TAPS - 1)
    assert count(EvaluationScore) == 4


def test_an_instalment_follows_from_one_of_many_plans_published_at_once(app, elsewhere):  # A65
    contract = making.a_linked_contract()
    plans = [making.a_plan(contract, is_published=False).id for _ in range(TAPS)]
    official = making.the_official(contract)
    said = all_at_once(
        elsewhere, lambda tap: planning.publish_plan(official, db.session.get_one(EvaluationPlan, plans[tap]))
    )
    assert said == ["done"] + ["refused"] * (TAPS - 1)


def test_no_fen_above_the_advice_is_paid_however_many_pay(app, elsewhere):  # A65
    contract = making.a_linked_contract()
    first, second = db.session.scalars(select(Instalment).order_by(Instalment.number))
    carrying.pay_instalment(making.the_official(contract), contract, first, first.amount_fen)
    contracts.accepted(contract)
    making.an_evaluation(contract)
    advised, official, number, part = (
        advice_for(contract, second).fen,
        making.the_official(contract),
        contract.id,
        second.id,
    )

    def pay(tap: int) -> None:
        carrying.pay_instalment(
            official, db.session.get_one(Contract, number), db.session.get_one(Instalment, part), advised + tap - 4
        )

    with a.at(second.due_on + timedelta(days=1)):
        said = all_at_once(elsewhere, pay)
    assert said == ["done"] + ["refused"] * (TAPS - 1)
    assert db.session.get_one(Instalment, part).paid_fen <= advised
