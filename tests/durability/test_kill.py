"""What was answered is kept, though the server is killed in the midst of it."""

import http.client
import threading
from datetime import timedelta
from queue import Empty, Queue
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import func, insert, select

from portal.accounts.models import Person, Residency
from portal.accounts.secrets import keyed_hash
from portal.ratings.models import Rating, ServiceRecord, Ticket
from portal.ratings.queries import rating_key, ticket_hash
from portal.rolls.models import RollEntry
from portal.settings import Settings
from portal.store import action, clock, db
from portal.voting.models import Ballot, LedgerEntry
from tests import builders
from tests.durability.conftest import posts
from tests.serving import serving, session_of

VOTERS, RATERS, CLIENTS = 700, 300, 8


class Tap(NamedTuple):
    """What one of them sends."""

    path: str
    session: tuple[str, str]
    values: dict[str, int]


def test_every_answered_vote_and_rating_is_there_after_kill_9(app: Flask, settings: Settings) -> None:  # A26, A27
    village = builders.a_region_tree().villages[0]
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    votes = _votes(app, village.id, f"/{village.code}/votes/{poll.id}/vote")
    ratings = _ratings(village, next(iter(votes.values())).session)
    taps: dict[int | str, Tap] = dict(
        sorted((votes | ratings).items(), key=lambda one: keyed_hash("mixed", str(one[0])))
    )

    with serving(settings) as server:
        answered = _send(server.port, taps, stop_after=len(taps) // 2, stop=server.kill)
    assert len(taps) // 2 <= len(answered) < len(taps), "the server was killed in the midst of it"
    assert answered & votes.keys(), "in the midst of votes"
    assert answered & ratings.keys(), "and in the midst of ratings"
    lost = answered - set(_voted()) - set(_rated())
    assert not lost, f"{len(lost)} answered votes and ratings are lost"

    with serving(settings, server.port) as server:
        answered |= _send(server.port, taps)
    assert len(answered) == len(taps)
    assert sorted(_voted()) == sorted(votes), "each vote counts once"
    assert _rated() == {key: tap.values["grade"] for key, tap in ratings.items()}, "each rating counts once"


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


def _votes(app: Flask, region_id: int, path: str) -> dict[int | str, Tap]:
    """Verified residents by number, each with the session of her browser."""
    ids = _many_residents(region_id)

    @action
    def sign_in_all() -> dict[int | str, Tap]:
        vote = {"option": 1, "value": 1}
        return {n: Tap(path, session_of(app, db.session.get_one(Person, n)), vote) for n in ids}

    return sign_in_all()


@action
def _ratings(village: Any, session: tuple[str, str]) -> dict[int | str, Tap]:
    """Ratings by the key that they will have."""
    like = builders.a_service(builders.a_provider(village), village)
    values = {column.name: getattr(like, column.name) for column in ServiceRecord.__table__.columns}
    services = [values | {"id": like.id + n, "key": f"{n:040}"} for n in range(1, RATERS + 1)]
    db.session.execute(insert(ServiceRecord), services)
    tokens, until = [f"the-link-of-rater-{n}" for n in range(RATERS)], clock.today() + timedelta(days=90)
    tickets = [
        {"hash": ticket_hash(token), "service_id": service["id"], "channel": "sms", "rater": "", "until": until}
        for token, service in zip(tokens, services, strict=True)
    ]
    db.session.execute(insert(Ticket), tickets)
    return {rating_key(token): Tap(f"/rate/{token}", session, {"grade": n % 5 + 1}) for n, token in enumerate(tokens)}


def _send(port: int, taps: dict[int | str, Tap], stop_after: int = 0, stop: Any = None) -> set[int | str]:
    """Let all tap, a few at a time; gives those who were told that it counts. `stop` is called after so many."""
    waiting: Queue[int | str] = Queue()
    for one in taps:
        waiting.put(one)
    answered: set[int | str] = set()
    once = threading.Lock()

    def client() -> None:
        while True:
            try:
                one = waiting.get_nowait()
                if posts(port, taps[one].path, taps[one].session, **taps[one].values) == 303:
                    answered.add(one)
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


def _voted() -> list[int]:
    db.session.rollback()
    marked = select(RollEntry.person_id).join(LedgerEntry, LedgerEntry.number == RollEntry.id).where(LedgerEntry.voted)
    assert db.session.scalar(select(func.count()).where(Ballot.choices == "1")) == count_marked()
    return list(db.session.scalars(marked))


def _rated() -> dict[str, int]:
    return {rating.key: rating.grade for rating in db.session.execute(select(Rating.key, Rating.grade))}


def count_marked() -> int | None:
    return db.session.scalar(select(func.count()).select_from(LedgerEntry).where(LedgerEntry.voted))
