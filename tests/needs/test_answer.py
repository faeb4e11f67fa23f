"""A committee tells what came of a need. (B3)"""

import pytest
from sqlalchemy import select

from portal.needs.models import Need
from portal.notifications.models import Notice
from portal.rules.needs import NeedState
from portal.store import db
from tests import builders as a


def test_the_answer_stands_on_the_page_and_its_author_is_told(app, client):
    region = a.a_region_tree().villages[0]
    need = a.a_need(region)
    a.signed_in(client, a.a_committee(region))
    assert 'href="answer"' in client.get(f"/{region.code}/needs/{need.id}/").text
    client.post(f"/{region.code}/needs/{need.id}/answer", data={"words": "灯昨天换好了"})
    assert "灯昨天换好了" in client.get(f"/{region.code}/needs/{need.id}/").text
    told = db.session.scalars(
        select(Notice.template).where(Notice.person_id == need.author_id).order_by(Notice.id)
    ).all()
    assert told[-1] == "need_answered"


@pytest.mark.parametrize("words", ["", "好", "请打13800138000找我"])
def test_an_answer_that_says_nothing_or_a_number_is_refused_beside_the_field(app, client, words):
    region = a.a_region_tree().villages[0]
    need = a.a_need(region)
    a.signed_in(client, a.a_committee(region))
    answer = client.post(f"/{region.code}/needs/{need.id}/answer", data={"words": words})
    assert answer.status_code == 422
    assert 'id="words-error"' in answer.text
    assert words in answer.text
    assert db.session.get_one(Need, need.id).state == "accepted"


def test_a_need_is_answered_once_and_by_its_own_committee(app, client):
    tree = a.a_region_tree()
    need = a.a_need(tree.villages[0], state=NeedState.ANSWERED)
    there = f"/{tree.villages[0].code}/needs/{need.id}/answer"
    a.signed_in(client, a.a_committee(tree.villages[0]))
    assert client.get(there).status_code == 404
    a.signed_in(client, a.a_committee(tree.villages[1]))
    assert client.get(there).status_code == 403
