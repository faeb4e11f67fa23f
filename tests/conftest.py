"""The ground that tests stand on: both engines, clean tables for each test, a closed world."""

import contextvars
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from portal import create_app
from portal.commands.setup import prepare_database
from portal.providers.models import Provider
from portal.settings import Settings
from portal.store import db
from portal.store.memory import forget
from tests import builders
from tests import postgres as servers
from tests.client import InspectingClient

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
KEPT = ("alembic_version", "calendar_day")
"""Tables that tests do not begin empty."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL server for the session; `postgres.database()` is the address of a new, empty database."""
    with servers.running() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the session: Playwright runs once in a process."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on each engine in turn, its tables made by the real migrations."""
    data_dir = tmp_path_factory.mktemp(request.param)
    url = request.getfixturevalue("postgres").database() if request.param == "postgresql" else ""
    app = a_site(data_dir, url)
    with app.app_context():
        prepare_database()
        db.session.remove()
        db.engine.dispose()
    if request.param == "sqlite":
        shutil.copyfile(data_dir / "portal.sqlite3", data_dir / "template")
    yield app
    with app.app_context():
        db.engine.dispose()


def a_site(data_dir: Path, url: str = "", **given: Any) -> Flask:
    """An application for tests, with what the environment says left out."""
    values: dict[str, Any] = {"secret_key": "a secret for tests", "deliver": False, "sms_sender": "none"} | given
    app = create_app(Settings.read({}, data_dir=data_dir, database_url=url, **values))
    app.testing = True
    app.test_client_class = InspectingClient
    return app


@pytest.fixture
def app(site: Flask) -> Iterator[Flask]:
    """The application with clean tables, and its context for calling queries and actions."""
    with site.app_context():
        clean(site)
        yield site
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> InspectingClient:
    """A browser that looks at every answer; `builders.signed_in(client, person)` signs someone in."""
    return app.test_client()  # type: ignore[return-value]


def clean(app: Flask) -> None:
    """Empty all tables but the working calendar, as quickly as each engine can."""
    db.session.remove()
    forget()
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        data_dir = app.config["SETTINGS"].data_dir
        for name in ("portal.sqlite3-wal", "portal.sqlite3-shm"):
            (data_dir / name).unlink(missing_ok=True)
        shutil.copyfile(data_dir / "template", data_dir / "portal.sqlite3")
        return
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        if "emptying" not in app.extensions:
            app.extensions["emptying"] = _emptying(raw)
        raw.execute("ROLLBACK; BEGIN READ WRITE;" + app.extensions["emptying"] + "COMMIT")


def _emptying(raw: Any) -> str:
    """Statements that empty every table; many times quicker than TRUNCATE on tables this small."""
    tables = [name for (name,) in raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    sequences = [name for (name,) in raw.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")]
    deletes = "".join(f'DELETE FROM "{name}";' for name in tables if name not in KEPT)
    restarts = "".join(f"SELECT setval('\"{name}\"', 1, false);" for name in sequences)
    return f"SET LOCAL session_replication_role = replica;{deletes}{restarts}"


@pytest.fixture
def tree(app: Flask) -> builders.Tree:
    """The invented county, and what is above and below it."""
    return builders.a_region_tree()


@pytest.fixture
def provider(tree: builders.Tree) -> Provider:
    """One that serves the whole county."""
    return builders.a_provider(tree.county)


@pytest.fixture
def village(app: Flask) -> Any:
    """The first community of the invented county."""
    return builders.a_region_tree().villages[0]


@pytest.fixture
def round_(village: Any) -> Any:
    """A vote on three designs that is open now; its roll is frozen by the first vote, or the first help."""
    return builders.an_open_round(builders.a_project(village))


@pytest.fixture
def enrolled(village: Any) -> Callable[..., int]:
    """Put somebody without an account on the roll: `enrolled("3-2-501")` gives her number."""

    def enrol(household: str = "", head_id: int | None = None, region: Any = None) -> int:
        return builders.an_entry(region or village, household, head_id)

    return enrol


@pytest.fixture
def at() -> Callable[..., Any]:
    """`with at(moment):` the clock of the site stands at that moment."""
    return builders.at


@pytest.fixture
def elsewhere(app: Flask) -> Callable[..., Any]:
    """Call a function as another request would, in a context and a database session of its own."""

    def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def inside() -> Any:
            with app.app_context():
                return function(*args, **kwargs)

        return contextvars.Context().run(inside)

    return call


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hashing a password is slow on purpose; here it need not be."""
    patch = pytest.MonkeyPatch()
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.setattr("portal.accounts.secrets._hasher", hasher)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def closed_world() -> Iterator[None]:
    """No test reaches beyond this machine."""
    patch = pytest.MonkeyPatch()
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _loopback(address[0]):
            raise RuntimeError(f"a test tried to reach {address[0]}; use a server on 127.0.0.1 instead")
        return connect(self, address)

    def known(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _loopback(host):
            raise RuntimeError(f"a test tried to look up {host}; use 127.0.0.1 instead")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", here)
    patch.setattr(socket, "getaddrinfo", known)
    yield
    patch.undo()


def _loopback(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """What is skipped was not shown: where it counts, that is a failure."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure in CI: {report.longrepr}"
    return report
