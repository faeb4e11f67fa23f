"""Support by community: which figures may be shown so that nobody's choice can be read or worked out."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from portal.rules.elections import BallotKind
from portal.rules.opencount import BALLOTS

WHOLE = 0
"""The number under which a community's ballots are counted."""

Counts = Mapping[int, Mapping[int, int]]
"""By community: how many of its ballots name each option, and all its ballots under `WHOLE`; what is missing is 0."""
Table = dict[int, dict[int, int | None]]
"""The same as far as it may be shown; None: hidden."""


class Rows(StrEnum):
    """What the figures of one community tell about each other."""

    FREE = "free"
    """Nothing: any options can be marked together, and only marks are published."""
    ONE = "one"
    """With one mark a ballot, they add up to its ballots."""
    TIED = "tied"
    """Anything: ballots are published whole, or have so many marks or points, or cost so much."""


def rows_of(kind: BallotKind, form: str) -> Rows:
    """How the figures of a community hang together, where ballots of a `kind` are published in that `form`."""
    if kind is BallotKind.CHOOSE_1:
        return Rows.ONE
    return Rows.FREE if kind is BallotKind.APPROVAL and form != BALLOTS else Rows.TIED


def publishable(counts: Counts, options: Sequence[int], least: int, rows: Rows = Rows.TIED) -> Table:
    """The counts by community and option, and its ballots (`WHOLE`), None where hidden.

    Hidden is a community with fewer than `least` ballots, and an option that fewer than `least` of a community's
    ballots name, or do not name. The totals are public: so what is hidden of an option stands for `least` ballots
    with it and `least` without it, or more is hidden, the smallest communities first. As far as totals tell, each
    hidden figure could then be any of `least` + 1 numbers, or of as many as its total allows at all.
    Source: trust 4.4, F9.
    """
    ballots = {place: cells.get(WHOLE, 0) for place, cells in counts.items()}
    by_size = sorted(ballots, key=lambda place: (ballots[place], place))
    few = _enough({place for place in ballots if ballots[place] < least}, by_size, [ballots], least)
    hidden = {WHOLE: few}
    for option in options:
        votes = {place: cells.get(option, 0) for place, cells in counts.items()}
        others = {place: ballots[place] - votes[place] for place in ballots}
        telling = {place for place in ballots if min(votes[place], others[place]) < least}
        hidden[option] = _enough(telling, by_size, [votes, others], least)
    anywhere = few.union(*hidden.values())
    if rows is Rows.TIED:
        hidden = dict.fromkeys(hidden, anywhere)
    elif rows is Rows.ONE:
        hidden[WHOLE] = anywhere
    return {
        place: {option: None if place in hidden[option] else cells.get(option, 0) for option in (WHOLE, *options)}
        for place, cells in counts.items()
    }


def _enough(hidden: set[int], by_size: Iterable[int], parts: Sequence[Mapping[int, int]], least: int) -> set[int]:
    """`hidden`, if it is not empty, with more until it stands for enough in each of `parts`.

    Which come first is public, so that what else is hidden tells nothing.
    """
    for place in by_size:
        if not hidden or all(sum(part[one] for one in hidden) >= least for part in parts):
            break
        hidden = hidden | {place}
    return hidden
