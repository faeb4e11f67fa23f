"""A PostgreSQL of our own, from Debian's binaries, on a free port, for as long as the tests last."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "150",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "autovacuum": "off",
    "logging_collector": "off",
    "timezone": "Asia/Shanghai",
    "max_prepared_transactions": "0",
}
"""Settings that throw safety away for speed, and a zone that is not UTC, so that mixing them up shows."""


class Postgres:
    """A running server; each `database` is empty and its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._made = 0

    def url(self, name: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def database(self, template: str = "template0") -> str:
        """The address of a new database."""
        self._made += 1
        name = f"portal_{self._made}"
        with self.superuser() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def superuser(self) -> psycopg.Connection:
        return psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True)


def binaries() -> Path:
    """Debian's newest PostgreSQL. Missing, it is a failure and no reason to skip."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if not found:
        raise RuntimeError("PostgreSQL is missing: `make .venv/.tested-with` installs it (Debian: postgresql)")
    return found[-1].parent


@contextmanager
def running(settings: dict[str, str] = QUICK) -> Iterator[Postgres]:
    """Start a server and stop it at the end, whatever happens in between."""
    home = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    data = home / "data"
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "postgres", "postgres")
        initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(_as_nobody_special([binaries() / "initdb", *initdb]), check=True, stdout=subprocess.DEVNULL)
        port = _free_port()
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = _as_nobody_special([binaries() / "postgres", "-D", data, "-p", str(port), *options])
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            yield _ready(Postgres(port), server, home / "log")
        finally:
            server.send_signal(2)  # SIGINT: end now, orderly
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_nobody_special(command: list[object]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *words]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(postgres: Postgres, server: subprocess.Popen[bytes], log: Path) -> Postgres:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {log.read_text()[-1000:]}")
        try:
            postgres.superuser().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return postgres
    raise RuntimeError(f"PostgreSQL does not answer: {log.read_text()[-1000:]}")
