"""What was answered is kept, though the server is killed in the midst of it."""

import http.client
import threading
from queue import Empty, Queue
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from portal.accounts.models import Person, Residency
from portal.rolls.models import RollEntry
from portal.settings import Settings
from portal.store import action, clock, db
from portal.voting.models import Ballot, LedgerEntry
from tests import builders
from tests.durability.conftest import posts
from tests.serving import serving, session_of

VOTERS, CLIENTS = 1000, 8


def test_every_answered_vote_is_there_after_kill_9(app: Flask, settings: Settings) -> None:  # A26
    village = builders.a_region_tree().villages[0]
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    voters = _voters(app, village.id)
    path = f"/{village.code}/votes/{poll.id}/vote"

    with serving(settings) as server:
        answered = _vote(server.port, path, voters, stop_after=VOTERS // 2, stop=server.kill)
    assert VOTERS // 2 <= len(answered) < VOTERS, "the server was killed in the midst of it"
    kept = _kept()
    assert answered <= set(kept), f"{len(answered - set(kept))} answered votes are lost"

    with serving(settings, server.port) as server:
        answered |= _vote(server.port, path, voters)
    kept = _kept()
    assert len(answered) == VOTERS
    assert sorted(kept) == sorted(voters), "each counts once"


@action
def _many_residents(region_id: int) -> list[int]:
    moment = clock.now()
    people = [
        {"phone": f"199{n:08}", "name": "", "language": "zh-Hans", "wants_sms": False, "created_at": moment}
        for n in range(VOTERS)
    ]
    ids = list(db.session.scalars(insert(Person).returning(Person.id), people))
    homes = [{"person_id": n, "region_id": region_id, "asked_at": moment, "verified_at": moment} for n in ids]
    db.session.execute(insert(Residency), homes)
    return ids


def _voters(app: Flask, region_id: int) -> dict[int, tuple[str, str]]:
    """A thousand verified residents by number, each with the session of her browser."""
    ids = _many_residents(region_id)

    @action
    def sign_in_all() -> dict[int, tuple[str, str]]:
        return {n: session_of(app, db.session.get_one(Person, n)) for n in ids}

    return sign_in_all()


def _vote(port: int, path: str, voters: dict[int, tuple[str, str]], stop_after: int = 0, stop: Any = None) -> set[int]:
    """Let all vote, a few at a time; gives those who were told that it counts. `stop` is called after so many."""
    waiting: Queue[int] = Queue()
    for voter in voters:
        waiting.put(voter)
    answered: set[int] = set()
    once = threading.Lock()

    def client() -> None:
        while True:
            try:
                voter = waiting.get_nowait()
                if posts(port, path, voters[voter], option=1, value=1) == 303:
                    answered.add(voter)
            except Empty:
                return
            except (OSError, http.client.HTTPException):
                pass  # killed before it answered
            if stop and len(answered) >= stop_after and once.acquire(blocking=False):
                stop()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return answered


def _kept() -> list[int]:
    db.session.rollback()
    marked = select(RollEntry.person_id).join(LedgerEntry, LedgerEntry.number == RollEntry.id).where(LedgerEntry.voted)
    assert db.session.scalar(select(func.count()).where(Ballot.choices == "1")) == count_marked()
    return list(db.session.scalars(marked))


def count_marked() -> int | None:
    return db.session.scalar(select(func.count()).select_from(LedgerEntry).where(LedgerEntry.voted))
