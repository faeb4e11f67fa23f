"""Rounds open and close by the clock, once, whatever the clock or other servers do."""

import json
import runpy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from portal.projects.models import DesignOption, Project
from portal.rules import Refused
from portal.rules.counting import Method, Rule
from portal.store import action, clock, db
from portal.voting.actions import cast_vote
from portal.voting.announcing import designs_draft
from portal.voting.models import LedgerEntry, LogLeaf, OptionCount, Round
from portal.voting.queries import Poll, result_of
from portal.voting.rounds import announce_round, freeze_round, open_due_rounds
from portal.voting.sealing import open_data, seal_closed_rounds, seal_round
from tests import builders

VERIFIER = runpy.run_path("static/verify/verify.py")


def a_project(village: Any) -> Project:
    """A project whose need comes from the next community, so that nobody here is on the roll for it."""
    neighbour = builders.a_resident(builders.a_region_tree().villages[1])
    return builders.a_project(village, needs=(builders.a_need(village, author=neighbour),))


def a_coming_round(project: Project, **changes: Any) -> Round:
    moment = clock.now() + timedelta(days=2)
    return builders.an_open_round(project, opens_at=moment, closes_at=moment + timedelta(days=7), **changes)


def recounted(round_: Round, tmp_path: Any) -> bool:
    (tmp_path / "bundle.json").write_text(open_data(round_))
    return bool(VERIFIER["main"]([str(tmp_path / "bundle.json")]) == 0)


def test_a_vote_whose_whole_time_was_slept_through_is_empty_and_right(  # A26
    village: Any, at: Any, tmp_path: Any
) -> None:
    builders.a_resident(village)
    round_ = a_coming_round(a_project(village))
    with at(round_.closes_at + timedelta(days=1)):
        assert open_due_rounds() == 1
        assert seal_closed_rounds() == 1
    result = result_of(Poll(round_, village, None))
    assert (result.eligible, result.voters, set(result.counts.values()), result.outcome.winners) == (1, 0, {0}, ())
    assert recounted(round_, tmp_path)


def test_a_vote_that_nobody_opened_is_sealed_rightly_too(village: Any, at: Any, tmp_path: Any) -> None:  # A26
    builders.a_resident(village)
    round_ = a_coming_round(a_project(village))
    with at(round_.closes_at):
        assert seal_closed_rounds() == 1
        assert open_due_rounds() == 0
    assert (round_.eligible, round_.voters) == (1, 0)
    assert recounted(round_, tmp_path)


def test_a_clock_that_falls_back_neither_opens_again_nor_lets_anybody_vote_early(  # A26
    village: Any, at: Any, tmp_path: Any
) -> None:
    voter = builders.a_resident(village)
    round_ = a_coming_round(a_project(village))
    before, during = round_.opens_at - timedelta(hours=1), round_.opens_at + timedelta(hours=1)
    with at(during):
        assert open_due_rounds() == 1
        cast_vote(builders.actor(voter), round_, 1, 1)
    with at(before):
        assert open_due_rounds() == 0
        assert not seal_round(round_)
        with pytest.raises(Refused, match="not opened yet"):
            cast_vote(builders.actor(voter), round_, 2, 1)
    with at(round_.closes_at):
        assert seal_closed_rounds() == 1
    assert (round_.eligible, round_.voters) == (1, 1)
    assert recounted(round_, tmp_path)


def test_however_many_open_or_close_a_vote_it_happens_once(village: Any, at: Any, elsewhere: Any) -> None:  # A26
    voters = [builders.a_resident(village) for _ in range(3)]
    round_ = a_coming_round(a_project(village))
    number, opens_at, closes_at = round_.id, round_.opens_at, round_.closes_at
    db.session.rollback()

    def at_once(deed: Any) -> list[bool]:
        with ThreadPoolExecutor(6) as pool:
            return list(pool.map(lambda _: elsewhere(lambda: deed(db.session.get_one(Round, number))), range(6)))

    with at(opens_at):
        assert sorted(at_once(freeze_round)) == [False] * 5 + [True]
        assert db.session.scalar(db.select(db.func.count()).select_from(LedgerEntry)) == 3
        assert db.session.scalar(db.select(db.func.count()).select_from(LogLeaf)) == 1
        cast_vote(builders.actor(voters[0]), db.session.get_one(Round, number), 1, 1)
        db.session.rollback()
    with at(closes_at):
        assert sorted(at_once(seal_round)) == [False] * 5 + [True]
    counts = db.session.execute(db.select(OptionCount.number, OptionCount.votes).order_by(OptionCount.number)).all()
    assert [tuple(one) for one in counts] == [(1, 1), (2, 0), (3, 0)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("region_id", "region_id + 1"),
        ("project_id", "NULL"),
        ("question", "'x'"),
        ("translations", "'{\"en\": 1}'"),
        ("budget_fen", "budget_fen + 1"),
        ("ballot", "'choose-1'"),
        ("most", "3"),
        ("method", "'{}'"),
        ("beside", "'{}'"),
        ("conflicts", "'[[1, 2]]'"),
        ("basis", "'households'"),
        ("body", "'villagers_meeting'"),
        ("quorum", "'>1/2'"),
        ("majority", "'>1/2'"),
        ("legal_basis", "'x'"),
        ("publish", "'aggregate'"),
        ("announced_at", "opens_at"),
        ("opens_at", "announced_at"),
        ("closes_at", "opens_at"),
        ("seed", "'x'"),
        ("seed_hash", "'x'"),
        ("frozen_at", "NULL"),
        ("eligible", "99"),
        ("uid", "'x'"),
    ],
)
def test_nothing_that_decides_can_be_changed_once_a_vote_is_open(  # A26
    village: Any, round_: Any, column: str, value: str
) -> None:
    freeze_round(round_)

    @action
    def change() -> None:
        db.session.execute(db.text(f"UPDATE round SET {column} = {value}"))

    with pytest.raises(DatabaseError, match=r"frozen|announced_at|opens_at"):
        change()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM round",
        "DELETE FROM round_option WHERE number = 1",
        "UPDATE round_option SET title = 'x' WHERE number = 1",
        "INSERT INTO round_option (round_id, number, project_id, title, cost_fen) "
        "SELECT round_id, 9, project_id, title, cost_fen FROM round_option WHERE number = 1",
    ],
)
def test_no_option_comes_goes_or_changes_once_a_vote_is_open(village: Any, round_: Any, statement: str) -> None:  # A26
    freeze_round(round_)

    @action
    def change() -> None:
        db.session.execute(db.text(statement))

    with pytest.raises(DatabaseError, match="frozen"):
        change()


