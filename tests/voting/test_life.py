"""A round from its announcement to its open data, recounted by a stranger."""

import runpy
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from portal.settings import ROOT
from portal.store import action, db
from portal.voting.actions import cast_vote
from portal.voting.models import Ballot, Round
from portal.voting.queries import Poll, result_of
from portal.voting.rounds import freeze_round
from portal.voting.sealing import log_waiting_ballots, open_data, seal_closed_rounds
from tests import builders

VERIFIER = runpy.run_path(str(ROOT / "static/verify/verify.py"))


@pytest.mark.parametrize("publish", ["ballots", "marks"])
def test_a_whole_round_is_recounted_by_the_strangers_program(  # A26
    village: Any, at: Any, tmp_path: Any, publish: str
) -> None:
    people = [builders.a_resident(village) for _ in range(24)]
    round_ = builders.an_open_round(builders.a_project(village), publish=publish)
    for number, person in enumerate(people):
        kept = cast_vote(builders.actor(person), round_, number % 3 + 1, 1)
        kept = cast_vote(builders.actor(person), round_, (number + 1) % 3 + 1, 1, kept.turn)
        if number % 4 == 0:
            cast_vote(builders.actor(person), round_, number % 3 + 1, 0, kept.turn)
        if number == 20:
            assert log_waiting_ballots() == 11  # ten of the 21 stay behind
    with at(round_.closes_at):
        assert seal_closed_rounds() == 1
        assert seal_closed_rounds() == 0
    db.session.refresh(round_)
    assert (round_.eligible, round_.voters, round_.published, round_.salt) == (
        25,
        24,
        publish,
        None,
    )  # the author of the need did not vote
    assert not db.session.scalars(db.select(Ballot)).all()
    (tmp_path / "bundle.json").write_text(open_data(round_), "utf-8")
    assert VERIFIER["main"]([str(tmp_path / "bundle.json")]) == 0
    result = result_of(Poll(round_, village, None))
    assert sum(result.counts.values()) == 24 * 2 - 6
    assert result.outcome.winners
    assert result.beside is not None


def test_a_frozen_round_and_its_log_cannot_be_changed_by_any_program(village: Any) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village))
    freeze_round(round_)

    @action
    def change(statement: str) -> None:
        db.session.execute(db.text(statement))

    for statement in (
        "UPDATE round SET question = 'x'",
        "UPDATE round SET seed = 'x'",
        "UPDATE round SET closes_at = opens_at",
        "DELETE FROM round_option",
        "UPDATE round_option SET cost_fen = 1",
        "UPDATE log_leaf SET text = 'x'",
        "DELETE FROM log_leaf",
        "DELETE FROM tree_head",
    ):
        with pytest.raises(DatabaseError, match="frozen"):
            change(statement)
    assert db.session.scalar(db.select(Round.sealed_at)) is None
