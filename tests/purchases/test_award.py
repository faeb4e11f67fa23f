"""The first in the ranking is chosen, or why not; the result is public in all its workings; bidders challenge it."""

import csv
import io
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from portal.contracts.drafting import draft_contract
from portal.contracts.queries import find_award
from portal.notifications.queries import notices_of
from portal.policies.queries import working_days_after
from portal.projects.models import Project, ProjectStep
from portal.providers.models import Provider
from portal.purchases.deciding import (
    answer_challenge,
    award_purchase,
    challenge_purchase,
    publish_result,
    report_scores,
)
from portal.purchases.due import challenge_until, clocks_of
from portal.purchases.models import Bid, Purchase, PurchaseChallenge
from portal.purchases.opening import open_bids
from portal.purchases.preparing import end_purchase
from portal.purchases.queries import case_of, may_contract, winning_bid
from portal.purchases.results import result_of
from portal.rules import Refused
from portal.rules.credit import EventKind
from portal.rules.projects import ProjectState
from portal.rules.purchases import PurchaseState
from portal.rules.selection import Offer, lots_of, shown
from portal.store import action, db
from tests import builders as a
from tests.contracts import making as contracts
from tests.purchases import making
from tests.stars.making import an_event

ENGLISH = {"Accept-Language": "en"}
REASON = "排名第一的供应商书面放弃中标资格。"


@pytest.fixture
def judged(project):
    """A purchase whose scores stand; its three bids, the best first."""
    purchase = making.a_purchase(project)
    bids = making.opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    return making.judged(purchase, bids), bids


@pytest.fixture
def awarded(project):
    return making.an_award(project, 3_333_300)


def a_contract_of(purchase, *, signed=True):
    """A contract of an award, signed or only drafted."""
    project = making.the_project(purchase)
    buyer = making.the_buyer(project)
    award = find_award(purchase.id, {"region": buyer})
    draft = contracts.a_draft(award.bid.price_fen)
    contract = draft_contract(making.the_official(project), buyer, award, draft, contracts.a_key())
    return contracts.signed(contracts.completed(contract)) if signed else contract


def page_of(purchase):
    return f"/{making.the_buyer(making.the_project(purchase)).code}/purchases/{purchase.id}/"


def test_first_the_report_then_the_choice_then_the_notice(judged, official, project):  # rules-and-standards 2.2
    purchase, bids = judged
    with pytest.raises(Refused, match="evaluation report"):
        award_purchase(official, purchase, bids[0])
    with pytest.raises(Refused, match="not at this step"):
        publish_result(official, purchase)
    for deed in (report_scores, lambda *given: award_purchase(*given, bids[0]), publish_result):
        for _ in range(2):
            deed(official, purchase)
    db.session.refresh(project)
    assert (purchase.state, project.state) == (PurchaseState.AWARDED, ProjectState.AWARDED)
    assert winning_bid(purchase).bid.id == bids[0].id
    steps = select(ProjectStep.state).where(ProjectStep.project_id == project.id).order_by(ProjectStep.id)
    assert list(db.session.scalars(steps))[-2:] == ["tendered", "awarded"]


def test_not_the_first_is_chosen_only_with_a_reason_that_everyone_reads(client, judged, official):  # B22
    purchase, bids = judged
    report_scores(official, purchase)
    with pytest.raises(Refused, match="reason in writing"):
        award_purchase(official, purchase, bids[1], "不要")
    with pytest.raises(Refused, match="let in"):
        award_purchase(official, purchase, None)
    award_purchase(official, purchase, bids[1], REASON)
    publish_result(official, purchase)
    assert REASON in client.get(page_of(purchase)).text


def test_who_was_barred_after_the_opening_is_not_chosen(judged, official, project):  # A69
    purchase, bids = judged
    report_scores(official, purchase)
    buyer = making.the_buyer(project)
    an_event(db.session.get_one(Provider, bids[0].provider_id), buyer, EventKind.FALSE_RATINGS)
    with pytest.raises(Refused, match="barred from selection") as refused:
        award_purchase(official, purchase, bids[0])
    assert [one.beside for one in refused.value.refusals] == ["bid"]
    award_purchase(official, purchase, bids[1], REASON)
    assert winning_bid(purchase).bid.id == bids[1].id


