"""Each message is sent once, whoever delivers, and none is lost with the process that was about to send it."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from portal.notifications.senders import deliver
from portal.settings import ROOT
from portal.store import action, clock, db, outbox
from portal.store.outbox import LEASE
from tests import builders
from tests.conftest import a_site
from tests.serving import environment_of

DELIVER = [sys.executable, "-c", "from portal.commands import main; main()", "deliver", "--once"]
MESSAGES = 100


class Gateway(ThreadingHTTPServer):
    """An SMS gateway that notes what it is asked to send; from `silent_after` messages on it answers nothing."""

    daemon_threads = True

    def __init__(self, silent_after: int = MESSAGES) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.silent_after = silent_after
        self.got: list[str] = []
        self.is_silent = threading.Event()
        self.may_go = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Answering(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append(message["id"])
        if len(self.server.got) > self.server.silent_after:
            self.server.is_silent.set()
            self.server.may_go.wait(60)
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def a_gateway(silent_after: int = MESSAGES) -> Iterator[Gateway]:
    with Gateway(silent_after) as gateway:
        thread = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield gateway
        finally:
            gateway.may_go.set()
            gateway.shutdown()
            thread.join()


def using(app: Flask, gateway: Gateway) -> Flask:
    """The same site, its messages going to `gateway`."""
    kept = app.config["SETTINGS"]
    given = {"sms_sender": "gateway", "sms_gateway_url": gateway.url, "sms_gateway_key": "key"}
    return a_site(kept.data_dir, kept.database_url, **given)


@pytest.fixture
def numbers(app: Flask) -> list[str]:
    """The numbers of the messages that are due."""

    @action
    def put() -> None:
        for number in range(MESSAGES):
            outbox.put("sms", f"136{number:08}", "need_accepted", "zh-Hans", title="楼道灯坏了")

    put()
    found = [str(number) for number in db.session.scalars(db.select(outbox.OutboxMessage.id))]
    db.session.remove()
    return found


def test_two_processes_send_each_message_once(app: Flask, numbers: list[str]) -> None:
    with a_gateway() as gateway:
        site = using(app, gateway)
        both = [_delivering(site) for _ in range(2)]
        assert [one.wait(60) for one in both] == [0, 0]
    assert sorted(gateway.got, key=int) == numbers
    assert outbox.waiting() == 0


def test_what_a_killed_process_had_in_hand_is_sent_by_another(app: Flask, numbers: list[str]) -> None:
    with a_gateway(silent_after=MESSAGES // 2 + 5) as gateway:
        killed = _delivering(using(app, gateway))
        assert gateway.is_silent.wait(60)
        killed.kill()
        killed.wait(10)
    in_doubt = gateway.got[-1]

    with a_gateway() as second, using(app, second).app_context():
        deliver()
        assert set(second.got) < set(numbers), "what is leased is left to the one who holds it"
        with builders.at(clock.now() + LEASE + timedelta(seconds=1)):
            deliver()
        assert outbox.waiting() == 0
        db.session.remove()
        db.engine.dispose()
    times = Counter(gateway.got + second.got)
    assert sorted(times, key=int) == numbers
    assert {number for number, sent in times.items() if sent > 1} == {in_doubt}, "its number lets the gateway see it"


def _delivering(site: Flask) -> subprocess.Popen[bytes]:
    return subprocess.Popen(DELIVER, cwd=ROOT, env=environment_of(site.config["SETTINGS"]), stdout=subprocess.DEVNULL)
