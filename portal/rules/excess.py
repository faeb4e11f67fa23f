"""Whether more best ratings came than the services recorded explain. Source: ratings F10, F11 (shares, not days).

Whoever makes up good ratings has to record a service for each, and each of them is answered, with the best grade. Of
honest services only some are answered, and only some of these are the best. So three numbers tell it which each alone
hardly tells: services, ratings, best ratings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma

SPREAD = 0.012
"""How much the share of those who answer differs from release to release at least: the part of its variance that is not
chance (the intraclass correlation); with a third who answer, 33 ± 5 % [I]."""
PERSONAL = 0.02
"""By how much more it differs from one who records to the other [I]."""
LARGEST = 700
"""Its exponential can still be written down."""
LIKE = 300
"""Ratings that the year before is worth at most: nobody is quite as good as a year ago [I]."""


@dataclass(frozen=True)
class Answers:
    """What came of services: how many there were, how many were rated, how many of these were given the best grade."""

    services: int = 0
    ratings: int = 0
    best: int = 0

    def __add__(self, other: "Answers") -> "Answers":
        return Answers(self.services + other.services, self.ratings + other.ratings, self.best + other.best)


def times_likelier(now: Answers, before: Sequence[Answers], least: int, more: float = 0.0) -> float:
    """How many times likelier it is that some of the best ratings (`least`, or more) are made up than that none is.

    Both suppose that people answer, and are satisfied, as in the releases `before`, of which no two are quite alike;
    `more`: what of those who answer differs besides.
    """
    whole = sum(before, Answers())
    answered = (whole.ratings + 1) / (max(whole.services, whole.ratings) + 3)
    satisfied = (whole.best + 1) / (whole.ratings + 2)
    differs = 1 / min(0.5, _spread(before, answered) + more) - 1
    known = 1 / (1 / (whole.ratings + 2) + 1 / LIKE)

    def likely(made_up: int) -> float:
        services, ratings = max(now.services, now.ratings) - made_up, now.ratings - made_up
        return _log_chance(ratings, services, answered, differs) + _log_chance(
            now.best - made_up, ratings, satisfied, known
        )

    none = likely(0)
    most = max((likely(made_up) - none for made_up in range(least, now.best + 1)), default=0.0)
    return exp(min(most, LARGEST))


def _spread(before: Sequence[Answers], answered: float) -> float:
    """The part of the variance of the share that answers which is not chance: between releases, as far as is seen."""
    variance = answered * (1 - answered)
    beyond = sum(
        (one.ratings - one.services * answered) ** 2 / (one.services * variance) - 1 for one in before if one.services
    )
    return max(SPREAD, beyond / max(1, sum(one.services - 1 for one in before)))


def _log_chance(k: int, n: int, share: float, known: float) -> float:
    """Log of P(X = k) of `n` draws whose chance is drawn around `share`, as if `known` from so many (beta-binomial)."""
    yes, no = share * known, (1 - share) * known
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return ways + _log_beta(k + yes, n - k + no) - _log_beta(yes, no)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
