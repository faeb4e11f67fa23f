"""Two people hide words or mask names, silence publishes; who is tied to the provider is locked out."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.comments.models import CommentDecision
from portal.comments.moderating import CommentDraft
from portal.comments.publishing import publish_comments
from portal.comments.queries import published_of, waiting_for
from portal.providers.models import Provider
from portal.ratings.models import RatingComment, ServiceRecord
from portal.rules import Refused
from portal.store import action, clock, db
from tests import builders
from tests.client import InspectingClient
from tests.comments.making import (
    HIDE,
    MASK,
    PUBLISH,
    WORDS,
    a_comment,
    a_group,
    confirmed,
    decided,
    found,
    hidden,
    masked,
    state_of,
)
from tests.contracts.making import ASSISTING, a_serving_contract
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def comment(provider: Provider, tree: builders.Tree) -> RatingComment:
    return a_comment(provider, tree.villages[0])


def test_one_person_only_marks_and_the_second_hides(comment: RatingComment, tree: builders.Tree) -> None:  # 10
    decided(comment, builders.a_committee(tree.villages[0]), HIDE)
    assert state_of(comment) == "waiting"
    decided(comment, builders.an_official(tree.county), HIDE)
    assert state_of(comment) == "hidden"


def test_the_same_person_twice_is_one(comment: RatingComment, tree: builders.Tree) -> None:
    committee = builders.a_committee(tree.villages[0])
    decided(comment, committee, HIDE)
    decided(comment, committee, HIDE)
    with pytest.raises(Refused, match="already"):
        decided(comment, committee, CommentDraft("hide", "names", "还有名字。"))
    assert state_of(comment) == "waiting"
    assert len(db.session.scalars(select(CommentDecision)).all()) == 1


def test_two_at_once_with_one_account_are_one(app: Flask, comment: RatingComment, tree: builders.Tree) -> None:
    committee, start = builders.a_committee(tree.villages[0]), threading.Barrier(6)

    def decides(number: int) -> None:
        with app.app_context():
            start.wait()
            with suppress(Refused):
                decided(comment, committee, CommentDraft("hide", "abuse", f"第{number}次。"))
            db.session.remove()

    threads = [threading.Thread(target=decides, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state_of(comment) == "waiting"
    assert len(db.session.scalars(select(CommentDecision)).all()) == 1


def works_for(comment: RatingComment, tree: builders.Tree, provider: Provider) -> Any:
    person = builders.a_committee(tree.villages[0])
    builders.accounts.grant(person, builders.Role.PROVIDER, tree.county, provider.id)
    return person


def recorded(comment: RatingComment, tree: builders.Tree, provider: Provider) -> Any:
    person = builders.a_committee(tree.villages[0])

    @action
    def record() -> None:
        moment = clock.now()
        db.session.add(
            ServiceRecord(
                provider_id=provider.id,
                region_id=tree.villages[0].id,
                category="0401",
                served_on=clock.today(),
                recorded_at=moment,
                recorded_by_id=person.id,
            )
        )

    record()
    return person


@pytest.mark.parametrize("tie", [works_for, recorded])
def test_who_is_tied_neither_sees_nor_decides(  # 10, trust 5
    client: InspectingClient, comment: RatingComment, tree: builders.Tree, provider: Provider, tie: Callable[..., Any]
) -> None:
    person = tie(comment, tree, provider)
    with pytest.raises(Refused, match="tied"):
        decided(comment, person, HIDE)
    village = tree.villages[0]
    assert waiting_for(builders.actor(person), village) == []
    builders.signed_in(client, person)
    assert "王小红" not in client.get(f"/{village.code}/words/").text
    answer = client.get(f"/{village.code}/words/{comment.key}")
    assert answer.status_code == 403
    assert "王小红" not in answer.text
    assert client.post(f"/{village.code}/words/{comment.key}", data={"verdict": "publish"}).status_code == 403
    assert not db.session.scalars(select(CommentDecision)).all()


def test_a_committee_that_is_paid_to_assist_is_locked_out(tree: builders.Tree) -> None:  # requirements 1.5
    village = tree.villages[0]
    contract = a_serving_contract(assisting=replace(ASSISTING, region_id=village.id))
    comment = a_comment(db.session.get_one(Provider, contract.provider_id), village)
    with pytest.raises(Refused, match="tied"):
        decided(comment, builders.a_committee(village), HIDE)
    assert waiting_for(builders.actor(builders.a_committee(village)), village) == []
    unpaid = builders.actor(builders.an_official(tree.county))
    assert [one.comment.key for one in waiting_for(unpaid, village)] == [comment.key]


def test_nobody_decides_elsewhere(client: InspectingClient, comment: RatingComment, tree: builders.Tree) -> None:
    builders.signed_in(client, builders.a_committee(tree.villages[1]))
    for code in (tree.villages[0].code, tree.villages[1].code):
        answer = client.post(f"/{code}/words/{comment.key}", data={"verdict": "publish"})
        assert answer.status_code in (403, 404)
    assert state_of(comment) == "waiting"


def test_hiding_needs_a_kind_and_a_reason(comment: RatingComment, tree: builders.Tree) -> None:
    committee = builders.a_committee(tree.villages[0])
    for draft in (CommentDraft("hide"), CommentDraft("hide", "bad grade", "不喜欢。"), CommentDraft("hide", "abuse")):
        with pytest.raises(Refused):
            decided(comment, committee, draft)
    assert not db.session.scalars(select(CommentDecision)).all()


def test_a_mask_covers_the_name_and_nothing_else(comment: RatingComment, tree: builders.Tree) -> None:  # 10
    masked(comment)
    told = found(comment).told
    assert told.words == WORDS.replace("王小红", "〔staff〕")
    assert told.is_masked
    assert told.comment.words == WORDS
    assert state_of(comment) == "cleared"


def test_one_alone_masks_nothing(provider: Provider, tree: builders.Tree, at: Any) -> None:  # trust 4.6
    words = "护理员上门时向我收红包，还骂人，我很害怕他们报复。"
    comments = [a_comment(provider, tree.villages[0], words if not number else "好。" * 3) for number in range(5)]
    draft = CommentDraft("mask", names=("收红包", "骂人"), mask="staff")
    for _ in range(2):
        decided(comments[0], builders.a_committee(tree.villages[0]), draft)
    assert state_of(comments[0]) == "waiting"
    for days, state in ((6, "published"), (60, "published")):
        with at(clock.now() + timedelta(days=days)):
            publish_comments()
        assert state_of(comments[0]) == state
        told = found(comments[0]).told
        assert (told.words, told.comment.words, told.is_masked) == (words, words, False)


def test_a_second_reads_the_mask_and_confirms_exactly_it(
    client: InspectingClient, comment: RatingComment, tree: builders.Tree
) -> None:
    village, committee = tree.villages[0], builders.a_committee(tree.villages[0])
    decided(comment, committee, MASK)
    proposal = found(comment).told.proposal
    assert proposal
    address, chosen = f"/{village.code}/words/{comment.key}", {"verdict": f"mask-{proposal.id}"}
    builders.signed_in(client, committee)
    assert "already" in client.post(address, data={**chosen, "kind": "", "reason": "又"}, headers=ENGLISH).text
    builders.signed_in(client, builders.an_official(tree.county))
    assert "one of two would mask it" in client.get(f"/{village.code}/words/", headers=ENGLISH).text
    page = client.get(address, headers=ENGLISH).text
    assert "〔a member of staff〕态度很差" in page
    assert "confirms exactly this" in page
    for wrong in ("mask-0", f"mask-{proposal.id + 1}", "mask-x", "mask"):
        assert client.post(address, data={"verdict": wrong}).status_code == 422
    assert client.post(address, data=chosen).status_code == 303
    assert found(comment).told.words == WORDS.replace("王小红", "〔staff〕")


def test_who_types_the_same_names_confirms_and_who_types_others_does_not(
    comment: RatingComment, tree: builders.Tree
) -> None:
    decided(comment, builders.a_committee(tree.villages[0]), MASK)
    decided(comment, builders.an_official(tree.township), CommentDraft("mask", names=("王小红",), mask="person"))
    assert (found(comment).told.words, state_of(comment)) == (WORDS, "waiting")
    decided(comment, builders.an_official(tree.county), MASK)
    assert found(comment).told.words == WORDS.replace("王小红", "〔staff〕")


def test_who_is_tied_confirms_nothing(comment: RatingComment, tree: builders.Tree, provider: Provider) -> None:
    decided(comment, builders.an_official(tree.county), MASK)
    with pytest.raises(Refused, match="tied"):
        confirmed(comment, works_for(comment, tree, provider))
    assert not found(comment).told.is_masked


def test_one_person_cannot_mask_so_much_that_it_hides(provider: Provider, tree: builders.Tree) -> None:
    comment = a_comment(provider, tree.villages[0], "王小红很差")
    with pytest.raises(Refused, match="too little"):
        decided(comment, builders.a_committee(tree.villages[0]), MASK)


def test_mask_after_mask_does_not_hide_either(provider: Provider, tree: builders.Tree) -> None:
    comment = a_comment(provider, tree.villages[0], "王小红和李大明都来晚了。")
    masked(comment)
    draft = CommentDraft("mask", names=("李大明", "都来晚"), mask="person")
    with pytest.raises(Refused, match="too little"):
        decided(comment, builders.an_official(tree.township), draft)


def test_numbers_and_addresses_are_masked_by_the_machine(provider: Provider, tree: builders.Tree) -> None:
    comment = a_comment(provider, tree.villages[0], "请写信到 wang.xh@example.com 或打１３８ ００１３ ８０００。")
    assert found(comment).told.words == "请写信到 〔mail〕 或打〔number〕。"


def test_silence_publishes_in_groups_of_five(provider: Provider, tree: builders.Tree, at: Any) -> None:  # 10, trust 4.6
    comments = [a_comment(provider, tree.villages[0], f"第{number}条意见。") for number in range(4)]
    with at(clock.now() + timedelta(days=6)):
        assert publish_comments() == 0
        assert {state_of(one) for one in comments} == {"cleared"}
    comments.append(a_comment(provider, tree.villages[0], "第五条意见。"))
    assert publish_comments() == 0
    with at(clock.now() + timedelta(days=6)):
        assert publish_comments() == 5
        assert {state_of(one) for one in comments} == {"published"}
        assert publish_comments() == 0


def test_what_was_let_go_at_once_is_not_published_before_its_time(provider: Provider, tree: builders.Tree) -> None:
    for number in range(6):
        decided(
            a_comment(provider, tree.villages[0], f"第{number}条。"), builders.a_committee(tree.villages[0]), PUBLISH
        )
    assert publish_comments() == 0


def test_one_vote_to_hide_and_silence_publish(provider: Provider, tree: builders.Tree, at: Any) -> None:
    comments = [a_comment(provider, tree.villages[0], f"第{number}条意见。") for number in range(5)]
    decided(comments[0], builders.a_committee(tree.villages[0]), HIDE)
    with at(clock.now() + timedelta(days=6)):
        publish_comments()
    assert state_of(comments[0]) == "published"


def test_silence_shows_no_photo(  # 10
    client: InspectingClient, provider: Provider, tree: builders.Tree, at: Any
) -> None:
    village = tree.villages[0]
    comments = [a_comment(provider, village, f"第{number}条意见。", photo="0" * 32) for number in range(5)]
    only_photo = a_comment(provider, village, "", photo="1" * 32)
    decided(comments[0], builders.a_committee(village), CommentDraft("publish", photo_cleared=True))
    with at(clock.now() + timedelta(days=6)):
        assert publish_comments() == 5
    assert state_of(only_photo) == "waiting"
    page = client.get(f"/{village.code}/providers/{provider.id}/words/").text
    assert f"/words/{comments[0].key}/photo/320" in page
    assert f"/words/{comments[1].key}/photo/320" not in page
    assert client.get(f"/{village.code}/words/{comments[1].key}/photo/320").status_code == 404


def test_published_words_can_still_be_hidden_by_two(provider: Provider, tree: builders.Tree) -> None:
    comments = a_group(provider, tree.villages[0])
    hidden(comments[0])
    groups, _ = published_of(provider)
    assert [len(group.told) for group in groups] == [4]


def test_a_desk_shows_no_day_of_service_and_no_grade(
    client: InspectingClient, comment: RatingComment, tree: builders.Tree
) -> None:
    assert {"grade", "channel", "rated_on", "served_on"}.isdisjoint(RatingComment.__table__.columns.keys())
    builders.signed_in(client, builders.a_committee(tree.villages[0]))
    page = client.get(f"/{tree.villages[0].code}/words/", headers=ENGLISH).text
    assert "2026-11" in page
    assert "王小红" in page


def test_what_is_typed_wrong_stays_beside_its_error(
    client: InspectingClient, comment: RatingComment, tree: builders.Tree
) -> None:
    builders.signed_in(client, builders.a_committee(tree.villages[0]))
    address = f"/{tree.villages[0].code}/words/{comment.key}"
    answer = client.post(address, data={"verdict": "mask", "names": "张三丰", "mask": "staff"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "张三丰" in answer.text
    assert "does not stand in the text" in answer.text
    assert client.post(address, data={"verdict": "hide", "kind": "abuse", "reason": "有辱骂。"}).status_code == 303


@pytest.mark.parametrize("many", [1, 12])
def test_the_desk_asks_few_statements(
    client: InspectingClient, provider: Provider, tree: builders.Tree, many: int
) -> None:
    for _ in range(many):
        a_comment(provider, tree.villages[0])
    builders.signed_in(client, builders.a_committee(tree.villages[0]))
    address = f"/{tree.villages[0].code}/words/"
    client.get(address)
    with statements() as said:
        client.get(address, inspect=False)
    assert len(said) <= 7, said
