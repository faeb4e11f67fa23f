"""How long it takes to count, and how much memory: `python -m tests.bench.counting`, part of `make bench`.

Each count runs in a process of its own. Ballots are made with a seed, about 12 approvals of 150 projects each.
"""

import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

from portal.rules import pabulib
from portal.rules.counting import Completion, Method, Rule, count
from portal.rules.elections import BallotKind, Election, Project
from tests.rules.elections_made import PABULIB

SIZES = (100_000, 1_000_000)
PROJECTS = 150
REAL = ("Poland_Lodz_2022.pb", "Netherlands_Amsterdam_252.pb")


def main() -> None:
    """Print the table, in Markdown."""
    print("\n### Counting (CPU seconds; MB at the peak, with the ballots themselves)\n")
    print(
        "| ballots | rule | grouping s | count s | MB before | MB at the peak |\n|---|---|---|---|---|---|", flush=True
    )
    for what in (*map(str, SIZES), *(name for name in REAL if (PABULIB / name).exists())):
        for rule in (Rule.GREEDY, Rule.EQUAL_SHARES) if what.isdigit() else (Rule.EQUAL_SHARES,):
            environment = dict(os.environ) | {"PYTHONHASHSEED": "0"}
            subprocess.run(
                [sys.executable, "-m", "tests.bench.counting", what, rule.value], check=True, env=environment
            )


def measure(what: str, rule: str) -> None:
    """One row: a made election of so many ballots, or a real file with Add1."""
    begun = time.process_time()
    if what.isdigit():
        ballots = list(_ballots(int(what)))
        begun = time.process_time()
        election = _election(ballots)
        del ballots
    else:
        election = pabulib.election_of(pabulib.read((PABULIB / what).read_text("utf-8"))).election
    grouped = time.process_time()
    before = _peak()
    completion = Completion.NONE if what.isdigit() else Completion.ADD1
    outcome = count(election, Method(Rule(rule), completion=completion))
    done = time.process_time()
    said = f"{rule} {completion.value}, {len(outcome.winners)} win"
    print(f"| {what} | {said} | {grouped - begun:.2f} | {done - grouped:.2f} | {before} | {_peak()} |", flush=True)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _ballots(many: int) -> Iterator[tuple[str, ...]]:
    """Some projects are twelve times as popular as others."""
    rolled = random.Random(many)
    keys = [str(number) for number in range(1, PROJECTS + 1)]
    weights = [1 / (number + 3) ** 0.5 for number in range(PROJECTS)]
    for _ in range(many):
        size = max(1, min(25, round(rolled.gauss(12.7, 3))))
        yield tuple(sorted(set(rolled.choices(keys, weights, k=size))))


def _election(ballots: list[tuple[str, ...]]) -> Election:
    rolled = random.Random(PROJECTS)
    projects = [Project(str(number), rolled.randrange(50_000, 2_000_000)) for number in range(1, PROJECTS + 1)]
    budget = sum(one.cost for one in projects) // 3
    return Election(BallotKind.APPROVAL, budget, tuple(projects), Counter(ballots))


if __name__ == "__main__":
    measure(*sys.argv[1:]) if len(sys.argv) > 1 else main()
