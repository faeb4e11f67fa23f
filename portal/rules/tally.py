"""How approvals become winners: exact, and the same on every machine."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from portal.rules import N_

TIE_RULE = N_("With equal votes the design that costs less comes first, then the one that was listed first.")
RULE = N_("The design with most votes comes first; each is chosen if its cost fits into the budget that is still free.")


@dataclass(frozen=True)
class Candidate:
    """A design in the count. Money in fen."""

    id: int
    cost_fen: int
    votes: int


@dataclass(frozen=True)
class Reason:
    """Why a design was chosen or not: an English sentence to translate; values named `…_fen` are money."""

    text: str
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """A design with its place in the order, and whether it was chosen and why."""

    id: int
    cost_fen: int
    votes: int
    place: int
    chosen: bool
    reason: Reason


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Most votes first; equal votes by lower cost, then by lower number (`TIE_RULE`). Source: domain/voting, ties."""
    return sorted(candidates, key=lambda one: (-one.votes, one.cost_fen, one.id))


def results(candidates: Iterable[Candidate], budget_fen: int) -> list[Result]:
    """Every design in order, chosen greedily: fund while it fits, skip what does not; nobody's choice is never chosen.

    Source: A26, domain/voting (`greedy`, the rule of 416 of 1,416 real elections); B26 (never above the budget).
    """
    return list(_greedy(in_order(candidates), budget_fen))


def _greedy(ordered: list[Candidate], left_fen: int) -> Iterator[Result]:
    fewest_chosen: int | None = None
    for place, one in enumerate(ordered, 1):
        chosen = one.votes > 0 and one.cost_fen <= left_fen
        reason = _reason(one, place, left_fen, chosen=chosen, tied=one.votes == fewest_chosen)
        yield Result(one.id, one.cost_fen, one.votes, place, chosen, reason)
        if chosen:
            left_fen, fewest_chosen = left_fen - one.cost_fen, one.votes


def _reason(one: Candidate, place: int, left_fen: int, *, chosen: bool, tied: bool) -> Reason:
    money = {"cost_fen": one.cost_fen, "left_fen": left_fen}
    if chosen:
        return Reason(
            N_("Number %(place)s by votes; its cost of %(cost_fen)s fits into the free %(left_fen)s."),
            {"place": place, **money},
        )
    if not one.votes:
        return Reason(N_("Nobody chose it."))
    if tied:
        return Reason(
            N_(
                "As many votes as a chosen design, which comes first by the rule for equal votes; "
                "then %(left_fen)s was free, and this one costs %(cost_fen)s."
            ),
            money,
        )
    return Reason(N_("It costs %(cost_fen)s, and only %(left_fen)s was still free."), money)


def money_left(counted: Iterable[Result], budget_fen: int) -> int:
    """What of the budget the chosen designs leave, in fen; never below 0. Source: B26."""
    return budget_fen - sum(one.cost_fen for one in counted if one.chosen)


def turnout(voters: int, eligible: int) -> Fraction | None:
    """Voters out of those who might have voted, exactly; None where nobody might.

    Source: A23, domain/voting (应到, 实到, 比例).
    """
    return Fraction(voters, eligible) if eligible else None
