"""Elections for tests: written by hand in short, or made by Hypothesis."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from portal.rules.elections import BallotKind, Election, Project

PABULIB = Path(__file__).parents[3] / "shared/data/pabulib"


def election(budget, costs, *ballots, kind=BallotKind.APPROVAL, **more):
    """`election(100, {"a": 60}, (3, "a"), (2, "a b"))`: three voters for a, two for a and b."""
    found = Counter()
    for times, text in ballots:
        words = text.split() if isinstance(text, str) else text
        found[tuple(words)] += times
    return Election(BallotKind(kind), budget, tuple(Project(key, cost) for key, cost in costs.items()), found, **more)


@dataclass(frozen=True)
class Made:
    """The same election for the engine, and voter by voter for the reference."""

    kind: str
    budget: int
    costs: dict
    ballots: tuple
    lot: dict
    conflicts: tuple
    out: frozenset

    def election(self, ballots=None, projects=None):
        costs = self.costs.items() if projects is None else projects
        return Election(
            BallotKind(self.kind),
            self.budget,
            tuple(Project(key, cost) for key, cost in costs),
            Counter(self.ballots if ballots is None else ballots),
            self.conflicts,
            self.lot,
            self.out,
        )


@st.composite
def made(draw, kinds=tuple(BallotKind), costs=None, conflicts=False):
    """Small elections in which ties, equal costs and costs of 0 are usual."""
    kind = draw(st.sampled_from(kinds))
    keys = [str(number) for number in range(1, draw(st.integers(1, 6)) + 1)]
    money = st.one_of(st.integers(0, 12), st.integers(0, 10**9), st.just(10**30)) if costs is None else costs
    priced = {key: draw(money) for key in keys}
    budget = draw(st.one_of(st.just(0), st.integers(0, 40), st.integers(0, 2 * max(1, *priced.values()))))
    ballots = tuple(draw(st.lists(_ballot(kind, keys), max_size=9)))
    lot = dict(zip(draw(st.permutations(keys)), range(len(keys)), strict=True))
    clashes = draw(st.lists(st.frozensets(st.sampled_from(keys)), max_size=2)) if conflicts else ()
    out = draw(st.frozensets(st.sampled_from(keys), max_size=1))
    return Made(kind.value, budget, priced, ballots, lot, tuple(clashes), out)


def _ballot(kind, keys):
    if kind is BallotKind.CUMULATIVE:
        shares = st.dictionaries(st.sampled_from(keys), st.integers(1, 5))
        return shares.map(lambda given: tuple(sorted(given.items())))
    most = 1 if kind is BallotKind.CHOOSE_1 else len(keys)
    chosen = st.lists(st.sampled_from(keys), unique=True, max_size=most)
    return chosen.map(tuple if kind is BallotKind.ORDINAL else lambda keys: tuple(sorted(keys)))
