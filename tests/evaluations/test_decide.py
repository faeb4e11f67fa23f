"""The result is computed once, from all three parties. Source: ratings F6, B34-B36."""

import json
from datetime import timedelta

import pytest

from portal.contracts.models import Contract
from portal.evaluations import deciding
from portal.evaluations.models import EvaluationPlan, EvaluationResult
from portal.projects.improving import actions_of
from portal.projects.models import Participation, Project
from portal.providers.models import Provider
from portal.ratings.releasing import count_mix
from portal.rules import Refused, scoring
from portal.rules.evaluation_results import most_stars, stars_of
from portal.rules.projects import ProjectState
from portal.store import db
from tests import builders as a
from tests.contracts import making as contracts
from tests.evaluations import making
from tests.providers.making import published
from tests.supervision.making import an_exit


def test_the_result_is_what_the_formulas_make_of_all_three(app):  # F3, F6, B34
    result = making.an_evaluation()
    score = scoring.provider_score(making.GOOD)
    mine = round(score.mean * 100)
    assert (result.recipients, result.recipients_sd) == (mine, round(score.sd * 100))
    assert (result.third, result.purchaser) == (9000, 8000)
    assert result.composite == round((mine * 60 + 9000 * 25 + 8000 * 15) / 100)
    assert result.sd == round(0.6 * round(score.sd * 100))
    assert (result.reason, result.capped_by, result.working["missing"]) == ("", "", [])


@pytest.mark.parametrize("counts", [None, (0, 0, 0, 9, 20)])
def test_with_too_few_ratings_there_is_no_result_and_it_says_so(app, client, counts):  # F6, F9
    result = making.an_evaluation(counts=counts)
    assert (result.composite, result.sd, result.recipients, result.reason) == (None, None, None, "few_ratings")
    assert (result.third, result.purchaser) == (9000, 8000)
    region = db.session.get_one(a.Region, contract_of(result).region_id)
    said = client.get(f"/{region.code}/evaluations/{result.plan_id}/", headers={"Accept-Language": "en"}).text
    assert f"about {sum(counts or ()) // 5 * 5} recipients have rated" in said


def told(plan_id, client):
    """The page, the table and the file for programs that tell of the plan's recipients."""
    plan = db.session.get_one(EvaluationPlan, plan_id)
    region = db.session.get_one(a.Region, plan.region_id)
    pages = (f"{plan_id}/", f"{plan_id}/evaluation.csv", f"contract/{plan.contract_id}/2/payment.json")
    english = {"Accept-Language": "en"}
    return [client.get(f"/{region.code}/evaluations/{one}", headers=english).text for one in pages]


def test_of_few_ratings_nobody_reads_who_gave_what(app, client):  # F9, trust 4.1-4.5
    one, other = making.an_evaluation(counts=(1, 0, 0, 2, 9)), making.an_evaluation(counts=(0, 0, 1, 5, 6))
    assert one.working == other.working
    assert (one.working["raters"], one.working["cells"]) == (10, [])
    assert one.working["satisfied"] == {"low": 65, "high": 100}
    page, table, facts = told(one.plan_id, client)
    assert "at least 65 %" in page
    assert '"Ratings, about",10,' in table
    assert not {"counts", "mix", "low", "high"} & json.loads(facts)["evaluation"]["working"].keys()


def test_of_many_ratings_no_grade_of_fewer_than_five_is_told(app, client):  # F9, trust 4.3
    result = making.an_evaluation(counts=making.GOOD)
    assert [(cell["lowest"], cell["highest"]) for cell in result.working["cells"]] == [(1, 3), (4, 4), (5, 5)]
    page, table, facts = told(result.plan_id, client)
    assert "57 %" in page
    assert "down to" in page
    assert "in percent" in table
    assert json.loads(facts)["evaluation"]["working"]["cells"] == result.working["cells"]


def test_thirty_ratings_are_enough(app):  # F6
    assert making.an_evaluation(counts=(0, 0, 0, 10, 20)).composite is not None


def contract_of(result):
    return db.session.get_one(Contract, result.contract_id)


def test_only_ratings_of_this_contract_on_the_days_that_count_are_counted(app):  # A64, F6
    plan = making.rated(making.a_plan())
    contract = making.contract_of(plan)
    provider = db.session.get_one(Provider, contract.provider_id)
    published(provider, (50, 0, 0, 0, 0), on=plan.from_on)
    published(provider, (50, 0, 0, 0, 0), contract=contract, on=plan.until_on + timedelta(days=1))
    published(provider, (50, 0, 0, 0, 0), contract=contract, on=plan.from_on - timedelta(days=1))
    result = making.decided(making.handed_in(plan))
    assert result.working["raters"] == 40
    assert result.recipients == round(scoring.provider_score(making.GOOD).mean * 100)


