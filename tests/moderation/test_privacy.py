"""What was said between author and committee stays there. (A7, A24, B19)"""

import pytest

from portal.moderation import actions
from portal.needs.actions import publish_need
from portal.needs.models import Need
from portal.rules import Refused
from portal.rules.moderation import Decision, DecisionDraft
from portal.rules.needs import NeedState
from portal.store import db
from tests import builders as a


@pytest.fixture
def region(app):
    return a.a_region_tree().villages[0]


def decide(need, region, decision, **draft):
    actions.decide_need(a.actor(a.a_committee(region)), need, region, DecisionDraft(Decision(decision), **draft))
    db.session.refresh(need)


def test_words_to_the_author_are_read_by_author_and_committee_only(region, client):
    author = a.a_resident(region)
    need = a.a_need(region, "楼道里太黑", author=author, state=NeedState.SUBMITTED)
    decide(need, region, "return", reason="unclear", words="您家里病人的事请不要写出来")
    a.needs.revise_need(a.actor(author), need, region, "楼道里太黑，二号楼")
    decide(need, region, "accept", reason="abuse", words="内部备注")
    there = f"/{region.code}/needs/{need.id}/"
    said = client.get(there).text
    assert "您家里病人" not in said
    assert "内部备注" not in said
    assert "您家里病人" in a.signed_in(client, author).get(there).text


def test_what_the_committee_accepted_as_private_cannot_be_published_behind_its_back(region):
    author = a.a_resident(region)
    need = a.a_need(region, "家里的事", author=author, state=NeedState.SUBMITTED)
    decide(need, region, "accept", private=True)
    with pytest.raises(Refused):
        publish_need(a.actor(author), need)
    assert not db.session.get_one(Need, need.id).listed


def test_a_phone_number_in_the_place_is_refused_when_a_need_is_published(region):
    author = a.a_resident(region)
    need = a.a_need(region, "家里的事", author=author, state=NeedState.SUBMITTED, private=True, place="打13800138000")
    with pytest.raises(Refused):
        publish_need(a.actor(author), need)
    decide(need, region, "accept")
    assert not need.listed


def test_undoing_an_acceptance_that_made_a_need_private_makes_it_open_again(region):
    need = a.a_need(region, "家里的事", state=NeedState.SUBMITTED)
    decide(need, region, "accept", private=True)
    actions.undo_decision(a.actor(a.a_committee(region)), need, region)
    decide(need, region, "accept")
    assert need.listed


def test_an_old_decision_is_no_longer_undone(region):
    need = a.a_need(region)
    with a.at("2099-01-01"), pytest.raises(Refused):
        actions.undo_decision(a.actor(a.a_committee(region)), need, region)


def test_a_need_is_not_joined_with_a_private_one_and_its_title_not_told(region, client):
    secret = a.a_need(region, "不愿人知的事", private=True)
    author = a.a_resident(region)
    need = a.a_need(region, "楼道灯坏了", author=author, state=NeedState.SUBMITTED)
    with pytest.raises(Refused):
        decide(need, region, "merge", into=secret.id)
    assert "不愿人知" not in a.signed_in(client, author).get(f"/{region.code}/needs/{need.id}/").text


def test_a_form_for_a_need_decided_meanwhile_fills_no_other_need(region, client):
    first, second = (a.a_need(region, words, state=NeedState.SUBMITTED) for words in ("第一件事", "第二件事"))
    decide(first, region, "accept")
    a.signed_in(client, a.a_committee(region))
    typed = {"decision": "refuse", "reason": "abuse", "words": "骂人的话不登"}
    said = client.post(f"/{region.code}/moderation/{first.id}", data=typed).text
    assert "第二件事" in said
    assert "骂人的话不登" not in said
    assert db.session.get_one(Need, second.id).state == "submitted"
