"""How long the standings of a vote of 100,000 ballots take the database, and how long and how much its log and sealing.

`python -m tests.bench.standings` prints it as Markdown.
"""

import random
import resource
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event, insert, update

from portal import create_app
from portal.commands.setup import prepare_database
from portal.rolls.models import RollEntry
from portal.rules.elections import BallotKind
from portal.rules.rolls import EntrySource, EntryState
from portal.store import action, clock, db
from portal.voting import log, sealing
from portal.voting.forgetting import clean
from portal.voting.keys import handle_of
from portal.voting.models import Ballot, LedgerEntry, Round
from portal.voting.publishing import bundle_file
from portal.voting.rounds import freeze_round
from portal.voting.sealing import log_batch, seal_round
from tests import builders
from tests.postgres import QUICK, running

BALLOTS = 100_000
OPTIONS, MOST = 6, 3
ROUNDS = 9


def report(ballots: int = BALLOTS) -> str:
    """Lines of Markdown, one for each engine and form of publishing."""
    durable = QUICK | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
    cases = [(engine, publish) for engine in ("sqlite", "postgresql") for publish in ("ballots", "marks")]
    with running(durable) as postgres, ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as apart:
        urls = [postgres.database() if engine == "postgresql" else "" for engine, _ in cases]
        told = apart.map(_case, urls, [publish for _, publish in cases], [ballots] * len(cases))
        return "\n".join(f"{engine}, {publish}: {words}" for (engine, publish), words in zip(cases, told, strict=True))


def _case(url: str, publish: str, ballots: int) -> str:
    """One case, in a process of its own, whose memory is measured."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(data_dir=Path(folder), database_url=url, secret_key="bench", deliver=False, sms_sender="none")
        with app.app_context():
            prepare_database()
            words = _measured(ballots, publish)
            db.session.remove()
            db.engine.dispose()
    return words


def _measured(ballots: int, publish: str) -> str:
    village = builders.a_region_tree().villages[0]
    project = builders.a_project(village, designs=OPTIONS)
    round_ = builders.an_open_round(project, publish=publish, ballot=BallotKind.CHOOSE_K, most=MOST)
    _fill_roll(village.id, ballots)
    frozen = _took(lambda: freeze_round(round_))
    _fill_ballots(round_, ballots)
    with db.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("ANALYZE") if db.engine.dialect.name == "sqlite" else raw.execute(
            "COMMIT; BEGIN READ WRITE; ANALYZE; COMMIT"
        )
    standings = median(_sql_ms(lambda: sealing._patterns(round_)) for _ in range(ROUNDS))
    logged = _took(lambda: log_batch(round_))
    small = _small_batch(round_)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with builders.at(round_.closes_at), _heard() as spent:
        sealed = _took(lambda: seal_round(round_))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cleaned = _took(clean)
    published = _took(lambda: bundle_file(round_))
    return (
        f"standings {standings:.0f} ms of SQL; roll frozen in {frozen:.1f} s; {ballots:,} ballots logged in one batch {logged:.1f} s, "
        f"a batch of ten on top of them {1000 * small:.0f} ms; sealed in {sealed:.1f} s ({len(spent)} statements), "
        f"{peak / 1024:.0f} MB at most ({before / 1024:.0f} MB before); files cleaned in {cleaned:.1f} s; bundle made in {published:.1f} s "
        f"({bundle_file(round_).stat().st_size / 1e6:.1f} MB gzipped)"
    )


def _took(deed: Callable[[], Any]) -> float:
    start = time.perf_counter()
    assert deed()
    return time.perf_counter() - start


@action
def _fill_roll(region_id: int, people: int) -> None:
    same = {
        "region_id": region_id,
        "shown": "王**",
        "state": EntryState.ACTIVE.value,
        "source": EntrySource.IMPORT.value,
    }
    rows = [
        same | {"identity_hash": f"{number:064}", "added_at": clock.now() - timedelta(days=30)}
        for number in range(people)
    ]
    for some in log.chunks(rows):
        db.session.execute(insert(RollEntry), some)


@action
def _fill_ballots(round_: Round, ballots: int) -> None:
    chance = random.Random(1)
    numbers = list(db.session.scalars(db.select(LedgerEntry.number).order_by(LedgerEntry.number).limit(ballots)))
    chance.shuffle(numbers)
    rows = []
    for number in numbers:
        chosen = sorted(chance.sample(range(1, OPTIONS + 1), chance.randint(1, MOST)))
        rows.append(
            {
                "round_id": round_.id, "handle": handle_of(round_, number), "region_id": round_.region_id,
                "code": f"{secrets.randbelow(10**16):016}", "secret": secrets.token_hex(32),
                "marks": {str(one): [1, 1] for one in chosen}, "turn": len(chosen), "choices": ",".join(map(str, chosen)), "leaves": {}, "trail": [],
            }
        )  # fmt: skip
    for some in log.chunks(rows):
        db.session.execute(insert(Ballot), some)
    marked = update(LedgerEntry).where(LedgerEntry.round_id == round_.id, LedgerEntry.number <= max(numbers))
    db.session.execute(marked.values(voted=True, road="phone"), execution_options={"synchronize_session": False})


def _small_batch(round_: Round) -> float:
    @action
    def append() -> bool:
        log.append(round_, [f"{number:064}" for number in range(10)])
        db.session.flush()
        db.session.rollback()
        return True

    return _took(append)


@contextmanager
def _heard() -> Iterator[list[float]]:
    """The seconds that each statement inside took the database."""
    spent: list[float] = []

    def begin(connection: Any, *_: Any) -> None:
        connection.info["began"] = time.perf_counter()

    def end(connection: Any, *_: Any) -> None:
        spent.append(time.perf_counter() - connection.info["began"])

    event.listen(db.engine, "before_cursor_execute", begin)
    event.listen(db.engine, "after_cursor_execute", end)
    try:
        yield spent
    finally:
        event.remove(db.engine, "before_cursor_execute", begin)
        event.remove(db.engine, "after_cursor_execute", end)


def _sql_ms(query: Callable[[], Any]) -> float:
    """Milliseconds from the statement to its last row; SQLite works while rows are fetched, so both are measured."""
    start = time.perf_counter()
    query()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    print(report())
