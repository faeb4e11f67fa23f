"""How often stars change although nothing does: ours beside plain cuts, in a seeded simulation. Source: ratings F7.

`python -m tests.bench.stars` prints it as Markdown.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise

from portal.rules.scoring import Counts, provider_score
from portal.rules.stars import Seen, StarRules, next_stars, plain_stars

RULES = StarRules()
YEARS = 10
MIXES = ((0.03, 0.05, 0.12, 0.32, 0.48), (0.30, 0.25, 0.20, 0.15, 0.10), (0.0, 0.01, 0.04, 0.20, 0.75))
"""Usual, poor and good; a provider's own mix lies between two of them."""


@dataclass(frozen=True)
class Changes:
    """Changes of stars in a provider-year, by our rule and by the plain cuts."""

    ours: float
    plain: float
    provider_years: int


def simulate(providers: int, a_quarter: int, seed: int, years: int = YEARS) -> Changes:
    """Providers of constant quality, with `a_quarter` ratings a quarter, rated on the year before each quarter's end."""
    chance = random.Random(seed)
    ours = plain = 0
    for _ in range(providers):
        quarters = _ratings(chance, _mix(chance), a_quarter, 4 * years + 4)
        seen = [_seen(quarters[end - 4 : end]) for end in range(4, len(quarters) + 1)]
        ours += _changes(list(accumulate(seen, _next, initial=0))[1:])
        plain += _changes([plain_stars(one.score, RULES.cuts) for one in seen])
    return Changes(ours / (providers * years), plain / (providers * years), providers * years)


def _mix(chance: random.Random) -> list[float]:
    one, other = chance.sample(MIXES, 2)
    part = chance.random()
    return [part * a + (1 - part) * b for a, b in zip(one, other, strict=True)]


def _ratings(chance: random.Random, mix: list[float], a_quarter: int, quarters: int) -> list[list[int]]:
    return [chance.choices(range(5), mix, k=a_quarter) for _ in range(quarters)]


def _seen(quarters: list[list[int]]) -> Seen:
    grades = [grade for quarter in quarters for grade in quarter]
    one, two, three, four, five = (grades.count(grade) for grade in range(5))
    counts: Counts = (one, two, three, four, five)
    score = provider_score(counts)
    points, sd = round(100 * score.mean), round(100 * score.sd)
    return Seen(points, sd, len(grades), points, sd)


def _next(before: int, seen: Seen) -> int:
    return next_stars(seen, before, RULES).stars


def _changes(stars: list[int]) -> int:
    return sum(one != other for one, other in pairwise(stars))


def report(run: Callable[..., Changes] = simulate) -> str:
    """Lines of Markdown."""
    lines = [
        "| ratings a quarter | provider-years | seed | changes a year, ours | plain cuts |",
        "|---|---|---|---|---|",
    ]
    for a_quarter, seed in ((8, 1), (15, 2), (30, 3), (75, 4)):
        one = run(1000, a_quarter, seed)
        lines.append(f"| {a_quarter} | {one.provider_years:,} | {seed} | {one.ours:.2f} | {one.plain:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