def test_before_it_opens_a_vote_is_not_frozen(village: Any) -> None:
    round_ = a_coming_round(a_project(village))

    @action
    def change() -> None:
        db.session.execute(db.text("UPDATE round SET question = 'x'"))
        db.session.execute(db.text("UPDATE round_option SET title = 'x'"))

    change()
    db.session.refresh(round_)
    assert round_.question == "x"


def test_one_option_needs_a_least_number_of_votes_and_then_wins_by_it(village: Any, at: Any, tmp_path: Any) -> None:
    people = [builders.a_resident(village) for _ in range(3)]
    project = a_project(village)
    draft = designs_draft(project, clock.now(), clock.now() + timedelta(days=1))
    one = replace(draft, options=draft.options[:1])
    actor = builders.actor(builders.a_committee(village))
    with pytest.raises(Refused, match="at least two options"):
        announce_round(actor, village, one)
    with pytest.raises(Refused, match="at least two options"):
        announce_round(actor, village, replace(draft, options=()))
    round_ = announce_round(actor, village, replace(one, method=Method(Rule.THRESHOLD, 2)))
    for person in people[:2]:
        cast_vote(builders.actor(person), round_, 1, 1)
    builders.sealed(round_)
    assert result_of(Poll(round_, village, None)).outcome.winners == ("1",)
    assert recounted(round_, tmp_path)


@pytest.mark.parametrize("rule", [Rule.GREEDY, Rule.EQUAL_SHARES])
def test_what_costs_nothing_can_win_with_a_budget_of_zero(village: Any, tmp_path: Any, rule: Rule) -> None:
    people = [builders.a_resident(village) for _ in range(3)]
    project = a_project(village)
    draft = designs_draft(project, clock.now(), clock.now() + timedelta(days=1))
    options = (replace(draft.options[0], cost_fen=0), *draft.options[1:])
    actor = builders.actor(builders.a_committee(village))
    with pytest.raises(Refused, match="as little as the budget"):
        announce_round(actor, village, replace(draft, budget_fen=0))
    method = Method(rule, increment=100)
    round_ = announce_round(actor, village, replace(draft, options=options, budget_fen=0, method=method))
    for person in people:
        cast_vote(builders.actor(person), round_, 1, 1)
        cast_vote(builders.actor(person), round_, 2, 1, 1)
    builders.sealed(round_)
    assert result_of(Poll(round_, village, None)).outcome.winners == ("1",)
    assert recounted(round_, tmp_path)


def test_5000_options_are_refused_and_counted_right_where_a_place_allows_them(village: Any, tmp_path: Any) -> None:
    project = a_project(village)
    voter = builders.a_resident(village)

    @action
    def more_designs() -> None:
        rows = [{"project_id": project.id, "title": f"方案{n}", "story": "", "cost_fen": 1000 + n} for n in range(4997)]
        db.session.execute(db.insert(DesignOption), rows)

    more_designs()
    draft = designs_draft(project, clock.now(), clock.now() + timedelta(days=1))
    assert len(draft.options) == 5000
    actor = builders.actor(builders.a_committee(village))
    with pytest.raises(Refused, match="At most 300 options"):
        announce_round(actor, village, draft)
    builders.with_numbers(village, most_options=5000)
    round_ = announce_round(actor, village, draft)
    cast_vote(builders.actor(voter), round_, 4999, 1)
    builders.sealed(round_)
    result = result_of(Poll(round_, village, None))
    assert (result.outcome.winners, result.counts[4999], sum(result.counts.values())) == (("4999",), 1, 1)
    assert len(json.loads(open_data(round_))["counts"]) == 5000
    assert recounted(round_, tmp_path)
