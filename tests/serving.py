"""The production server in a process of its own, to be looked at, raced and killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from portal.accounts.actions import begin_session
from portal.accounts.models import Person
from portal.settings import ROOT, Settings

SERVE = [sys.executable, "-c", "from portal.commands import main; main()", "serve", "--port"]


class Server:
    """A running `portal serve`."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen([*SERVE, str(port)], cwd=ROOT, env=environment_of(settings))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended with {self.process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End at once, with `kill -9`, as an operating system short of memory would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which another process reads the same settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "PORT"))}
    values = {f"PORTAL_{field.name.upper()}": getattr(settings, field.name) for field in fields(settings)}
    return kept | {name: str(int(value) if isinstance(value, bool) else value) for name, value in values.items()}


@contextmanager
def serving(settings: Settings, port: int = 0) -> Iterator[Server]:
    """A server on `port` (any free one), up when this begins and gone when it ends."""
    server = Server(settings, port or free_port())
    try:
        for _ in range(600):
            if server.is_ready():
                break
            time.sleep(0.05)
        else:
            raise RuntimeError("the server does not answer")
        yield server
    finally:
        server.process.send_signal(signal.SIGINT)
        try:
            server.process.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def session_of(app: Flask, person: Person) -> tuple[str, str]:
    """The cookie of a browser in which `person` is signed in, and the token that its forms carry."""
    said = {"_user_id": begin_session(person, ""), "_fresh": True, "_permanent": True, "csrf_token": "proof"}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps(said)), str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("proof"))
