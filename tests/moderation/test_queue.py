"""A committee works through what waits: accept, return, refuse, join, undo. (A24)"""

import threading

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.moderation import actions
from portal.moderation.queries import count_waiting
from portal.needs.models import Need, NeedStep, NeedSupport
from portal.notifications.models import Notice
from portal.rules import Refused
from portal.rules.moderation import Decision, DecisionDraft
from portal.rules.needs import NeedState
from portal.store import db
from tests import builders as a


def decided(need, region, decision, **draft):
    actions.decide_need(a.actor(a.a_committee(region)), need, region, DecisionDraft(Decision(decision), **draft))
    db.session.refresh(need)
    return need


def waiting(region, words="路灯坏了，晚上看不见", **draft):
    return a.a_need(region, words, state=NeedState.SUBMITTED, **draft)


def test_an_accepted_need_is_listed_and_its_author_is_told(app):
    region = a.a_region_tree().villages[0]
    need = decided(waiting(region), region, "accept")
    assert need.state == "accepted"
    assert need.listed
    assert need.due_at is None
    notice = db.session.scalars(select(Notice).where(Notice.person_id == need.author_id)).one()
    assert notice.template == "need_accepted"


def test_every_decision_is_in_the_log_with_who_and_when(app):
    region = a.a_region_tree().villages[0]
    need = decided(waiting(region), region, "refuse", reason="advert", words="这里不登广告")
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == f"need:{need.id}", AuditEntry.deed == "need:decide")
    ).one()
    assert entry.actor_id == a.a_committee(region).id
    assert entry.detail["decision"] == "refuse"
    assert entry.detail["reason"] == "advert"
    assert entry.at.tzinfo


def test_a_refusal_without_reason_or_words_is_refused_beside_the_fields_and_nothing_changes(app, client):
    region = a.a_region_tree().villages[0]
    need = waiting(region)
    a.signed_in(client, a.a_committee(region))
    answer = client.post(f"/{region.code}/moderation/{need.id}", data={"decision": "refuse", "words": "不"})
    assert answer.status_code == 422
    assert 'id="words-error"' in answer.text
    assert "不</textarea>" in answer.text
    assert db.session.get_one(Need, need.id).state == "submitted"


def test_a_second_decision_on_the_same_need_is_refused(app, elsewhere):
    region = a.a_region_tree().villages[0]
    need = waiting(region)
    number, results = need.id, []

    def decide(decision):
        def deed():
            try:
                found = db.session.get_one(Need, number)
                actions.decide_need(
                    a.actor(a.a_committee(region)), found, region, DecisionDraft(decision, "advert", "不登广告")
                )
                results.append(decision)
            except Refused:
                results.append(None)

        return lambda: elsewhere(deed)

    a.a_committee(region)
    threads = [threading.Thread(target=decide(d)) for d in (Decision.ACCEPT, Decision.REFUSE) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([result for result in results if result]) == 1
    db.session.rollback()
    assert len(db.session.scalars(select(NeedStep).where(NeedStep.need_id == number)).all()) == 2


def test_supporters_move_along_when_needs_are_joined_and_back_when_it_is_undone(app):
    region = a.a_region_tree().villages[0]
    stays, goes = a.a_need(region), a.a_need(region, "电梯加装")
    supporter, both = a.a_resident(region), a.a_resident(region)
    a.supported(goes, supporter, both)
    a.supported(stays, both)

    decided(goes, region, "merge", into=stays.id)
    behind = set(db.session.scalars(select(NeedSupport.person_id).where(NeedSupport.need_id == stays.id)))
    assert behind == {supporter.id, both.id, goes.author_id}
    assert goes.merged_into_id == stays.id
    assert not goes.listed

    actions.undo_decision(a.actor(a.a_committee(region)), goes, region)
    db.session.expire_all()
    behind = set(db.session.scalars(select(NeedSupport.person_id).where(NeedSupport.need_id == stays.id)))
    assert behind == {both.id}
    assert db.session.get_one(Need, goes.id).state == "accepted"
    assert db.session.get_one(Need, goes.id).merged_into_id is None


def test_an_undone_decision_puts_the_need_back_into_the_queue_with_its_deadline(app):
    region = a.a_region_tree().villages[0]
    need = waiting(region)
    due = need.due_at
    decided(need, region, "accept")
    actions.undo_decision(a.actor(a.a_committee(region)), need, region)
    db.session.refresh(need)
    assert (need.state, need.listed, need.due_at) == ("submitted", False, due)


def test_a_need_with_a_phone_number_cannot_be_made_public_but_can_be_kept_private(app):
    region = a.a_region_tree().villages[0]
    need = waiting(region, "请打我电话 13800138000，老人一个人在家", private=True)
    need_id = need.id
    decided(need, region, "accept")
    assert not db.session.get_one(Need, need_id).listed


def test_the_next_need_comes_by_itself_and_later_puts_one_off(app, client):
    region = a.a_region_tree().villages[0]
    first, second = waiting(region, "第一件事"), waiting(region, "第二件事")
    a.signed_in(client, a.a_committee(region))
    assert "第一件事" in client.get(f"/{region.code}/moderation/").text
    assert "第二件事" in client.get(f"/{region.code}/moderation/?after={first.id}").text
    answer = client.post(f"/{region.code}/moderation/{first.id}", data={"decision": "accept"}, follow_redirects=True)
    assert "第二件事" in answer.text
    assert f"/{region.code}/moderation/{first.id}/undo" in answer.text
    part = client.get(f"/{region.code}/moderation/", part="item")
    assert "<html" not in part.text
    assert second.id


def test_a_queue_holds_the_whole_subtree_and_nothing_else(app, client):
    tree = a.a_region_tree()
    waiting(tree.villages[0])
    waiting(tree.villages[1])
    assert count_waiting(tree.county) == 2
    assert count_waiting(tree.villages[2]) == 0
    other = waiting(tree.villages[1])
    a.signed_in(client, a.a_committee(tree.villages[0]))
    assert client.get(f"/{tree.villages[1].code}/moderation/").status_code == 403
    assert (
        client.post(f"/{tree.villages[0].code}/moderation/{other.id}", data={"decision": "accept"}).status_code == 404
    )


def test_a_need_cannot_be_joined_with_itself_or_one_of_another_community(app):
    tree = a.a_region_tree()
    need, far = waiting(tree.villages[0]), a.a_need(tree.villages[1])
    for into in (need.id, far.id, 999_999, None):
        with pytest.raises(Refused) as refused:
            decided(need, tree.villages[0], "merge", into=into)
        assert refused.value.refusals[0].beside == "into"
