"""What must hold when one person's taps arrive at the same moment, in two processes of the site."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.needs.models import Need, NeedSupport
from portal.ratings.models import Rating
from portal.settings import Settings
from portal.voting.models import Ballot
from tests import builders
from tests.counting import count
from tests.durability.conftest import at_once, posts
from tests.serving import Server, serving, session_of

TAPS, RATING_TAPS = 24, 50


@pytest.fixture
def servers(settings: Settings) -> Iterator[list[Server]]:
    """Two processes before one database."""
    with serving(settings) as one, serving(settings) as other:
        yield [one, other]


def test_simultaneous_deeds_of_one_person_count_once(app: Flask, servers: list[Server]) -> None:  # A25, A26, A27
    village = builders.a_region_tree().villages[0]
    builders.with_numbers(village, most_open_needs=5)
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    need = builders.a_need(village)
    ticket = builders.a_service(builders.a_provider(village), village).ticket
    she, he = session_of(app, builders.a_resident(village)), session_of(app, builders.a_resident(village))
    ballot, need_page = f"/{village.code}/votes/{poll.id}", f"/{village.code}/needs/{need.id}"
    report, before = f"/{village.code}/needs/report", count(Need)
    words = "楼道灯坏了"

    votes = at_once(
        servers,
        TAPS,
        lambda port, _: posts(port, f"{ballot}/vote", she, option=1, value=1),
    )
    assert votes == [303] * TAPS
    assert count(Ballot) == 1

    supports = at_once(servers, TAPS, lambda port, _: posts(port, f"{need_page}/support", she, supports=1))
    assert supports == [303] * TAPS
    assert count(NeedSupport) == 1

    ratings = at_once(
        servers, RATING_TAPS, lambda port, number: posts(port, f"/rate/{ticket}", she, grade=number % 5 + 1)
    )
    assert ratings == [303] * RATING_TAPS
    assert count(Rating) == 1

    same = at_once(
        servers,
        TAPS,
        lambda port, _: posts(port, report, she, key="one-and-the-same-key", words=words, behalf="self"),
    )
    assert same == [303] * TAPS
    assert count(Need) == before + 1

    distinct = at_once(
        servers,
        TAPS,
        lambda port, n: posts(port, report, he, key=f"a-key-of-its-own-{n}", words=words, behalf="self"),
    )
    assert sorted(distinct) == [303] * 5 + [422] * (TAPS - 5)
    assert count(Need) == before + 1 + 5
