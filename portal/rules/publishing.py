"""What of the figures is said to everyone, so that they tell nothing of one person. Source: F9, trust 4.1-4.5."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from portal.rules.scoring import Counts, Interval, Score, Trend, checked, wilson
from portal.rules.weighing import worst_case

ROUGH = 5
"""Counts are said in steps of so many. Source: trust 4.3."""
SURE = 90
"""Percent: no more is said where all, or all but a few, gave the same. Source: trust 4.5."""


@dataclass(frozen=True)
class Cell:
    """How many gave a grade from `lowest` to `highest`, and their share of all."""

    lowest: int
    highest: int
    ratings: int
    share: float


@dataclass(frozen=True)
class Share:
    """What part of the ratings is good: from `low` to `high`, which are the same where it is said exactly."""

    low: float
    high: float
    interval: Interval
    """In which the part of all recipients lies with 95 % certainty."""

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Response:
    """How many were asked and answered, and what the satisfied share could be if the silent ones were all so, or so."""

    invited: int
    answered: int
    bounds: Interval

    @property
    def rate(self) -> float:
        return self.answered / self.invited


def publishable(counts: Iterable[int], *, least: int) -> bool:
    """Whether there are so many ratings that a figure leads to nobody. Source: ratings F9, trust 4.1 (k = 10)."""
    return sum(checked(counts)) >= least


def roughly(count: int) -> int:
    """A count as it is said: the step below it. Source: trust 4.3.

    >>> roughly(14), roughly(15)
    (10, 15)
    """
    return count - count % ROUGH


def told_score(score: Score, ratings: float, least: int) -> Score:
    """A score as it is said: under `least` ratings in whole points, and its interval wider, in steps of five.

    Otherwise it could mostly be worked out from them how many gave each grade.

    >>> told_score(Score(80.5, 5.0, 70.7, 91.3), 29, 30)
    Score(mean=80, sd=5.0, low=70, high=95)
    """
    if ratings >= least:
        return score
    low, high = floor(score.low / ROUGH) * ROUGH, ceil(score.high / ROUGH) * ROUGH
    return replace(score, mean=round(score.mean), low=low, high=high)


def told_trend(trend: Trend, ratings: int, least: int) -> Trend:
    """A trend as it is said, of so many `ratings` on its smaller side."""
    return trend if ratings >= least else replace(trend, difference=round(trend.difference))


def share_of(counts: Iterable[int], lowest: int, smallest: int) -> Share:
    """The share of grades from `lowest` up, with its Wilson interval (F2).

    Where fewer than `smallest` are on one side, only "at least" or "at most" is said, as if `smallest` - 1 were there:
    so it is not told whether it was nobody, one or two, and never that all gave the same. Source: F9, trust 4.5.
    """
    found = checked(counts)
    total, good = sum(found), sum(found[lowest - 1 :])
    if total - good >= smallest <= good:
        return Share(good / total, good / total, wilson(good, total))
    few = min(smallest - 1, total)
    percent = min(SURE, 100 * (total - few) // total // ROUGH * ROUGH)
    if total - good < smallest:
        return Share(percent / 100, 1.0, Interval(wilson(total - few, total).low, 1.0))
    return Share(0.0, 1 - percent / 100, Interval(0.0, wilson(few, total).high))


def shares_of(counts: Iterable[int], smallest: int) -> tuple[Share, Share | None]:
    """The satisfied share, and "basically satisfied and above": that is left out where the difference is small."""
    found = checked(counts)
    satisfied, basically = share_of(found, 4, smallest), share_of(found, 3, smallest)
    told_apart = not basically.is_exact or found[2] >= smallest
    return satisfied, basically if told_apart else None


def response_of(invited: int, answered: int, satisfied: Share) -> Response:
    """The response rate with the worst cases: those who said nothing were all dissatisfied, or all satisfied. F5."""
    asked = max(invited, answered)
    rate = answered / asked
    return Response(
        asked, answered, Interval(worst_case(satisfied.low, rate).low, worst_case(satisfied.high, rate).high)
    )


def cells(counts: Iterable[int], *, least: int, smallest: int) -> tuple[Cell, ...]:
    """The distribution as it may be shown: nothing under `least` ratings, and no cell under `smallest`.

    Cells end where the shares end that stand beside them (between 3 and 4, and between 2 and 3 where that is told), so
    that no difference of the two is small; within, a cell that is too small is shown with its neighbour. Source: F9,
    trust 4.3.
    """
    found = checked(counts)
    total = sum(found)
    if total < least or not total:
        return ()
    return tuple(
        Cell(low, high, sum(found[low - 1 : high]), sum(found[low - 1 : high]) / total)
        for first, last in _sections(found, smallest)
        for low, high in _spans(found, first, last, smallest)
    )


def _sections(counts: Counts, smallest: int) -> list[tuple[int, int]]:
    """Grades that may be told apart from the others whatever stands beside them."""
    satisfied, basically = shares_of(counts, smallest)
    if not satisfied.is_exact:
        return [(1, 2), (3, 5)] if basically and basically.is_exact else [(1, 5)]
    return [(1, 2), (3, 3), (4, 5)] if basically and basically.is_exact else [(1, 3), (4, 5)]


def _spans(counts: Sequence[int], first: int, last: int, smallest: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    lowest, held = first, 0
    for grade in range(first, last + 1):
        held += counts[grade - 1]
        if held >= smallest:
            spans.append((lowest, grade))
            lowest, held = grade + 1, 0
    if lowest <= last:
        lowest = spans.pop()[0] if spans else lowest
        spans.append((lowest, last))
    return spans
