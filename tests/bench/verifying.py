"""How long it takes to count a vote of 100,000 ballots again with static/verify/verify.py."""

import gzip
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.verify import making

BALLOTS = 100_000


def report(ballots: int = BALLOTS) -> str:
    """A line of Markdown: size of the file, and the CPU seconds of the program, its start and reading among them."""
    text = making.published(making.a_vote(kind="choose-k", form="ballots", voters=ballots, options=20))
    with TemporaryDirectory() as folder:
        path = Path(folder, "bundle.json")
        path.write_text(text, "utf-8")
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, str(making.VERIFIER), str(path)], check=True, stdout=subprocess.DEVNULL)
        passed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size, packed = len(text) / 1e6, len(gzip.compress(text.encode(), 6)) / 1e6
    return (
        f"Recount of {ballots:,} ballots by verify.py: {cpu:.2f} s CPU, {passed:.2f} s on the clock, "
        f"{after.ru_maxrss / 1024:.0f} MB; the file has {size:.1f} MB, {packed:.1f} MB compressed"
    )


if __name__ == "__main__":
    print(report())