def test_of_equal_bids_good_credit_at_the_opening_comes_before_the_lot(client, project, official):  # A69
    lowest = {"scoring": "lowest_price", "scoring_reason": "服务标准统一，只比较价格。", "factors": ()}
    purchase = making.a_purchase(project, **lowest)
    bids = [making.a_bid(purchase) for _ in range(3)]
    lots = lots_of(
        [Offer(bid.id, bid.price_fen, db.session.get_one(Provider, bid.provider_id).usc_code) for bid in bids]
    )
    first, _, last = sorted(bids, key=lambda bid: lots[bid.id])
    an_event(db.session.get_one(Provider, last.provider_id), making.the_buyer(project), EventKind.HONOUR)
    with a.at(purchase.bids_due_at + timedelta(hours=9)):
        open_bids(official, purchase)
        an_event(db.session.get_one(Provider, first.provider_id), making.the_buyer(project), EventKind.HONOUR)
        ranked = result_of(purchase).ranking
        assert [one.key for one in ranked[:2]] == [last.id, first.id], "what came after the opening changes nothing"
        assert [(one.by_priority, one.by_lot) for one in ranked] == [(True, False), (False, True), (False, False)]
        report_scores(official, purchase)
        award_purchase(official, purchase, last)
        publish_result(official, purchase)
        assert "its good credit put it first" in client.get(page_of(purchase), headers=ENGLISH).text


def test_an_official_chooses_on_her_pages(client, judged, project):  # B22
    purchase, bids = judged
    a.signed_in(client, a.an_official(making.the_buyer(project)))
    page = page_of(purchase)
    assert client.post(f"{page}report").location == f"{page}run"
    assert client.get(f"{page}award").status_code == 200
    assert client.post(f"{page}award", data={"bid": bids[2].id}, headers=ENGLISH).status_code == 422
    assert client.post(f"{page}award", data={"bid": bids[0].id}).location == f"{page}run"
    assert client.get(f"{page}run").status_code == 200
    assert client.post(f"{page}notice").location == f"{page}run"
    assert client.get(f"{page}award").status_code == 200
    assert db.session.scalars(select(Bid).where(Bid.won)).one().id == bids[0].id


@pytest.mark.parametrize(
    ("clock", "day", "due"),
    [
        ("report", "2026-11-19", "2026-11-23"),
        ("winner", "2026-11-19", "2026-11-26"),
        ("result", "2026-11-20", "2026-11-24"),
    ],
)
def test_the_report_the_choice_and_the_notice_have_their_working_days(project, clock, day, due):  # 2.2 (Reg. 43)
    purchase = making.a_purchase(project, published=False)
    when = datetime.fromisoformat(f"{day}T09:00:00+08:00")

    @action
    def so_far():
        purchase.judged_at = purchase.reported_at = purchase.decided_at = when

    so_far()
    found = {one.name: one.due_at for one in clocks_of(case_of(purchase.id))}
    assert found[clock] == datetime.fromisoformat(f"{due}T23:59:59+08:00")


def test_what_is_late_is_said_in_red(client, judged, official):  # rules-and-standards 2.2
    purchase, _ = judged
    case = case_of(purchase.id)
    due = clocks_of(case)[0].due_at
    with a.at(due):
        assert not clocks_of(case)[0].late
    with a.at(due + timedelta(seconds=1)):
        assert clocks_of(case)[0].late
        assert 'class="late"' in client.get(page_of(purchase)).text
        report_scores(official, purchase)
    assert clocks_of(case_of(purchase.id))[0].late, "what was done late stays late"


def test_nothing_of_the_result_is_public_before_its_notice(client, judged, official):
    purchase, bids = judged
    report_scores(official, purchase)
    award_purchase(official, purchase, bids[0])
    for page in ("", "result.csv", "result.xlsx"):
        text = client.get(f"{page_of(purchase)}{page}", inspect=False).text
        assert "评委甲" not in text
        assert "40,000" not in text
    publish_result(official, purchase)
    assert "评委甲" in client.get(page_of(purchase)).text


