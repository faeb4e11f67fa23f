"""Who supports what, made ready for Equal Shares."""

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from portal.rules.elections import BallotKind, Choices, Election, Project, named, scores, shared

Backing = list[tuple[int, int, "array[int]"]]
"""The supporters of a project: (units of satisfaction, voters in each group, groups of identical ballots)."""


@dataclass(frozen=True)
class Electorate:
    """An election as groups of identical ballots, numbered from 0, and who of them supports what.

    An approved project satisfies by its cost, whoever approves it: each has one unit. Points are units of their own,
    and so are places in a ranking: its length - place - 1. Source: A26, domain/voting (Method of Equal Shares).
    """

    election: Election
    scores: Mapping[str, int]
    backing: Mapping[str, Backing]
    wanted: tuple[Project, ...]
    """Those that somebody would pay for."""

    @classmethod
    def of(cls, election: Election, threshold: int = 0) -> "Electorate":
        """Projects with a score under `threshold` are left out."""
        if election.kind in (BallotKind.CUMULATIVE, BallotKind.ORDINAL):
            backing, found = _by_units(election), scores(election)
        else:
            backing = _by_one(election)
            found = {key: sum(times * len(groups) for _, times, groups in kinds) for key, kinds in backing.items()}
        able = (one for one in election.projects if one.id not in election.out and found[one.id] >= threshold)
        wanted = tuple(one for one in able if backing[one.id])
        return cls(election, found, backing, wanted)

    def supporters(self, project: Project) -> int:
        """Voters who would pay for a project."""
        return sum(times * len(groups) for _, times, groups in self.backing[project.id])

    def weight(self, project: Project) -> int:
        """All units of a project."""
        return sum(units * times * len(groups) for units, times, groups in self.backing[project.id])

    def satisfied(self, winners: Collection[str]) -> list[int]:
        """What each group of ballots gets from these winners."""
        found = [0] * len(self.election.ballots)
        for one in self.election.projects:
            worth = self.satisfaction(one) if one.id in winners else 0
            for units, _, groups in self.backing[one.id] if worth else ():
                for group in groups:
                    found[group] += units * worth
        return found

    def satisfaction(self, project: Project) -> int:
        """What one unit is worth when projects are compared."""
        return 1 if self.election.kind in (BallotKind.CUMULATIVE, BallotKind.ORDINAL) else max(1, project.cost)


def _by_one(election: Election) -> dict[str, Backing]:
    by_times: dict[int, tuple[list[int], list[Choices]]] = {}
    for group, (choices, times) in enumerate(election.ballots.items()):
        numbers, ballots = by_times.setdefault(times, ([], []))
        numbers.append(group)
        ballots.append(choices)
    backing: dict[str, Backing] = {one.id: [] for one in election.projects}
    for times, (numbers, ballots) in by_times.items():
        found = {one.id: array("I") for one in election.projects}
        take = {key: groups.append for key, groups in found.items()}
        for group, choices in zip(numbers, ballots, strict=True):
            for key in cast(tuple[str, ...], choices):
                take[key](group)
        for key, groups in found.items():
            if groups and times > 0:
                backing[key].append((1, times, groups))
    return backing


def _by_units(election: Election) -> dict[str, Backing]:
    found: dict[str, dict[tuple[int, int], array[int]]] = {one.id: {} for one in election.projects}
    for group, (choices, times) in enumerate(election.ballots.items()):
        for key, units in shared(choices) if election.kind is BallotKind.CUMULATIVE else _ranked(choices):
            if units > 0 and times > 0:
                found[key].setdefault((units, times), array("I")).append(group)
    return {key: [(*kind, groups) for kind, groups in kinds.items()] for key, kinds in found.items()}


def _ranked(choices: Choices) -> Iterator[tuple[str, int]]:
    return zip(named(choices), range(len(choices) - 1, -1, -1), strict=True)
