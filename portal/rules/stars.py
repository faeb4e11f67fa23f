"""How points become stars once a quarter, so that chance alone seldom moves them. Source: A68, ratings F6, F7, F9.

Scores and deviations are whole hundredths of a point of 100.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.numbers import Numbers

MOST = 5
NOT_RATED = 0
ONE_SIDED = 12816
"""How many deviations, in ten-thousandths, leave a tenth of the chance beyond them. Source: ratings F7."""
TWO_SIDED = 19600
"""The same for the interval of 95 %."""


class Why(StrEnum):
    """What decided the stars of a quarter."""

    FIRST = "first"
    KEPT = "kept"
    UP = "up"
    DOWN = "down"
    LIMITED = "limited"
    """What recipients say keeps them lower. Source: ratings F6 (limiters)."""
    TOO_FEW = "too_few"
    UNSURE = "unsure"
    """Too few of those who were asked answered, and the figure is too wide. Source: ratings F9."""
    WITHHELD = "withheld"
    """A proven breach or an exit. Source: ratings F6 (limiters)."""


@dataclass(frozen=True)
class StarRules:
    """The numbers of the rule set that decide on stars."""

    cuts: tuple[int, ...] = (60, 70, 80, 90)
    up_margin: int = 2
    down_margin: int = 4
    least: int = 30
    response_percent: int = 20
    half_width_tenths: int = 75

    @classmethod
    def of(cls, numbers: Numbers) -> "StarRules":
        return cls(
            numbers.star_cuts,
            numbers.star_up_margin,
            numbers.star_down_margin,
            numbers.ratings_for_star,
            numbers.star_response_percent,
            numbers.star_half_width_tenths,
        )


@dataclass(frozen=True)
class Seen:
    """What a year says of a provider: the composite C with its deviation, and what recipients alone say."""

    score: int
    sd: int
    ratings: int
    recipients: int
    recipients_sd: int = 0
    invited: int | None = None
    """How many were asked; None: nobody knows, and all are taken to have answered."""


@dataclass(frozen=True)
class Step:
    """The stars of a quarter, those that the plain cuts would give, the most that recipients allow, and why."""

    stars: int
    plain: int
    limit: int
    why: Why


def plain_stars(score: int, cuts: tuple[int, ...]) -> int:
    """The stars of a score by the cuts alone.

    >>> plain_stars(7999, (60, 70, 80, 90)), plain_stars(8000, (60, 70, 80, 90))
    (3, 4)
    """
    return 1 + sum(score >= 100 * cut for cut in cuts)


def next_stars(seen: Seen | None, before: int, rules: StarRules, *, withheld: bool = False) -> Step:
    """The stars of a quarter after one with `before` stars (0: not rated). Source: ratings F7, F9.

    The first star is raw. Then one step a quarter: up only where the score is above the cut with a certainty of 90 %
    and by a margin, down only where it is below it in the same way or far below it. Never more than one star above
    what recipients alone say: one step a quarter until there, or at once where they are below their cut by a margin.
    """
    if seen is None or seen.ratings < rules.least:
        return Step(NOT_RATED, NOT_RATED, NOT_RATED, Why.TOO_FEW)
    plain = plain_stars(seen.score, rules.cuts)
    limit = min(MOST, plain_stars(seen.recipients, rules.cuts) + 1)
    if withheld:
        return Step(NOT_RATED, plain, limit, Why.WITHHELD)
    if not is_sure(seen, rules):
        return Step(NOT_RATED, plain, limit, Why.UNSURE)
    wanted = _moved(seen, before, rules) if before else plain
    stars = min(max(min(wanted, limit), before - 1), most_stars(seen.recipients, rules))
    return Step(stars, plain, limit, _why(stars, wanted, before))


def most_stars(recipients: int, rules: StarRules) -> int:
    """What no stars pass, however far they fall at once: one above those of the recipients plus the margin.

    >>> most_stars(5500, StarRules()), most_stars(5800, StarRules())
    (2, 3)
    """
    return min(MOST, plain_stars(recipients + 100 * rules.down_margin, rules.cuts) + 1)


def _moved(seen: Seen, before: int, rules: StarRules) -> int:
    if before < MOST and rises(seen, before, rules):
        return before + 1
    return before - 1 if before > 1 and falls(seen, before, rules) else before


def rises(seen: Seen, before: int, rules: StarRules) -> bool:
    """Whether the score is so far above the next cut that it is no chance."""
    cut = rules.cuts[before - 1]
    return above(seen) >= cut * 1_000_000 and seen.score >= 100 * (cut + rules.up_margin)


def falls(seen: Seen, before: int, rules: StarRules) -> bool:
    """Whether the score is so far below its own cut that it is no chance, or very far below it."""
    cut = rules.cuts[before - 2]
    highest = seen.score * 10_000 + ONE_SIDED * seen.sd
    return highest < cut * 1_000_000 or seen.score < 100 * (cut - rules.down_margin)


def above(seen: Seen) -> int:
    """Above what the score lies with a certainty of 90 %, in millionths of a point."""
    return seen.score * 10_000 - ONE_SIDED * seen.sd


def is_sure(seen: Seen, rules: StarRules) -> bool:
    """Whether enough of those who were asked answered, or the figure is narrow enough anyway. Source: ratings F9."""
    answered = seen.invited is None or 100 * seen.ratings >= rules.response_percent * seen.invited
    return answered or TWO_SIDED * seen.recipients_sd <= rules.half_width_tenths * 100_000


def _why(stars: int, wanted: int, before: int) -> Why:
    if stars < wanted:
        return Why.LIMITED
    if not before:
        return Why.FIRST
    return Why.UP if stars > before else Why.DOWN if stars < before else Why.KEPT


def cuts_refusals(cuts: Sequence[int], name: str) -> Iterator[Refusal]:
    """Why points may not be the cuts: four of them, from low to high, so far apart that margins do not meet."""
    if len(cuts) != MOST - 1 or any(not 1 <= cut <= 100 for cut in cuts) or list(cuts) != sorted(set(cuts)):
        yield Refusal(N_("Please give four whole numbers from low to high, between 1 and 100."), name)


def weights_refusals(weights: Sequence[int], name: str) -> Iterator[Refusal]:
    """Why the parties may not weigh so: recipients at least half, and strictly most. Source: B36, ratings F6."""
    if len(weights) != 3 or sum(weights) != 100 or any(not 0 <= weight <= 100 for weight in weights):
        yield Refusal(N_("Please give three whole numbers, together 100."), name)
    elif weights[0] < 50 or weights[0] <= max(weights[1:]):
        yield Refusal(N_("What recipients say weighs at least 50, and most."), name)


def quarter_of(day: date) -> str:
    """The quarter of a day.

    >>> quarter_of(date(2026, 11, 22))
    '2026Q4'
    """
    return f"{day.year}Q{(day.month + 2) // 3}"


def first_day(quarter: str) -> date:
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def last_day(quarter: str) -> date:
    return first_day(following(quarter)) - timedelta(days=1)


def following(quarter: str) -> str:
    """The quarter after one.

    >>> following("2026Q4")
    '2027Q1'
    """
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year + number // 4}Q{number % 4 + 1}"


def preceding(quarter: str) -> str:
    return quarter_of(first_day(quarter) - timedelta(days=1))


def year_before(day: date) -> date:
    """The first day of the year that ends with `day`.

    >>> year_before(date(2026, 9, 30)), year_before(date(2028, 2, 29))
    (datetime.date(2025, 10, 1), datetime.date(2027, 3, 1))
    """
    after = day + timedelta(days=1)
    return after.replace(year=after.year - 1)
