"""How waiting ratings become batches of so many people that no figure leads to one of them.

A figure is a sum of whole batches, so what is left when one figure is taken from another is a sum of whole batches
too: nobody stands alone in it. Source: trust 4.2, 4.4, ratings F9.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from portal.rules.numbers import Numbers
from portal.rules.privacy import above
from portal.rules.scoring import Counts

T = TypeVar("T")


class Waiting(NamedTuple):
    """A rating that is to be published: whose service it was about, and who gave it."""

    key: str
    contract_id: int | None
    path: str
    """Of its region."""
    category: str
    rater: str
    """The same for all ratings of one person; "" where nobody knows."""
    grade: int
    by_staff: bool = False
    on_paper: bool = False
    """Whether its code went through the hands of the one who asked: any number can be given with it."""
    inviter: str = ""
    week: date = date.min


class Label(NamedTuple):
    """What all members of a batch have in common."""

    contract_id: int | None
    path: str
    category: str
    """A service, its group (two digits), or "" for any."""


@dataclass(frozen=True)
class Pool:
    """Ratings that are published together."""

    label: Label
    members: tuple[Waiting, ...]

    @property
    def raters(self) -> int:
        return people(self.members)

    @property
    def counted(self) -> list[Waiting]:
        """One rating of each person who is known: her latest, her own before what was entered for her; else all."""
        latest: dict[Hashable, Waiting] = {}
        for member in sorted(self.members, key=lambda one: (not one.by_staff, one.week, one.key)):
            latest[member.rater or (member.key,)] = member
        return list(latest.values())

    @property
    def counts(self) -> Counts:
        one, two, three, four, five = (sum(one.grade == grade for one in self.counted) for grade in range(1, 6))
        return (one, two, three, four, five)


def is_due(waiting: Sequence[Waiting], last: date | None, today: date, numbers: Numbers) -> bool:
    """Whether so many further people wait, and so many days passed, that figures may change. Source: trust 4.2."""
    rested = last is None or today - last >= timedelta(days=numbers.batch_days)
    return rested and people(waiting) >= numbers.batch_ratings


def people(members: Iterable[Waiting]) -> int:
    """How many have surely rated themselves: those who were asked by message, and one more for each who invites.

    What was entered by staff is nobody's; codes on paper that one inviter handed out may all be her own taps.
    """
    own = [member for member in members if not member.by_staff]
    known = {member.rater for member in own if member.rater and not member.on_paper}
    return len(known) + len({member.inviter for member in own if member.rater not in known})


def pools(waiting: Sequence[Waiting], least: int) -> list[Pool]:
    """The batches of all that wait, each of at least `least` people; none where there are fewer in all.

    What is of the same contract, place and service is pooled first; what is too few goes up: to the place above, then
    to the group of services, to any service, and last beyond its contract. What is still too few at the end joins the
    smallest of the nearest batches, so that nobody waits only because her village is small.
    """
    if people(waiting) < least:
        return []
    root = common_path(member.path for member in waiting)
    left: dict[Label, list[Waiting]] = defaultdict(list)
    for member in waiting:
        left[Label(member.contract_id, member.path, member.category)].append(member)
    found: list[list[Waiting]] = []
    while left:
        deepest = max(left, key=lambda label: _height(label, root))
        members = left.pop(deepest)
        step = _up(deepest, root)
        if people(members) >= least:
            found.append(members)
        elif step is None:
            _join(found, members)
        else:
            left[step] += members
    return [Pool(label_of(members), tuple(members)) for members in found]


def _height(label: Label, root: str) -> tuple[bool, int, int]:
    """How many steps it is still to the top; what is furthest from it goes first."""
    return (label.contract_id is not None, len(label.category), label.path.count(".") - root.count("."))


def _up(label: Label, root: str) -> Label | None:
    """The next wider label; None at the widest one."""
    contract_id, path, category = label
    if path != root:
        return Label(contract_id, above(path), category)
    if category:
        return Label(contract_id, path, category[:2] if len(category) > 2 else "")
    return Label(None, path, "") if contract_id is not None else None


def _join(found: list[list[Waiting]], members: list[Waiting]) -> None:
    """Put the last few into the batch that loses least of its label by it; of several into the smallest."""

    def cost(batch: list[Waiting]) -> tuple[int, int]:
        return _lost(label_of(batch), label_of([*batch, *members])), people(batch)

    min(found, key=cost).extend(members)


def _lost(before: Label, after: Label) -> int:
    crossed = before.contract_id != after.contract_id
    return 100 * crossed + 10 * (len(before.category) - len(after.category)) + len(before.path) - len(after.path)


def label_of(members: Sequence[Waiting | Label]) -> Label:
    """The narrowest label that is true for all of `members`."""
    contracts = {member.contract_id for member in members}
    categories = {member.category for member in members}
    groups = {category[:2] for category in categories}
    category = _only(categories) or _only(groups) or ""
    return Label(_only(contracts), common_path(member.path for member in members), category)


def _only(values: set[T]) -> T | None:
    return next(iter(values)) if len(values) == 1 else None


def common_path(paths: Iterable[str]) -> str:
    """The path of the lowest place that holds all of `paths`.

    >>> common_path(["1.2.30.", "1.2.3.", "1.2.3.9."])
    '1.2.'
    """
    return "".join(f"{step}." for step in _common([path.split(".")[:-1] for path in paths]))


def _common(ways: Sequence[Sequence[str]]) -> Iterator[str]:
    for steps in zip(*ways, strict=False):
        if len(set(steps)) > 1:
            return
        yield steps[0]