def test_everyone_can_do_the_sums_again_from_the_table(client, awarded):  # B22
    purchase, bid = awarded
    answer = client.get(f"{page_of(purchase)}result.csv", headers=ENGLISH)
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    rows = [{key: value.rstrip("\t") for key, value in row.items()} for row in rows]
    judges = [key for key in rows[0] if key.startswith("Judge ")]
    assert judges == ["Judge A: 评委甲", "Judge B: 评委乙", "Judge C: 评委丙"]
    prices = {row["Provider"]: Fraction(row["Price in yuan"]) for row in rows}
    totals: dict[str, Fraction] = dict.fromkeys(prices, Fraction())
    for row in rows:
        who, full = row["Provider"], row["Full points"]
        if row["What is scored"] == "Total":
            assert Fraction(row["Points, exactly"]) == totals[who]
            assert row["Points"] == shown(totals[who])
            continue
        if row["What is scored"] == "Price":
            points = Fraction(full) * min(prices.values()) / prices[who]
        else:
            points = sum(Fraction(row[judge]) for judge in judges) / len(judges)
        assert points == Fraction(row["Points, exactly"])
        totals[who] += points
    best = max(totals, key=lambda who: totals[who])
    winner = db.session.get_one(a.Provider, bid.provider_id).name
    assert next(row["Provider"] for row in rows if row["Rank"] == "1") == best == winner
    assert client.get(f"{page_of(purchase)}result.xlsx").data[:2] == b"PK"


def test_the_public_page_shows_every_score_and_who_gave_it(client, judged, official):  # B22, Reg. 43
    purchase, bids = judged
    report_scores(official, purchase)
    award_purchase(official, purchase, bids[0])
    publish_result(official, purchase)
    text = client.get(page_of(purchase), headers=ENGLISH).text
    result = result_of(purchase)
    for one in result.ranking:
        assert shown(one.total) in text
        for points in one.points.values():
            assert shown(points) in text
    for name in ("评委甲", "评委乙", "评委丙", "清和市评审专家库"):
        assert name in text


def test_losers_are_told_their_own_points_and_who_won(judged, official):  # Reg. 43
    purchase, bids = judged
    report_scores(official, purchase)
    award_purchase(official, purchase, bids[0])
    publish_result(official, purchase)
    ranked = {one.key: one for one in result_of(purchase).ranking}
    for bid in bids:
        staff = a.staff_of(db.session.get_one(a.Provider, bid.provider_id))
        notices = [one for one in notices_of(a.actor(staff)) if one.template.startswith("purchase_")]
        assert [one.template for one in notices] == ["purchase_won" if bid is bids[0] else "purchase_lost"]
        if bid is not bids[0]:
            assert notices[0].values["points"] == shown(ranked[bid.id].total)


def test_too_few_bids_that_were_let_in_win_nothing(judged, official):  # B8
    purchase, bids = judged
    report_scores(official, purchase)

    @action
    def refuse():
        db.session.get_one(Bid, bids[2].id).refused_reason = "没有响应招标文件的实质性要求。"

    refuse()
    with pytest.raises(Refused, match="it takes at least 3"):
        award_purchase(official, purchase, bids[0])


# Challenges


def challenge(purchase, bid, words="评分没有按公布的标准进行，请复核。"):
    provider = db.session.get_one(a.Provider, bid.provider_id)
    return challenge_purchase(a.actor(a.staff_of(provider)), purchase, provider, words)


def test_a_challenge_bars_a_contract_until_it_is_answered(awarded, official):  # rules-and-standards 2.2 (Law 52)
    purchase, bid = awarded
    assert may_contract(purchase)
    made = challenge(purchase, bid)
    assert challenge(purchase, bid).id == made.id, "sent again it is one"
    assert not may_contract(purchase)
    for _ in range(2):
        answer_challenge(official, purchase, made, upheld=False, answer="经复核，评分符合公布的标准。")
    assert may_contract(purchase)
    with pytest.raises(Refused, match="decided meanwhile"):
        answer_challenge(official, purchase, made, upheld=True, answer="经复核，评分不符合公布的标准。")
    with pytest.raises(Refused, match="at once"):
        challenge(purchase, bid, "还有一点没有说明，请再次复核。")


