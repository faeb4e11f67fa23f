"""How far published figures can be believed, simulated: does the interval cover, can one person be worked out.

`python -m tests.bench.believing` prints what stands in docs/satisfaction.md.
"""

from collections.abc import Sequence
from random import Random

from portal.rules.scoring import DEFAULT_MIX, SCORES, Mix, provider_score
from tests.ratings.released import LiveSite, Site, a_year, recovered, singled_out, watched

SEED = 20261122
PROVIDERS = 40_000
SPREAD = 12
"""How much alike the providers of a kind are: their grade mixes are drawn around the usual one with this weight."""
SIZES = (10, 30, 100)
WEIGHTS = (0, 5, 10, 20)


def main() -> None:
    """Print coverage and the attacker's year as Markdown."""
    print(coverage_table())
    print(attack_table())


def coverage_table() -> str:
    rows = ["| m | " + " | ".join(f"n = {n}" for n in SIZES) + " |", "|---|" + "---|" * len(SIZES)]
    for weight in WEIGHTS:
        shares = [f"{100 * coverage(n, weight):.1f} %" for n in SIZES]
        rows.append(f"| {weight} | " + " | ".join(shares) + " |")
    return "\n".join(rows)


def coverage(n: int, weight: float, providers: int = PROVIDERS, spread: float = SPREAD, seed: int = SEED) -> float:
    """In how many of the providers the interval of F3 holds the score that everyone's answer would give."""
    chance = Random(f"{seed} {n}")
    covered = 0
    for _ in range(providers):
        mix = a_mix(chance, DEFAULT_MIX, spread)
        truth = sum(score * share for score, share in zip(SCORES, mix, strict=True))
        score = provider_score(drawn(chance, mix, n), weight=weight)
        covered += score.low <= truth <= score.high
    return covered / providers


def a_mix(chance: Random, usual: Mix, spread: float) -> tuple[float, ...]:
    """The true grade mix of one provider among those of its kind (Dirichlet)."""
    parts = [chance.gammavariate(spread * share, 1) for share in usual]
    return tuple(part / sum(parts) for part in parts)


def drawn(chance: Random, mix: Sequence[float], n: int) -> tuple[int, ...]:
    answers = chance.choices(range(5), mix, k=n)
    return tuple(answers.count(grade) for grade in range(5))


def attack_table() -> str:
    rows = [
        "| ratings a day | given | recovered from batches | from live figures, k = 10 | k = 5 |",
        "|---|---|---|---|---|",
    ]
    for a_day in (0.3, 0.6, 1.5, 3.0):
        year = list(a_year(SEED, a_day))
        found = [len(recovered(*watched(site, year))) for site in (Site(), LiveSite(10), LiveSite(5))]
        given = sum(len(came) for _, came in year)
        rows.append(f"| {a_day} | {given} | " + " | ".join(str(one) for one in found) + " |")
    year = list(a_year(SEED, 0.8))
    alone = [len(singled_out(watched(site, year)[0])) for site in (Site(), LiveSite(10))]
    rows.append(f"\nBy elimination over all sums of a year: {alone[0]} from batches, {alone[1]} from live figures.")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
