"""The monitor is told when the site cannot write, and when it can again; readers and writers are told the truth."""

import http.client
import resource
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal.commands.setup import prepare_database
from portal.needs.models import Need
from portal.store import db
from tests import builders
from tests import postgres as servers
from tests.conftest import a_site
from tests.durability.conftest import posts
from tests.serving import Server, serving, session_of


def test_a_full_disk_is_seen_and_its_end_too(tmp_path: Path) -> None:
    app = a_site(tmp_path)
    with app.app_context():
        village, session = _a_village(app)
        with serving(app.config["SETTINGS"]) as server:
            assert _status(server, "/healthz") == 200
            with _a_full_disk(server):
                assert _status(server, "/healthz") == 503
                assert _status(server, f"/{village}/needs/") == 200, "what is there can be read"
                assert posts(server.port, f"/{village}/needs/report", session, key="k" * 20, words="电梯") == 503
            assert _status(server, "/healthz") == 200
            assert posts(server.port, f"/{village}/needs/report", session, key="k" * 20, words="电梯") == 303
        assert len(db.session.scalars(db.select(Need)).all()) == 1
        db.engine.dispose()


def test_a_stopped_postgresql_is_seen_and_its_return_too(tmp_path: Path) -> None:
    with servers.running() as postgres:
        app = a_site(tmp_path, postgres.database())
        with app.app_context():
            village, session = _a_village(app)
            db.session.remove()
            with serving(app.config["SETTINGS"]) as server:
                assert _status(server, "/healthz") == 200
                command = _stop(postgres)
                assert _status(server, "/healthz") == 503
                assert _status(server, f"/{village}/needs/") == 503
                assert posts(server.port, f"/{village}/needs/report", session, key="k" * 20, words="电梯") == 503
                with _started_again(command, postgres):
                    assert _status(server, "/healthz") == 200
                    assert posts(server.port, f"/{village}/needs/report", session, key="k" * 20, words="电梯") == 303
            db.session.remove()
            db.engine.dispose()


def _a_village(app: Flask) -> tuple[str, tuple[str, str]]:
    prepare_database()
    village = builders.a_region_tree().villages[0]
    return village.code, session_of(app, builders.a_resident(village))


def _status(server: Server, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def _a_full_disk(server: Server) -> Iterator[None]:
    """The process may write no byte to any file, as when the disk is full."""
    limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)


def _stop(postgres: servers.Postgres) -> list[str]:
    """Stop the server; gives the command that it was started with."""
    with postgres.superuser() as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    data = Path(row[0])
    command = shlex.split((data / "postmaster.opts").read_text())
    stop = [servers.binaries() / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop"]
    subprocess.run(servers._as_nobody_special(stop), check=True, stdout=subprocess.DEVNULL)
    return command


@contextmanager
def _started_again(command: list[str], postgres: servers.Postgres) -> Iterator[None]:
    server = subprocess.Popen(servers._as_nobody_special([*command]), stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        servers._ready(postgres, server, Path("/dev/null"))
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
