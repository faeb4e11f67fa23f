"""Grants: asked for, granted with a public reason or by a vote of residents, paid into the public account."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.funds.balances import balance_of, free_of_fund, left_of_call
from portal.funds.granting import ask_grant, decide_grant, finish_call, open_call, pay_grant
from portal.funds.models import Fund, FundEntry, GrantCall, GrantRequest
from portal.funds.voted import put_to_vote, settle_vote, settle_votes
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.grants import CallDraft, RequestDraft
from portal.store import clock, db
from portal.voting.rounds import freeze_round, withdraw_round
from tests import builders
from tests.client import InspectingClient
from tests.funds.making import a_fund, a_key, keeper

ASK = RequestDraft("重阳节助老活动", "给八十岁以上老人送餐、理发", 6_000_00, date(2020, 1, 1))


def a_call(region: Region, fund: Fund, fen: int = 10_000_00, *, days: int = 5, for_startups: bool = False) -> GrantCall:
    draft = CallDraft("公益活动资助", "请社区社会组织申请", fen, clock.today() + timedelta(days=days), for_startups)
    return open_call(keeper(region), fund, draft, a_key())


def a_request(call: GrantCall, region: Region, draft: RequestDraft = ASK) -> GrantRequest:
    provider = builders.a_provider(region)
    return ask_grant(builders.actor(builders.staff_of(provider)), call, provider, draft, a_key())


def test_a_call_keeps_its_budget_and_gives_back_what_is_left(app: Flask) -> None:  # A57
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, 20_000_00, "incubation")
    call = a_call(village, fund)
    assert free_of_fund(fund) == 10_000_00
    wish = a_request(call, village)
    decide_grant(keeper(village), call, wish, 4_000_00, "符合条件")
    assert (left_of_call(call), free_of_fund(fund)) == (6_000_00, 10_000_00)
    pay_grant(keeper(village), call, wish)
    pay_grant(keeper(village), call, wish)
    assert (balance_of(fund), free_of_fund(fund)) == (16_000_00, 10_000_00)
    finish_call(keeper(village), call)
    assert free_of_fund(fund) == 16_000_00 == balance_of(fund)


def test_a_call_above_what_is_free_is_refused_beside_its_budget(app: Flask) -> None:  # A57
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, 9_999_99, "community")
    with pytest.raises(Refused) as refused:
        a_call(village, fund)
    assert [one.beside for one in refused.value.refusals] == ["budget"]
    assert refused.value.refusals[0].values == {"free": "9999.99"}


def test_only_incubation_and_community_funds_give_grants(app: Flask) -> None:  # A57, A59
    village = builders.a_region_tree().villages[0]
    with pytest.raises(Refused):
        a_call(village, a_fund(village, kind="lottery"))


def test_an_organisation_that_is_too_old_is_refused_beside_its_day(app: Flask, client: InspectingClient) -> None:  # A58
    village = builders.a_region_tree().villages[0]
    provider = builders.a_provider(village)
    call = a_call(village, a_fund(village, kind="incubation"), for_startups=True)
    builders.signed_in(client, builders.staff_of(provider))
    there = f"/{village.code}/funds/calls/{call.id}/ask"
    said = {
        "key": a_key(),
        "provider": provider.id,
        "title": "起步设备",
        "amount": "3000",
        "purpose": "买桌椅和电脑",
        "founded_on": "2001-05-01",
    }
    english = {"Accept-Language": "en"}
    answer = client.post(there, data=said, headers=english)
    assert answer.status_code == 422
    assert "at most 36 months old" in answer.text
    assert "买桌椅和电脑" in answer.text
    builders.with_numbers(village, startup_months=1200)
    for _ in range(2):
        assert client.post(there, data=said, headers=english).status_code == 303
    assert db.session.scalars(db.select(GrantRequest.amount_fen)).all() == [3_000_00]


def test_no_more_is_granted_than_is_left_of_the_call(app: Flask, client: InspectingClient) -> None:  # A58, A60
    village = builders.a_region_tree().villages[0]
    call = a_call(village, a_fund(village, kind="community"))
    first, second = a_request(call, village), a_request(call, village)
    decide_grant(keeper(village), call, first, 6_000_00, "活动方案好")
    builders.signed_in(client, builders.an_official(village))
    there = f"/{village.code}/funds/calls/{call.id}/requests/{second.id}/decide"
    english = {"Accept-Language": "en"}
    answer = client.post(there, data={"amount": "4000.01", "reason": "余额都给它"}, headers=english)
    assert answer.status_code == 422
    assert "Only 4000.00 yuan of this call are left." in answer.text
    assert "余额都给它" in answer.text
    assert client.post(there, data={"amount": "4000", "reason": ""}, headers=english).status_code == 422
    assert client.post(there, data={"amount": "4000", "reason": "余额都给它"}).status_code == 303
    client.post(f"/{village.code}/funds/calls/{call.id}/requests/{second.id}/pay")
    assert "余额都给它" in client.get(f"/{village.code}/funds/calls/{call.id}/").text


def a_voted_call(region: Region) -> tuple[Fund, GrantCall, list[GrantRequest]]:
    """A closed call of 10,000 yuan with three requests of 6,000, 5,000 and 4,000 yuan."""
    fund = a_fund(region, 12_000_00, "community")
    with builders.at(clock.now() - timedelta(days=10)):
        call = a_call(region, fund, days=1)
        wishes = [
            a_request(call, region, replace(ASK, title=f"活动{fen}", amount_fen=fen * 100))
            for fen in (6_000, 5_000, 4_000)
        ]
    return fund, call, wishes


def test_residents_vote_on_requests_and_the_winners_get_their_grants_by_themselves(
    app: Flask, client: InspectingClient
) -> None:  # A60
    village = builders.a_region_tree().villages[0]
    neighbours = [builders.a_resident(village) for _ in range(3)]
    fund, call, wishes = a_voted_call(village)
    start = clock.now() - timedelta(hours=1)
    poll = put_to_vote(keeper(village), call, "社区基金资助哪些活动？", start, start + timedelta(days=7))
    assert put_to_vote(keeper(village), call, "再来一次", start, start + timedelta(days=7)).id == poll.id
    freeze_round(poll)
    ballot = client.get(f"/{village.code}/votes/{poll.id}/").text
    assert "活动5000" in ballot
    for person, choices in zip(neighbours, ((2, 3), (3, 1), (3, 2)), strict=True):
        builders.signed_in(client, person)
        for choice in choices:
            there = f"/{village.code}/votes/{poll.id}/vote"
            assert client.post(there, data={"option": choice, "value": 1}).status_code == 303
    assert settle_votes() == 0
    builders.sealed(poll)
    with builders.at(poll.closes_at + timedelta(minutes=5)):
        assert settle_votes() == 1
        assert settle_votes() == 0
        assert not settle_vote(call)
    db.session.expire_all()
    assert [wish.granted_fen for wish in wishes] == [0, 5_000_00, 4_000_00]
    assert free_of_fund(fund) == 3_000_00
    builders.signed_in(client, builders.an_official(village))
    for wish in wishes:
        client.post(f"/{village.code}/funds/calls/{call.id}/requests/{wish.id}/pay")
    db.session.expire_all()
    assert balance_of(fund) == 3_000_00
    assert len(db.session.scalars(db.select(FundEntry).where(FundEntry.way == "grant")).all()) == 2
    shown = client.get(f"/{village.code}/funds/calls/{call.id}/", headers={"Accept-Language": "en"}).text
    assert "Residents decided." in shown
    for page in ("result", "record"):
        assert client.get(f"/{village.code}/votes/{poll.id}/{page}").status_code == 200


def test_a_withdrawn_vote_leaves_the_call_as_it_was(app: Flask) -> None:  # A60
    village = builders.a_region_tree().villages[0]
    _, call, wishes = a_voted_call(village)
    start = clock.now() + timedelta(days=1)
    poll = put_to_vote(keeper(village), call, "资助哪些活动？", start, start + timedelta(days=7))
    withdraw_round(keeper(village), poll, "写错了日期")
    db.session.expire_all()
    assert call.vote_id is None
    decide_grant(keeper(village), call, wishes[0], 0, "人手不够")


def test_a_call_on_which_residents_vote_is_decided_by_nobody_else(app: Flask) -> None:  # A60
    village = builders.a_region_tree().villages[0]
    _, call, wishes = a_voted_call(village)
    start = clock.now() + timedelta(days=1)
    put_to_vote(keeper(village), call, "资助哪些活动？", start, start + timedelta(days=7))
    with pytest.raises(Refused):
        decide_grant(keeper(village), call, wishes[0], 1_00, "我说了算")
    with pytest.raises(Refused):
        a_request(call, village)
