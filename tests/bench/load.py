"""Ask a server many times and say what each answer cost."""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What requests cost: CPU milliseconds of the server each, requests a second, and waiting in milliseconds."""

    cpu_ms: float
    rate: float
    p50: float
    p95: float
    p99: float
    longest: float


Ask = Callable[[http.client.HTTPConnection, int], int]
"""Makes the n-th request on a connection and gives the status of its answer."""


def measure(pid: int, port: int, ask: Ask, *, count: int, clients: int, good: tuple[int, ...] = (200,)) -> Cost:
    """Make `count` requests from `clients` connections. Raises RuntimeError on an answer that is not `good`."""
    waits: list[float] = []
    failures: list[str] = []
    numbers = iter(range(count))
    guard = threading.Lock()

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with guard:
                number = next(numbers, None)
            if number is None or failures:
                return connection.close()
            begun = time.perf_counter()
            status = ask(connection, number)
            waits.append((time.perf_counter() - begun) * 1000)
            if status not in good:
                failures.append(f"answer {status}")

    before, begun = _cpu(pid), time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    elapsed, cpu = time.perf_counter() - begun, _cpu(pid) - before
    cuts = statistics.quantiles(waits, n=100)
    return Cost(cpu * 1000 / count, count / elapsed, cuts[49], cuts[94], cuts[98], max(waits))


def _cpu(pid: int) -> float:
    """CPU seconds that a process has used, all its threads, its kernel time too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def get(path: str, cookie: str = "") -> Ask:
    headers = {"Accept-Language": "zh-CN,zh;q=0.9"} | ({"Cookie": cookie} if cookie else {})

    def ask(connection: http.client.HTTPConnection, number: int) -> int:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask
