"""`make bench`: requests a second, waiting and CPU of the main pages beside bare pages, at two sizes, on both engines."""

import contextlib
import contextvars
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, text

from portal import create_app
from portal.commands.server import do_chores
from portal.commands.setup import prepare_database
from portal.settings import ROOT
from portal.store import db
from tests.bench import believing, counting, data, flags, satisfaction, standings, stars, verifying
from tests.bench.load import Ask, Cost, get, measure
from tests.postgres import QUICK, running

COMMUNITY = "990101001001"
COUNTY = "990101000000"
SIZES = ((1_000, 10_000), (100_000, 1_000_000))
"""Needs and ratings."""
ROUNDS, COUNT = 5, 200
VOTERS = 1000
DURABLE = QUICK | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    """Measure and print a table in Markdown, as in docs/performance.md."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    counting.main()
    believing.main()
    print(stars.report(), flush=True)
    flags.main()
    satisfaction.main()
    print("\n### Open Count\n\n" + verifying.report() + "\n" + standings.report(), flush=True)
    with tempfile.TemporaryDirectory() as folder, running(DURABLE) as postgres:
        for engine in ("sqlite", "postgresql"):
            flat: dict[str, list[float]] = {}
            for needs, ratings in SIZES:
                place = Path(folder, f"{engine}-{needs}")
                place.mkdir()
                url = f"sqlite:///{place}/portal.sqlite3" if engine == "sqlite" else postgres.database()
                for row in _rows(url, place, needs, ratings):
                    flat.setdefault(row.work, []).append(row.ours.cpu_ms)
                    print(row, flush=True)
            print("\nCPU at the larger size ÷ at the smaller one: ", end="")
            print(", ".join(f"{work} {cpu[1] / cpu[0]:.2f}" for work, cpu in flat.items()) + "\n", flush=True)


@dataclass(frozen=True)
class Row:
    """One line of the table: our page, and the bare ones beside it."""

    work: str
    queries: str
    ours: Cost
    same: Cost
    bare: Cost

    def __str__(self) -> str:
        o = self.ours
        return (
            f"| {self.work} | {self.queries} | {o.cpu_ms:.2f} | {o.rate:.0f} | {o.p50:.1f} / {o.p95:.1f} / {o.p99:.1f} / {o.longest:.0f} "
            f"| {self.bare.cpu_ms:.2f} | **{o.cpu_ms / self.bare.cpu_ms:.2f}** | {self.same.cpu_ms:.2f} | {o.cpu_ms / self.same.cpu_ms:.1f} |"
        )


def _rows(url: str, place: Path, needs: int, ratings: int) -> Iterator[Row]:
    app = create_app(data_dir=place, database_url=url, secret_key="bench", deliver=False, sms_sender="none")
    with app.app_context():
        prepare_database()
        data.fill(needs, ratings)
        tokens = data.sessions(VOTERS)
        _make_bare_table()
        do_chores()
        cookies = [_cookie(app, token) for token in tokens]
        proof = _csrf(app)
        counts = _queries(app, cookies[0], needs)
        db.engine.dispose()
    bodies = place / "bodies"
    bodies.mkdir()
    with _serving([str(ROOT / ".venv/bin/portal"), "serve", "--port"], _environment(url, place)) as (pid, port):
        item = f"/{COMMUNITY}/needs/{_listed(app, needs)}/"
        pages = {
            "list": (f"/{COMMUNITY}/needs/", ""),
            "need": (item, ""),
            "summary": (f"/{COUNTY}/summary/", cookies[0]),
        }
        for name, (path, cookie) in pages.items():
            (bodies / name).write_bytes(_body(port, path, cookie))
        (bodies / "post").write_bytes(b"")
        with _serving([sys.executable, "-m", "tests.bench.bare", url, str(bodies)], dict(os.environ)) as (
            bare_pid,
            bare_port,
        ):
            print(f"\n### {url.split(':')[0].split('+')[0]}, {needs:,} needs, {ratings:,} ratings\n")
            print(
                "| work | SQL | CPU ms | per s | ms p50 / p95 / p99 / max | bare CPU ms | ratio | same bytes CPU ms | ratio |"
            )
            print("|---|---|---|---|---|---|---|---|---|", flush=True)
            bare = {
                "list": get("/list?region=5"),
                "need": get(f"/item/{_listed(app, needs)}"),
                "summary": get("/list?region=5"),
            }
            for name, (path, cookie) in pages.items():
                yield _row(
                    name,
                    counts[name],
                    (pid, port, get(path, cookie)),
                    (bare_pid, bare_port, get(f"/same/{name}"), bare[name]),
                )
            bare_post = _bare_post(bare_port)
            for name, ask in (("vote", _vote(cookies, proof)), ("report", _report(cookies, proof))):
                yield _row(
                    name,
                    counts[name],
                    (pid, port, ask),
                    (bare_pid, bare_port, get("/same/post"), bare_post),
                    good=(303,),
                )


def _row(
    name: str, queries: str, ours: tuple[int, int, Ask], bare: tuple[int, int, Ask, Ask], good: tuple[int, ...] = (200,)
) -> Row:
    """Ours and the bare ones in turn, so that a drift of the machine meets all; the median round of each."""
    pid, port, ask = ours
    bare_pid, bare_port, same, kind = bare
    numbers = iter(range(10**9))
    runs: list[tuple[Cost, Cost, Cost]] = []
    for _ in range(ROUNDS):
        first = next(numbers) * COUNT
        mine = measure(pid, port, lambda c, n, first=first: ask(c, first + n), count=COUNT, clients=4, good=good)
        runs.append(
            (
                mine,
                measure(bare_pid, bare_port, same, count=COUNT, clients=4),
                measure(bare_pid, bare_port, kind, count=COUNT, clients=4, good=good),
            )
        )
    middle = [sorted(column, key=lambda cost: cost.cpu_ms)[ROUNDS // 2] for column in zip(*runs, strict=True)]
    return Row(name, queries, *middle)


def _vote(cookies: list[str], proof: tuple[str, str]) -> Ask:
    def ask(connection: http.client.HTTPConnection, number: int) -> int:
        body = urlencode({"csrf_token": proof[1], "option": number // len(cookies) % 3 + 1, "value": 1})
        return _post(connection, f"/{COMMUNITY}/votes/1/vote", body, cookies[number % len(cookies)])

    return ask


def _report(cookies: list[str], proof: tuple[str, str]) -> Ask:
    def ask(connection: http.client.HTTPConnection, number: int) -> int:
        body = urlencode(
            {
                "csrf_token": proof[1],
                "key": f"bench-key-{number:012}",
                "words": "楼道灯坏了，晚上老人上楼看不见",
                "behalf": "self",
            }
        )
        return _post(connection, f"/{COMMUNITY}/needs/report", body, cookies[number % len(cookies)])

    return ask


def _bare_post(port: int) -> Ask:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/insert")
    answer = connection.getresponse()
    token = answer.read().decode().partition('value="')[2].partition('"')[0]
    cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
    connection.close()
    body = urlencode({"csrf_token": token, "words": "楼道灯坏了，晚上老人上楼看不见"})
    return lambda c, n: _post(c, "/insert", body, cookie)


def _post(connection: http.client.HTTPConnection, path: str, body: str, cookie: str) -> int:
    connection.request("POST", path, body, FORM | {"Cookie": cookie, "Accept-Language": "zh-CN,zh;q=0.9"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _cookie(app, token: str) -> str:
    signer = app.session_interface.get_signing_serializer(app)
    return "portal=" + signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": "bench", "_permanent": True})


def _csrf(app) -> tuple[str, str]:
    """The session's side and the form's side of the proof that a form is ours."""
    return "bench", URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("bench")


def _queries(app, cookie: str, needs: int) -> dict[str, str]:
    """SQL statements a page, as the engine sees them."""
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cur, sql, *rest: seen.append(sql))
    client = app.test_client(use_cookies=False)
    proof = _csrf(app)
    headers = {"Cookie": cookie}
    item = _listed(app, needs)
    asks = {
        "list": lambda: client.get(f"/{COMMUNITY}/needs/"),
        "need": lambda: client.get(f"/{COMMUNITY}/needs/{item}/"),
        "summary": lambda: client.get(f"/{COUNTY}/summary/", headers=headers),
        "vote": lambda: client.post(
            f"/{COMMUNITY}/votes/1/vote", data={"csrf_token": proof[1], "option": 1, "value": 1}, headers=headers
        ),
        "report": lambda: client.post(
            f"/{COMMUNITY}/needs/report",
            data={"csrf_token": proof[1], "key": "k" * 20, "words": "楼道灯坏了"},
            headers=headers,
        ),
    }
    counts = {}
    for name, ask in asks.items():
        seen.clear()
        status = contextvars.Context().run(ask).status_code
        if status not in (200, 303):
            raise RuntimeError(f"{name}: {status}")
        counts[name] = str(sum(not sql.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")) for sql in seen))
    return counts


def _listed(app, needs: int) -> int:
    with app.app_context():
        return int(db.session.scalar(text("SELECT max(id) FROM need WHERE listed AND id <= :most"), {"most": needs}))


def _make_bare_table() -> None:
    from portal.store.engines import WRITING

    with db.engine.connect().execution_options(**WRITING) as connection:
        key = "INTEGER PRIMARY KEY" if db.engine.dialect.name == "sqlite" else "serial PRIMARY KEY"
        connection.execute(text(f"CREATE TABLE bare_row (id {key}, words text)"))
        connection.commit()


def _environment(url: str, place: Path) -> dict[str, str]:
    return dict(os.environ) | {
        "PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(place), "PORTAL_SECRET_KEY": "bench", "PORTAL_DELIVER": "0", "PORTAL_SMS_SENDER": "none",
    }  # fmt: skip


@contextlib.contextmanager
def _serving(command: list[str], environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A server on one core of its own; gives its process id and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    core = {min(os.sched_getaffinity(1))} if os.cpu_count() == 1 else {0}
    server = subprocess.Popen(
        [*command, str(port)], env=environment, cwd=ROOT, preexec_fn=lambda: os.sched_setaffinity(0, core)
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield server.pid, port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def _body(port: int, path: str, cookie: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Language": "zh-CN"} | ({"Cookie": cookie} if cookie else {}))
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


if __name__ == "__main__":
    main()
