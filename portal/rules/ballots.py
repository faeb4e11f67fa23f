"""Who may vote, when, and what a tap does to a ballot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.rules import N_, Refusal, enforce
from portal.rules.elections import BallotKind


class Stage(StrEnum):
    """Where a round stands by the clock."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class Standing(StrEnum):
    """What someone is to a round."""

    GUEST = "guest"
    STRANGER = "stranger"
    """Signed in, but has not said where she lives."""
    WAITING = "waiting"
    """Says that she lives here; the committee has not confirmed it yet."""
    ELSEWHERE = "elsewhere"
    LATE = "late"
    """Lives here, but was not on the roll when it was frozen."""
    HOUSEHOLD = "household"
    """Another of her household has voted for it."""
    VOTER = "voter"


class Part(StrEnum):
    """Whether someone on a roll has voted."""

    VOTED = "voted"
    HOUSEHOLD = "household"
    """Another of her household has."""
    NONE = "none"


class Road(StrEnum):
    """How a vote came in."""

    PHONE = "phone"
    SLIP = "slip"
    PAPER = "paper"
    HELPER = "helper"


_TURNED_AWAY = {
    Standing.GUEST: N_("Please sign in to vote."),
    Standing.STRANGER: N_("Please say first that you live here; your committee confirms it, then you can vote."),
    Standing.WAITING: N_("Your committee has not confirmed yet that you live here; then you can vote."),
    Standing.ELSEWHERE: N_("Only those who live here vote on this; your home is in another place."),
    Standing.LATE: N_("The roll of this vote was closed before you were on it. You can vote in the next one."),
    Standing.HOUSEHOLD: N_("Each household has one vote here, and somebody of yours has voted."),
}


def stage(opens_at: datetime, closes_at: datetime, at: datetime) -> Stage:
    """Open from the first moment up to, and not with, the last one. Source: A26."""
    if at < opens_at:
        return Stage.COMING
    return Stage.OPEN if at < closes_at else Stage.CLOSED


def standing(*, signed_in: bool, home: str | None, verified: bool, region: str, frozen: bool) -> Standing:
    """What someone with no line on the roll of a round of the region at the path `region` is to it.

    Her home has the path `home` ("1.18.203."); a confirmed resident of a place is one of every region above it, and
    comes on the roll when that is frozen. Source: A21, A26.
    """
    if not signed_in:
        return Standing.GUEST
    if home is None:
        return Standing.STRANGER
    if not home.startswith(region):
        return Standing.ELSEWHERE
    if not verified:
        return Standing.WAITING
    return Standing.LATE if frozen else Standing.VOTER


def may_vote(voter: Standing, when: Stage) -> Iterator[Refusal]:
    """Refuse all but a vote of one on the roll, in time. Source: A26."""
    if voter is not Standing.VOTER:
        yield Refusal(_TURNED_AWAY[voter])
    if when is Stage.COMING:
        yield Refusal(N_("This vote has not opened yet."))
    if when is Stage.CLOSED:
        yield Refusal(N_("This vote has closed; what was saved before counts."))


@dataclass(frozen=True)
class Terms:
    """What a ballot of a round may hold: its kind, its limit, and what each option (by number) costs. Money in fen."""

    kind: BallotKind
    most: int | None
    costs: Mapping[int, int]
    budget_fen: int


@dataclass(frozen=True)
class Mark:
    """The value of an option on a ballot, and the turn of the ballot in which it was set.

    A value is 1 or 0; points on a cumulative ballot; on an ordinal one the turn in which it was ranked.
    """

    value: int
    turn: int


Marks = Mapping[int, Mark]

CHANGED = Refusal(N_("You changed this meanwhile. Here is your ballot as it stands."))


def tapped(terms: Terms, marks: Marks, option: int, value: int, *, turn: int, seen: int) -> dict[int, Mark]:
    """The marks of a ballot after a tap that gives `option` a `value`, made on a page that showed turn `seen`.

    The same tap once more changes nothing; one that comes after a later tap on the same option (replayed, reordered)
    is refused unless it says what stands. Raises Refused. Source: A26, trust 2 (class 5).
    """
    now = marks.get(option, Mark(0, 0))
    most = (terms.most or 0) if terms.kind is BallotKind.CUMULATIVE else 1
    if option not in terms.costs or not 0 <= value <= most:
        enforce([Refusal(N_("This is not part of this vote."))])
    if value == now.value or (terms.kind is BallotKind.ORDINAL and bool(value) == bool(now.value)):
        return dict(marks)
    if now.turn > seen:
        enforce([CHANGED])
    after = turn + 1
    changed = dict(marks) | {option: Mark(after if terms.kind is BallotKind.ORDINAL and value else value, after)}
    if terms.kind is BallotKind.CHOOSE_1 and value:
        changed |= {other: Mark(0, after) for other, mark in marks.items() if mark.value and other != option}
    enforce(_too_much(terms, changed))
    return changed


def cleared(terms: Terms, turn: int) -> dict[int, Mark]:
    """The marks of a ballot of which nothing is left at `turn`: no tap on an earlier page brings any of it back."""
    return dict.fromkeys(terms.costs, Mark(0, turn))


def _too_much(terms: Terms, marks: Marks) -> Iterator[Refusal]:
    chosen = [option for option, mark in marks.items() if mark.value]
    most = terms.most
    if terms.kind in (BallotKind.CHOOSE_K, BallotKind.ORDINAL) and most is not None and len(chosen) > most:
        yield Refusal(N_("You may choose %(most)s. Please take one back first."), values={"most": most})
    if terms.kind is BallotKind.CUMULATIVE and sum(mark.value for mark in marks.values()) > (most or 0):
        yield Refusal(N_("You have %(most)s points in all. Please take some back first."), values={"most": most or 0})
    if terms.kind is BallotKind.KNAPSACK and sum(terms.costs[option] for option in chosen) > terms.budget_fen:
        yield Refusal(N_("Together this costs more than the budget. Please take something back first."))


def choices_of(kind: BallotKind, marks: Marks) -> tuple[str, ...] | tuple[tuple[str, int], ...]:
    """What a ballot says, as it is counted: chosen keys in order, (key, points), or keys by rank."""
    chosen = {option: mark.value for option, mark in sorted(marks.items()) if mark.value}
    if kind is BallotKind.CUMULATIVE:
        return tuple((str(option), points) for option, points in chosen.items())
    if kind is BallotKind.ORDINAL:
        return tuple(str(option) for option in sorted(chosen, key=lambda option: chosen[option]))
    return tuple(str(option) for option in chosen)
