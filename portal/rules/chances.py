"""How likely something is by chance alone, as far as the flags need it. Source: ratings F10, F11."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, log1p, pi, sqrt

Five = Sequence[int]
"""Ratings of grade 1, 2, 3, 4, 5."""
DAYS = 28
"""Days before, by which a day is measured. Source: ratings F10."""


@dataclass(frozen=True)
class Shift:
    """How far two grade mixes differ: the statistic, its degrees of freedom, and the chance of it."""

    g: float
    df: int
    p: float


def burst_p(ratings: int, before: Sequence[int]) -> float:
    """How likely a day has so many `ratings` or more, if it is like the days `before`. Source: ratings F10."""
    days, total = len(before), sum(before)
    mean = total / days
    variance = sum((one - mean) ** 2 for one in before) / (days - 1)
    spread = max(0.0, (variance - mean) / mean**2) if total else 0.0
    return nb_at_least(ratings, 1 / (1 / (total + 0.5) + spread), (total + 0.5) / days)


def nb_at_least(k: int, size: float, mean: float) -> float:
    """P(X ≥ k) of a negative binomial with this `mean`; `size` r: its variance is mean + mean²/r."""
    if k <= 0:
        return 1.0
    more = mean / (size + mean)
    if k <= mean:
        return 1.0 - sum(_nb(j, size, more) for j in range(k))
    term, tail, j = _nb(k, size, more), 0.0, k
    while term > tail * 1e-17:
        tail += term
        term *= (j + size) / (j + 1) * more
        j += 1
    return min(1.0, tail)


def _nb(j: int, size: float, more: float) -> float:
    return exp(lgamma(j + size) - lgamma(size) - lgamma(j + 1) + size * log1p(-more) + j * log(more))


def shift(observed: Five, usual: Five) -> Shift:
    """Whether two lots of ratings have the same grade mix; grades that nobody gave do not count. Source: F11."""
    table = [(here, there) for here, there in zip(observed, usual, strict=True) if here + there]
    sums = (sum(observed), sum(usual))
    if not all(sums):
        return Shift(0.0, 0, 1.0)
    g = 2 * sum(
        count * log(count * sum(sums) / (whole * sum(pair)))
        for pair in table
        for count, whole in zip(pair, sums, strict=True)
        if count
    )
    return Shift(max(0.0, g), len(table) - 1, chi_square_above(max(0.0, g), len(table) - 1))


def chi_square_above(x: float, df: int) -> float:
    """P(X ≥ x) of a chi-square with at most four degrees of freedom."""
    even = exp(-x / 2)
    odd = erfc(sqrt(x / 2))
    return (1.0, odd, even, odd + sqrt(2 * x / pi) * even, even * (1 + x / 2))[df]


def at_most(k: int, n: int, share: float) -> float:
    """P(X ≤ k) of `n` draws, each with a chance of `share`."""
    return min(1.0, sum(_binomial(j, n, share) for j in range(min(k, n) + 1)))


def at_least(k: int, n: int, share: float) -> float:
    """P(X ≥ k) of `n` draws, each with a chance of `share`."""
    return at_most(n - k, n, 1 - share)


def _binomial(j: int, n: int, share: float) -> float:
    if share in (0.0, 1.0):
        return float(j == n * share)
    return exp(lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1) + j * log(share) + (n - j) * log1p(-share))
