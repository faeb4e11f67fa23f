"""How ratings become figures: scores with their uncertainty, and whether they change.

Counts are for grades 1 to 5, in this order. Source: ratings F1-F3, F8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isfinite, sqrt
from statistics import NormalDist

Counts = tuple[int, int, int, int, int]
"""Ratings of grade 1, 2, 3, 4, 5."""
Mix = tuple[float, float, float, float, float]
"""Shares of the grades 1 to 5, together 1."""

SCORES = (0, 25, 50, 75, 100)
DEFAULT_MIX: Mix = (0.03, 0.05, 0.12, 0.32, 0.48)
ENOUGH_FOR_MIX = 200
Z_84 = NormalDist().inv_cdf(0.92)
"""Half the width, in standard deviations, of the 84 % intervals by which neighbours are told apart. Source: F9."""


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """A score of 0 to 100, its standard deviation, and the interval in which the true one is thought to lie."""

    mean: float
    sd: float
    low: float
    high: float


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"
    """Too few ratings to say anything."""


@dataclass(frozen=True)
class Trend:
    """How much higher the linear score is than before, in points; z and p of Welch's test."""

    difference: float
    z: float
    p: float
    direction: Direction


def linear_score(counts: Iterable[int]) -> float:
    """The mean of the grades as 0, 25, 50, 75, 100 points. Raises ValueError without ratings. Source: ratings F1."""
    found = checked(counts)
    total = sum(found)
    if not total:
        raise ValueError("no ratings, no score")
    return sum(score * count for score, count in zip(SCORES, found, strict=True)) / total


def effective_n(n: int, population: int) -> float:
    """What `n` answers of a `population` count for: nearly all asked is nearly certain. Source: ratings F2."""
    if not 1 <= n <= population:
        raise ValueError(f"{n} answers of {population} people")
    return inf if n == population else n * (population - 1) / (population - n)


def wilson(satisfied: int, n: int, *, confidence: float = 0.95, population: int | None = None) -> Interval:
    """The interval of a share of `satisfied` of `n` answers; narrower where the whole `population` is small.

    Source: ratings F2.
    """
    if not 0 <= satisfied <= n or n < 1:
        raise ValueError(f"{satisfied} of {n} answers")
    z = _z(confidence)
    share = satisfied / n
    counted = effective_n(n, population) if population is not None else float(n)
    if not isfinite(counted):
        return Interval(share, share)
    centre = (share + z * z / (2 * counted)) / (1 + z * z / counted)
    half = z / (1 + z * z / counted) * sqrt(share * (1 - share) / counted + z * z / (4 * counted * counted))
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def mix_of(counts: Iterable[int]) -> Mix:
    """The grade mix of all providers of a kind; the default one where they have under 200 ratings.

    Source: ratings F3.
    """
    one, two, three, four, five = checked(counts)
    total = one + two + three + four + five
    if total < ENOUGH_FOR_MIX:
        return DEFAULT_MIX
    return (one / total, two / total, three / total, four / total, five / total)


def provider_score(
    counts: Iterable[float], mix: Mix = DEFAULT_MIX, *, weight: float = 5, confidence: float = 0.95
) -> Score:
    """A provider's score as if `weight` more ratings in the usual `mix` had come, so that few ratings say little.

    Source: ratings F3 (posterior mean and normal interval of a Dirichlet-multinomial).
    """
    if weight < 0 or len(mix) != 5 or min(mix) < 0 or abs(sum(mix) - 1) > 1e-6:
        raise ValueError(f"no grade mix: {mix} with weight {weight}")
    found = tuple(counts)
    if len(found) != 5 or any(isinstance(count, bool) or not 0 <= count < inf for count in found):
        raise ValueError(f"no counts of five grades: {found}")
    total = sum(found) + weight
    if not total:
        raise ValueError("no ratings, no score")
    shares = [(count + weight * usual) / total for count, usual in zip(found, mix, strict=True)]
    mean = sum(score * share for score, share in zip(SCORES, shares, strict=True))
    squares = sum(score * score * share for score, share in zip(SCORES, shares, strict=True))
    sd = sqrt(max(0.0, squares - mean * mean) / (total + 1))
    z = _z(confidence)
    return Score(mean, sd, max(0.0, mean - z * sd), min(100.0, mean + z * sd))


def trend(before: Iterable[int], recent: Iterable[int]) -> Trend:
    """Whether `recent` ratings differ from those `before`.

    Up or down only if both have 20 ratings, the difference is 3 points, and chance would seldom make it
    (|z| ≥ 1.96); under 20 nothing is said. Source: ratings F8.
    """
    then, now = checked(before), checked(recent)
    if min(sum(then), sum(now)) < 2:
        return Trend(0.0, 0.0, 1.0, Direction.UNKNOWN)
    difference = linear_score(now) - linear_score(then)
    error = sqrt(_variance(then) / sum(then) + _variance(now) / sum(now))
    z = difference / error if error else (inf if difference > 0 else -inf if difference < 0 else 0.0)
    p = 2 * NormalDist().cdf(-abs(z)) if isfinite(z) else 0.0
    return Trend(difference, z, p, _direction(min(sum(then), sum(now)), difference, z))


def _direction(n: int, difference: float, z: float) -> Direction:
    if n < 20:
        return Direction.UNKNOWN
    if abs(difference) < 3 or abs(z) < 1.96:
        return Direction.UNCLEAR
    return Direction.UP if difference > 0 else Direction.DOWN


def shared_places(scores: Sequence[tuple[float, float]]) -> list[int]:
    """Places of (mean, sd) in their order; neighbours whose 84 % intervals overlap share one. Source: ratings F9."""
    places: list[int] = []
    for place, (mean, sd) in enumerate(scores, 1):
        before_mean, before_sd = scores[place - 2] if place > 1 else (mean, sd)
        shares = place > 1 and abs(mean - before_mean) <= Z_84 * (sd + before_sd)
        places.append(places[-1] if shares else place)
    return places


def _variance(counts: Counts) -> float:
    """Sample variance of the points; needs two ratings."""
    mean = linear_score(counts)
    squares = sum(count * (score - mean) ** 2 for score, count in zip(SCORES, counts, strict=True))
    return squares / (sum(counts) - 1)


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def checked(counts: Iterable[int]) -> Counts:
    """`counts` as five whole numbers that can be counts. Raises ValueError."""
    found = tuple(counts)
    if len(found) != 5 or any(not isinstance(count, int) or isinstance(count, bool) or count < 0 for count in found):
        raise ValueError(f"no counts of five grades: {found}")
    return found
