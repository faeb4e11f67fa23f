"""A year of ratings as attackers see it: what is published day by day, and what could be worked out from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, pairwise
from random import Random

from portal.providers.standings import QUARTER, YEAR
from portal.rules.numbers import Numbers
from portal.rules.releasing import Pool, Waiting, is_due, people, pools

Figures = dict[str, frozenset[str]]
"""What one can read on a day: the name of a figure, and of whose ratings it is the exact sum."""
START = date(2026, 1, 1)
SETTLED = timedelta(days=14)
PLACES = ("1.2.3.4.", "1.2.3.5.", "1.2.3.6.", "1.2.7.8.", "1.2.7.9.")
SERVICES = ("0401", "0402", "0901")


@dataclass
class Site:
    """A provider's published batches, by the rules of the portal."""

    numbers: Numbers = field(default_factory=Numbers)
    waiting: list[Waiting] = field(default_factory=list)
    released: list[tuple[date, Pool]] = field(default_factory=list)
    last: date | None = None

    def release(self, day: date, settled: Iterable[Waiting]) -> None:
        self.waiting += settled
        if is_due(self.waiting, self.last, day, self.numbers):
            self.released += [(day, pool) for pool in pools(self.waiting, self.numbers.batch_ratings)]
            self.waiting, self.last = [], day

    def figures(self, today: date) -> Figures:
        """Every sum that a page, a summary, a table or a file makes of the batches on a day."""
        found: dict[str, set[str]] = defaultdict(set)
        for number, (day, pool) in enumerate(self.released):
            for name in _names(day, pool, today, number):
                found[name] |= {member.key for member in pool.counted}
        return {name: frozenset(keys) for name, keys in found.items()}


def _names(day: date, pool: Pool, today: date, number: int) -> Iterator[str]:
    """The figures of which a batch is a part."""
    contract, path, service = pool.label
    yield f"line {number}"
    yield "release " + day.isoformat()
    if contract is not None:
        yield f"contract {contract}"
    if day <= today - YEAR:
        return
    yield "year"
    yield f"place {path}"
    yield f"service {service}"
    yield f"month {day:%Y-%m}"
    steps = path.split(".")[:-1]
    for end in range(1, len(steps) + 1):
        yield "below " + ".".join(steps[:end])
        yield f"below {'.'.join(steps[:end])} in {day:%Y-%m}"
    if day > today - QUARTER:
        yield "recent"
    elif day > today - 2 * QUARTER:
        yield "before"


@dataclass
class LiveSite:
    """What the portal does not do: figures at once, of every place and service with `least` ratings or more."""

    least: int
    given: list[Waiting] = field(default_factory=list)

    def release(self, day: date, settled: Iterable[Waiting]) -> None:
        self.given += settled

    def figures(self, today: date) -> Figures:
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.given:
            for name in ("year", f"place {one.path}", f"service {one.category}", f"{one.path} {one.category}"):
                found[name].add(one.key)
        return {name: frozenset(keys) for name, keys in found.items() if len(keys) >= self.least}


def a_year(seed: int, a_day: float, days: int = 365) -> Iterator[tuple[date, list[Waiting]]]:
    """Each day of a year with the ratings that are settled on it."""
    chance = Random(seed)
    number = 0
    for back in range(days):
        day = START + timedelta(days=back)
        came = []
        while chance.random() < a_day / (1 + a_day):
            number += 1
            contract = chance.choice((None, 1, 2))
            place = chance.choices(PLACES, (8, 4, 2, 3, 1))[0]
            service = chance.choice(SERVICES)
            came.append(
                Waiting(f"r{number}", contract, place, service, f"p{chance.randint(1, 400)}", chance.randint(1, 5))
            )
        yield day, came


def watched(
    site: Site | LiveSite, year: Iterable[tuple[date, list[Waiting]]]
) -> tuple[list[Figures], dict[str, Waiting]]:
    """What an attacker reads who looks at everything every day."""
    seen, known = [], {}
    for day, came in year:
        known.update({one.key: one for one in came})
        site.release(day, came)
        seen.append(site.figures(day))
    return seen, known


def recovered(seen: Sequence[Figures], known: Mapping[str, Waiting], least: int = 10) -> set[str]:
    """Whose ratings stand in a difference of two figures that is of fewer than `least` people."""
    found: set[str] = set()
    for before, after in pairwise(seen):
        pairs = [(before.get(name, frozenset()), keys) for name, keys in after.items()]
        pairs += [(keys, after.get(name, frozenset())) for name, keys in before.items()]
        for one, other in pairs:
            _note(found, one, other, known, least)
    for last in seen[::30] + list(seen[-1:]):
        for one, other in combinations(set(last.values()), 2):
            _note(found, one, other, known, least)
        for kind in ("place", "service", "month", "contract", "line", "release"):
            parts = frozenset().union(*(keys for name, keys in last.items() if name.startswith(kind + " ")))
            _note(found, parts, last.get("year", frozenset()), known, least)
    return found


def _note(
    found: set[str], one: frozenset[str], other: frozenset[str], known: Mapping[str, Waiting], least: int
) -> None:
    """Where one figure contains the other, what is left is known too."""
    if one <= other or other <= one:
        left = one ^ other
        if left and people(known[key] for key in left) < least:
            found |= left


def singled_out(seen: Iterable[Figures]) -> set[str]:
    """Whose rating is a linear combination of published sums, however many are added and subtracted."""
    figures = {keys for day in seen for keys in day.values()}
    people = sorted(set().union(*figures)) if figures else []
    places = {key: number for number, key in enumerate(people)}
    rows: dict[int, dict[int, Fraction]] = {}
    for keys in sorted(figures, key=lambda keys: (len(keys), sorted(keys))):
        row = {places[key]: Fraction(1) for key in keys}
        _reduce(row, rows)
        if row:
            _put(row, rows)
    return {people[next(iter(row))] for row in rows.values() if len(row) == 1}


def _reduce(row: dict[int, Fraction], rows: Mapping[int, dict[int, Fraction]]) -> None:
    for pivot in [place for place in row if place in rows]:
        factor = row.get(pivot)
        if factor:
            _take(row, rows[pivot], factor)


def _put(row: dict[int, Fraction], rows: dict[int, dict[int, Fraction]]) -> None:
    """Add a row to the reduced ones, and clear its pivot in all others: at the end single people stand alone."""
    pivot = min(row)
    first = row[pivot]
    for place in row:
        row[place] /= first
    for other in rows.values():
        if pivot in other:
            _take(other, row, other[pivot])
    rows[pivot] = row


def _take(row: dict[int, Fraction], other: Mapping[int, Fraction], factor: Fraction) -> None:
    for place, value in other.items():
        left = row.get(place, Fraction(0)) - factor * value
        if left:
            row[place] = left
        else:
            row.pop(place, None)
