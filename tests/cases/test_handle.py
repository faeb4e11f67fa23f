"""Who handles a case, what each step asks, and who may not touch it."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from portal.accounts.actions import grant
from portal.audit.models import AuditEntry
from portal.cases import answering, handling
from portal.cases.models import BadRatingCase
from portal.providers.models import Provider
from portal.ratings.models import Rating
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.cases import CaseState, Finding, Move
from portal.rules.permissions import Role
from portal.store import db
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.cases.making import (
    HER_WORDS,
    PHONE,
    a_batch_case,
    a_contract_with_assistant,
    a_named_case,
    days_later,
    fresh,
    upheld,
)
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}
EVIDENCE = "当天的签到表和走廊录像都在，服务做满了两小时。"


@pytest.fixture
def committee(village: Region) -> Any:
    return builders.actor(builders.a_committee(village))


@pytest.fixture
def official(tree: builders.Tree) -> Any:
    return builders.actor(builders.an_official(tree.county))


def staff(case: BadRatingCase) -> Any:
    return builders.actor(builders.staff_of(db.session.get_one(Provider, case.provider_id)))


def test_the_whole_way_through_the_pages(client: InspectingClient, village: Region, provider: Provider) -> None:  # 1.6
    case = a_named_case(village, provider)
    hers, desk = f"/rate/{case.token}/repair", f"/{village.code}/bad-ratings/{case.id}/"  # type: ignore[attr-defined]
    builders.signed_in(client, builders.a_committee(village))
    assert client.get(f"/{village.code}/bad-ratings/desk").status_code == 200
    said = client.post(desk, data={"state": "received", "words": "电话联系过了。"}, headers=ENGLISH)
    assert said.status_code == 422
    assert "Please choose one" in said.text
    assert "电话联系过了。" in said.text
    assert client.post(desk, data={"state": "received", "reached": "yes", "words": "电话联系过了。"}).status_code == 303
    old = client.post(desk, data={"state": "received", "reached": "yes", "words": "电话联系过了。"}, headers=ENGLISH)
    assert "gone on meanwhile" in old.text
    found = {"state": "verifying", "finding": "upheld", "words": "那天确实没有上门。"}
    assert client.post(desk, data=found).status_code == 303
    builders.signed_in(client, builders.staff_of(provider))
    assert "No." in client.get("/repairs/", headers=ENGLISH).text
    page = client.get(f"/repairs/{case.id}").text
    assert HER_WORDS not in page
    assert PHONE not in page
    assert client.post(f"/repairs/{case.id}", data={"answer": "电话 13612345678"}).status_code == 422
    for _ in range(2):
        assert client.post(f"/repairs/{case.id}", data={"answer": "已补上门一次并道歉。"}).status_code == 303
    builders.signed_in(client, None)
    assert "已补上门一次并道歉。" in client.get(hers).text
    client.post(f"{hers}/say", data={"move": "confirm"})
    assert (fresh(case).state, fresh(case).satisfied, fresh(case).contact, fresh(case).words) == (
        "closed",
        True,
        "",
        "",
    )
    above = db.session.get_one(Region, village.parent_id)
    assert "已补上门一次并道歉。" in client.get(f"/{above.code}/bad-ratings/").text


def test_a_provider_that_is_asked_again_sees_what_it_answered(
    client: InspectingClient, village: Region, provider: Provider, committee: Any
) -> None:
    case = a_named_case(village, provider)
    handling.contact_rater(committee, case, reached=True, words="已电话联系。")
    handling.find(committee, case, Finding.UPHELD, "那天确实没有上门。")
    builders.signed_in(client, builders.staff_of(provider))
    client.post(f"/repairs/{case.id}", data={"answer": "已补上门一次并道歉。"})
    answering.say_whether_it_is_right(fresh(case), Move.REJECT)
    page = client.get(f"/repairs/{case.id}").text
    assert "已补上门一次并道歉。" in page
    assert 'id="answer_form"' in page
    client.post(f"/repairs/{case.id}", data={"answer": "已补上门一次并道歉。"})
    assert fresh(case).state == CaseState.ASKING, "the same words are an answer again"


def test_each_look_at_the_contact_is_in_the_log(client: InspectingClient, village: Region, provider: Provider) -> None:
    case = a_named_case(village, provider)
    address = f"/{village.code}/bad-ratings/{case.id}/"
    person = builders.a_committee(village)
    builders.signed_in(client, person)
    assert PHONE not in client.get(address).text
    looks = db.select(AuditEntry).where(
        AuditEntry.subject == f"bad_rating_case:{case.id}", AuditEntry.actor_id == person.id
    )
    assert not db.session.scalars(looks).all()
    answer = client.post(f"{address}contact")
    assert PHONE in answer.text
    assert HER_WORDS in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    (look,) = db.session.scalars(looks).all()
    assert look.detail == {"looked": True}


def test_the_provider_sees_who_asks_only_if_she_agreed(  # 2.6
    client: InspectingClient, village: Region, provider: Provider
) -> None:
    silent = upheld(a_named_case(village, provider))
    open_, early = upheld(a_named_case(village, provider, to_provider=True)), a_named_case(village, provider)
    early_open = a_named_case(village, provider, to_provider=True)
    builders.signed_in(client, builders.staff_of(provider))
    for case, sees in ((silent, False), (open_, True)):
        answer = client.post(f"/repairs/{case.id}/contact")
        assert (PHONE in answer.text) is sees
    for case in (early, early_open):
        assert client.post(f"/repairs/{case.id}/contact").status_code == 403
        with pytest.raises(Refused):
            answering.look_as_provider(staff(case), case)
    stranger = builders.staff_of(builders.a_provider(builders.a_region_tree().county, "别家社工站"))
    builders.signed_in(client, stranger)
    for address in (f"/repairs/{open_.id}", f"/repairs/{open_.id}/contact"):
        assert client.post(address, data={"answer": "不是我们。"}).status_code == 403


def test_the_provider_knows_of_a_case_only_once_it_is_found_right(  # 2.6
    client: InspectingClient, village: Region, provider: Provider, committee: Any
) -> None:
    with builders.at("2026-03-02"):
        case, open_ = a_named_case(village, provider), a_named_case(village, provider, to_provider=True)
        mistaken = a_named_case(village, provider)
        handling.contact_rater(committee, mistaken, reached=True, words="已电话联系。")
        handling.find(committee, mistaken, Finding.MISTAKEN, "点错了。")
        builders.signed_in(client, builders.staff_of(provider))
        for one in (case, open_, mistaken):
            assert f"No. {one.id}" not in client.get("/repairs/", headers=ENGLISH).text
            assert client.get(f"/repairs/{one.id}").status_code == 403
    with builders.at("2026-03-04"):
        upheld(case)
        upheld(open_)
        said = client.get("/repairs/", headers=ENGLISH).text
        rows = {one.id: said.split(f"No. {one.id}:")[1].split("</li>")[0] for one in (case, open_)}
        assert (village.name in rows[open_.id], village.name in rows[case.id]) == (True, False)
        assert builders.a_region_tree().township.name in rows[case.id]
        page = client.get(f"/repairs/{case.id}", headers=ENGLISH).text
        for shown in (rows[case.id], page):
            assert "11 Mar 2026" in shown, "five working days from the finding"
            assert "2 Mar" not in shown
            assert "3 Mar" not in shown
        answering.answer_case(staff(case), case, "已补上门一次。")
        assert "Mar 2026" not in client.get(f"/repairs/{case.id}", headers=ENGLISH).text


def test_who_was_not_reached_was_not_contacted_in_time(app: Flask, village: Region, committee: Any) -> None:
    case = a_named_case(village)
    handling.contact_rater(committee, case, reached=False, words="打了三次没有接。")
    assert (case.state, case.responded_on) == (CaseState.VERIFYING, None)


def test_the_provider_answers_once(app: Flask, village: Region, provider: Provider) -> None:  # 2.4
    case = upheld(a_named_case(village, provider))
    answering.answer_case(staff(case), case, "已补上门一次。")
    with pytest.raises(Refused):
        answering.answer_case(staff(case), case, "改口。")
    assert fresh(case).answer == "已补上门一次。"


def test_who_left_a_number_hears_of_the_answer_and_the_message_has_no_link(app: Flask, village: Region) -> None:
    case = upheld(a_named_case(village))
    answering.answer_case(staff(case), case, "已补上门一次。")
    (message,) = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.to == PHONE)).all()
    assert (message.template, message.values) == ("bad_case_asked", {})


def test_who_is_not_content_sends_it_back_once(app: Flask, village: Region) -> None:  # 1.6 (reopened)
    case = upheld(a_named_case(village))
    for number, state in enumerate((CaseState.REPAIRING, CaseState.CHECKING)):
        answering.answer_case(staff(case), case, f"第{number}次补做。")
        answering.say_whether_it_is_right(case, Move.REJECT)
        assert fresh(case).state == state
    assert case.satisfied is False


def test_a_complex_repair_has_the_longer_time(app: Flask, village: Region, committee: Any) -> None:  # 2.4
    with builders.at("2026-03-02"):
        simple, long = upheld(a_named_case(village)), upheld(a_named_case(village), complex=True)
    assert (simple.repair_due_on, long.repair_due_on) == (date(2026, 3, 9), date(2026, 3, 23))


def test_malicious_needs_evidence_and_another_body_and_leaves_the_grade(  # issue 5, 6
    app: Flask, village: Region, committee: Any, official: Any
) -> None:
    case = a_named_case(village)
    handling.contact_rater(committee, case, reached=True, words="已电话联系。")
    with pytest.raises(Refused):
        handling.find(committee, case, Finding.MALICIOUS, "不属实。", evidence="没有")
    handling.find(committee, case, Finding.MALICIOUS, "不属实。", evidence=EVIDENCE)
    assert (fresh(case).state, fresh(case).finding, fresh(case).found) == (CaseState.REVIEWING, "", "")
    with pytest.raises(Refused):
        handling.review(committee, case, agrees=True, words="我们自己看过了。")
    grades = list(db.session.scalars(db.select(Rating.grade)))
    handling.review(official, case, agrees=True, words="录像与签到表一致，评价不属实。")
    assert (fresh(case).state, fresh(case).finding) == (CaseState.CLOSED, Finding.MALICIOUS)
    assert list(db.session.scalars(db.select(Rating.grade))) == grades


def test_what_another_body_does_not_find_malicious_goes_back(  # issue 5, 6
    app: Flask, village: Region, committee: Any, official: Any
) -> None:
    case = a_named_case(village)
    handling.contact_rater(committee, case, reached=True, words="已电话联系。")
    handling.find(committee, case, Finding.MALICIOUS, "不属实。", evidence=EVIDENCE)
    handling.review(official, case, agrees=False, words="录像里没有拍到室内。")
    assert (fresh(case).state, fresh(case).evidence) == (CaseState.VERIFYING, "")
    with pytest.raises(Refused):
        handling.find(committee, case, Finding.MALICIOUS, "还是不属实。", evidence=EVIDENCE)


def test_a_batch_is_never_malicious(client: InspectingClient, village: Region, committee: Any) -> None:  # issue 5, 6
    case = a_batch_case(village)
    with pytest.raises(Refused):
        handling.find(committee, case, Finding.MALICIOUS, "刷的。", evidence=EVIDENCE)
    builders.signed_in(client, builders.a_committee(village))
    assert "malicious" not in client.get(f"/{village.code}/bad-ratings/{case.id}/", headers=ENGLISH).text
    assert fresh(case).finding == ""


def test_without_a_contact_another_body_closes_it(  # issue 5, 6
    app: Flask, village: Region, committee: Any, official: Any
) -> None:
    case = upheld(a_batch_case(village))
    answering.answer_case(staff(case), case, "换了上门的人，补了三次。")
    assert case.state == CaseState.CHECKING
    for actor in (committee, staff(case)):
        with pytest.raises(Refused):
            handling.check(actor, case, passes=True, words="都好了。")
    handling.check(official, case, passes=False, words="还差一次。")
    assert fresh(case).state == CaseState.REPAIRING
    answering.answer_case(staff(case), case, "补齐了。")
    handling.check(official, case, passes=True, words="随机问了三户，都补齐了。")
    assert fresh(case).state == CaseState.CLOSED


def test_a_mistake_closes_only_by_her_or_another_body(app: Flask, village: Region, committee: Any) -> None:
    case = a_named_case(village)
    handling.contact_rater(committee, case, reached=True, words="已电话联系。")
    handling.find(committee, case, Finding.MISTAKEN, "点错了，她自己说的。")
    assert fresh(case).state == CaseState.ASKING
    batch = a_batch_case(village)
    handling.find(committee, batch, Finding.MISTAKEN, "查无此事。")
    assert fresh(batch).state == CaseState.CHECKING


def test_she_can_end_it_at_any_time_and_open_it_again_once(app: Flask, village: Region) -> None:
    case = a_named_case(village)
    answering.say_whether_it_is_right(case, Move.WITHDRAW)
    assert (fresh(case).state, fresh(case).contact) == (CaseState.CLOSED, "")
    answering.say_whether_it_is_right(case, Move.REOPEN)
    assert (fresh(case).state, fresh(case).closed_on) == (CaseState.VERIFYING, None)
    answering.say_whether_it_is_right(case, Move.WITHDRAW)
    with pytest.raises(Refused):
        answering.say_whether_it_is_right(case, Move.REOPEN)


def test_after_its_days_a_case_stays_closed(app: Flask, village: Region) -> None:
    case = a_named_case(village)
    answering.say_whether_it_is_right(case, Move.WITHDRAW)
    with days_later(31), pytest.raises(Refused):
        answering.say_whether_it_is_right(case, Move.REOPEN)


# Nobody tied to the provider

DEEDS: dict[str, tuple[str, Any]] = {
    "look": ("received", lambda actor, case: handling.look_at_contact(actor, case)),
    "contact": ("received", lambda actor, case: handling.contact_rater(actor, case, reached=True, words="联系过了。")),
    "find": ("verifying", lambda actor, case: handling.find(actor, case, Finding.UPHELD, "属实。")),
    "review": ("reviewing", lambda actor, case: handling.review(actor, case, agrees=True, words="看过了。")),
    "repair": ("repairing", lambda actor, case: handling.repair_instead(actor, case, "别家补做了。")),
    "check": ("checking", lambda actor, case: handling.check(actor, case, passes=True, words="看过了。")),
}


def brought_to(state: str, village: Region, provider: Provider) -> BadRatingCase:
    """A case of `village` that stands at `state`, found by its own committee."""
    committee = builders.actor(builders.a_committee(village))
    case = a_named_case(village, provider)
    if state == "received":
        return case
    handling.contact_rater(committee, case, reached=True, words="已电话联系。")
    if state == "reviewing":
        handling.find(committee, case, Finding.MALICIOUS, "不属实。", evidence=EVIDENCE)
    elif state != "verifying":
        handling.find(committee, case, Finding.UPHELD, "属实。")
    if state == "checking":
        answering.answer_case(staff(case), case, "补做了。")
        answering.say_whether_it_is_right(case, Move.REJECT)
        answering.answer_case(staff(case), case, "又补做了。")
        answering.say_whether_it_is_right(case, Move.REJECT)
    return case


@pytest.mark.parametrize("deed", DEEDS)
def test_only_the_untied_and_the_right_body_do_each_step(  # 1.4, A28, issue 5, 6
    app: Flask, tree: builders.Tree, village: Region, provider: Provider, deed: str
) -> None:
    state, do = DEEDS[deed]
    case = brought_to(state, village, provider)
    tied = builders.an_official(tree.township)
    grant(tied, Role.PROVIDER, tree.county, provider.id)
    other = deed in ("review", "check")
    may = {
        "resident": (builders.a_resident(village), False),
        "next door": (builders.a_committee(tree.villages[1]), False),
        "the provider": (builders.staff_of(provider), False),
        "an official who works for the provider": (tied, False),
        "the committee": (builders.a_committee(village), not other),
        "the office above": (builders.an_official(tree.county), True),
    }
    with days_later(20 if deed == "repair" else 0):
        for who, (person, allowed) in may.items():
            if not allowed:
                with pytest.raises(Refused):
                    do(builders.actor(person), case)
                assert fresh(case).state == state, who
        allowed = [person for person, allowed in may.values() if allowed]
        do(builders.actor(allowed[-1]), case)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_committee_that_is_paid_in_the_contract_cannot_touch_its_cases(  # A28
    app: Flask, tree: builders.Tree, village: Region, provider: Provider, deed: str
) -> None:
    state, do = DEEDS[deed]
    case = brought_to(state, village, provider)
    a_contract_with_assistant(builders.a_project(tree.villages[1]), provider, village)
    with pytest.raises(Refused, match="paid in a contract"):
        do(builders.actor(builders.a_committee(village)), case)
    assert fresh(case).state == state


def test_the_case_of_a_paid_committee_is_the_office_s_at_once(  # A28
    client: InspectingClient, tree: builders.Tree, village: Region, provider: Provider
) -> None:
    a_contract_with_assistant(builders.a_project(village), provider, village)
    case, batch = a_named_case(village, provider), a_batch_case(village, provider)
    assert {case.level_id, batch.level_id} == {tree.township.id}
    builders.signed_in(client, builders.a_committee(village))
    page = client.get(f"/{village.code}/bad-ratings/{case.id}/", headers=ENGLISH).text
    assert "paid in a contract" in page
    assert PHONE not in client.post(f"/{village.code}/bad-ratings/{case.id}/contact").text
    handling.contact_rater(builders.actor(builders.an_official(tree.county)), case, reached=True, words="联系过了。")
    assert case.state == CaseState.VERIFYING


def test_an_unpaid_assistant_handles_its_cases(app: Flask, village: Region, provider: Provider) -> None:  # A28
    a_contract_with_assistant(builders.a_project(village), provider, village, fee_fen=0)
    assert a_named_case(village, provider).level_id == village.id


def test_two_who_take_the_same_step_at_once_take_it_once(app: Flask, village: Region, committee: Any) -> None:

    case = a_named_case(village)
    number, said = case.id, []

    def step() -> None:
        with app.app_context():
            try:
                handling.contact_rater(
                    committee, db.session.get_one(BadRatingCase, number), reached=True, words="联系过了。"
                )
                said.append("done")
            except Refused:
                said.append("refused")
            db.session.remove()

    threads = [Thread(target=step) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "refused", "refused", "refused"]


def test_a_case_is_found_under_its_own_places_only(client: InspectingClient, village: Region) -> None:
    case = a_named_case(village)
    next_door = builders.a_region_tree().villages[1]
    builders.signed_in(client, builders.a_committee(next_door))
    assert client.get(f"/{next_door.code}/bad-ratings/{case.id}/").status_code == 404
