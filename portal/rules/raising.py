"""What a provider can read from its published figures: how far it is to the next mark, and which way it goes."""

from collections.abc import Mapping, Sequence

from portal.rules.scoring import Counts, Mix, provider_score

MOST_FURTHER = 2000


def mark_below(low: float, marks: Sequence[int]) -> int:
    """The highest of `marks` that the lower bound has reached; 0 before the first.

    >>> mark_below(79.996, (60, 80)), mark_below(79.99, (60, 80)), mark_below(12, (60, 80))
    (80, 60, 0)
    """
    return max((mark for mark in marks if round(low, 2) >= mark), default=0)


def next_mark(low: float, marks: Sequence[int]) -> int | None:
    """The one of `marks` that comes next; None above the last."""
    return min((mark for mark in marks if round(low, 2) < mark), default=None)


def best_grades_to(mark: int, counts: Counts, mix: Mix, *, weight: float) -> int | None:
    """How many further ratings of grade 5 would lift the lower bound to `mark`; None if more than are thinkable.

    The lower bound grows with each of them, so that halving finds the least number.
    """

    def low(further: int) -> float:
        one, two, three, four, five = counts
        return round(provider_score((one, two, three, four, five + further), mix, weight=weight).low, 2)

    least, most = 0, MOST_FURTHER
    if low(most) < mark:
        return None
    while least < most:
        middle = (least + most) // 2
        if low(middle) >= mark:
            most = middle
        else:
            least = middle + 1
    return least


def carried(
    waiting: Mapping[str, int], further: Mapping[str, int], least: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Which reasons are shown now, and which wait until `least` people named them: shown, still waiting.

    >>> carried({"late": 3}, {"late": 2, "rude": 1}, 5)
    ({'late': 5}, {'rude': 1})
    """
    added = {reason: waiting.get(reason, 0) + further.get(reason, 0) for reason in {**waiting, **further}}
    shown = {reason: count for reason, count in added.items() if count >= least}
    return shown, {reason: count for reason, count in added.items() if 0 < count < least}
