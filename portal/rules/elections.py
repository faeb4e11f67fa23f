"""What is counted: the options with their costs, and the ballots of each kind."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import cast

from portal.rules import N_, Refusal


class BallotKind(StrEnum):
    """How a voter answers. Source: domain/voting, ballots."""

    APPROVAL = "approval"
    CHOOSE_K = "choose-k"
    CHOOSE_1 = "choose-1"
    KNAPSACK = "knapsack"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"


Share = tuple[str, int]
"""An id and its points."""
Choices = tuple[str, ...] | tuple[Share, ...]
"""The ids chosen (ordinal: best first); cumulative: pairs of id and points. Nothing chosen: ()."""

_KEY = re.compile(r"[1-9][0-9]{0,17}\Z")
_SHARE = re.compile(r"([1-9][0-9]{0,17}):(0|-?[1-9][0-9]{0,17})\Z")


@dataclass(frozen=True)
class Project:
    """One option; its cost is a whole number of the election's unit of money (the site: fen)."""

    id: str
    cost: int


@dataclass(frozen=True)
class Election:
    """Everything that a count needs. Budget and costs in one unit; `ballots`: how many voters cast the same choices.

    Of each set in `conflicts` at most one may win. `lot` breaks ties, smaller first; None: as listed. What is `out`
    may not win, however many want it: it was withdrawn, or a published decision keeps another one in its place.
    """

    kind: BallotKind
    budget: int
    projects: tuple[Project, ...]
    ballots: Mapping[Choices, int]
    conflicts: tuple[frozenset[str], ...] = ()
    lot: Mapping[str, int] | None = None
    out: frozenset[str] = frozenset()

    @property
    def voters(self) -> int:
        """Ballots cast, empty ones too."""
        return sum(self.ballots.values())

    def lots(self) -> Mapping[str, int]:
        """The place of each project in the lot."""
        return {one.id: place for place, one in enumerate(self.projects)} if self.lot is None else self.lot


def scores(election: Election) -> dict[str, int]:
    """What ranks the projects: points for cumulative, Borda for ordinal, else votes. Source: A26, domain/voting."""
    if election.kind is BallotKind.CUMULATIVE:
        return points(election)
    return borda(election) if election.kind is BallotKind.ORDINAL else votes(election)


def votes(election: Election) -> dict[str, int]:
    """How many ballots name each project."""
    return _summed(election, ((named(choices), times) for choices, times in election.ballots.items()))


def points(election: Election) -> dict[str, int]:
    """The points that cumulative ballots give to each project."""
    found = dict.fromkeys((one.id for one in election.projects), 0)
    for choices, times in election.ballots.items():
        for key, given in shared(choices):
            found[key] += given * times
    return found


def borda(election: Election) -> dict[str, int]:
    """A ranking of n gives n points to its first, 1 to its last: as all rankings of Pabulib's files are scored."""
    found = dict.fromkeys((one.id for one in election.projects), 0)
    for choices, times in election.ballots.items():
        for given, key in zip(range(len(choices), 0, -1), named(choices), strict=True):
            found[key] += given * times
    return found


def _summed(election: Election, ballots: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, int]:
    found = dict.fromkeys((one.id for one in election.projects), 0)
    by_times: dict[int, list[tuple[str, ...]]] = {}
    for keys, times in ballots:
        by_times.setdefault(times, []).append(keys)
    for times, many in by_times.items():
        for key, count in Counter(chain.from_iterable(many)).items():
            found[key] += count * times
    return found


def shared(choices: Choices) -> tuple[Share, ...]:
    """The choices of a cumulative ballot."""
    return cast(tuple[Share, ...], choices)


def named(choices: Choices) -> tuple[str, ...]:
    """The ids of a ballot."""
    return tuple(one if isinstance(one, str) else one[0] for one in choices)


def text_of(kind: BallotKind, choices: Choices) -> str:
    """The choices as the one text that stands for them: "1,3", "1:2,3:1", or a ranking "3,1". Keys are numbers."""
    if kind is BallotKind.CUMULATIVE:
        return ",".join(f"{key}:{given}" for key, given in sorted(shared(choices), key=lambda one: int(one[0])))
    keys = named(choices)
    return ",".join(keys if kind is BallotKind.ORDINAL else sorted(keys, key=int))


def choices_of(kind: BallotKind, text: str) -> Choices:
    """The choices that `text_of` wrote; ValueError for any other text. What may be chosen: `ballot_refusals`."""
    parts = text.split(",") if text else []
    if kind is BallotKind.CUMULATIVE:
        shares = [_SHARE.match(part) for part in parts]
        found: Choices = tuple((one[1], int(one[2])) for one in shares if one)
    else:
        found = tuple(part for part in parts if _KEY.match(part))
    if len(found) != len(parts) or text_of(kind, found) != text:
        raise ValueError(f"not the choices of a ballot of kind {kind}: {text[:80]!r}")
    return found


def ballot_refusals(
    kind: BallotKind,
    choices: Choices,
    *,
    keys: Collection[str],
    most: int | None = None,
    costs: Mapping[str, int] | None = None,
    budget: int | None = None,
) -> Iterator[Refusal]:
    """Why a ballot may not be cast so: unknown or repeated options, too many, too much money, points that are no gift.

    `most`: options of choose-k, points of cumulative, places of ordinal. Source: A26, domain/trust (class 5).
    """
    keyed = named(choices)
    if not set(keyed) <= set(keys):
        yield Refusal(N_("One of the chosen options is not part of this vote."), "choices")
        return
    if len(set(keyed)) < len(keyed):
        yield Refusal(N_("An option can be chosen only once."), "choices")
    if kind is BallotKind.CUMULATIVE:
        yield from _points_refusals([given for _, given in shared(choices)], most)
    elif kind is BallotKind.KNAPSACK:
        total = sum((costs or {}).get(key, 0) for key in keyed)
        if budget is not None and total > budget:
            values = {"total_fen": total, "budget_fen": budget, "over_fen": total - budget}
            yield Refusal(
                N_("Your choice costs %(total_fen)s; that is %(over_fen)s more than the budget of %(budget_fen)s."),
                "choices",
                values,
            )
    elif kind is BallotKind.CHOOSE_1 and len(keyed) > 1:
        yield Refusal(N_("Please choose only one option."), "choices")
    elif kind in (BallotKind.CHOOSE_K, BallotKind.ORDINAL) and most is not None and len(keyed) > most:
        yield Refusal(N_("Please choose at most %(most)s options."), "choices", {"most": most})


def _points_refusals(given: list[int], most: int | None) -> Iterator[Refusal]:
    if any(one < 1 for one in given):
        yield Refusal(N_("Points are whole numbers of 1 and more."), "choices")
    if most is not None and sum(given) > most:
        values = {"most": most, "given": sum(given)}
        yield Refusal(N_("You gave %(given)s points; there are %(most)s to give."), "choices", values)
