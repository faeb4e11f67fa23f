"""Each party gives its points for itself; they stand. Source: B34, B35."""

from datetime import timedelta

import pytest

from portal.accounts import actions as accounts
from portal.evaluations import scoring
from portal.evaluations.queries import are_open, indicators_of, scores_of
from portal.providers.models import Provider
from portal.rules import Refused
from portal.rules.evaluation import Given, Party
from portal.rules.permissions import Role
from portal.store import db
from tests import builders as a
from tests.evaluations import making


def give(plan, party, percent=90, *, on=0, actor=None):
    who = actor or (making.the_third(plan) if party is Party.THIRD else making.the_purchaser(plan))
    with a.at(plan.opens_on + timedelta(days=on)):
        scoring.hand_in_points(who, plan, party, making.shares(plan, percent))


def test_points_are_given_while_the_plan_is_open(app):  # A64
    plan = making.a_plan()
    for on in (-1, 11):
        with pytest.raises(Refused, match=r"from|closed"):
            give(plan, Party.THIRD, on=on)
    give(plan, Party.THIRD, on=10)
    assert set(scores_of(plan)) == {"third"}


def test_points_that_were_handed_in_stand(app):  # B34
    plan = making.a_plan()
    for _ in range(2):
        give(plan, Party.PURCHASER)
    with pytest.raises(Refused, match="they stand"):
        give(plan, Party.PURCHASER, 80)
    assert {one.points for one in scores_of(plan)["purchaser"].values()} == {5400, 3600, 9000, 4500}


def test_few_points_without_a_reason_are_refused_beside_the_field(app):  # B35
    plan = making.a_plan()
    given = making.shares(plan) | {2: Given(1000), 3: Given(None)}
    with a.at(plan.opens_on), pytest.raises(Refused) as refused:
        scoring.hand_in_points(making.the_third(plan), plan, Party.THIRD, given)
    assert {one.beside for one in refused.value.refusals} == {"words2", "points3"}
    assert scores_of(plan) == {}


def test_only_the_third_party_gives_its_points(app):  # B34
    plan = making.a_plan()
    with pytest.raises(Refused, match="not the third party"):
        give(plan, Party.THIRD, actor=making.the_purchaser(plan))


def test_a_third_party_who_goes_to_work_for_the_provider_gives_no_points(app):  # B34, 1.5
    plan = making.a_plan()
    provider = db.session.get_one(Provider, making.contract_of(plan).provider_id)
    person = db.session.get_one(a.Person, plan.evaluator_id)
    accounts.grant(person, Role.PROVIDER, db.session.get_one(a.Region, provider.region_id), provider.id)
    with pytest.raises(Refused, match="works for the provider"):
        give(plan, Party.THIRD)


def test_neither_sees_the_points_of_the_other_before_both_are_in(app, client):  # B34
    plan = making.a_plan()
    region = db.session.get_one(a.Region, plan.region_id)
    where = f"/{region.code}/evaluations/{plan.id}/"
    give(plan, Party.PURCHASER, 87)
    official, third = a.an_official(region), db.session.get_one(a.Person, plan.evaluator_id)
    secret = [f"{one.points * 87 / 100:.2f}" for one in indicators_of(plan)]
    with a.at(plan.opens_on):
        for who in (third, None, official):
            answer = a.signed_in(client, who).get(where).text
            assert not any(number in answer for number in secret)
        assert not are_open(plan, scores_of(plan))
    give(plan, Party.THIRD, 63)
    with a.at(plan.opens_on):
        answer = a.signed_in(client, None).get(where).text
        assert all(number in answer for number in secret)


def test_the_points_are_shown_when_the_evaluation_closed_without_the_other(app, client):  # B34
    plan = making.a_plan()
    give(plan, Party.PURCHASER, 87)
    with a.at(plan.closes_on + timedelta(days=1)):
        assert are_open(plan, scores_of(plan))


def test_the_form_of_the_third_party_opens_for_nobody_else(app, client):  # B34
    plan = making.a_plan()
    region = db.session.get_one(a.Region, plan.region_id)
    where = f"/{region.code}/evaluations/{plan.id}/score"
    for who in (a.a_resident(a.a_region_tree().villages[0]), a.an_official(region)):
        assert a.signed_in(client, who).get(where).status_code == 404
    assert a.signed_in(client, db.session.get_one(a.Person, plan.evaluator_id)).get(where).status_code == 200


def test_the_third_party_gives_its_points_on_the_page(app, client):  # B34, B35
    plan = making.a_plan()
    region = db.session.get_one(a.Region, plan.region_id)
    where = f"/{region.code}/evaluations/{plan.id}/score"
    client = a.signed_in(client, db.session.get_one(a.Person, plan.evaluator_id))
    typed = {f"points{one.number}": str(one.points) for one in indicators_of(plan)}
    with a.at(plan.opens_on):
        assert "上门服务人次" in client.get(where).text  # what the provider read stands beside
        refused = client.post(where, data=typed | {"points1": "1.5"})
        assert refused.status_code == 422
        assert 'value="1.5"' in refused.text
        assert client.post(where, data=typed | {"points1": "1.5", "words1": "几乎没有上门。"}).status_code == 303
    given = {one.points for one in scores_of(plan)["third"].values()}
    assert given == {150, 4000, 10000, 5000}
