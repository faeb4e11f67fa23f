"""A real discussion, replayed as change-your-vote traffic: every event counts, the last one of each stands."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert

from portal.accounts.models import Person, Residency
from portal.rules.elections import BallotKind, choices_of
from portal.rules.permissions import Actor
from portal.rules.rounds import OptionDraft, RoundDraft
from portal.store import action, clock, db
from portal.voting.actions import cast_vote
from portal.voting.models import Ballot, LedgerEntry, Round
from portal.voting.rounds import freeze_round, put_round
from tests import builders
from tests.beside import with_real

FILE = Path(__file__).parents[3] / "shared/data/polis/vtaiwan.uberx_votes.csv"
CLIENTS = 16
AGREE, PASS, DISAGREE = 3, 2, 1
"""How many points stand for an answer."""
Event = tuple[int, int, int]


def events() -> list[Event]:
    """(voter, option, points) in the order in which they came."""
    points = {"1": AGREE, "0": PASS, "-1": DISAGREE}
    with FILE.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"]))
    numbers = {comment: number for number, comment in enumerate(sorted({int(row["comment-id"]) for row in rows}), 1)}
    return [(int(row["voter-id"]), numbers[int(row["comment-id"])], points[row["vote"]]) for row in rows]


@pytest.fixture
def hasty(app: Flask) -> Iterator[None]:
    """No waiting for the disk: that what was answered is kept is shown in test_kill.py."""

    def connected(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    engine = db.engine
    if engine.dialect.name == "sqlite":
        db.session.remove()
        engine.dispose()
        event.listen(engine, "connect", connected)
    yield
    if engine.dialect.name == "sqlite":
        event.remove(engine, "connect", connected)
        db.session.remove()
        engine.dispose()


@pytest.fixture
def replayed(app: Flask, hasty: None) -> tuple[Round, dict[int, Actor], list[Event]]:
    found = events()
    village = builders.a_region_tree().villages[0]
    voters = sorted({voter for voter, _, _ in found})
    actors = dict(zip(voters, _people(len(voters), village.id), strict=True))
    round_ = _a_round(village.id, max(option for _, option, _ in found))
    return round_, actors, found


@action
def _people(count: int, region_id: int) -> list[Actor]:
    moment = clock.now()
    given = {"name": "", "language": "zh-Hans", "wants_sms": False, "created_at": moment}
    ids = list(db.session.scalars(insert(Person).returning(Person.id), [given] * count))
    homes = [{"person_id": n, "region_id": region_id, "asked_at": moment, "verified_at": moment} for n in ids]
    db.session.execute(insert(Residency), homes)
    return [Actor(number) for number in ids]


@action
def _a_round(region_id: int, options: int) -> Round:
    village = db.session.get_one(builders.Region, region_id)
    project, moment = builders.a_project(village), clock.now()
    draft = RoundDraft(
        question="你同意吗？",
        options=tuple(OptionDraft(project.id, None, f"意见{number}", None, 0) for number in range(1, options + 1)),
        budget_fen=0,
        opens_at=moment - timedelta(hours=1),
        closes_at=moment + timedelta(days=1),
        ballot=BallotKind.CUMULATIVE,
        most=AGREE * options,
    )
    round_ = put_round(draft, region_id, project.drafted_by_id, moment)
    freeze_round(round_)
    return round_


def _effective() -> Counter[int]:
    """How many answers of each kind stand on all ballots."""
    db.session.rollback()
    ballots = db.session.scalars(db.select(Ballot.choices)).all()
    marked = db.session.scalar(db.select(db.func.count()).select_from(LedgerEntry).where(LedgerEntry.voted))
    assert len(ballots) == marked == 1921
    return Counter(points for choices in ballots for _, points in choices_of(BallotKind.CUMULATIVE, choices))


def _is_right() -> None:
    assert _effective() == {AGREE: 31_029, DISAGREE: 11_894, PASS: 49_443 - 31_029 - 11_894}


@with_real(FILE)
def test_49_997_events_one_after_another_give_49_443_votes(replayed: Any) -> None:  # A26
    round_, actors, found = replayed
    _cast(round_.id, actors, found)
    _is_right()


@with_real(FILE)
def test_49_997_events_from_16_clients_give_49_443_votes(replayed: Any, elsewhere: Callable[..., Any]) -> None:  # A26
    round_, actors, found = replayed
    number = round_.id
    db.session.remove()
    shares = [[event for event in found if event[0] % CLIENTS == client] for client in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda share: elsewhere(_cast, number, actors, share), shares))
    _is_right()


def _cast(number: int, actors: dict[int, Actor], share: list[Event]) -> None:
    """Each tap is made on a page that shows all taps before it."""
    round_, turns = db.session.get_one(Round, number), Counter[int]()
    for voter, option, points in share:
        turns[voter] = cast_vote(actors[voter], round_, option, points, turns[voter]).turn
