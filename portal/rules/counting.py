"""Counting a vote by its stated rule: who wins, and why, the same on every machine."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from portal.rules import explaining
from portal.rules.backing import Electorate
from portal.rules.elections import Election, scores
from portal.rules.equal_shares import Market, completed
from portal.rules.explaining import Decision, Reason
from portal.rules.greedy import WON, Greedy, Misfit


class Rule(StrEnum):
    """How winners are found, named as in Pabulib. Source: domain/voting."""

    GREEDY = "greedy"
    THRESHOLD = "greedy-threshold"
    NO_SKIP = "greedy-no-skip"
    EXCLUSIVE = "greedy-exclusive"
    CUSTOM = "greedy-custom"
    """The 80 % rule."""
    EQUAL_SHARES = "equalshares"


class Completion(StrEnum):
    """How Equal Shares uses money that is left. Source: domain/voting."""

    NONE = "none"
    ADD1 = "add1"
    """Count again and again with each voter holding more, while the outcome still fits the budget."""
    ADD1U = "add1u"
    """Add1, and then greedily with what is left."""


@dataclass(frozen=True)
class Method:
    """A rule with everything that it needs; fixed before a vote opens.

    `threshold`: least votes or points, under every rule. The rest is of Equal Shares: `stop_exhaustive` stops Add1 at
    the first outcome to which nothing can be added; `comparison` takes the greedy winners if more voters prefer them;
    `increment` is what Add1 gives each voter more a time, in units of money.
    """

    rule: Rule = Rule.GREEDY
    threshold: int = 0
    completion: Completion = Completion.NONE
    stop_exhaustive: bool = False
    comparison: bool = False
    increment: int = 1

    def __post_init__(self) -> None:
        if self.threshold < 0 or self.increment < 1:
            raise ValueError("a threshold is 0 or more, an increment 1 or more")

    def as_json(self) -> dict[str, Any]:
        """Strings, numbers and truth values only."""
        return asdict(self) | {"rule": self.rule.value, "completion": self.completion.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` gave; what is not said is as usual. ValueError for an unknown rule or completion."""
        given = {key: value for key, value in data.items() if key in cls.__dataclass_fields__}
        return cls(
            **given
            | {"rule": Rule(data["rule"]), "completion": Completion(data.get("completion", Completion.NONE.value))}
        )


@dataclass(frozen=True)
class Step:
    """A purchase of Equal Shares: by so many supporters, at a price for each (cumulative, ordinal: for each point).

    Those who had less gave all they had. The price is rounded down to a whole unit of money.
    """

    id: str
    supporters: int
    price: int


@dataclass(frozen=True)
class Outcome:
    """The result of a count. Money in the election's unit; `extra`: what winners cost above the budget (80 % rule)."""

    winners: tuple[str, ...]
    """In the order in which they won."""
    total: int
    left: int
    ties: tuple[tuple[str, ...], ...]
    """Equals that the lot put in order where their order mattered."""
    decisions: tuple[Decision, ...]
    """Every project: the greedy family by score, Equal Shares winners first and then by score."""
    extra: int = 0
    notes: tuple[Reason, ...] = ()
    """What else a reader of the result should know."""
    steps: tuple[Step, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries, strings and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        return cls(
            winners=tuple(data["winners"]),
            total=data["total"],
            left=data["left"],
            ties=tuple(tuple(tie) for tie in data["ties"]),
            decisions=tuple(Decision.from_json(one) for one in data["decisions"]),
            extra=data["extra"],
            notes=tuple(Reason(**one) for one in data["notes"]),
            steps=tuple(Step(**one) for one in data["steps"]),
        )


_MISFITS = {Rule.NO_SKIP: Misfit.STOP, Rule.CUSTOM: Misfit.STRETCH}


def count(election: Election, method: Method, patience: int | None = None) -> Outcome:
    """Who wins by `method`, and why. ValueError: Equal Shares knows no conflict sets. TooLong: see `completed`.

    Source: A26, domain/voting; B26 (never above the budget, but for the 80 % rule's stated extra).
    """
    if method.rule is not Rule.EQUAL_SHARES:
        return _by_greed(election, method, scores(election))
    if election.conflicts:
        raise ValueError("Equal Shares is not defined for conflict sets; choose a greedy rule")
    return _by_shares(election, method, patience)


def _by_greed(election: Election, method: Method, found: Mapping[str, int], notes: tuple[Reason, ...] = ()) -> Outcome:
    counted = Greedy(election, found, _MISFITS.get(method.rule, Misfit.SKIP), method.threshold)
    decisions = explaining.greedy(counted)
    winners = [look.project.id for look in counted.looks if look.fate in WON]
    return _outcome(election, winners, decisions, counted.ties, notes=notes)


def _by_shares(election: Election, method: Method, patience: int | None) -> Outcome:
    electorate = Electorate.of(election, method.threshold)
    if method.completion is Completion.NONE or not election.voters:
        market = Market(electorate, Fraction(election.budget, max(1, election.voters)))
    else:
        market = completed(electorate, method.increment, stop_exhaustive=method.stop_exhaustive, patience=patience)
    added = market.added(election.budget) if method.completion is Completion.ADD1U else []
    winners = [one.id for one in (*market.bought, *added)]
    if method.comparison:
        outcome = _by_greed(election, Method(threshold=method.threshold), electorate.scores)
        better, worse = _compared(electorate, outcome.winners, winners)
        note = explaining.compared(better, worse)
        if better > worse:
            return replace(outcome, notes=(note,))
    notes = (explaining.share(market), *([note] if method.comparison else []))
    steps = zip(market.bought, market.prices(), strict=True)
    return _outcome(
        election,
        winners,
        explaining.shares(market, added, method.threshold),
        market.ties,
        notes=notes,
        steps=tuple(Step(one.id, electorate.supporters(one), price) for one, price in steps),
    )


def _compared(electorate: Electorate, these: Collection[str], those: Collection[str]) -> tuple[int, int]:
    """How many voters get more satisfaction from `these`, and how many from `those`."""
    voters = electorate.election.ballots.values()
    both = list(zip(electorate.satisfied(these), electorate.satisfied(those), voters, strict=True))
    return sum(times for a, b, times in both if a > b), sum(times for a, b, times in both if a < b)


def _outcome(
    election: Election,
    winners: Iterable[str],
    decisions: tuple[Decision, ...],
    ties: Iterable[tuple[str, ...]],
    *,
    notes: tuple[Reason, ...] = (),
    steps: tuple[Step, ...] = (),
) -> Outcome:
    won = tuple(winners)
    costs = {one.id: one.cost for one in election.projects}
    total = sum(costs[key] for key in won)
    over = total - election.budget
    return Outcome(won, total, max(0, -over), tuple(ties), decisions, max(0, over), notes, steps)
