"""Voters are told that they are marked as having voted: in groups, once, and so that no notice tells when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.accounts import actions as accounts
from portal.notifications.messages import words_of
from portal.notifications.models import Notice
from portal.store import db
from portal.store.outbox import OutboxMessage
from portal.voting.actions import cast_vote, take_back
from portal.voting.electors import elector_of
from portal.voting.models import Round
from portal.voting.notices import tell_voters
from portal.voting.sealing import seal_closed_rounds
from portal.web.words import speaking
from tests import builders

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""Nine o'clock in China."""


@pytest.fixture
def people(village: Any, at: Any) -> list[Any]:
    with at(MORNING):
        return [builders.a_resident(village) for _ in range(12)]


@pytest.fixture
def open_round(people: list[Any], village: Any, at: Any) -> Round:
    with at(MORNING):
        return builders.an_open_round(builders.a_project(village))


def told() -> list[int]:
    marked = db.select(Notice.person_id).where(Notice.template == "vote_marked").order_by(Notice.id)
    return list(db.session.scalars(marked))


def vote(round_: Round, *people: Any) -> None:
    for person in people:
        cast_vote(builders.actor(person), round_, 1, 1)


def test_ten_are_told_together_in_no_order_of_time(open_round: Round, people: list[Any], at: Any) -> None:  # A26
    with at(MORNING):
        vote(open_round, *reversed(people[:9]))
        assert tell_voters() == 0
        vote(open_round, people[9])
        assert tell_voters() == 10
        assert tell_voters() == 0
    assert told() == sorted(person.id for person in people[:10])
    assert len(set(db.session.scalars(db.select(Notice.at).where(Notice.template == "vote_marked")))) == 1


def test_a_notice_names_the_vote_in_the_readers_language(people: list[Any], village: Any, at: Any) -> None:
    said = {"en": {"question": "Which lamps?"}}
    with at(MORNING):
        going = builders.an_open_round(builders.a_project(village), translations=said)
        vote(going, *people)
        tell_voters()
    notice = db.session.scalars(db.select(Notice).where(Notice.template == "vote_marked").limit(1)).one()
    with speaking("en"):
        assert "“Which lamps?”" in words_of(notice.template, notice.values)
    with speaking("zh-Hans"):
        assert going.question in words_of(notice.template, notice.values)


def test_in_the_evening_all_who_wait_are_told_once_that_day(
    open_round: Round, people: list[Any], at: Any
) -> None:  # A26
    with at(MORNING):
        vote(open_round, people[0])
    with at(MORNING + timedelta(hours=10, minutes=59)):
        assert tell_voters() == 0
    with at(MORNING + timedelta(hours=11)):
        assert tell_voters() == 1
        vote(open_round, people[1])
        assert tell_voters() == 0
    with at(MORNING + timedelta(hours=14)):
        assert tell_voters() == 0
    with at(MORNING + timedelta(days=1, hours=12)):
        assert tell_voters() == 1
    assert told() == [people[0].id, people[1].id]


def test_after_the_closing_everyone_was_told_once_and_nothing_says_when(  # A26
    open_round: Round, people: list[Any], at: Any
) -> None:
    with at(MORNING):
        vote(open_round, *people[:11])
        assert tell_voters() == 11
        elector = elector_of(open_round, builders.actor(people[0]))
        assert elector
        take_back(open_round, elector)
    with at(MORNING + timedelta(days=1)):
        vote(open_round, people[11])
    with at(open_round.closes_at):
        assert seal_closed_rounds() == 1
        assert tell_voters() == 0
    assert told() == sorted(person.id for person in people[1:])
    notices = db.session.execute(db.select(Notice.at, Notice.read_at).where(Notice.template == "vote_marked"))
    assert set(map(tuple, notices)) == {(open_round.closes_at, None)}
    assert db.session.scalar(db.select(Round.told_at)) is None


def test_who_wants_no_sms_is_told_on_her_page_only(open_round: Round, people: list[Any], at: Any) -> None:  # A26
    quiet = people[3]
    accounts.save_preferences(builders.actor(quiet), "", False)
    with at(MORNING):
        vote(open_round, *people)
        assert tell_voters() == 12
    assert quiet.id in told()
    sent = db.session.scalars(db.select(OutboxMessage.to).where(OutboxMessage.template == "vote_marked")).all()
    assert sorted(sent) == sorted(person.phone for person in people if person is not quiet)


def test_no_notice_says_what_was_chosen(open_round: Round, people: list[Any], at: Any) -> None:  # A26
    with at(MORNING):
        vote(open_round, *people)
        tell_voters()
    values = db.session.scalars(db.select(Notice.values).where(Notice.template == "vote_marked")).all()
    assert all(value == {"title": open_round.question} for value in values)
