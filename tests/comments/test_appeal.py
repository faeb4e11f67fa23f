"""Who wrote hidden words appeals; somebody is drawn who had no part in it and decides alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.secrets import keyed_hash
from portal.audit.models import AuditEntry
from portal.comments.appealing import appeal_words, eligible, judge_appeal
from portal.comments.models import CommentAppeal
from portal.comments.publishing import publish_comments
from portal.notifications.models import Notice
from portal.providers.models import Provider
from portal.ratings.models import RatingComment
from portal.rules import Refused
from portal.rules.comments import in_drawn_order
from portal.rules.permissions import Deed
from portal.store import clock, db
from tests import builders
from tests.client import InspectingClient
from tests.comments.making import (
    WORDS,
    a_comment,
    a_group,
    an_appeal,
    found,
    hidden,
    masked,
    state_of,
)

ENGLISH = {"Accept-Language": "en"}
TOKEN = "the-writer-has-this-link"


@pytest.fixture
def provider(tree: builders.Tree) -> Provider:
    return builders.a_provider(tree.province)


def judge_of(appeal: CommentAppeal) -> Any:
    return db.session.get_one(builders.Person, appeal.judge_id)


def test_the_writer_sees_what_became_of_her_words(  # 10
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    comment = a_comment(provider, tree.villages[0], token=TOKEN)
    address = f"/rate/{TOKEN}/words"
    answer = client.get(address, headers=ENGLISH)
    assert "wait to be looked at" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    hidden(comment)
    said = client.get(address, headers=ENGLISH).text
    assert "insults or threatens" in said
    assert "有辱骂的话。" in said
    assert "王小红" in said
    assert client.get("/rate/another-link/words").status_code == 404


def test_only_the_phone_that_wrote_them_shows_words_and_appeals(
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:  # 10
    token = str(builders.a_service(provider, tree.villages[1]).ticket)
    hidden(a_comment(provider, tree.villages[0], token=token, cookie="hers"))
    for cookie in ("", "another"):
        if cookie:
            client.set_cookie("tapped", cookie, path="/rate/")
        said = client.post(f"/rate/{token}/words", data={"words": "我说的是事实。"}, headers=ENGLISH).text
        assert "only on the phone with which you sent it" in said
        assert "王小红" not in said
    assert not db.session.scalars(select(CommentAppeal)).all()
    client.set_cookie("tapped", "hers", path="/rate/")
    assert "王小红" in client.get(f"/rate/{token}/words").text
    assert client.post(f"/rate/{token}/words", data={"words": "我说的是事实。"}).status_code == 303


def test_opening_the_page_stores_nothing(client: InspectingClient, provider: Provider, tree: builders.Tree) -> None:
    hidden(a_comment(provider, tree.villages[0], token=TOKEN))
    before = len(db.session.scalars(select(AuditEntry)).all())
    client.get(f"/rate/{TOKEN}/words")
    assert len(db.session.scalars(select(AuditEntry)).all()) == before
    assert not db.session.scalars(select(CommentAppeal)).all()


def test_a_third_is_drawn_and_decides_alone(  # 10
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    comment = a_comment(provider, tree.villages[0], token=TOKEN)
    two = hidden(comment)
    builders.an_official(tree.township)
    builders.an_official(tree.prefecture)
    answer = client.post(f"/rate/{TOKEN}/words", data={"words": "我说的是事实。"})
    assert answer.status_code == 303
    appeal = db.session.scalars(select(CommentAppeal)).one()
    judge = judge_of(appeal)
    assert judge.id not in {person.id for person in two}
    assert db.session.scalars(select(Notice).where(Notice.person_id == judge.id)).one().template == "words_appeal"
    where = f"/{tree.villages[0].code}/words/appeals/{appeal.id}"
    for other in two:
        builders.signed_in(client, other)
        assert client.get(where).status_code == 404
        assert client.post(where, data={"upheld": "no", "reason": "维持。"}).status_code == 404
    builders.signed_in(client, judge)
    assert client.post(where, data={"upheld": "", "reason": "看过了。"}).status_code == 422
    assert client.post(where, data={"upheld": "yes", "reason": "没有辱骂的内容。"}).status_code == 303
    assert state_of(comment) == "cleared"
    said = builders.signed_in(client, None).get(f"/rate/{TOKEN}/words", headers=ENGLISH).text
    assert "upheld" in said
    assert "没有辱骂的内容。" in said


def test_a_dismissed_appeal_leaves_the_words_hidden(provider: Provider, tree: builders.Tree) -> None:
    appeal = an_appeal(provider, tree.villages[0], TOKEN)
    judge_appeal(builders.actor(judge_of(appeal)), appeal, upheld=False, reason="确有辱骂。")
    comment = found_of(appeal)
    assert state_of(comment) == "hidden"
    with pytest.raises(Refused, match="appealed already"):
        appeal_words(TOKEN, "再申诉一次。")
    with pytest.raises(Refused, match="decided meanwhile"):
        judge_appeal(builders.actor(judge_of(appeal)), appeal, upheld=True, reason="改主意了。")


def test_anyone_can_draw_again_with_the_seed(provider: Provider, tree: builders.Tree) -> None:  # 10
    for place in (tree.township, tree.prefecture, tree.province):
        builders.an_official(place)
    appeal = an_appeal(provider, tree.villages[0], TOKEN)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == Deed.APPEAL_WORDS.value)).one()
    assert entry.detail["seed"] == keyed_hash("appeal", str(appeal.id))
    assert in_drawn_order(entry.detail["seed"], entry.detail["among"])[0] == appeal.judge_id
    assert len(entry.detail["among"]) > 1


def test_who_is_tied_is_not_drawn(provider: Provider, tree: builders.Tree) -> None:
    tied = builders.an_official(tree.township)
    builders.accounts.grant(tied, builders.Role.PROVIDER, tree.township, provider.id)
    comment = a_comment(provider, tree.villages[0], token=TOKEN)
    hidden(comment)
    assert tied.id in eligible(found(comment))
    for place in (tree.province, tree.prefecture):
        builders.an_official(place)
    appeal = appeal_words(TOKEN, "我说的是事实。")
    assert appeal.judge_id not in (None, tied.id)


def test_with_nobody_to_draw_the_words_are_published(provider: Provider, tree: builders.Tree) -> None:  # in dubio
    comment = a_comment(provider, tree.villages[0], token=TOKEN)
    two = hidden(comment)
    assert eligible(found(comment)) - {person.id for person in two} <= {builders.a_committee(tree.province).id}
    appeal = appeal_words(TOKEN, "我说的是事实。")
    assert (appeal.judge_id, appeal.upheld) == (None, True)
    assert state_of(comment) == "cleared"


def test_a_silent_judge_publishes(provider: Provider, tree: builders.Tree, at: Any) -> None:
    appeal = an_appeal(provider, tree.villages[0], TOKEN)
    publish_comments()
    assert appeal.upheld is None
    with at(appeal.due_at + timedelta(minutes=1)):
        publish_comments()
    db.session.refresh(appeal)
    assert appeal.upheld is True
    assert state_of(found_of(appeal)) == "cleared"


def found_of(appeal: CommentAppeal) -> Any:
    return db.session.get_one(RatingComment, appeal.comment_key)


def test_after_its_days_no_appeal(provider: Provider, tree: builders.Tree, at: Any) -> None:
    hidden(a_comment(provider, tree.villages[0], token=TOKEN))
    with at(clock.now() + timedelta(days=40)), pytest.raises(Refused, match="are over"):
        appeal_words(TOKEN, "我说的是事实。")


def test_what_was_not_touched_cannot_be_appealed(provider: Provider, tree: builders.Tree) -> None:
    a_comment(provider, tree.villages[0], token=TOKEN)
    with pytest.raises(Refused, match="Nothing was hidden"):
        appeal_words(TOKEN, "我想申诉。")


def test_an_upheld_appeal_against_a_mask_shows_the_words_as_written(provider: Provider, tree: builders.Tree) -> None:
    comment = a_comment(provider, tree.villages[0], token=TOKEN)
    masked(comment)
    builders.an_official(tree.township)
    appeal = appeal_words(TOKEN, "她是公开的负责人。")
    assert "王小红" not in found(comment).told.words
    judge_appeal(builders.actor(judge_of(appeal)), appeal, upheld=True, reason="公开职务。")
    assert found(comment).told.words == WORDS


def test_what_stood_under_a_mask_is_forgotten_when_nobody_can_appeal(
    provider: Provider, tree: builders.Tree, at: Any
) -> None:
    comment = a_comment(provider, tree.villages[0])
    masked(comment)
    with at(clock.now() + timedelta(days=8)):
        publish_comments()
    assert "王小红" in found(comment).comment.words
    with at(clock.now() + timedelta(days=60)):
        publish_comments()
    db.session.rollback()
    assert "王小红" not in found(comment).comment.words


def test_words_hidden_after_they_were_public_come_back_at_once(provider: Provider, tree: builders.Tree) -> None:
    comment = a_comment(provider, tree.villages[0], token=TOKEN, due_at=clock.now() - timedelta(minutes=1))
    a_group(provider, tree.villages[0])
    hidden(comment)
    builders.an_official(tree.township)
    appeal = appeal_words(TOKEN, "我说的是事实。")
    assert state_of(comment) == "hidden"
    judge_appeal(builders.actor(judge_of(appeal)), appeal, upheld=True, reason="没有辱骂。")
    assert state_of(comment) == "published"
