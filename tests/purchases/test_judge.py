"""Judges score each for herself; who is tied to a bidder steps back; every working adds up."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from portal.accounts import actions as accounts
from portal.notifications.queries import notices_of
from portal.purchases.judging import Given, cells_of, hand_in_scores, recuse
from portal.purchases.models import Judge, Score
from portal.purchases.opening import open_bids, refuse_bid
from portal.purchases.panel import active_judges, appoint_judge
from portal.purchases.results import result_of
from portal.rules import Refused
from portal.rules.permissions import Role
from portal.rules.purchases import PurchaseState
from portal.rules.selection import Tie
from portal.store import action, db
from tests import builders as a
from tests.providers.making import published
from tests.purchases import making

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def purchase(project):
    return making.a_purchase(project)


def refreshed(purchase):
    db.session.refresh(purchase)
    return purchase


def full(purchase, share=80):
    return {cell: Given(share * factor.points) for cell, factor in cells_of(purchase).items()}


def test_a_judge_is_appointed_once_and_told(purchase, official):  # B22
    for _ in range(2):
        making.a_judge(purchase, 1)
    assert len(active_judges(purchase)) == 1
    assert "judge_appointed" in [notice.template for notice in notices_of(a.actor(making.an_expert(1)))]


def test_nobody_unknown_nor_oneself_nor_who_drafted_the_project_is_appointed(purchase, official, project):  # B22
    drafter = db.session.get_one(a.Person, project.drafted_by_id)
    own = db.session.get_one(a.Person, official.id)
    for login, said in (("nobody", "no account"), (own.login, "herself"), (drafter.login, "drafted the project")):
        with pytest.raises(Refused, match=said):
            appoint_judge(official, purchase, login, "评委甲", "")


def test_who_works_for_a_bidder_steps_back_when_bids_are_opened(purchase, official):  # B22
    bids = [making.a_bid(purchase) for _ in range(3)]
    accounts.grant(making.an_expert(2), Role.PROVIDER, a.a_region_tree().county, bids[0].provider_id)
    for number in (1, 2, 3):
        making.a_judge(purchase, number)  # while bids are sealed a refusal would tell who bids
    with a.at(purchase.bids_due_at + timedelta(hours=1)):
        open_bids(official, purchase)
    assert [judge.name for judge in active_judges(purchase)] == ["评委甲", "评委丙"]
    assert db.session.scalars(select(Judge.recusal_reason).where(Judge.recused_at.is_not(None))).all() == [Tie.BIDDER]
    with pytest.raises(Refused, match="works for a bidder"):
        appoint_judge(official, purchase, "expert.2", "评委乙", "")
    with pytest.raises(Refused, match="There are 2 judges"):
        hand_in_scores(a.actor(making.an_expert(1)), purchase, full(purchase))


def test_who_comes_to_work_for_a_bidder_later_cannot_score(purchase):  # B22
    bids = making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    accounts.grant(making.an_expert(1), Role.PROVIDER, a.a_region_tree().county, bids[0].provider_id)
    with pytest.raises(Refused, match="step back"):
        hand_in_scores(a.actor(making.an_expert(1)), purchase, full(purchase))


def test_a_judge_who_steps_back_is_replaced_and_her_scores_do_not_count(purchase, official):  # B22
    bids = making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    experts = [a.actor(making.an_expert(number)) for number in range(1, 5)]
    for expert in experts[:2]:
        hand_in_scores(expert, purchase, full(purchase, 50))
    recuse(experts[1], purchase, Tie.FAMILY)
    with pytest.raises(Refused, match="There are 2 judges"):
        hand_in_scores(experts[2], purchase, full(purchase))
    making.a_judge(purchase, 4)
    for expert in experts[2:]:
        hand_in_scores(expert, purchase, full(purchase, 80))
    result = result_of(refreshed(purchase))
    assert len(result.judges) == 3
    assert {len(scores) for scores in result.scores.values()} == {3}
    quality = result.factors[1]
    assert result.ranking[0].points[quality.id] == Fraction(30 * (50 + 80 + 80), 300)
    assert bids


def test_nobody_sees_scores_before_all_judges_have_handed_in(client, purchase, village):  # B22
    making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    hand_in_scores(a.actor(making.an_expert(1)), purchase, full(purchase, 37))
    assert result_of(refreshed(purchase)) is None
    buyer = making.the_buyer(making.the_project(purchase))
    people = (None, a.an_official(buyer), making.an_expert(1), making.an_expert(2), a.a_committee(village))
    for person in people:
        a.signed_in(client, person)
        for page in ("", "run", "award", "judge", "judges", "result.csv"):
            text = client.get(f"/{buyer.code}/purchases/{purchase.id}/{page}", inspect=False).text
            assert "11.1" not in text, f"{person} sees 37 % of 30 on {page or 'the page'}"


def test_scores_are_handed_in_once_for_all_and_stand(purchase):  # B22
    making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    expert, given = a.actor(making.an_expert(1)), full(purchase)
    for _ in range(2):
        hand_in_scores(expert, purchase, given)
    assert db.session.scalar(select(func.count()).select_from(Score)) == len(given)
    with pytest.raises(Refused, match="they stand"):
        hand_in_scores(expert, purchase, full(purchase, 90))

    @action
    def tamper():
        db.session.execute(update(Score).values(points=0))

    with pytest.raises(DBAPIError, match="frozen"):
        tamper()


def test_a_score_above_the_points_or_missing_is_refused(purchase):
    making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    expert, given = a.actor(making.an_expert(1)), full(purchase)
    one = next(iter(given))
    for wrong in (Given(10_001), Given(-1), Given(None), Given(100, "请致电13800138000")):
        with pytest.raises(Refused):
            hand_in_scores(expert, purchase, given | {one: wrong})
    with pytest.raises(Refused):
        hand_in_scores(expert, purchase, {cell: value for cell, value in given.items() if cell != one})
    with pytest.raises(Refused, match="no longer, a judge"):
        hand_in_scores(a.actor(making.an_expert(7)), purchase, given)


def test_a_judge_scores_on_her_page(client, purchase):  # B22
    making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    buyer = making.the_buyer(making.the_project(purchase))
    page = f"/{buyer.code}/purchases/{purchase.id}/judge"
    assert a.signed_in(client, making.an_expert(7)).get(page).status_code == 404
    a.signed_in(client, making.an_expert(1))
    assert client.get(page).status_code == 200
    cells = cells_of(purchase)
    typed = {f"s{bid}_{factor}": "7.25" for bid, factor in cells} | {
        f"w{bid}_{factor}": "方案具体" for bid, factor in cells
    }
    first = next(iter(cells))
    answer = client.post(page, data=typed | {f"s{first[0]}_{first[1]}": "31"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "from 0 to 30 points" in answer.text
    assert answer.text.count("方案具体") == len(cells)
    assert client.post(page, data=typed).location == page
    assert set(db.session.scalars(select(Score.points))) == {725}
    assert client.get(page).status_code == 200


def test_a_judge_steps_back_on_her_page_and_the_public_reads_no_name(client, purchase):  # B22
    bids = making.opened(purchase, 4_000_000, 4_100_000, 4_200_000, judges=4)
    buyer = making.the_buyer(making.the_project(purchase))
    a.signed_in(client, making.an_expert(4))
    page = f"/{buyer.code}/purchases/{purchase.id}/judge/recuse"
    assert client.post(page, data={"tie": "charm"}).status_code == 422
    client.post(page, data={"tie": "family"})
    making.judged(refreshed(purchase), bids)
    made = result_of(refreshed(purchase))
    assert [judge.name for judge in made.stepped_back] == ["评委丁"]
    official = making.the_official(making.the_project(purchase))
    making.report_scores(official, purchase)
    making.award_purchase(official, purchase, bids[0])
    making.publish_result(official, purchase)
    text = a.signed_in(client, None).get(f"/{buyer.code}/purchases/{purchase.id}/", headers=ENGLISH).text
    assert "Family or friends work for a bidder" in text
    assert "评委丁" not in text
    assert "评委甲" in text


def rated_provider(village):
    """A provider with twelve ratings that are published."""
    provider = a.a_provider(village, "有口皆碑服务中心")
    published(provider, (0, 0, 0, 4, 8))
    return provider


def test_published_satisfaction_is_taken_as_it_stands_and_others_are_judged(purchase, village, official):  # A66
    known = rated_provider(village)
    bids = [making.a_bid(purchase, known), making.a_bid(purchase), making.a_bid(purchase)]
    for number in (1, 2, 3):
        making.a_judge(purchase, number)
    with a.at(purchase.bids_due_at + timedelta(hours=1)):
        open_bids(official, purchase)
    for bid in bids:
        db.session.refresh(bid)
    assert bids[0].standing["ratings"] == 10
    assert "score" not in bids[1].standing
    satisfaction = [factor for factor in cells_of(purchase).items() if factor[1].basis == "satisfaction"]
    assert {cell[0] for cell, _ in satisfaction} == {bids[1].id, bids[2].id}
    making.judged(purchase, bids)
    published(known, (15, 15, 0, 0, 0))
    result = result_of(refreshed(purchase))
    factor = result.factors[3]
    one = next(one for one in result.ranking if one.key == bids[0].id)
    assert one.points[factor.id] == Fraction(20 * bids[0].standing["score"], 1000), "later ratings change nothing"


def test_a_bid_is_refused_with_a_public_reason_before_it_is_scored(purchase, official):  # B8
    bids = making.opened(purchase, 4_000_000, 4_100_000, 4_200_000, 4_300_000)
    with pytest.raises(Refused, match="reason in writing"):
        refuse_bid(official, purchase, bids[0], "")
    for _ in range(2):
        refuse_bid(official, purchase, bids[0], "没有响应招标文件的实质性要求。")
    assert {cell[0] for cell in cells_of(purchase)} == {bid.id for bid in bids[1:]}
    hand_in_scores(a.actor(making.an_expert(1)), purchase, full(purchase))
    with pytest.raises(Refused, match="have scored"):
        refuse_bid(official, purchase, bids[1], "没有响应招标文件的实质性要求。")


def test_a_bidder_that_is_registered_no_longer_is_not_let_in(purchase, official, village):
    bids = [making.a_bid(purchase) for _ in range(3)]

    @action
    def unregister():
        db.session.execute(making.delete_areas(bids[0].provider_id))

    unregister()
    with a.at(purchase.bids_due_at + timedelta(hours=1)):
        open_bids(official, purchase)
    db.session.refresh(bids[0])
    assert bids[0].refused_reason == "not_registered"


def test_the_lowest_price_wins_without_judges_where_that_was_published(project, official):  # B21
    purchase = making.a_purchase(
        project, scoring="lowest_price", scoring_reason="服务标准统一，只比较价格。", factors=()
    )
    bids = making.opened(purchase, 4_200_000, 4_000_000, 4_100_000, judges=0)
    assert refreshed(purchase).state == PurchaseState.JUDGED
    assert [one.key for one in result_of(purchase).ranking] == [bids[1].id, bids[2].id, bids[0].id]
