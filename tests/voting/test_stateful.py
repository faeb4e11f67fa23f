"""A round's whole life in any order of deeds: what stands is what a simple book would say."""

import json
import runpy
import tempfile
from collections import Counter
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.rules import Refused
from portal.rules.ballots import Road
from portal.rules.elections import BallotKind
from portal.settings import ROOT
from portal.store import db
from portal.voting import sealing
from portal.voting.actions import cast_vote, choose_digits, replace, take_back
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, BallotRecord, LedgerEntry, Round
from portal.voting.queries import Poll, own_ballot, result_of
from tests import builders
from tests.conftest import clean

VERIFIER = runpy.run_path(str(ROOT / "static/verify/verify.py"))
VOTERS, OPTIONS, MOST = 4, 3, 2
people, options = st.integers(0, VOTERS - 1), st.integers(1, OPTIONS)
FEW: dict[str, Any] = {"log_batch": 2, "fewest_published_ballots": 1}


class Life(RuleBasedStateMachine):
    """The book: what each voter has chosen, for whoever has voted and not taken it back."""

    site: Flask

    @initialize(form=st.sampled_from(["ballots", "marks"]))
    def announced(self, form: str) -> None:
        clean(self.site)
        self.village = builders.a_region_tree().villages[0]
        builders.with_numbers(self.village, **FEW)
        self.voters = [builders.actor(builders.a_resident(self.village)) for _ in range(VOTERS)]
        self.stranger = builders.actor(builders.a_resident(builders.a_region_tree().villages[1]))
        round_ = builders.an_open_round(
            builders.a_project(self.village), ballot=BallotKind.CHOOSE_K, most=MOST, publish=form
        )
        self.number, self.closes_at = round_.id, round_.closes_at
        self.book: dict[int, set[int]] = {}
        self.turns: Counter[int] = Counter()
        self.sealed = False

    @property
    def round(self) -> Round:
        db.session.rollback()
        return db.session.get_one(Round, self.number)

    def is_open(self) -> bool:
        return not self.sealed

    @rule(voter=people, option=options, value=st.integers(0, 1))
    def taps(self, voter: int, option: int, value: int) -> None:
        wanted = self.book.get(voter, set()) | {option} if value else self.book.get(voter, set()) - {option}
        try:
            kept = cast_vote(self.voters[voter], self.round, option, value, self.turns[voter])
        except Refused:
            assert self.sealed or len(wanted) > MOST or (voter not in self.book and not value)
            return
        assert not self.sealed
        self.turns[voter] = kept.turn
        self.book[voter] = wanted

    @precondition(lambda self: not self.sealed)
    @rule(voter=people, option=options)
    def an_old_tap_comes_again(self, voter: int, option: int) -> None:
        """Made before anything was chosen: it stands if it says what stands, or the option was never touched."""
        before = set(self.book.get(voter, set()))
        voted = voter in self.book
        try:
            kept = cast_vote(self.voters[voter], self.round, option, 1, 0)
        except Refused:
            assert self.turns[voter] > 0
            return
        self.turns[voter] = kept.turn
        self.book[voter] = before | {option} if voted else {option}

    @precondition(lambda self: not self.sealed)
    @rule(voter=people)
    def takes_all_back(self, voter: int) -> None:
        elector = elector_of(self.round, self.voters[voter])
        if elector is None:
            return
        take_back(self.round, elector)
        self.book.pop(voter, None)
        ballot = own_ballot(self.round, elector, void=True)
        self.turns[voter] = ballot.turn if ballot else 0

    @precondition(lambda self: not self.sealed)
    @rule(voter=people, chosen=st.sets(options, max_size=MOST))
    def her_paper_is_counted(self, voter: int, chosen: set[int]) -> None:
        elector = elector_of(self.round, self.voters[voter])
        if elector is None:
            return
        kept = replace(self.round, elector, Road.PAPER, dict.fromkeys(chosen, 1), since=self.turns[voter])
        assert kept is not None
        self.book[voter], self.turns[voter] = set(chosen), kept.turn

    @precondition(lambda self: not self.sealed)
    @rule(voter=people, digits=st.integers(0, 9999))
    def chooses_digits(self, voter: int, digits: int) -> None:
        elector = elector_of(self.round, self.voters[voter])
        if elector is None or voter not in self.book:
            return
        try:
            kept = choose_digits(self.round, elector, f"{digits:04}")
        except Refused:
            return
        assert kept.code.endswith(f"{digits:04}")

    @rule(option=options)
    def a_stranger_taps(self, option: int) -> None:
        try:
            cast_vote(self.stranger, self.round, option, 1)
        except Refused:
            return
        raise AssertionError("who is not on the roll has voted")

    @rule()
    def the_log_grows(self) -> None:
        sealing.log_waiting_ballots()

    @rule()
    def sealed_too_early(self) -> None:
        if not self.sealed:
            assert sealing.seal_closed_rounds() == 0

    @precondition(lambda self: not self.sealed)
    @rule()
    def closes(self) -> None:
        with builders.at(self.closes_at):
            assert sealing.seal_closed_rounds() == 1
            assert sealing.seal_closed_rounds() == 0
        self.sealed = True

    @invariant()
    def the_book_is_right(self) -> None:
        if not hasattr(self, "book") or self.sealed:
            return
        db.session.rollback()
        ballots = db.session.scalars(db.select(Ballot).where(~Ballot.void)).all()
        kept = sorted(one.choices for one in ballots)
        assert kept == sorted(",".join(map(str, sorted(chosen))) for chosen in self.book.values())
        assert db.session.scalar(db.select(db.func.count()).where(LedgerEntry.voted)) == len(self.book)

    def teardown(self) -> None:
        if not hasattr(self, "book"):
            return
        if not self.sealed:
            self.closes()
        round_ = self.round
        result = result_of(Poll(round_, self.village, None))
        counts = Counter(option for chosen in self.book.values() for option in chosen)
        assert result.counts == {option: counts[option] for option in range(1, OPTIONS + 1)}
        assert result.voters == len(self.book)
        assert db.session.scalar(db.select(db.func.count()).select_from(Ballot)) == 0
        data = sealing.open_data(round_)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(data)
            file.flush()
            assert VERIFIER["main"]([file.name]) == 0
        if round_.published != "aggregate":
            published = db.session.scalars(db.select(BallotRecord.choices)).all()
            marks = [mark for one in published for mark in one.split(",") if mark and not mark.endswith(":0")]
            assert sorted(mark.removesuffix(":1") for mark in marks) == sorted(map(str, counts.elements()))
        assert json.loads(data)["counts"] == {str(option): counts[option] for option in range(1, OPTIONS + 1)}


def test_any_life_of_a_round_is_as_a_simple_book_says(app: Flask) -> None:  # A26
    class Here(Life):
        site = app

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
