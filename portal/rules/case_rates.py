"""The three rates of a place, of its providers and of the bodies that handle its cases. Source: 2.4 (接诉即办)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.rules.privacy import publishable_paths

Counts = tuple[int, int, int, int, int, int]
"""(part, whole) of response, solved and satisfied, in turn."""
NOTHING: Counts = (0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Rate:
    """A share as its two counts; `shown`: whether there are enough to show it."""

    part: int
    whole: int
    shown: bool = True


@dataclass(frozen=True)
class Rates:
    """响应率, 解决率, 满意率. Source: rules-and-standards 2.4 (接诉即办), requirements 1.6."""

    response: Rate
    """In time, of those whose first answer was due."""
    solved: Rate
    """Closed as repaired, of those that were upheld and due."""
    satisfied: Rate
    """Confirmed by her who rated, of those who were asked."""

    @property
    def shown(self) -> bool:
        """Whether anything of it is; that somebody has cases at all tells that somebody has just asked."""
        return self.response.shown or self.solved.shown or self.satisfied.shown


def shown_rates(counts: Mapping[str, Counts], least: int) -> dict[str, Rates]:
    """The rates of a place ("") and of the parts of it: its providers, or the bodies that handle its cases.

    What is of fewer than `least` stays hidden, and so does what could be taken from the whole to show it (F9).
    """
    found = {name: _pairs(row) for name, row in counts.items()}
    shown = [_shown({name: pairs[turn][1] for name, pairs in found.items()}, least) for turn in range(3)]
    return {
        name: Rates(*(Rate(*pair, shown=name in shown[turn]) for turn, pair in enumerate(pairs)))
        for name, pairs in found.items()
    }


def _pairs(row: Counts) -> tuple[tuple[int, int], ...]:
    return ((row[0], row[1]), (row[2], row[3]), (row[4], row[5]))


def _shown(wholes: Mapping[str, int], least: int) -> set[str]:
    paths = {f"{name}." if name else "": whole for name, whole in wholes.items()}
    return {path.rstrip(".") for path in publishable_paths(paths, least)}


def together(one: Counts, other: Counts) -> Counts:
    """
    >>> together((1, 2, 0, 0, 0, 1), (1, 1, 0, 0, 1, 1))
    (2, 3, 0, 0, 1, 2)
    """
    first, second, third, fourth, fifth, sixth = (a + b for a, b in zip(one, other, strict=True))
    return (first, second, third, fourth, fifth, sixth)


def of_bodies(counts: Counts) -> tuple[Counts, Counts]:
    """What counts for the body that had to answer first, and what for the one where cases stand or were closed.

    Whoever let a case wait until it rose has not answered in time, even if the office above did.

    >>> of_bodies((1, 2, 3, 4, 5, 6))
    ((1, 2, 0, 0, 0, 0), (0, 0, 3, 4, 5, 6))
    """
    return (*counts[:2], 0, 0, 0, 0), (0, 0, *counts[2:])


def began_at(way: Sequence[int], level: int, risen: int) -> int:
    """At which office a case stood when its first answer was due: it rises one office at a time, and not before.

    `way`: the offices from the top down, to the place of the case at most.

    >>> began_at([1, 18, 203, 7], level=18, risen=2)
    7
    """
    if level not in way:
        return level
    return way[min(way.index(level) + risen, len(way) - 1)]
