"""The public log grows by mixed batches, once, in order, and can go on from its newest head alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from portal.rules import merkle, opencount
from portal.rules.counting import Method
from portal.store import action, clock, db
from portal.voting import log, sealing
from portal.voting.actions import cast_vote, choose_digits, take_back
from portal.voting.announcing import designs_draft
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, LogLeaf, Round, TreeHead
from portal.voting.queries import own_ballot
from portal.voting.receipts import receipt_of
from portal.voting.rounds import freeze_round
from portal.voting.sealing import log_waiting_ballots, open_data, seal_closed_rounds
from tests import builders
from tests.counting import statements
from tests.voting.test_life import VERIFIER

LATER = timedelta(minutes=11)


@pytest.fixture
def people(village: Any) -> list[Any]:
    return [builders.actor(builders.a_resident(village)) for _ in range(25)]


@pytest.fixture
def open_round(people: list[Any], village: Any) -> Round:
    return builders.an_open_round(builders.a_project(village), publish="ballots")


def kinds(round_: Round) -> list[str]:
    return [leaf.split('"')[3] for leaf in log.leaves_of(round_)]


def test_ballots_wait_until_ten_can_go_and_ten_can_stay(open_round: Round, people: list[Any]) -> None:  # A26
    for person in people[:19]:
        cast_vote(person, open_round, 1, 1)
    assert log_waiting_ballots() == 0
    cast_vote(people[19], open_round, 1, 1)
    assert log_waiting_ballots() == 10
    assert kinds(open_round) == ["manifest"] + ["record"] * 10
    assert db.session.scalar(db.select(db.func.count()).where(~Ballot.logged)) == 10


def test_twice_logged_is_logged_once_and_batches_keep_a_pause(  # A26
    open_round: Round, people: list[Any], at: Any
) -> None:
    for person in people[:20]:
        cast_vote(person, open_round, 1, 1)
    assert log_waiting_ballots() == 10
    for person in people[20:]:
        cast_vote(person, open_round, 2, 1)
    for person in people[:20]:
        cast_vote(person, open_round, 2, 1, 1)
    assert log_waiting_ballots() == 0
    with at(clock.now() + LATER):
        assert log_waiting_ballots() == 15
        assert log_waiting_ballots() == 0
    with at(clock.now() - timedelta(days=3)):
        assert log_waiting_ballots() == 0


def test_a_changed_ballot_supersedes_its_entry_and_one_taken_back_is_dropped(  # A26
    open_round: Round, people: list[Any], at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "PAUSE", timedelta(0))
    for person in people:
        cast_vote(person, open_round, 1, 1)
    while log_waiting_ballots():
        pass
    logged = [one.handle for one in db.session.scalars(db.select(Ballot).where(Ballot.logged))]
    assert len(logged) == 15
    for person in people[:5]:
        cast_vote(person, open_round, 2, 1, 1)
    elector = elector_of(open_round, people[5])
    assert elector
    take_back(open_round, elector)
    with at(open_round.closes_at):
        assert seal_closed_rounds() == 1
    leaves = kinds(open_round)
    assert leaves[0], leaves[-1] == ("manifest", "closed")
    assert leaves.count("record") - leaves.count("superseded") == 24
    assert not db.session.scalars(db.select(Ballot)).all()
    assert open_round.voters == 24


def test_each_head_fits_its_prefix_and_is_later_than_the_one_before(  # A26
    open_round: Round, people: list[Any], at: Any
) -> None:
    freeze_round(open_round)
    noon = clock.now()
    for moment in (noon, noon, noon - timedelta(days=1), noon + timedelta(hours=1)):
        with at(moment):
            _append(open_round, [opencount.record_text(f"{size:064}") for size in range(3)])
    heads, leaves = log.heads_of(open_round), log.leaves_of(open_round)
    assert [one.size for one in heads] == [1, 4, 7, 10, 13]
    assert [one.root for one in heads] == [merkle.root(leaves[: one.size]) for one in heads]
    assert all(one.at < other.at for one, other in pairwise(heads))


@action
def _append(round_: Round, texts: list[str]) -> None:
    log.append(round_, texts)


def test_a_batch_reads_no_leaf_and_asks_few_statements(  # A26
    open_round: Round, people: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "PAUSE", timedelta(0))
    for person in people:
        cast_vote(person, open_round, 1, 1)
    with statements() as said:
        assert log_waiting_ballots() == 15
    assert not [one for one in said if "FROM log_leaf" in one]
    assert len(said) <= 12, "\n".join(said)


def test_a_crash_between_batch_and_commit_leaves_nothing_half(  # A26
    open_round: Round, people: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in people:
        cast_vote(person, open_round, 1, 1)

    class PowerCut(BaseException):
        pass

    written = log.append

    def cut(round_: Round, texts: Any) -> None:
        written(round_, texts)
        raise PowerCut

    with monkeypatch.context() as broken:
        broken.setattr(log, "append", cut)
        with pytest.raises(PowerCut):
            log_waiting_ballots()
    db.session.expire_all()
    assert kinds(open_round) == ["manifest"]
    assert [one.size for one in log.heads_of(open_round)] == [1]
    assert not db.session.scalars(db.select(Ballot).where(Ballot.logged)).all()
    assert log_waiting_ballots() == 15


def test_two_loggers_at_once_log_each_ballot_once(  # A26
    open_round: Round, people: list[Any], elsewhere: Callable[..., Any]
) -> None:
    for person in people:
        cast_vote(person, open_round, 1, 1)
    number = open_round.id
    db.session.rollback()

    def both() -> int:
        return sealing.log_batch(db.session.get_one(Round, number))

    with ThreadPoolExecutor(6) as loggers:
        done = [loggers.submit(elsewhere, both) for _ in range(6)]
    assert sorted(one.result() for one in done) == [0, 0, 0, 0, 0, 15]
    texts = db.session.scalars(db.select(LogLeaf.text)).all()
    assert len(texts) == len(set(texts)) == 16
    assert db.session.scalar(db.select(db.func.count()).select_from(TreeHead)) == 2


def test_the_order_of_a_batch_is_not_that_of_the_votes(open_round: Round, people: list[Any]) -> None:  # A26
    """The chance that a fair shuffle keeps the order of 15, or turns it round, is 2 in 15!."""
    made = []
    for person in people:
        ballot = cast_vote(person, open_round, 1, 1)
        made.append(log.records_of(open_round, ballot)[0].commitment(open_round.uid))
    log_waiting_ballots()
    logged = [one.split('"')[7] for one in log.leaves_of(open_round)[1:]]
    places = [made.index(one) for one in logged]
    assert places not in (sorted(places), sorted(places, reverse=True))
    assert set(logged) != set(made[:15])


@pytest.mark.parametrize("publish", ["ballots", "marks"])
def test_every_receipt_ever_given_leads_into_the_log(  # A26
    people: list[Any], village: Any, publish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed before it was logged, changed after, under other digits, taken back: none is called misbehaviour."""
    monkeypatch.setattr(sealing, "PAUSE", timedelta(0))
    round_ = builders.an_open_round(builders.a_project(village), publish=publish)
    receipts, standing = [], []

    def got(ballot: Ballot) -> Ballot:
        receipts.append(receipt_of(round_, ballot).text)
        return ballot

    for person in people:
        got(tap(person, round_, 1, 1))
        got(tap(person, round_, 2, 1))
    got(choose_digits(round_, elector(round_, people[0]), "4711"))
    take_back(round_, elector(round_, people[1]))
    assert log_waiting_ballots()
    for person in people[2:8]:
        got(tap(person, round_, 1, 0))
        got(tap(person, round_, 1, 1))
    while log_waiting_ballots():
        pass
    for person in people[:1] + people[2:]:
        standing.append(receipt_of(round_, own_ballot(round_, elector(round_, person))).text)
    got(tap(people[1], round_, 3, 1))
    builders.sealed(round_)
    said: list[str] = []
    VERIFIER["check"](open_data(round_), receipts=receipts, say=lambda english, _: said.append(english))
    assert "was counted" in said[-1]
    said.clear()
    VERIFIER["check"](open_data(round_), receipts=standing, say=lambda english, _: said.append(english))
    assert len([one for one in said if "was counted" in one]) == len(people) - 1


