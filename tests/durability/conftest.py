"""Sites on both engines that are served by processes of their own, and browsers that do many things at once."""

import http.client
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from portal.commands.setup import prepare_database
from portal.settings import Settings
from portal.store import db
from tests.conftest import a_site
from tests.serving import Server

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "zh-CN"}


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site of its own for each test, its context for builders and queries, and nobody serving it yet."""
    url = request.getfixturevalue("postgres").database() if request.param == "postgresql" else ""
    site = a_site(tmp_path, url, threads=24)
    with site.app_context():
        prepare_database()
        db.session.remove()
        yield site
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def settings(app: Flask) -> Settings:
    found = app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found


def posts(port: int, path: str, session: tuple[str, str], **values: object) -> int:
    """The status with which the server at `port` answers what the browser of `session` sends."""
    cookie, token = session
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        body = urlencode({"csrf_token": token, **values})
        connection.request("POST", path, body, FORM | {"Cookie": f"portal={cookie}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def at_once(servers: list[Server], count: int, send: Callable[[int, int], int]) -> list[int]:
    """What `send(port, number)` gave for `count` numbers, all sent at the same moment, to the servers in turn."""
    gate = threading.Barrier(count)
    answers: list[int] = [0] * count

    def one(number: int) -> None:
        gate.wait()
        answers[number] = send(servers[number % len(servers)].port, number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
