"""Why an option won or lost, in plain words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Self

from portal.rules import N_
from portal.rules.elections import BallotKind, Election, Project
from portal.rules.equal_shares import Market
from portal.rules.greedy import WON, Fate, Greedy, Look


@dataclass(frozen=True)
class Reason:
    """An English sentence to translate; values named `…_fen` are money, those named `…_id` are an option."""

    text: str
    values: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """One option: its place (1 is first), its score (votes or points), whether it won, why, and what was missing."""

    id: str
    place: int
    score: int
    cost: int
    chosen: bool
    reason: Reason
    missing: Reason | None = None
    """To a loser: what would have been enough."""
    tie: Reason | None = None
    """Where the lot decided."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `dataclasses.asdict` gave."""
        given = {key: Reason(**data[key]) for key in ("reason", "missing", "tie") if data[key]}
        return cls(**dict(data) | given)


_FATES = {
    Fate.FUNDED: N_("Number %(place)s; its cost of %(cost_fen)s fits into the free %(left_fen)s."),
    Fate.STRETCHED: N_(
        "Number %(place)s; %(left_fen)s was free, which is at least 80 percent of its cost of %(cost_fen)s. "
        "The other %(short_fen)s is extra money."
    ),
    Fate.OUT: N_("It was withdrawn, or a decision that was published keeps another option in its place."),
    Fate.UNWANTED: N_("Nobody chose it."),
    Fate.RIVALLED: N_("It cannot be built together with “%(rival_id)s”, which came first and was chosen."),
    Fate.DEAR: N_("It costs %(cost_fen)s, and only %(left_fen)s was still free."),
    Fate.AFTER: N_("The count had already stopped at an option that did not fit into the free money."),
}
_FEW_VOTES = N_("It has %(score)s votes; at least %(threshold)s are needed.")
_FEW_POINTS = N_("It has %(score)s points; at least %(threshold)s are needed.")
_SHORT_VOTES = N_("Votes that were missing for it to be chosen: %(short)s.")
_SHORT_POINTS = N_("Points that were missing for it to be chosen: %(short)s.")
_TOO_DEAR = N_("It costs more than the whole budget of %(budget_fen)s; no number of votes could have helped.")
_TIE_WON = N_("Others have the same result; the lot put this one first.")
_TIE_LOST = N_("Others have the same result; the lot put another one first.")


_BOUGHT = N_("Its %(supporters)s supporters paid for it together; nobody paid more than %(price_fen)s.")
_BOUGHT_POINTS = N_("Its %(supporters)s supporters paid for it together, at most %(price_fen)s for each point.")
_ADDED = N_("Added at the end, because it fits into what Equal Shares left of the budget.")
_LAST_PLACES = N_("It only stands in last places, and nobody pays for a last place.")
_POOR = N_("At the end its %(supporters)s supporters had %(held_fen)s left together; it costs %(cost_fen)s.")
_POOR_SHORT = N_("They lacked %(short_fen)s.")
_SHARE = N_("Each of the %(voters)s voters held an equal share of %(share_fen)s.")
_RAISED = N_(
    "Each of the %(voters)s voters held an equal share. "
    "It was raised step by step, to %(share_fen)s in the end, so that little of the budget is left."
)
_COMPARED = N_(
    "%(better)s voters get more from the options with most votes, %(worse)s get more from Equal Shares; "
    "the larger number decides."
)


def greedy(counted: Greedy) -> tuple[Decision, ...]:
    """The decisions of a greedy count."""
    tied = set(chain.from_iterable(counted.ties))
    return tuple(_looked(look, place, counted, tied) for place, look in enumerate(counted.looks, 1))


def _looked(look: Look, place: int, counted: Greedy, tied: Collection[str]) -> Decision:
    one, won, budget = look.project, look.fate in WON, counted.election.budget
    missing = None
    if look.short is not None:
        missing = Reason(_SHORT_VOTES if _by_votes(counted.election) else _SHORT_POINTS, {"short": look.short})
    elif look.fate is Fate.DEAR and one.cost > budget:
        missing = Reason(_TOO_DEAR, {"budget_fen": budget})
    tie = _tie(won) if one.id in tied else None
    return Decision(one.id, place, look.score, one.cost, won, _fate(look, place, counted), missing, tie)


def _fate(look: Look, place: int, counted: Greedy) -> Reason:
    money = {"cost_fen": look.project.cost, "left_fen": look.left}
    values: dict[Fate, dict[str, int | str]] = {
        Fate.FUNDED: {"place": place, **money},
        Fate.STRETCHED: {"place": place, "short_fen": look.project.cost - look.left, **money},
        Fate.RIVALLED: {"rival_id": look.rival},
        Fate.DEAR: {**money},
    }
    if look.fate is Fate.FEW:
        return _few(look.score, counted.threshold, counted.election)
    return Reason(_FATES[look.fate], values.get(look.fate, {}))


def _few(score: int, threshold: int, election: Election) -> Reason:
    return Reason(_FEW_VOTES if _by_votes(election) else _FEW_POINTS, {"score": score, "threshold": threshold})


def _by_votes(election: Election) -> bool:
    return election.kind not in (BallotKind.CUMULATIVE, BallotKind.ORDINAL)


def _tie(won: bool) -> Reason:
    return Reason(_TIE_WON if won else _TIE_LOST)


def shares(market: Market, added: Collection[Project], threshold: int) -> tuple[Decision, ...]:
    """The decisions of Equal Shares: winners in their order, then the others by score and lot."""
    election, scores = market.electorate.election, market.electorate.scores
    text, tied = _BOUGHT if _by_votes(election) else _BOUGHT_POINTS, set(chain.from_iterable(market.ties))
    reasons = {
        one: Reason(text, {"supporters": market.electorate.supporters(one), "price_fen": price})
        for one, price in zip(market.bought, market.prices(), strict=True)
    }
    reasons |= {one: Reason(_ADDED) for one in added}
    found = [
        Decision(one.id, place, scores[one.id], one.cost, True, reason, tie=_tie(True) if one.id in tied else None)
        for place, (one, reason) in enumerate(reasons.items(), 1)
    ]
    lots = election.lots()
    rest = sorted(set(election.projects) - set(reasons), key=lambda one: (-scores[one.id], lots[one.id]))
    for place, one in enumerate(rest, len(found) + 1):
        reason, missing = _unbought(one, market, threshold)
        tie = _tie(False) if one.id in tied else None
        found.append(Decision(one.id, place, scores[one.id], one.cost, False, reason, missing, tie))
    return tuple(found)


def _unbought(one: Project, market: Market, threshold: int) -> tuple[Reason, Reason | None]:
    score = market.electorate.scores[one.id]
    if one.id in market.electorate.election.out or not score:
        return Reason(_FATES[Fate.OUT if score else Fate.UNWANTED]), None
    if score < threshold:
        return _few(score, threshold, market.electorate.election), None
    supporters = market.electorate.supporters(one)
    if not supporters:
        return Reason(_LAST_PLACES), None
    held = market.held(one)
    values = {"supporters": supporters, "held_fen": held, "cost_fen": one.cost}
    return Reason(_POOR, values), Reason(_POOR_SHORT, {"short_fen": one.cost - held})


def share(market: Market) -> Reason:
    """What each voter held; with Add1, in the last count."""
    election = market.electorate.election
    raised = market.share * election.voters > election.budget
    return Reason(_RAISED if raised else _SHARE, {"voters": election.voters, "share_fen": int(market.share)})


def compared(better: int, worse: int) -> Reason:
    """How many voters the greedy winners satisfy more, and how many less."""
    return Reason(_COMPARED, {"better": better, "worse": worse})
