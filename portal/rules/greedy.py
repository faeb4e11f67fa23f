"""The greedy family: the best first, each funded if it fits."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from portal.rules.elections import Election, Project


class Misfit(StrEnum):
    """What happens when a project costs more than what is left."""

    SKIP = "skip"
    STOP = "stop"
    STRETCH = "stretch"
    """Stop; but fund it if at least 80 % of its cost is left: the rest is extra money."""


class Fate(StrEnum):
    """How it went for one project."""

    FUNDED = "funded"
    STRETCHED = "stretched"
    """Funded with extra money."""
    OUT = "out"
    """It may not win."""
    UNWANTED = "unwanted"
    """Its score is 0."""
    FEW = "few"
    """Its score is under the threshold."""
    RIVALLED = "rivalled"
    """Shut out by a winner of one of its conflict sets."""
    DEAR = "dear"
    """Did not fit into what was left."""
    AFTER = "after"
    """The count had stopped before it."""


WON = (Fate.FUNDED, Fate.STRETCHED)


@dataclass(frozen=True)
class Look:
    """One project, and what the count met at its place: the money `left`, and the winner that shuts it out."""

    project: Project
    score: int
    fate: Fate
    left: int
    rival: str = ""
    short: int | None = None
    """The score that it lacked; None: it won, or no score would have helped."""


@dataclass
class Greedy:
    """A count by one rule of the family: `looks` has every project, highest score first, equal scores by the lot.

    Projects that are out, or with a score of 0, or under `threshold`, never win and never stop the count.
    Source: A26, domain/voting (rules that real cities use); B26.
    """

    election: Election
    scores: Mapping[str, int]
    misfit: Misfit = Misfit.SKIP
    threshold: int = 0
    looks: list[Look] = field(default_factory=list)
    ties: list[tuple[str, ...]] = field(default_factory=list)
    """Equal scores whose order decides who wins, in the order of the lot."""

    def __post_init__(self) -> None:
        self._lots = self.election.lots()
        self._order = sorted(self.election.projects, key=lambda one: (-self.scores[one.id], self._lots[one.id]))
        self._rivals = _rivals(self.election)
        self._lefts: list[int] = []
        self._won_at: dict[str, int] = {}
        self._stops_at = len(self._order)
        fates = self._count()
        for place, (one, (fate, rival)) in enumerate(zip(self._order, fates, strict=True)):
            short = None if fate in (*WON, Fate.OUT) else self._short(place)
            self.looks.append(Look(one, self.scores[one.id], fate, self._lefts[place], rival, short))
        self.ties.extend(self._met())

    def _count(self) -> list[tuple[Fate, str]]:
        left, fates = self.election.budget, []
        for place, one in enumerate(self._order):
            self._lefts.append(left)
            fate, rival = self._fate(place)
            fates.append((fate, rival))
            if fate in WON:
                self._won_at[one.id] = place
                left = max(0, left - one.cost)
            if fate is Fate.STRETCHED or (fate is Fate.DEAR and self.misfit is not Misfit.SKIP):
                self._stops_at = place
        return fates

    def _fate(self, place: int) -> tuple[Fate, str]:
        one, left = self._order[place], self._lefts[place]
        score = self.scores[one.id]
        if one.id in self.election.out:
            return Fate.OUT, ""
        if score < max(1, self.threshold):
            return (Fate.FEW if score > 0 else Fate.UNWANTED), ""
        if place > self._stops_at:
            return Fate.AFTER, ""
        rival = self._rival(one, place)
        if rival or one.cost <= left:
            return (Fate.RIVALLED if rival else Fate.FUNDED), rival
        return (Fate.STRETCHED if self._fits(one, left) else Fate.DEAR), ""

    def _rival(self, one: Project, place: int) -> str:
        """The earliest winner before `place` that may not win together with `one`."""
        found = [(self._won_at[key], key) for key in self._rivals.get(one.id, ()) if key in self._won_at]
        return min((pair for pair in found if pair[0] < place), default=(0, ""))[1]

    def _fits(self, one: Project, left: int) -> bool:
        return one.cost <= left or (self.misfit is Misfit.STRETCH and 5 * left >= 4 * one.cost)

    def _wins_at(self, one: Project, place: int) -> bool:
        """Would it win if it came just before what stands at `place`? Once false, false for all later places."""
        return place <= self._stops_at and self._fits(one, self._lefts[place]) and not self._rival(one, place)

    def _short(self, place: int) -> int | None:
        one = self._order[place]
        score = self.scores[one.id]
        least = max(1, self.threshold) - score
        if self._wins_at(one, place):
            return least
        ahead_of = bisect_left(range(place), True, key=lambda at: not self._wins_at(one, at)) - 1
        if ahead_of < 0:
            return None
        other, lots = self._order[ahead_of], self._lots
        return max(least, self.scores[other.id] - score + (lots[one.id] > lots[other.id]))

    def _met(self) -> Iterator[tuple[str, ...]]:
        for score, group in groupby(enumerate(self._order), key=lambda pair: self.scores[pair[1].id]):
            equal = list(group)
            first, left = equal[0][0], self._lefts[equal[0][0]]
            if score < max(1, self.threshold) or first > self._stops_at:
                return
            able = [one for _, one in equal if one.id not in self.election.out and not self._rival(one, first)]
            if self.misfit is Misfit.SKIP:
                able = [one for one in able if one.cost <= left]
            keys = {one.id for one in able}
            all_win = sum(one.cost for one in able) <= left and not any(
                self._rivals.get(key, set()) & keys for key in keys
            )
            if len(able) > 1 and not all_win and any(self._fits(one, left) for one in able):
                yield tuple(one.id for one in able)


def _rivals(election: Election) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for clash in election.conflicts:
        for key in clash:
            found.setdefault(key, set()).update(clash - {key})
    return found
