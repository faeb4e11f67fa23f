"""What the points and the ratings of three parties come to. Source: ratings F6, F7."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from portal.rules.evaluation import Dimension, Party

CUTS = (6000, 7000, 8000, 9000)
"""Hundredths from which a result is worth 2, 3, 4 and 5 stars. Source: ratings F7."""


class Cap(StrEnum):
    """What keeps the stars below what the composite alone would give. Source: ratings F6 (limiters)."""

    NONE = ""
    RECIPIENTS = "recipients"
    """Not more than one star above what the recipients alone say."""
    EXIT = "exit"
    """The provider has to leave."""


FEW_RATINGS = "few_ratings"


@dataclass(frozen=True)
class Mark:
    """Points that a party gave for an indicator of a dimension; `given` in hundredths of a point."""

    dimension: Dimension
    given: int
    most: int


def party_score(marks: Collection[Mark], dimensions: Mapping[Dimension, int]) -> dict[Dimension, Fraction]:
    """What a party's points come to in each dimension, of 100."""
    found = {}
    for dimension in dimensions:
        mine = [mark for mark in marks if mark.dimension is dimension]
        found[dimension] = Fraction(sum(mark.given for mark in mine), sum(mark.most for mark in mine))
    return found


def weighed(scores: Mapping[Dimension, Fraction], dimensions: Mapping[Dimension, int]) -> int:
    """Several dimensions as one score, in hundredths and half to even. Source: ratings F6 (.5, .3, .2).

    >>> weighed({Dimension.EFFECT: Fraction(80), Dimension.MANAGEMENT: Fraction(70), Dimension.SOCIAL: Fraction(60)},
    ...         DIMENSIONS)
    7300
    """
    return round(sum(scores[one] * weight for one, weight in dimensions.items()))


Scored = tuple[float | Fraction, float]
"""A score and its standard deviation."""


def composite(scores: Mapping[Party, Scored | None], weights: Mapping[Party, int]) -> Scored | None:
    """The weighted mean of the parties and its deviation; None without recipients. Source: ratings F6.

    Another party that is missing leaves its weight to the others in proportion.
    """
    if scores.get(Party.RECIPIENTS) is None:
        return None
    there = [(weights[party], one) for party, one in scores.items() if one is not None]
    total = sum(weight for weight, _ in there)
    mean = sum(weight * score for weight, (score, _) in there) / total
    return mean, sqrt(sum((weight * sd / total) ** 2 for weight, (_, sd) in there))


@dataclass(frozen=True)
class Outcome:
    """What three scores come to, in hundredths; `composite` is None without the recipients."""

    composite: int | None
    sd: int | None
    used: Mapping[Party, Fraction]
    """What each party that is there weighs in the end, together 1."""
    products: Mapping[Party, Fraction]
    """Its score times that, in hundredths."""
    missing: tuple[Party, ...]


def outcome(scores: Mapping[Party, tuple[int, int] | None], weights: Mapping[Party, int]) -> Outcome:
    """The same of whole hundredths, exactly, so that everyone can reckon it again from the page."""
    missing = tuple(party for party in Party if scores.get(party) is None)
    exact: dict[Party, Scored | None] = {party: _exact(scores.get(party)) for party in Party}
    found = composite(exact, weights)
    if found is None:
        return Outcome(None, None, {}, {}, missing)
    total = sum(weights[party] for party in Party if party not in missing)
    used = {party: Fraction(weights[party], total) for party in Party if party not in missing}
    products = {party: share * (scores[party] or (0, 0))[0] for party, share in used.items()}
    return Outcome(round(found[0]), round(found[1]), used, products, missing)


def _exact(scored: tuple[int, int] | None) -> Scored | None:
    return (Fraction(scored[0]), float(scored[1])) if scored else None


def stars_of(hundredths: int) -> int:
    """What a score is worth by itself. Source: ratings F7 (cuts).

    >>> stars_of(5999), stars_of(6000), stars_of(9000)
    (1, 2, 5)
    """
    return 1 + sum(hundredths >= cut for cut in CUTS)


def most_stars(total: int, recipients: int) -> tuple[int, Cap]:
    """The stars of a composite, at most one above those of the recipients alone. Source: ratings F6 (limiters).

    >>> most_stars(8500, 5500)
    (2, <Cap.RECIPIENTS: 'recipients'>)
    """
    mine, limit = stars_of(total), stars_of(recipients) + 1
    return (limit, Cap.RECIPIENTS) if mine > limit else (mine, Cap.NONE)
