"""Settled, a rating is secret from whoever holds the whole database; before that it is not. Source: trust 1.4, 4."""

import random
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.notifications.senders import deliver
from portal.ratings import queries, settling
from portal.ratings.answering import explain_rating, rate_service
from portal.ratings.models import Rating, Ticket
from portal.ratings.settling import settle_ratings
from portal.store import db, engines
from tests import builders
from tests.ratings import attacking
from tests.voting.attacking import SEED, Verdict, verdict

RATERS = 64
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CERTAIN, BY_CHANCE = 0.001, 0.05


@dataclass
class Rated:
    """A morning of one provider, and the truth that nobody may find: the mark of the rating by service."""

    truth: dict[int, str]
    tokens: list[str]
    phones: list[str]
    keys: list[str]


@pytest.fixture(autouse=True)
def always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn is drawn from a fixed seed, so that the test says the same each time."""
    chance = random.Random(SEED)
    monkeypatch.setattr(secrets, "token_hex", lambda size=32: chance.randbytes(size).hex())


@pytest.fixture
def rated(village: Any) -> Rated:
    """Sixty-four people are served, one every other minute, and tap soon after; some change it, or say why."""
    chance, provider = random.Random(1), builders.a_provider(village)
    known, waiting = Rated({}, [], [], []), list[Any]()
    for number in range(RATERS):
        phone = f"1360000{number:04}"
        with builders.at(START + timedelta(minutes=2 * number)):
            service = builders.a_service(provider, village, phone=phone)
            deliver()
            known.tokens.append(service.ticket)
            known.phones.append(phone)
            waiting.append((service, f"{chance.getrandbits(64):016x}"))
        with builders.at(START + timedelta(minutes=2 * number + 1)):
            if len(waiting) > 3 or number == RATERS - 1:
                chance.shuffle(waiting)
                for _ in range(len(waiting) if number == RATERS - 1 else 1):
                    _tap(known, *waiting.pop(), chance)
    return known


def _tap(known: Rated, service: Any, mark: str, chance: random.Random) -> None:
    rate_service(service.ticket, chance.choice((1, 2, 3, 4, 5)), device=mark)
    if chance.random() < 0.2:
        explain_rating(service.ticket, [], f"说的话{mark}")
    if chance.random() < 0.1:
        rate_service(service.ticket, chance.choice((1, 5)), device=mark)
    known.truth[service.id] = mark
    known.keys.append(queries.rating_key(service.ticket))


def attack(rated: Rated) -> Verdict:
    return verdict(*attacking.leads(), rated.truth)


def settle() -> None:
    with builders.at(START + timedelta(days=8)):
        assert settle_ratings() == RATERS


def test_a_database_links_services_and_ratings_before_they_are_settled_and_no_better_than_chance_after_it(  # issue 5.2
    rated: Rated, caplog: pytest.LogCaptureFixture
) -> None:
    before = attack(rated)
    assert before.chance <= CERTAIN, before
    assert before.narrowed > RATERS // 2, before
    settle()
    after = attack(rated)
    assert after.chance > BY_CHANCE, after
    assert after.narrowed < before.narrowed // 2, after
    left = attacking.tables_with(rated.phones)
    assert not left, f"{left} still know whom a link was sent to"
    assert not attacking.tables_with(rated.tokens)
    used = attacking.tables_with(rated.keys) - {"spent_ticket", "pk_spent_ticket", "portal.sqlite3"}
    assert not used, f"{used} know more of a link than that it was used"
    assert not [word for word in (*rated.phones, *rated.tokens, *rated.keys) if word in caplog.text]


def test_a_settling_that_only_marked_what_is_settled_would_leave_the_links(  # issue 5.2
    rated: Rated, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marked(over: Any) -> None:
        db.session.execute(update(Rating).values(settled=True), execution_options={"synchronize_session": False})

    monkeypatch.setattr(settling, "_rewrite", marked)
    monkeypatch.setattr(settling, "_mix", lambda: None)
    monkeypatch.setattr(engines, "scrub", lambda *_: True)
    settle()
    found = attack(rated)
    assert found.chance <= CERTAIN, found


def test_who_has_the_sites_secret_too_links_a_rating_until_it_is_published(rated: Rated) -> None:
    """What docs/satisfaction.md says: the tag of the rater is kept until then, to count people and not taps."""
    settle()
    of_rating = {rating.rater: rating.device for rating in db.session.scalars(select(Rating))}
    assert len(of_rating) == RATERS
    tickets = db.session.scalars(select(Ticket)).all()
    assert not {ticket.rater for ticket in tickets} & of_rating.keys(), "without the secret they are not the same"
    assert {ticket.service_id: of_rating[queries.rater_tag(ticket.rater)] for ticket in tickets} == rated.truth


def test_by_the_transaction_that_wrote_it_nobody_can_tell_on_which_day_a_rating_was_made(village: Any) -> None:
    provider = builders.a_provider(village)
    for day in range(3):
        with builders.at(START + timedelta(days=day)):
            rate_service(builders.a_service(provider, village).ticket, 4)
    for day in range(8, 11):
        with builders.at(START + timedelta(days=day)):
            assert settle_ratings() == 1
    rows = list(attacking._rows(Rating.__table__))
    assert len({row.get("_by") for row in rows}) == 1
    assert len({row["rated_on"] for row in rows}) == 1
