"""What a provider's page, a tap on a face and a release of figures cost with 10,000 and with 10,000,000 ratings.

`python -m tests.bench.satisfaction [largest]` prints it as Markdown, on SQLite and on PostgreSQL.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, text

from portal import create_app
from portal.commands.setup import prepare_database
from portal.ratings.models import ServiceRecord, Ticket
from portal.ratings.queries import ticket_hash
from portal.ratings.releasing import release_ratings
from portal.store import action, db
from portal.store.clock import now, today
from tests.bench import data
from tests.postgres import QUICK, running

SMALL, LARGE = 10_000, 10_000_000
ROUNDS, TAPS = 200, 200
HERE = "/990101000000/providers/"
FILLING = {
    "sqlite": "WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < :count - 1) ",
    "postgresql": "WITH counted AS (SELECT generate_series(0, :count - 1) AS n) ",
}
HEX = {"sqlite": "printf('%064x', n)", "postgresql": "lpad(to_hex(n), 64, '0')"}
RATINGS = (
    "INSERT INTO rating (key, provider_id, region_id, category, outcome, channel, by_staff, grade, reasons, words, "
    "writer, rated_on, rater, inviter, device, early, settled, batch_id) {filling} SELECT {key}, batch.provider_id, 5, "
    "'0401', 'delivered', 'sms', false, 1 + n % 5, '[]', '', '', batch.released_on, '', '', '', false, true, batch.id "
    "FROM counted JOIN rating_batch AS batch ON batch.id = 1 + n / {size} ORDER BY n"
)
WORK = ("the provider's page", "its figures by place", "the list", "a tap on a face", "nothing to release")


def main() -> None:
    """Print a table for each engine: milliseconds at the two sizes, and how much slower the larger one is."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    durable = QUICK | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
    with tempfile.TemporaryDirectory() as folder, running(durable) as postgres:
        for engine in ("sqlite", "postgresql"):
            sites = []
            for count in (SMALL, largest):
                place = Path(folder, f"{engine}-{count}")
                place.mkdir()
                sites.append(_filled(place, "" if engine == "sqlite" else postgres.database(), count))
            print(
                f"\n### {engine}\n\n| work, ms | {SMALL:,} ratings | {largest:,} ratings | ratio |\n|---|---|---|---|"
            )
            for work in WORK:
                small, large = _taken(sites, work)
                print(f"| {work} | {small:.2f} | {large:.2f} | **{large / small:.2f}** |", flush=True)
            for site in sites:
                with site.app.app_context():
                    db.engine.dispose()


@dataclass(frozen=True)
class Site:
    """A site that is full, and what is done there again and again."""

    app: Flask
    work: dict[str, Callable[[int], object]]


def _filled(place: Path, url: str, count: int) -> Site:
    app = create_app(data_dir=place, database_url=url, secret_key="bench", deliver=False, sms_sender="none")
    with app.app_context():
        prepare_database()
        began = time.perf_counter()
        data.fill(10, count)
        _fill_ratings(count)
        tokens = _links(TAPS)
        _analyse()
        print(f"{count:,} ratings made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        release_ratings()
        db.session.remove()
    client = app.test_client(use_cookies=False)
    return Site(
        app,
        {
            "the provider's page": lambda n: _get(client, f"{HERE}{1 + n % 10}/"),
            "its figures by place": lambda n: _get(client, f"{HERE}{1 + n % 10}/figures?by=place"),
            "the list": lambda n: _get(client, HERE),
            "a tap on a face": _tapping(app, client, tokens),
            "nothing to release": lambda n: release_ratings(),
        },
    )


def _taken(sites: Sequence[Site], work: str) -> list[float]:
    """Median milliseconds of each site, asked in turn, so that whoever else is at work on the machine slows all."""
    taken: list[list[float]] = [[] for _ in sites]
    for number in range(ROUNDS):
        for site, found in zip(sites, taken, strict=True):
            with site.app.app_context():
                began = time.perf_counter()
                site.work[work](number)
                found.append(1000 * (time.perf_counter() - began))
    return [median(found) for found in taken]


@action
def _fill_ratings(count: int) -> None:
    """As many ratings, each in a batch, as there are batches for."""
    engine = db.engine.dialect.name
    batches = db.session.scalar(text("SELECT count(*) FROM rating_batch")) or 1
    size = max(1, -(-count // batches))
    said = RATINGS.format(filling=FILLING[engine], key=HEX[engine], size=size)
    db.session.execute(text(said), {"count": count})
    if (made := db.session.scalar(text("SELECT count(*) FROM rating"))) != count:
        raise RuntimeError(f"{made} of {count} ratings")


@action
def _links(count: int) -> list[str]:
    tokens = [secrets.token_urlsafe(18) for _ in range(count)]
    same = {"provider_id": 1, "region_id": 5, "category": "0401", "outcome": "delivered", "served_on": today()}
    rows = [same | {"key": token, "recorded_at": now(), "recorded_by_id": 1} for token in tokens]
    ids = db.session.scalars(insert(ServiceRecord).returning(ServiceRecord.id, sort_by_parameter_order=True), rows)
    asked = [
        {"hash": ticket_hash(token), "service_id": number, "channel": "sms", "rater": "", "until": today()}
        for token, number in zip(tokens, ids, strict=True)
    ]
    db.session.execute(insert(Ticket), asked)
    return tokens


@action
def _analyse() -> None:
    db.session.execute(text("ANALYZE"))


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")


def _tapping(app: Flask, client: FlaskClient, tokens: list[str]) -> Callable[[int], None]:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = "portal=" + signer.dumps({"csrf_token": "bench"})
    proof = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps("bench")

    def tap(number: int) -> None:
        answer = client.post(
            f"/rate/{tokens[number]}", data={"csrf_token": proof, "grade": 4}, headers={"Cookie": cookie}
        )
        if answer.status_code != 303:
            raise RuntimeError(f"a tap: {answer.status_code}")

    return tap


if __name__ == "__main__":
    main()
