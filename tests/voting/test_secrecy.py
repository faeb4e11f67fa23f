"""Sealed, a vote is secret from whoever holds the whole database; unsealed, it is not. Source: trust 1.4."""  # A26

import random
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from portal.accounts import actions as accounts
from portal.notifications.senders import deliver
from portal.rules import opencount
from portal.store import db, engines
from portal.voting import forgetting, log, sealing
from portal.voting.actions import cast_vote, take_back
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, BallotRecord, LogLeaf, Round, TreeHead
from portal.voting.notices import tell_voters
from portal.voting.sealing import log_waiting_ballots, seal_closed_rounds
from tests import builders
from tests.voting import attacking

VOTERS = 90
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CERTAIN = 0.001
"""Links are shown where chance does as well in at most one case of a thousand; there are 1,999 shuffles."""


@dataclass
class Cast:
    """A vote that is over, and the truth that nobody may find: ballot by number on the roll, and who voted when."""

    round: Round
    truth: dict[int, str]
    in_order: list[int]
    unpublished: list[bytes]
    """Handles, secrets and the nonces of what was replaced."""


@pytest.fixture(autouse=True)
def always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn is drawn from a fixed seed, so that the test says the same each time."""
    chance = random.Random(attacking.SEED)
    monkeypatch.setattr(secrets, "token_hex", lambda size=32: chance.randbytes(size).hex())
    monkeypatch.setattr(secrets, "randbelow", chance.randrange)
    monkeypatch.setattr(log, "_chance", chance)
    monkeypatch.setattr(sealing, "_chance", chance)


@pytest.fixture
def cast(village: Any) -> Cast:
    """Ninety people vote, one a minute, in an order of their own; some change their minds, or take all back."""
    with builders.at(START - timedelta(days=2)):
        people = [builders.a_resident(village) for _ in range(VOTERS)]
        for person in people:
            accounts.begin_session(person, "")
    chance = random.Random(1)
    chance.shuffle(people)
    with builders.at(START):
        round_ = builders.an_open_round(builders.a_project(village), days=7, publish="ballots")
    if db.engine.dialect.name == "sqlite":  # who copies the log of changes before it is folded in sees all of it
        db.session.execute(text("PRAGMA wal_autocheckpoint=0"))
    truth, in_order, unpublished, choosing = {}, [], [], chance.choice
    for minute, person in enumerate(people):
        with builders.at(START + timedelta(minutes=minute)):
            actor = builders.actor(person)
            ballot = cast_vote(actor, round_, choosing((1, 2, 3)), 1)
            elector = elector_of(round_, actor)
            assert elector
            in_order.append(elector.number)
            truth[elector.number] = ballot.code
            unpublished += [ballot.handle.encode(), ballot.secret.encode()]
            if minute % 9 == 0:
                unpublished += [one.nonce.encode() for one in log.records_of(round_, ballot)]
                cast_vote(actor, round_, choosing((1, 2, 3)), 0 if minute % 2 else 1, ballot.turn)
                unpublished += [one.nonce.encode() for one in log.records_of(round_, ballot)]
            if minute % 30 == 7:
                take_back(round_, elector)
                del truth[elector.number]
                in_order.remove(elector.number)
            log_waiting_ballots()
            if minute % 10 == 0:
                tell_voters()
                deliver()
    return Cast(round_, truth, in_order, unpublished)


def seal(cast: Cast) -> None:
    with builders.at(cast.round.closes_at):
        assert seal_closed_rounds() == 1
        deliver()
    db.session.refresh(cast.round)
    published = set(db.session.scalars(db.select(BallotRecord.nonce)))
    cast.unpublished = [one for one in cast.unpublished if one.decode() not in published]


def attack(cast: Cast) -> attacking.Verdict:
    return attacking.verdict(*attacking.leads(cast.round), cast.truth)


def test_the_database_links_voters_and_ballots_before_the_sealing_and_no_better_than_chance_after_it(  # A26
    cast: Cast,
) -> None:
    before = attack(cast)
    assert before.chance <= CERTAIN, before
    assert before.narrowed > len(cast.truth) // 2, before
    assert any(one in content for one in cast.unpublished for content in attacking.files().values())
    seal(cast)
    after = attack(cast)
    assert after.chance > CERTAIN, after
    assert after.narrowed < before.narrowed // 2, after
    left = {name for name, content in attacking.files().items() for one in cast.unpublished if one in content}
    assert not left, f"{left} still hold what nobody may know"


def test_a_sealing_that_only_copies_would_leave_the_links(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:  # A26
    def copied(round: Round) -> None:
        ballots = db.session.scalars(db.select(Ballot).where(~Ballot.void)).all()
        rows = [
            {"round_id": round.id, "tag": one.tag, "choices": one.choices, "nonce": one.nonce}
            for ballot in ballots
            for one in log.records_of(round, ballot)
        ]
        db.session.execute(insert(BallotRecord), rows)

    monkeypatch.setattr(forgetting, "_publish", copied)
    monkeypatch.setattr(forgetting, "_rewrite_roll", lambda round: None)
    monkeypatch.setattr(engines, "scrub", lambda *_: True)
    seal(cast)
    found = attack(cast)
    assert found.chance <= CERTAIN, found


def test_who_watched_the_door_learns_the_batch_of_a_ballot_and_no_more(cast: Cast) -> None:  # A26
    """She knows when each person voted, to the second. The public log says in which batch each ballot came."""
    seal(cast)
    heads = db.session.scalars(db.select(TreeHead.size).order_by(TreeHead.size)).all()
    leaves = {row.text: row.number for row in db.session.execute(db.select(LogLeaf.text, LogLeaf.number))}
    records = db.session.scalars(db.select(BallotRecord)).all()
    place = {
        one.tag: leaves[
            opencount.record_text(opencount.Record(one.tag, one.choices, one.nonce).commitment(cast.round.uid))
        ]
        for one in records
    }
    batch = {code: sum(number >= size for size in heads) for code, number in place.items()}
    number_of = {code: number for number, code in cast.truth.items()}
    sizes = [sum(one == other for one in batch.values()) for other in set(batch.values())]
    assert len(sizes) > 2
    assert min(sizes) >= 10, sizes
    moment = {number: minute for minute, number in enumerate(cast.in_order)}
    voters: dict[Any, float] = {}
    ballots: dict[Any, float] = {}
    for one in set(batch.values()):
        codes = [code for code in batch if batch[code] == one]
        people = sorted((number_of[code] for code in codes), key=moment.__getitem__)
        voters |= {number: rank / len(people) for rank, number in enumerate(people)}
        ballots |= {code: rank / len(codes) for rank, code in enumerate(sorted(codes, key=place.__getitem__))}
    within = attacking.verdict({"the door": voters}, {"the log": ballots}, cast.truth)
    assert within.chance > CERTAIN, within
    across = attacking.verdict({"the door": moment}, {"the log": batch}, cast.truth)
    assert across.chance <= CERTAIN, "this is what the page says that it tells; if not, say less there"
