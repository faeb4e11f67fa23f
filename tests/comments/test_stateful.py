"""Whatever people do with words, in whatever order: one alone hides and masks nothing, nobody decides twice, silence publishes."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.comments.appealing import appeal_words, judge_appeal
from portal.comments.models import CommentAppeal, CommentDecision
from portal.comments.moderating import CommentDraft
from portal.comments.publishing import publish_comments
from portal.comments.queries import told_of
from portal.ratings.models import RatingComment
from portal.rules import Refused
from portal.store import clock, db
from tests import builders
from tests.comments.making import WORDS, a_comment, decided

DRAFTS = (
    CommentDraft("publish"),
    CommentDraft("hide", "abuse", "有辱骂的话。"),
    CommentDraft("hide", "advert", "有广告。"),
    CommentDraft("mask", names=("王小红",), mask="staff"),
    CommentDraft("mask", names=("态度很差", "还迟到了一个小时"), mask="person"),
    CommentDraft("hide", "", ""),
)


class Words(RuleBasedStateMachine):
    """Words of one provider, and all who might do something with them; the model counts who said what."""

    tree: builders.Tree
    provider: Any
    people: Any
    tied: Any

    @initialize()
    def begin(self) -> None:
        self.late = timedelta(0)
        self.comments: dict[str, str] = {}
        self.dismissed: set[str] = set()

    @rule(place=st.sampled_from([0, 1]))
    def somebody_writes(self, place: int) -> None:
        if len(self.comments) < 8:
            token = f"link-{len(self.comments)}-{id(self)}"
            with builders.at(clock.now() + self.late):
                comment = a_comment(self.provider, self.tree.villages[place], token=token)
            self.comments[comment.key] = token

    @rule(which=st.integers(0, 7), who=st.integers(0, 4), draft=st.sampled_from(DRAFTS))
    def somebody_decides(self, which: int, who: int, draft: CommentDraft) -> None:
        comment = self._comment(which)
        if comment is not None:
            with builders.at(clock.now() + self.late), suppress(Refused):
                decided(comment, self.people[who], draft)

    @rule(which=st.integers(0, 7), who=st.integers(0, 4))
    def somebody_confirms_a_mask(self, which: int, who: int) -> None:
        comment = self._comment(which)
        proposal = told_of([comment])[0].proposal if comment else None
        if comment is not None and proposal is not None:
            with builders.at(clock.now() + self.late), suppress(Refused):
                decided(comment, self.people[who], CommentDraft("mask", confirms=proposal.id))

    @rule(which=st.integers(0, 7))
    def the_writer_appeals(self, which: int) -> None:
        comment = self._comment(which)
        if comment is not None:
            with builders.at(clock.now() + self.late), suppress(Refused):
                appeal_words(self.comments[comment.key], "我说的是事实。")

    @rule(which=st.integers(0, 7), who=st.integers(0, 4), upheld=st.booleans())
    def somebody_judges(self, which: int, who: int, upheld: bool) -> None:
        comment = self._comment(which)
        appeal = self._appeal(comment) if comment else None
        if comment is None or appeal is None:
            return
        with builders.at(clock.now() + self.late), suppress(Refused):
            judge_appeal(builders.actor(self.people[who]), appeal, upheld=upheld, reason="看过了。")

    @rule(days=st.sampled_from((1, 3, 6, 12, 50)))
    def time_goes_by(self, days: int) -> None:
        self.late += timedelta(days=days)
        with builders.at(clock.now() + self.late):
            publish_comments()

    def _comment(self, which: int) -> RatingComment | None:
        db.session.rollback()
        keys = list(self.comments)
        return db.session.get(RatingComment, keys[which], populate_existing=True) if which < len(keys) else None

    def _appeal(self, comment: RatingComment) -> CommentAppeal | None:
        return db.session.scalar(select(CommentAppeal).where(CommentAppeal.comment_key == comment.key))

    def _decisions(self, key: str) -> list[CommentDecision]:
        return list(db.session.scalars(select(CommentDecision).where(CommentDecision.comment_key == key)))

    @invariant()
    def nothing_is_hidden_without_two_distinct_untied_people(self) -> None:
        for which, key in enumerate(self.comments):
            comment = self._comment(which)
            decisions = self._decisions(key)
            hides = {one.person_id for one in decisions if one.verdict == "hide"}
            assert comment
            assert comment.state != "hidden" or len(hides) >= 2
            assert self.tied.id not in {one.person_id for one in decisions}
            assert max(Counter(one.person_id for one in decisions).values(), default=0) <= 1

    @invariant()
    def nothing_is_masked_by_hand_without_two_distinct_untied_people(self) -> None:
        for which, key in enumerate(self.comments):
            comment = self._comment(which)
            assert comment
            shown = told_of([comment])[0].words
            if shown != WORDS:
                masks = [one for one in self._decisions(key) if (one.verdict, one.words) == ("mask", shown)]
                assert len({one.person_id for one in masks} - {self.tied.id}) >= 2
            assert comment.words in (WORDS, shown), "what is forgotten is forgotten for a mask in effect"

    @invariant()
    def a_judge_had_no_part_in_it(self) -> None:
        for which in range(len(self.comments)):
            comment = self._comment(which)
            appeal = self._appeal(comment) if comment else None
            if appeal is not None and appeal.judge_id:
                deciders = {one.person_id for one in self._decisions(appeal.comment_key)}
                assert appeal.judge_id not in deciders | {self.tied.id}

    @invariant()
    def half_of_what_was_said_stays_to_be_read(self) -> None:
        for key in self.comments:
            for one in self._decisions(key):
                assert not one.words or 2 * len(one.words.replace("〔staff〕", "").replace("〔person〕", "")) >= len(
                    WORDS
                )

    @invariant()
    def what_is_public_came_in_fives(self) -> None:
        days = Counter(
            db.session.scalars(
                select(RatingComment.published_on).where(
                    RatingComment.key.in_(self.comments), RatingComment.published_on.is_not(None)
                )
            )
        )
        assert all(count >= 5 for count in days.values())

    def teardown(self) -> None:
        """In the end everyone is silent: nothing waits any more, and what is not hidden by two goes out in fives."""
        if not getattr(self, "comments", None):
            return
        with builders.at(clock.now() + self.late + timedelta(days=60)):
            publish_comments()
        states = Counter(self._comment(which).state for which in range(len(self.comments)))  # type: ignore[union-attr]
        assert states["waiting"] == 0
        assert states["cleared"] < 5
        assert all(appeal.decided_at for appeal in db.session.scalars(select(CommentAppeal)))
        self._forget()

    def _forget(self) -> None:
        """The next run begins with none of these words."""

        @builders.action
        def forget() -> None:
            for model in (CommentAppeal, CommentDecision):
                db.session.execute(db.delete(model).where(model.comment_key.in_(self.comments)))
            db.session.execute(db.delete(RatingComment).where(RatingComment.key.in_(self.comments)))

        forget()


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_no_order_of_deeds_hides_words_without_two_untied_people(app: Flask) -> None:  # point 10, trust 4.6
    tree = builders.a_region_tree()
    Words.tree, Words.provider = tree, builders.a_provider(tree.county)
    Words.tied = builders.an_official(tree.prefecture)
    builders.accounts.grant(Words.tied, builders.Role.PROVIDER, tree.county, Words.provider.id)
    Words.people = [
        builders.a_committee(tree.villages[0]),
        builders.a_committee(tree.villages[1]),
        builders.an_official(tree.county),
        builders.an_official(tree.township),
        Words.tied,
    ]
    run_state_machine_as_test(
        Words,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