@pytest.mark.parametrize(("third", "purchaser", "used"), [(None, 80, (60, 15)), (90, None, (60, 25))])
def test_another_missing_party_leaves_its_weight_to_the_others(app, client, third, purchaser, used):  # F6
    result = making.an_evaluation(third=third, purchaser=purchaser)
    other = result.third if third else result.purchaser
    assert result.composite == round((result.recipients * used[0] + other * used[1]) / sum(used))
    missing = "purchaser" if third else "third"
    assert result.working["missing"] == [missing]
    assert missing not in result.working["used"]


def test_a_result_waits_for_the_days_that_count_and_for_both_parties(app):  # B34
    plan = making.rated(making.a_plan())
    making.handed_in(plan, third=None)
    official = making.the_purchaser(plan)
    for day, words in ((plan.until_on, "please wait"), (plan.until_on + timedelta(days=1), "has not given")):
        with a.at(day), pytest.raises(Refused, match=words):
            deciding.decide_evaluation(official, plan)
    making.handed_in(plan, purchaser=None)
    with a.at(plan.until_on + timedelta(days=1)):
        assert deciding.decide_evaluation(official, plan).composite


def test_computed_twice_it_is_once_whatever_comes_later(app):  # F6
    plan = making.rated(making.a_plan())
    first = making.decided(making.handed_in(plan))
    making.rated(plan, (90, 0, 0, 0, 0))
    again = making.decided(plan)
    assert (again.id, again.composite) == (first.id, first.composite)
    assert db.session.scalar(db.select(db.func.count(EvaluationResult.id))) == 1


def test_what_others_got_after_the_days_that_count_does_not_move_the_result(app):  # F3
    plan = making.handed_in(making.rated(making.a_plan()))
    other, day = a.a_provider(a.a_region_tree().villages[0]), plan.until_on + timedelta(days=1)
    published(other, (150, 100, 50, 50, 50), on=day)
    with a.at(day):
        count_mix(day)
    assert making.decided(plan).recipients == round(scoring.provider_score(making.GOOD).mean * 100)


def test_what_others_got_before_moves_it(app):  # F3
    plan = making.handed_in(making.rated(making.a_plan()))
    bad = (150, 100, 50, 50, 50)
    published(a.a_provider(a.a_region_tree().villages[0]), bad, on=plan.until_on)
    usual = scoring.mix_of(x + y for x, y in zip(bad, making.GOOD, strict=True))
    assert making.decided(plan).recipients == round(scoring.provider_score(making.GOOD, usual).mean * 100)


def test_stars_are_held_where_recipients_say_much_less(app):  # F6
    result = making.an_evaluation(counts=(4, 6, 12, 10, 8), third=100, purchaser=100)
    assert (stars_of(result.recipients), stars_of(result.composite)) == (1, 3)
    assert result.capped_by == "recipients"
    assert most_stars(result.composite, result.recipients)[0] == 2


def test_a_provider_who_has_to_leave_gets_no_stars_by_it(app):  # F6
    contract = making.a_linked_contract()
    plan = making.rated(making.a_plan(contract))
    an_exit(contract)
    assert making.decided(making.handed_in(plan)).capped_by == "exit"


def test_the_project_is_evaluated_and_those_who_rated_took_part(app):  # A40, A23
    contract = making.a_linked_contract()
    contracts.accepted(contract)
    result = making.an_evaluation(contract)
    project = db.session.get_one(Project, contract.project_id)
    assert project.state == ProjectState.EVALUATED
    noted = db.select(Participation).where(Participation.source == f"evaluation:{result.plan_id}")
    (one,) = db.session.scalars(noted)
    assert (one.project_id, one.stage, one.took_part) == (project.id, "evaluate", 40)


def test_an_evaluation_before_the_acceptance_leaves_the_project_where_it_is(app):  # A40
    result = making.an_evaluation()
    project = db.session.get_one(Project, contract_of(result).project_id)
    assert project.state == ProjectState.SERVING


def test_a_weak_point_becomes_something_to_improve(app, client):  # A70, A40
    result = making.an_evaluation(third=50)
    contract = contract_of(result)
    region = db.session.get_one(a.Region, contract.region_id)
    where = f"/{region.code}/evaluations/{result.plan_id}/improve/1"
    client = a.signed_in(client, a.an_official(region))
    form = client.get(where).text
    assert "绩效目标是否达到" in form
    assert "有记录为证" in form
    sent = {"key": "k" * 32, "words": "补足上门次数。", "owner": "承接方", "due_on": "2099-01-01"}
    for _ in range(2):
        assert client.post(where, data=sent).status_code == 303
    (one,) = actions_of(db.session.get_one(Project, contract.project_id))
    assert (one.words, one.owner) == ("补足上门次数。", "承接方")
    assert a.signed_in(client, a.a_resident(a.a_region_tree().villages[0])).get(where).status_code == 403


def test_a_good_point_is_nothing_to_improve(app, client):  # A70
    result = making.an_evaluation()
    region = db.session.get_one(a.Region, contract_of(result).region_id)
    client = a.signed_in(client, a.an_official(region))
    assert client.get(f"/{region.code}/evaluations/{result.plan_id}/improve/1").status_code == 404
