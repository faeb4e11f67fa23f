"""Offices write down what happened, another body hears the provider, and what follows is for everyone to read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.cases.rising import raise_cases
from portal.notifications.models import Notice
from portal.policies.queries import rules_for
from portal.promises.asking import answer_promise, ask_of_projects, count_promises
from portal.promises.models import Promise, PromiseAsk
from portal.providers.credit import credits_of, stars_now
from portal.providers.models import CreditEvent, Provider, StandingEntry
from portal.rules import Refused
from portal.rules.credit import EventKind
from portal.rules.pleas import PleaKind
from portal.stars.awarding import award_stars
from portal.stars.models import CreditPlea
from portal.stars.pleading import decide_plea, send_plea
from portal.stars.queries import record_of
from portal.store import action, clock, db
from tests import builders
from tests.cases.making import a_named_case, upheld
from tests.client import InspectingClient
from tests.contracts.making import a_serving_contract
from tests.purchases import making as purchases
from tests.stars.making import GOOD, POOR, a_plea, an_event, rated, the_official

ENGLISH = {"Accept-Language": "en"}


def score_of(provider: Provider, tree: builders.Tree, day: str) -> int:
    db.session.rollback()
    return credits_of([provider.id], rules_for(tree.county), date.fromisoformat(day))[provider.id].score


def test_an_event_is_written_once_with_evidence_and_the_provider_is_told(  # A67
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    staff = builders.staff_of(provider)
    builders.signed_in(client, builders.an_official(tree.county))
    address = f"/{tree.county.code}/providers/{provider.id}/credit/"
    data = {"key": "k" * 32, "kind": "breach", "reason": "连续三周未上门。", "evidence": ""}
    assert client.post(address + "record", data=data).status_code == 422
    for _ in range(2):
        assert client.post(address + "record", data=data | {"evidence": "柳民查12号"}).status_code == 303
    [event] = db.session.scalars(db.select(CreditEvent)).all()
    assert (event.points, event.region_id) == (-20, tree.county.id)
    assert [one.template for one in db.session.scalars(db.select(Notice).where(Notice.person_id == staff.id))] == [
        "credit_event"
    ]
    builders.signed_in(client, None)
    page = client.get(address, headers=ENGLISH).text
    assert "80 points" in page
    assert "柳民查12号" in page


def test_the_same_form_sent_at_once_writes_once(  # A67
    provider: Provider, tree: builders.Tree, elsewhere: Callable[..., Any]
) -> None:
    from portal.rules.pleas import EventDraft
    from portal.stars.recording import record_event

    official, draft = the_official(tree.county), EventDraft("failed", "消防检查未通过。", "检查记录5号")
    region, number = tree.county, provider.id
    db.session.expunge(region)

    def write() -> None:
        record_event(official, region, db.session.get_one(Provider, number), draft, "k" * 32)

    with ThreadPoolExecutor(4) as at_once:
        for done in [at_once.submit(elsewhere, write) for _ in range(6)]:
            done.result()
    db.session.rollback()
    assert len(db.session.scalars(db.select(CreditEvent)).all()) == 1


def test_an_appeal_goes_to_the_office_above_and_is_decided_by_nobody_else(  # A67
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    event = an_event(provider, tree.county)
    plea = a_plea(provider, event)
    assert plea.region_id == tree.prefecture.id
    with pytest.raises(Refused, match="清和市"):
        decide_plea(the_official(tree.county), plea, False, "维持。")
    with pytest.raises(Refused, match="not decided yet"):
        a_plea(provider, event)
    builders.signed_in(client, builders.an_official(tree.prefecture))
    here = f"/{tree.prefecture.code}/providers"
    assert f"{provider.id}/credit/pleas/{plea.id}" in client.get(f"{here}/credit/pleas/", headers=ENGLISH).text
    address = f"{here}/{provider.id}/credit/pleas/{plea.id}"
    assert client.post(address, data={"answer": "事实不清。"}).status_code == 422
    for _ in range(2):
        assert client.post(address, data={"granted": "yes", "answer": "事实不清，撤销。"}).status_code == 303
    assert client.post(address, data={"granted": "no", "answer": "改为维持。"}).status_code == 422
    builders.signed_in(client, None)
    page = client.get(f"/{tree.county.code}/providers/{provider.id}/credit/", headers=ENGLISH).text
    assert "100 points" in page
    assert "事实不清，撤销。" in page


def test_nobody_who_works_for_a_provider_decides_about_it(app: Flask, provider: Provider, tree: builders.Tree) -> None:
    from dataclasses import replace

    plea = a_plea(provider, an_event(provider, tree.county))
    staff = builders.actor(builders.staff_of(provider))
    official = the_official(tree.prefecture)
    both = replace(official, grants=(*official.grants, *staff.grants))
    with pytest.raises(Refused, match="somebody else decides"):
        decide_plea(both, plea, True, "撤销。")
    with pytest.raises(Refused, match="somebody else decides"):
        an_event(provider, tree.county, official=both)
    assert not builders.db.session.get_one(CreditPlea, plea.id).granted


def test_at_the_top_somebody_else_than_who_wrote_it_down_decides(app: Flask, tree: builders.Tree) -> None:  # A67
    provider = builders.a_provider(tree.province, "云泽省级机构")
    event = an_event(provider, tree.province)
    plea = a_plea(provider, event)
    assert plea.region_id == tree.province.id
    with pytest.raises(Refused, match="wrote this down yourself"):
        decide_plea(the_official(tree.province), plea, False, "维持。")


def test_only_its_own_people_appeal_and_in_time(  # A67
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    event = an_event(provider, tree.county)
    address = f"/{tree.county.code}/providers/{provider.id}/credit/{event.id}/appeal"
    data = {"key": "k" * 32, "words": "并无此事。", "evidence": "签到记录"}
    builders.signed_in(client, builders.staff_of(builders.a_provider(tree.county, "暖阳服务中心")))
    assert client.post(address, data=data).status_code == 403
    builders.signed_in(client, builders.staff_of(provider))
    with builders.at(event.at + timedelta(days=40)):
        assert "Appeals were possible until" in client.post(address, data=data, headers=ENGLISH).text
    assert client.post(address, data=data).status_code == 303
    assert client.post(address, data=data).status_code == 303, "sent twice"
    assert db.session.query(CreditPlea).count() == 1


def test_a_repair_is_heard_after_a_time_and_the_office_that_wrote_it_decides(  # A67 (信用修复)
    app: Flask, provider: Provider, tree: builders.Tree
) -> None:
    with builders.at("2026-01-10"):
        event = an_event(provider, tree.county)
        with pytest.raises(Refused, match="made good from 2026-04-10"):
            a_plea(provider, event, PleaKind.REPAIR)
    with builders.at("2026-04-10"):
        plea = a_plea(provider, event, PleaKind.REPAIR)
        decide_plea(the_official(tree.county), plea, True, "已补足全部服务。")
    assert [score_of(provider, tree, day) for day in ("2026-01-09", "2026-01-10", "2026-04-09", "2026-04-10")] == [
        100,
        80,
        80,
        100,
    ]


def test_the_log_replayed_gives_the_page(  # A67
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    """Every deed is in the audit log; the record as it was on any day follows from it alone."""
    for day, kind in (
        ("2026-01-10", EventKind.BREACH),
        ("2026-02-10", EventKind.FAILED),
        ("2026-03-10", EventKind.KEPT),
    ):
        with builders.at(day):
            an_event(provider, tree.county, kind)
    first = db.session.scalars(db.select(CreditEvent).order_by(CreditEvent.id)).first()
    assert first
    with builders.at("2026-05-10"):
        decide_plea(the_official(tree.county), a_plea(provider, first, PleaKind.REPAIR), True, "已补足。")
    entries = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.subject.like("credit_%")).order_by(AuditEntry.id)
    )
    told = {}
    for entry in entries:
        number = int(entry.subject.partition(":")[2])
        if entry.subject.startswith("credit_event"):
            told[number] = entry.detail["points"]
        elif entry.detail.get("granted"):
            told.pop(db.session.get_one(CreditPlea, number).event_id)
    replay = 100 + sum(told.values())
    with builders.at("2026-06-10"):
        page = client.get(f"/{tree.county.code}/providers/{provider.id}/credit/", headers=ENGLISH).text
        assert record_of(provider, rules_for(tree.county)).credit.score == replay == 95
    assert f"{replay} points" in page


def test_lists_are_taken_over_all_or_none_and_again_changes_the_last_day(  # 2.5
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.an_official(tree.county))
    address = f"/{tree.county.code}/providers/credit/import"
    good = f"{provider.usc_code},assessment,5A,2026-01-01,,民政局公告3号"
    other = f"{provider.usc_code},serious,,2026-02-01,,民政局公告9号"
    assert (
        client.post(address, data={"lines": f"{good}\n11111111111111111X,abnormal,,2026-01-01,,公告"}).status_code
        == 422
    )
    assert not db.session.scalars(db.select(StandingEntry)).all()
    for _ in range(2):
        assert client.post(address, data={"lines": f"{good}\n{other}"}).status_code == 303
    assert client.post(address, data={"lines": other.replace(",,民", ",2026-05-01,民")}).status_code == 303
    db.session.rollback()
    found = db.session.scalars(db.select(StandingEntry).order_by(StandingEntry.id)).all()
    assert [(one.kind, one.until_on) for one in found] == [
        ("assessment", date(2031, 1, 1)),
        ("serious", date(2026, 5, 1)),
    ]
    with builders.at("2026-11-22"):
        page = client.get(f"/{tree.county.code}/providers/{provider.id}/credit/", headers=ENGLISH).text
    assert "5A" in page
    assert "nothing to do with our stars" in page
    assert "Barred from selection until 1 Feb 2028" in page


def test_an_exit_for_breach_stands_in_the_record_and_takes_the_stars(
    app: Flask, tree: builders.Tree
) -> None:  # B33, F6
    from portal.rules.exits import ExitState
    from portal.supervision.leaving import advance_exit, list_recipients, release_recipients
    from tests.supervision.making import an_exit, watched

    contract = a_serving_contract()
    provider = db.session.get_one(Provider, contract.provider_id)
    rated(provider, ((contract.starts_on - timedelta(days=120)).isoformat(), GOOD))
    award_stars()
    assert stars_now(provider.id) == 4
    case, found = an_exit(contract), watched(contract)
    official = the_official(found.region)
    list_recipients(official, case, 1)
    release_recipients(official, case, 1, 1, "已搬走")
    with builders.at(case.last_day + timedelta(days=1)):
        for state in (ExitState.PLANNED, ExitState.LISTED, ExitState.COVERED, ExitState.SETTLED):
            advance_exit(official, found, state, "已办理。")
        assert stars_now(provider.id) == 0
    event = db.session.scalars(db.select(CreditEvent)).one()
    assert (event.kind, event.points, event.region_id) == ("exit", -10, found.region.id)


def test_one_star_or_too_little_credit_asks_for_a_look_with_the_reason_filled_in(  # A69, B33
    app: Flask, tree: builders.Tree, client: InspectingClient
) -> None:
    contract = a_serving_contract()
    provider = db.session.get_one(Provider, contract.provider_id)
    buyer = db.session.get_one(builders.Region, contract.region_id)
    builders.signed_in(client, builders.an_official(buyer))
    address = f"/{buyer.code}/supervision/{contract.id}/"
    assert "trigger=bad_result" not in client.get(address, headers=ENGLISH).text
    rated(provider, ((contract.starts_on - timedelta(days=120)).isoformat(), (40, 30, 20, 10, 10)))
    award_stars()
    assert "exit/begin?trigger=bad_result" in client.get(address, headers=ENGLISH).text
    form = client.get(address + "exit/begin?trigger=bad_result", headers=ENGLISH).text
    assert 'value="bad_result" checked' in form


def test_selection_notes_stars_and_credit_and_where_they_come_from(  # A66
    app: Flask, tree: builders.Tree, client: InspectingClient
) -> None:
    project = builders.a_project(tree.villages[0])
    bidder = purchases.a_bidder(project)
    rated(bidder, ("2026-02-10", GOOD))
    award_stars()
    event = an_event(bidder, tree.county)
    purchase = purchases.a_purchase(project)
    bid = purchases.a_bid(purchase, bidder)
    purchases.opened(purchase, 4_100_000, 4_200_000)
    db.session.refresh(bid)
    assert bid.standing
    assert (bid.standing["credit"], bid.standing["credit_events"]) == (80, [event.id])
    assert bid.standing["stars"] == 0, "withdrawn by the breach"
    assert bid.standing["star_level"]
    builders.signed_in(client, purchases.an_expert(1))
    page = client.get(f"/{tree.county.code}/purchases/{purchase.id}/judge", headers=ENGLISH).text
    assert "80 points of credit (1 entry counted)" in page


def test_a_barred_provider_cannot_bid_and_is_not_let_in_at_the_opening(app: Flask, tree: builders.Tree) -> None:  # A69
    project = builders.a_project(tree.villages[0])
    barred, late = purchases.a_bidder(project), purchases.a_bidder(project)
    an_event(barred, tree.county, EventKind.FALSE_RATINGS)
    purchase = purchases.a_purchase(project)
    with pytest.raises(Refused, match="barred from selection until"):
        purchases.a_bid(purchase, barred)
    bid = purchases.a_bid(purchase, late)
    an_event(late, tree.county, EventKind.FALSE_RATINGS)
    purchases.opened(purchase, 4_100_000, 4_200_000)
    db.session.refresh(bid)
    assert bid.refused_reason == "barred"
    assert bid.standing
    assert bid.standing["barred_until"]


def test_other_numbers_show_who_would_move_and_store_nothing(  # A68
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    other = builders.a_provider(tree.county, "暖阳服务中心")
    far = builders.a_provider(builders.a_region_tree().villages[2], "石榴村互助社")
    for one, counts in ((provider, GOOD), (other, POOR), (far, POOR)):
        rated(one, ("2026-02-10", counts))
    award_stars(date(2026, 5, 1))
    builders.signed_in(client, builders.an_official(tree.county))
    address = f"/{tree.county.code}/providers/stars/try"
    assert "0 providers would get other stars" in client.get(address, headers=ENGLISH).text
    page = client.get(address + "?star_cuts=50+60+70+80", headers=ENGLISH).text
    assert "3 providers would get other stars" in page
    assert client.get(address + "?star_cuts=50+60", headers=ENGLISH).text.count("four whole numbers") >= 1
    assert client.get(address + "?star_weights=40+40+20", headers=ENGLISH).text.count("at least 50") >= 1
    assert "3 providers" not in client.get(address, headers=ENGLISH).text
    builders.signed_in(client, builders.staff_of(provider))
    assert client.get(address).status_code == 403


def test_a_plea_sent_by_another_key_at_the_same_time_is_refused(  # A67
    provider: Provider, tree: builders.Tree, elsewhere: Callable[..., Any]
) -> None:
    event, staff = an_event(provider, tree.county), builders.actor(builders.staff_of(provider))
    number = event.id

    def send(turn: int) -> bool:
        found = db.session.get_one(CreditEvent, number)
        try:
            send_plea(staff, found, PleaKind.APPEAL, "并无此事。", "签到记录", f"{turn}".rjust(32, "k"))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as at_once:
        done = [at_once.submit(elsewhere, send, turn) for turn in range(6)]
    assert sum(one.result() for one in done) == 1


def test_an_upheld_case_not_repaired_in_time_is_proposed_and_written_once_by_a_person(  # A67, A69
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    with builders.at("2026-03-02"):
        case = upheld(a_named_case(tree.villages[0], provider))
    builders.signed_in(client, builders.an_official(tree.county))
    here = f"/{tree.county.code}/providers"
    with builders.at("2026-03-09"):
        assert "about=" not in client.get(f"{here}/credit/pleas/").text, "the provider still has time"
    with builders.at("2026-03-20"):
        raise_cases()
        address = f"{here}/{provider.id}/credit/record?about=unrepaired-case-{case.id}"
        assert address in client.get(f"{here}/credit/pleas/").text
        assert not db.session.scalar(db.select(CreditEvent.id)), "nothing is written by itself"
        shown = client.get(address, headers=ENGLISH).text
        for typed in (
            "当天没有上门，记录属实。",
            f'value="Case No. {case.id}"',
            'value="unrepaired" selected',
            "9 Mar 2026",
        ):
            assert typed in shown
        data = {
            "key": f"unrepaired-case-{case.id}",
            "kind": "unrepaired",
            "reason": "到期未整改。",
            "evidence": "差评办理1号",
        }
        for _ in range(2):
            assert client.post(address, data=data).status_code == 303
        assert "about=" not in client.get(f"{here}/credit/pleas/").text
    assert [event.points for event in db.session.scalars(db.select(CreditEvent))] == [-5]


def a_judged_project(tree: builders.Tree, provider: Provider, yes: int, no: int) -> Promise:
    """A project of `provider` that was declared done, and answered by so many."""
    project = builders.a_project(tree.villages[0])
    a_serving_contract(project, provider)
    people = [builders.a_resident(tree.villages[0]) for _ in range(yes + no)]
    ask = action(lambda promise: db.session.add_all(PromiseAsk(promise_id=promise.id, person_id=p.id) for p in people))
    accept = action(lambda: setattr(project, "state", "accepted"))
    accept()
    ask_of_projects()
    promise = db.session.scalars(db.select(Promise).where(Promise.subject == "project")).one()
    ask(promise)
    for person, answer in zip(people, ("yes",) * yes + ("no",) * no, strict=True):
        answer_promise(builders.actor(person), promise, answer)
    return promise


@pytest.mark.parametrize(
    ("yes", "no", "kind"), [(12, 2, "kept_promises"), (2, 12, "broken_promises"), (7, 7, None), (0, 6, None)]
)
def test_what_those_who_asked_say_of_a_project_is_proposed_where_it_is_shown(  # A67, A70
    client: InspectingClient, provider: Provider, tree: builders.Tree, yes: int, no: int, kind: str | None
) -> None:
    promise = a_judged_project(tree, provider, yes, no)
    builders.signed_in(client, builders.an_official(tree.county))
    with builders.at(clock.now() + timedelta(days=60)):
        count_promises()
        text = client.get(f"/{tree.county.code}/providers/credit/pleas/").text
        address = f"/{tree.county.code}/providers/{provider.id}/credit/record?about=answered-promise-{promise.id}"
        assert (address in text) is (kind is not None)
        if kind:
            assert f'value="{kind}" selected' in client.get(address).text
