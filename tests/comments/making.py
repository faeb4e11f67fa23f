"""Words beside ratings at each step of their life."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.comments.appealing import appeal_words
from portal.comments.models import CommentAppeal
from portal.comments.moderating import CommentDraft, decide_comment
from portal.comments.publishing import publish_comments
from portal.comments.queries import Found, find_comment
from portal.providers.models import Provider
from portal.ratings.models import RatingComment
from portal.ratings.queries import words_tag
from portal.regions.models import Region
from portal.store import action, clock, db
from tests import builders

WORDS = "护理员王小红态度很差，还迟到了一个小时。"
HIDE = CommentDraft("hide", "abuse", "有辱骂的话。")
PUBLISH = CommentDraft("publish")
MASK = CommentDraft("mask", names=("王小红",), mask="staff")


@action
def a_comment(
    provider: Provider,
    region: Region,
    words: str = WORDS,
    *,
    token: str = "",
    cookie: str = "",
    due_at: datetime | None = None,
    photo: str | None = None,
    state: str = "waiting",
) -> RatingComment:
    """Words that somebody wrote with the link `token`, settled a moment ago."""
    comment = RatingComment(
        key=secrets.token_hex(16),
        provider_id=provider.id,
        region_id=region.id,
        category="0401",
        month="2026-11",
        words=words,
        photo=photo,
        writer=words_tag(token or secrets.token_hex(16), cookie),
        state=state,
        due_at=due_at or clock.now() + timedelta(days=5),
    )
    db.session.add(comment)
    db.session.flush()
    return comment


def found(comment: RatingComment) -> Found:
    """`comment` as it lies on the desk of its own region."""
    region = db.session.get_one(Region, comment.region_id)
    there = find_comment(comment.key, {"region": region})
    assert there
    return there


def decided(comment: RatingComment, person: Person, draft: CommentDraft) -> None:
    decide_comment(builders.actor(person), found(comment), draft)


def hidden(comment: RatingComment) -> tuple[Person, Person]:
    """`comment` after two people hid it: its committee and the office of the county; gives the two."""
    region = db.session.get_one(Region, comment.region_id)
    two = builders.a_committee(region), builders.an_official(builders.a_region_tree().county)
    for person in two:
        decided(comment, person, HIDE)
    return two


def masked(comment: RatingComment, draft: CommentDraft = MASK) -> tuple[Person, Person]:
    """`comment` after its committee proposed a mask and the office of the county confirmed it; gives the two."""
    region = db.session.get_one(Region, comment.region_id)
    two = builders.a_committee(region), builders.an_official(builders.a_region_tree().county)
    decided(comment, two[0], draft)
    confirmed(comment, two[1])
    return two


def confirmed(comment: RatingComment, person: Person) -> None:
    """`person` would put the mask, too, that is proposed for `comment`."""
    proposal = found(comment).told.proposal
    assert proposal
    decided(comment, person, CommentDraft("mask", confirms=proposal.id))


def a_group(provider: Provider, region: Region, *words: str) -> list[RatingComment]:
    """Words that were published together, today."""
    said = words or tuple(f"服务不错，第{number}条。" for number in "一二三四五")
    made = [a_comment(provider, region, one, due_at=clock.now() - timedelta(minutes=1)) for one in said]
    assert publish_comments() >= len(made)
    return made


def an_appeal(provider: Provider, region: Region, token: str = "", *, judge: Person | None = None) -> CommentAppeal:
    """An appeal against hiding, whose judge was drawn, among them the office of the township; `judge`: it fell on her."""
    token = token or secrets.token_hex(16)
    hidden(a_comment(provider, region, token=token))
    builders.an_official(builders.a_region_tree().township)
    appeal = appeal_words(token, "我说的是事实。")
    return _given(appeal, judge) if judge else appeal


@action
def _given(appeal: CommentAppeal, judge: Person) -> CommentAppeal:
    appeal.judge_id = judge.id
    db.session.add(appeal)
    return appeal


def state_of(comment: RatingComment) -> Any:
    db.session.rollback()
    return db.session.get_one(RatingComment, comment.key, populate_existing=True).state
