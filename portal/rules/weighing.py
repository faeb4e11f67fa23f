"""How answers are weighed: by their age, by how many a group has, and with those who did not answer in mind.

Source: ratings F4, F5.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from portal.rules.scoring import Counts, Interval, checked, linear_score

HALF_LIFE = 180
"""Days after which a rating counts half."""
OLDEST = 1095
"""Days after which it no longer counts."""
FEWEST = 5
MOST_WEIGHT = 5


class Aged(NamedTuple):
    """The counts of grades as they weigh today: together they are worth `effective` ratings of today."""

    shares: tuple[float, float, float, float, float]
    effective: float

    @property
    def mean(self) -> float:
        return sum(score * share for score, share in zip((0, 25, 50, 75, 100), self.shares, strict=True))

    @property
    def counts(self) -> tuple[float, float, float, float, float]:
        """What goes into F1-F3."""
        one, two, three, four, five = (share * self.effective for share in self.shares)
        return (one, two, three, four, five)


def weight(age: int, half_life: int = HALF_LIFE) -> float:
    """What a rating of `age` days weighs. Source: ratings F4."""
    return 2.0 ** (-age / half_life) if age <= OLDEST else 0.0


def aged(counts: Iterable[tuple[int, Counts]], half_life: int = HALF_LIFE) -> Aged | None:
    """Counts of grades, each with its age in days, as they weigh today; None where nothing counts. Source: F4."""
    weighed, squares = [0.0] * 5, 0.0
    for age, found in counts:
        each = weight(age, half_life)
        squares += each * each * sum(found)
        for grade, count in enumerate(found):
            weighed[grade] += each * count
    total = sum(weighed)
    if not squares:
        return None
    one, two, three, four, five = (share / total for share in weighed)
    return Aged((one, two, three, four, five), total * total / squares)


class Stratum(NamedTuple):
    """A group of people, of whom some answered."""

    population: int
    answered: int
    mean: float
    variance: float


class Estimate(NamedTuple):
    """A mean and its standard error."""

    mean: float
    error: float


def stratum_of(population: int, counts: Iterable[int]) -> Stratum:
    """A group of `population` people whose answers have these counts of grades."""
    found = checked(counts)
    answered, mean = sum(found), linear_score(found)
    squares = sum(count * (score - mean) ** 2 for score, count in zip((0, 25, 50, 75, 100), found, strict=True))
    return Stratum(population, answered, mean, squares / (answered - 1) if answered > 1 else 0.0)


def post_stratified(strata: Sequence[Stratum]) -> Estimate:
    """The mean of all people, each group weighing what it has in people, not in answers. Source: ratings F5."""
    everyone = sum(one.population for one in strata)
    if not everyone or any(not 1 <= one.answered <= one.population for one in strata):
        raise ValueError("a group without answers, or with more answers than people: merge groups first")
    mean = sum(one.population * one.mean for one in strata) / everyone
    squares = sum(
        (one.population / everyone) ** 2 * (1 - one.answered / one.population) * one.variance / one.answered
        for one in strata
    )
    return Estimate(mean, sqrt(squares))


def merged(strata: Sequence[Stratum]) -> list[Stratum]:
    """The groups, with those merged that have under five answers or weigh over five times as much as others.

    The smallest one goes together with the next smallest until none is left. Source: ratings F5.
    """
    left = sorted((one for one in strata if one.population), key=lambda one: one.answered)
    while len(left) > 1 and (left[0].answered < FEWEST or _ratio(left) > MOST_WEIGHT):
        if left[0].answered >= FEWEST:
            left.sort(key=lambda one: one.answered / one.population)
        left = sorted([_together(left[0], left[1]), *left[2:]], key=lambda one: one.answered)
    return left


def _ratio(strata: Sequence[Stratum]) -> float:
    weights = [one.population / one.answered for one in strata]
    return max(weights) / min(weights)


def _together(one: Stratum, other: Stratum) -> Stratum:
    answered = one.answered + other.answered
    if not answered:
        return Stratum(one.population + other.population, 0, 0.0, 0.0)
    mean = (one.answered * one.mean + other.answered * other.mean) / answered
    squares = sum(
        max(part.answered - 1, 0) * part.variance + part.answered * (part.mean - mean) ** 2 for part in (one, other)
    )
    return Stratum(one.population + other.population, answered, mean, squares / max(answered - 1, 1))


def worst_case(share: float, rate: float) -> Interval:
    """What the share could be if all who said nothing were against it, or all for it. Source: ratings F5.

    Silence is never counted as "good"; this says how much it could change.
    """
    if not (0 <= share <= 1 and 0 <= rate <= 1):
        raise ValueError(f"a share of {share} at a rate of {rate}")
    return Interval(rate * share, rate * share + 1 - rate)