@pytest.mark.parametrize("publish", ["ballots", "marks"])
def test_the_log_of_an_open_vote_tells_neither_how_many_marks_nor_how_many_second_thoughts(  # A26
    people: list[Any], village: Any, publish: str
) -> None:
    project = builders.a_project(village)
    options = designs_draft(project, None, None).options[:1]
    round_ = builders.an_open_round(project, options=options, method=Method(threshold=1), publish=publish)
    for number, person in enumerate(people):
        ballot = tap(person, round_, 1, 1)
        if number % 3:
            ballot = tap(person, round_, 1, 0)
        assert len(receipt_of(round_, ballot).commitments) == 1
    assert log_waiting_ballots() == 15
    assert kinds(round_) == ["manifest"] + ["record"] * 15
    builders.sealed(round_)
    assert VERIFIER["check"](open_data(round_))["counts"] == {"1": 9}


def test_a_changed_mark_takes_the_whole_ballot_anew_so_that_nobody_sees_which(  # A26
    people: list[Any], village: Any, at: Any
) -> None:
    round_ = builders.an_open_round(builders.a_project(village), publish="marks")
    for person in people:
        tap(person, round_, 1, 1)
    assert log_waiting_ballots() == 15
    for person in people:
        tap(person, round_, 2, 1)
    with at(clock.now() + LATER):
        assert log_waiting_ballots() == 15
    leaves = kinds(round_)
    assert leaves.count("record") % 3 == leaves.count("superseded") % 3 == 0
    assert leaves.count("superseded") > 0


def test_how_few_are_too_few_is_settled_when_a_vote_opens(people: list[Any], village: Any) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village))
    for person in people:
        tap(person, round_, 1, 1)
    builders.with_numbers(village, fewest_published_ballots=10**6)
    builders.sealed(round_)
    assert round_.published == round_.publish
    assert VERIFIER["check"](open_data(round_))["form"] == round_.publish


def test_a_method_that_was_written_down_before_it_had_all_its_parts_opens_whole(  # A26
    people: list[Any], village: Any
) -> None:
    round_ = builders.an_open_round(builders.a_project(village))
    _shorten(round_)
    for person in people:
        tap(person, round_, 1, 1)
    builders.sealed(round_)
    assert VERIFIER["check"](open_data(round_))["winners"] == ["1"]


@action
def _shorten(round_: Round) -> None:
    round_.method = {name: value for name, value in round_.method.items() if name != "increment"}


def tap(person: Any, round_: Round, option: int, value: int) -> Ballot:
    """Tapped on a page that shows the ballot as it is."""
    found = elector_of(round_, person)
    ballot = own_ballot(round_, found, void=True)
    return cast_vote(person, round_, option, value, ballot.turn if ballot else 0)


def elector(round_: Round, person: Any) -> Any:
    found = elector_of(round_, person)
    assert found
    return found