def test_a_challenge_that_is_right_ends_the_award(awarded, official, project):
    purchase, bid = awarded
    made = challenge(purchase, bid)
    answer_challenge(official, purchase, made, upheld=True, answer="经复核，评分不符合公布的标准。")
    db.session.refresh(project)
    assert (purchase.state, project.state) == (PurchaseState.FAILED, ProjectState.APPROVED)
    assert not may_contract(purchase)
    making.a_purchase(project)


def test_after_a_contract_is_signed_an_award_is_not_ended_here(awarded, official, project):
    purchase, bid = awarded
    a_contract_of(purchase)
    with pytest.raises(Refused, match="contract already"):
        end_purchase(official, purchase, PurchaseState.CANCELLED, "因预算调整，取消本次采购。")
    made = challenge(purchase, bid)
    answer_challenge(official, purchase, made, upheld=True, answer="经复核，评分不符合公布的标准。")
    assert purchase.state == PurchaseState.AWARDED
    assert not may_contract(purchase)


@pytest.mark.parametrize("state", [PurchaseState.FAILED, PurchaseState.CANCELLED])
def test_an_award_without_a_signed_contract_is_ended_wherever_its_project_stands(  # A40
    awarded, official, project, state
):
    purchase, _ = awarded

    @action
    def given_up():
        db.session.get_one(Project, project.id).state = ProjectState.STOPPED.value

    given_up()
    end_purchase(official, purchase, state, "中选单位书面放弃，不再签约。")
    assert purchase.state == state
    assert db.session.get_one(Project, project.id, populate_existing=True).state == ProjectState.STOPPED


def test_an_award_whose_contract_is_only_drafted_is_ended_and_its_project_is_purchased_anew(  # A40
    awarded, official, project
):
    purchase, _ = awarded
    a_contract_of(purchase, signed=False)
    end_purchase(official, purchase, PurchaseState.FAILED, "中选单位书面放弃，不再签约。")
    assert db.session.get_one(Project, project.id, populate_existing=True).state == ProjectState.APPROVED


def test_bidders_have_seven_working_days(awarded):  # rules-and-standards 2.2 (Law 52)
    purchase, bid = awarded
    until = challenge_until(case_of(purchase.id))
    assert until == working_days_after(purchase.noticed_at, 7)
    with a.at(until + timedelta(seconds=1)), pytest.raises(Refused, match="is over"):
        challenge(purchase, bid)
    with a.at(until):
        challenge(purchase, bid)


def test_only_a_bidder_challenges_and_only_a_published_result(judged, project):
    purchase, bids = judged
    with pytest.raises(Refused, match="when it has been published"):
        challenge(purchase, bids[0])
    stranger = making.a_bidder(project)
    with pytest.raises(Refused, match="Only who has bid"):
        challenge_purchase(a.actor(a.staff_of(stranger)), purchase, stranger, "评分没有按公布的标准进行。")


def test_a_bidder_challenges_on_its_page_and_an_official_answers(client, awarded, project, village):
    purchase, bid = awarded
    a.signed_in(client, a.staff_of(db.session.get_one(a.Provider, bid.provider_id)))
    page = f"/{village.code}/purchases/{purchase.id}/challenge"
    assert client.get(page).status_code == 200
    assert client.post(page, data={"words": "不"}).status_code == 422
    for _ in range(2):
        assert client.post(page, data={"words": "评分没有按公布的标准进行，请复核。"}).status_code == 303
    made = db.session.scalars(select(PurchaseChallenge)).one()
    public = a.signed_in(client, None).get(page_of(purchase), headers=ENGLISH).text
    assert "Until then no contract is signed" in public
    assert "请复核" not in public, "what a bidder says is for the purchaser"
    a.signed_in(client, a.an_official(making.the_buyer(project)))
    answer = f"{page_of(purchase)}challenges/{made.id}/"
    assert client.get(answer).status_code == 200
    assert client.post(answer, data={"upheld": "no", "answer": ""}).status_code == 422
    client.post(answer, data={"upheld": "no", "answer": "经复核，评分符合公布的标准。"})
    assert "评分符合公布的标准" in a.signed_in(client, None).get(page_of(purchase)).text
    assert may_contract(db.session.get_one(Purchase, purchase.id))
