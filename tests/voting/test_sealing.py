"""A closed round is sealed once, whole or not at all, by whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from portal.store import db, engines
from portal.voting import forgetting, sealing
from portal.voting.actions import cast_vote
from portal.voting.models import Ballot, BallotRecord, LedgerEntry, LogLeaf, OptionCount, Round
from portal.voting.sealing import open_data, seal_closed_rounds, seal_round
from tests import builders
from tests.voting.test_life import VERIFIER


@pytest.fixture
def closed(village: Any) -> Round:
    """A vote in which 22 people have voted; it is to be sealed at its closing."""
    people = [builders.a_resident(village) for _ in range(22)]
    round_ = builders.an_open_round(builders.a_project(village), publish="ballots")
    for number, person in enumerate(people):
        cast_vote(builders.actor(person), round_, number % 3 + 1, 1)
    return round_


def test_eight_sealers_at_once_seal_once(closed: Round, elsewhere: Callable[..., Any], at: Any) -> None:  # A26
    number, moment = closed.id, closed.closes_at
    db.session.rollback()

    def seal() -> bool:
        return seal_round(db.session.get_one(Round, number))

    with at(moment), ThreadPoolExecutor(8) as sealers:
        done = [sealers.submit(elsewhere, seal) for _ in range(8)]
        assert sorted(one.result() for one in done) == [False] * 7 + [True]
    db.session.expire_all()
    assert db.session.scalar(db.select(db.func.count()).where(LogLeaf.text.like('{"kind":"closed"%'))) == 1
    assert VERIFIER["check"](open_data(closed))["form"] == "ballots"


def test_a_crash_in_the_middle_of_the_sealing_leaves_all_as_it_was(  # A26
    closed: Round, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    number = closed.id

    class PowerCut(BaseException):
        pass

    def cut(*_: Any) -> None:
        db.session.flush()
        raise PowerCut

    for name in ("_publish", "_rewrite_roll"):
        with monkeypatch.context() as broken, at(closed.closes_at):
            broken.setattr(forgetting, name, cut)
            with pytest.raises(PowerCut):
                seal_round(closed)
        db.session.expire_all()
        assert everything() == before
    with monkeypatch.context() as broken, at(closed.closes_at):
        broken.setattr(sealing, "FORGETS", [cut])
        with pytest.raises(PowerCut):
            seal_round(closed)
    db.session.expire_all()
    assert everything() == before
    with at(closed.closes_at):
        assert seal_round(db.session.get_one(Round, number))
        assert not seal_round(db.session.get_one(Round, number))


def everything() -> list[list[Any]]:
    models = (Ballot, BallotRecord, LedgerEntry, LogLeaf, OptionCount, Round)
    return [sorted(db.session.execute(db.select(model.__table__)).all(), key=str) for model in models]


def test_files_that_could_not_be_cleaned_at_once_are_cleaned_later(  # A26
    closed: Round, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(closed.closes_at):
        with monkeypatch.context() as busy:
            busy.setattr(engines, "scrub", lambda *_: False)
            assert seal_closed_rounds() == 1
        assert db.session.scalar(db.select(Round.cleaned)) is False
        assert seal_closed_rounds() == 0
    assert db.session.scalar(db.select(Round.cleaned)) is True


def test_somebody_who_reads_the_database_puts_the_cleaning_off_and_breaks_nothing(
    closed: Round, at: Any
) -> None:  # A26
    with db.engine.connect() as reader:
        reader.execute(db.select(Ballot)).all()
        if db.engine.dialect.name == "sqlite":
            with at(closed.closes_at):
                assert seal_closed_rounds() == 1
                assert db.session.scalar(db.select(Round.cleaned)) is False
        else:
            assert engines.scrub(db.engine, Ballot.__tablename__) is False
    with at(closed.closes_at):
        seal_closed_rounds()
    assert db.session.scalar(db.select(Round.cleaned)) is True


def test_only_sums_are_kept_of_a_vote_whose_ballots_are_not_published(village: Any, at: Any) -> None:  # A26
    people = [builders.a_resident(village) for _ in range(3)]
    round_ = builders.an_open_round(builders.a_project(village), publish="ballots")
    for person in people:
        cast_vote(builders.actor(person), round_, 2, 1)
    builders.sealed(round_)
    assert round_.published == "aggregate"
    assert not db.session.scalars(db.select(BallotRecord)).all()
    assert VERIFIER["check"](open_data(round_))["counts"] == {"1": 0, "2": 3, "3": 0}


def test_a_vote_in_which_nobody_voted_is_sealed_and_can_be_recounted(village: Any) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village))
    builders.sealed(round_)
    assert round_.voters == 0
    assert VERIFIER["check"](open_data(round_))["winners"] == []


def test_a_sealing_does_not_touch_another_vote_that_is_open(closed: Round, village: Any, at: Any) -> None:  # A26
    other = builders.an_open_round(builders.a_project(village), days=30)
    ballot = cast_vote(builders.actor(builders.a_resident(village)), other, 1, 1)
    with at(closed.closes_at):
        assert seal_closed_rounds() == 1
        db.session.expire_all()
        left = db.session.scalars(db.select(Ballot)).one()
        assert (left.round_id, left.code, left.choices) == (other.id, ballot.code, "1")
        assert other.salt is not None
