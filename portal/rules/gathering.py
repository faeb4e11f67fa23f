"""Which published batches become one case: so many that it says of none of them whether it has bad ratings.

Source: F9, trust 4.1, requirements 1.6.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from portal.rules.numbers import Numbers
from portal.rules.publishing import roughly

ENOUGH = Numbers.cell_to_publish
LONGEST = timedelta(days=365)
"""What bad ratings there are become a case after so long, however few."""


@dataclass(frozen=True)
class Batch:
    """A published batch; one of a higher number was never published earlier."""

    id: int
    released_on: date
    bad: int
    ratings: int


@dataclass(frozen=True)
class Gathered:
    """The batches of one case."""

    batches: tuple[Batch, ...]
    closed_on: date

    @property
    def last(self) -> int:
        return self.batches[-1].id

    @property
    def bad(self) -> int:
        """In steps of five; 0: fewer than five."""
        return roughly(sum(one.bad for one in self.batches))

    @property
    def about(self) -> int:
        """Of how many ratings."""
        return roughly(sum(one.ratings for one in self.batches))


def gathered(batches: Iterable[Batch], today: date) -> Iterator[Gathered]:
    """The cases of a provider's batches that are in none yet, given by number.

    Batches wait for one another, those of a day together, until they hold ENOUGH bad ratings or the first has waited
    for LONGEST. If then there is no bad one they are let go, so that a later one does not stand out by coming at once.
    """
    waiting: list[Batch] = []
    for day, published in groupby(batches, key=lambda one: one.released_on):
        yield from _overdue(waiting, day)
        waiting += published
        if sum(one.bad for one in waiting) >= ENOUGH:
            yield Gathered(tuple(waiting), day)
            waiting.clear()
    yield from _overdue(waiting, today)


def _overdue(waiting: list[Batch], today: date) -> Iterator[Gathered]:
    if waiting and today - waiting[0].released_on >= LONGEST:
        if any(one.bad for one in waiting):
            yield Gathered(tuple(waiting), waiting[0].released_on + LONGEST)
        waiting.clear()
