"""A plan is published before it starts and then frozen. Source: A63, A64."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.evaluations import planning
from portal.evaluations.queries import indicators_of
from portal.notifications.models import Notice
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import Refused
from portal.store import clock, db
from portal.store.engines import WRITING
from tests import builders as a
from tests.contracts import making as contracts
from tests.evaluations import making


def test_an_evaluation_needs_targets_that_were_read(app):  # A63
    contract = making.a_linked_contract(read=False)
    with pytest.raises(Refused, match="needs monitoring"):
        making.a_plan(contract)


def test_only_a_signed_contract_is_evaluated(app):  # A63
    with pytest.raises(Refused, match="signed"):
        making.a_plan(contracts.a_contract())


def test_a_plan_sent_twice_is_one(app):
    contract = making.a_linked_contract()
    key, draft = contracts.a_key(), making.a_draft(contract)
    first = planning.plan_evaluation(making.the_official(contract), contract, draft, key)
    assert planning.plan_evaluation(making.the_official(contract), contract, draft, key).id == first.id


def test_a_draft_is_changed_and_a_published_plan_is_not(app):  # A64
    plan = making.a_plan(is_published=False)
    contract = db.session.get_one(contracts.Contract, plan.contract_id)
    official = making.the_official(contract)
    planning.revise_plan(official, plan, making.a_draft(contract, sample="每三人问一人。"))
    assert plan.sample == "每三人问一人。"
    for _ in range(2):
        planning.publish_plan(official, plan)
    with pytest.raises(Refused, match="not at this step"):
        planning.revise_plan(official, plan, making.a_draft(contract))
    assert plan.sample == "每三人问一人。"


def test_the_third_party_is_told_when_the_plan_is_published_and_not_before(app):  # A64
    plan = making.a_plan(is_published=False)
    told = db.select(Notice).where(Notice.person_id == plan.evaluator_id, Notice.template == "evaluator_appointed")
    assert db.session.scalar(told) is None
    planning.publish_plan(making.the_purchaser(plan), plan)
    assert db.session.scalar(told) is not None


def test_a_plan_is_published_some_working_days_before_it_opens(app):  # A64
    plan = making.a_plan(is_published=False)
    with a.at(plan.opens_on - timedelta(days=1)), pytest.raises(Refused, match="at the earliest"):
        planning.publish_plan(making.the_purchaser(plan), plan)


def test_days_whose_figures_are_known_are_not_planned(app):  # A64
    contract = making.a_linked_contract()
    plan = making.a_plan(contract, is_published=False, until_on=clock.today(), closes_on=clock.today() + timedelta(60))
    with a.at(clock.today() + timedelta(days=1)), pytest.raises(Refused) as refused:
        planning.revise_plan(making.the_purchaser(plan), plan, planning.draft_of(plan))
    assert "until_on" in [one.beside for one in refused.value.refusals]
    with a.at(clock.today() + timedelta(days=1)), pytest.raises(Refused, match="lie in the past"):
        planning.publish_plan(making.the_purchaser(plan), plan)


def test_a_place_may_ask_for_more_days(app):  # A44, A64
    contract = making.a_linked_contract()
    draft = making.a_draft(contract)
    a.with_numbers(db.session.get_one(Region, contract.region_id), evaluation_notice_working_days=20)
    with pytest.raises(Refused, match="at the earliest"):
        planning.plan_evaluation(making.the_official(contract), contract, draft, contracts.a_key())


@pytest.mark.parametrize("who", ["provider", "purchaser", "nobody"])
def test_who_is_tied_or_unknown_is_no_third_party(app, who):  # B34, 1.5
    contract = making.a_linked_contract()
    account = {
        "provider": lambda: a.staff_of(db.session.get_one(Provider, contract.provider_id)).login,
        "purchaser": lambda: a.an_official(a.a_region_tree().province).login,
        "nobody": lambda: "13700000000",
    }[who]()
    with pytest.raises(Refused) as refused:
        making.a_plan(contract, account=account)
    assert [one.beside for one in refused.value.refusals] == ["account"]


def test_the_people_of_an_assisting_unit_are_no_third_party(app):  # B34, 1.5
    village = a.a_region_tree().villages[1]
    assisting = contracts.replace(contracts.ASSISTING, name="梅园社区居民委员会", region_id=village.id)
    contract = contracts.a_serving_contract(assisting=assisting)
    staff = a.actor(a.staff_of(db.session.get_one(Provider, contract.provider_id)))
    contracts.carrying.read_target(staff, contracts.target_of(contract), 0, contracts.clock.today())
    with pytest.raises(Refused, match="assisting unit"):
        making.a_plan(contract, account=a.a_committee(village).login)
    with pytest.raises(Refused, match="bound by the contract"):
        making.a_plan(contract, evaluator_body="梅园社区 居民委员会")


def test_who_works_for_the_provider_plans_nothing_about_it(app):  # 1.5
    contract = making.a_linked_contract()
    official = making.the_official(contract)
    tied = contracts.replace(
        official,
        grants=(*official.grants, *a.actor(a.staff_of(db.session.get_one(Provider, contract.provider_id))).grants),
    )
    with pytest.raises(Refused, match="work for the provider"):
        planning.plan_evaluation(tied, contract, making.a_draft(contract), contracts.a_key())


def test_the_days_of_two_evaluations_do_not_overlap_and_an_instalment_follows_from_one(app):  # A65
    contract = making.a_linked_contract()
    first = making.a_plan(contract)
    with pytest.raises(Refused) as refused:
        making.a_plan(contract)
    assert {one.beside for one in refused.value.refusals} == {"from_on", "pays2"}
    later = {"from_on": first.until_on + timedelta(days=1), "until_on": first.until_on + timedelta(days=3)}
    assert making.a_plan(contract, instalments=(), **later).id != first.id


def test_an_evaluation_without_a_result_may_be_done_again(app):  # A65
    contract = making.a_linked_contract()
    result = making.an_evaluation(contract, None)
    assert result.composite is None
    assert making.a_plan(contract).instalments == [2]


def test_a_plan_is_withdrawn_before_it_opens_only_and_says_why(app):  # A64
    plan = making.a_plan()
    official = making.the_purchaser(plan)
    with pytest.raises(Refused, match="say why"):
        planning.withdraw_plan(official, plan, "")
    with a.at(plan.opens_on), pytest.raises(Refused, match="takes its course"):
        planning.withdraw_plan(official, plan, "结果恐怕不好看。")
    for _ in range(2):
        planning.withdraw_plan(official, plan, "第三方来不了。")
    assert (plan.state, plan.ended_reason) == ("withdrawn", "第三方来不了。")
    assert making.a_plan(db.session.get_one(contracts.Contract, plan.contract_id)).instalments == [2]


FORBIDDEN = (
    "UPDATE evaluation_plan SET recipients_percent = 70, third_percent = 15",
    "UPDATE evaluation_plan SET closes_on = opens_on",
    "UPDATE evaluation_plan SET instalments = '[1]'",
    "DELETE FROM evaluation_plan",
    "UPDATE evaluation_indicator SET points = 1",
    "DELETE FROM evaluation_indicator",
    "INSERT INTO evaluation_indicator (plan_id, number, dimension, title, points) VALUES (1, 99, 'effect', 'x', 1)",
    "UPDATE contract SET bands = '[[0, 10000, 100]]'",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_to_change_a_published_plan(app, statement):  # A64, A65
    making.a_plan()
    assert refused_by_the_database(statement)


RESULTS = (
    "UPDATE evaluation_score SET points = 1",
    "DELETE FROM evaluation_score",
    "UPDATE evaluation_result SET composite = 9999",
    "DELETE FROM evaluation_result",
    "UPDATE evaluation_plan SET state = 'published'",
    "INSERT INTO evaluation_score (plan_id, party, indicator_id, points, words, by_id, at) "
    "SELECT plan_id, 'recipients', indicator_id, points, words, by_id, at FROM evaluation_score",
)


@pytest.mark.parametrize("statement", RESULTS)
def test_the_database_itself_refuses_to_change_points_and_results(app, statement):  # B34, F6
    making.an_evaluation()
    assert refused_by_the_database(statement)


def refused_by_the_database(statement):
    db.session.rollback()
    with db.engine.connect() as connection:
        try:
            connection.execution_options(**WRITING).execute(text(statement))
        except DBAPIError as error:
            return "frozen" in str(error)
        finally:
            connection.rollback()
    return False


def test_a_draft_may_be_thrown_away_by_the_database(app):
    """What is guarded is what was published."""
    plan = making.a_plan(is_published=False)
    assert not refused_by_the_database(f"UPDATE evaluation_plan SET sample_number = 5 WHERE id = {plan.id}")
    assert len(indicators_of(plan)) == 4
