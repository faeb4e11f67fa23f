"""Who may vote, when, and what a round needs before it is announced."""

from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum

from portal.rules import N_, Refusal

FEWEST_DESIGNS = 2


class Stage(StrEnum):
    """Where a round stands by the clock."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class Standing(StrEnum):
    """What someone is to a round of a region."""

    GUEST = "guest"
    STRANGER = "stranger"
    """Signed in, but has not said where she lives."""
    WAITING = "waiting"
    """Says that she lives here; the committee has not confirmed it yet."""
    ELSEWHERE = "elsewhere"
    VOTER = "voter"


_TURNED_AWAY = {
    Standing.GUEST: N_("Please sign in to vote."),
    Standing.STRANGER: N_("Please say first that you live here; your committee confirms it, then you can vote."),
    Standing.WAITING: N_("Your committee has not confirmed yet that you live here; then you can vote."),
    Standing.ELSEWHERE: N_("Only those who live here vote on this; your home is in another place."),
}


def stage(opens_at: datetime, closes_at: datetime, at: datetime) -> Stage:
    """Open from the first moment up to, and not with, the last one. Source: A26."""
    if at < opens_at:
        return Stage.COMING
    return Stage.OPEN if at < closes_at else Stage.CLOSED


def standing(*, signed_in: bool, home: str | None, verified: bool, region: str) -> Standing:
    """What someone whose home has the path `home` ("1.18.203.") is to a round of the region at the path `region`.

    A confirmed resident of a place is one of every region above it. Source: A21, A26.
    """
    if not signed_in:
        return Standing.GUEST
    if home is None:
        return Standing.STRANGER
    if not home.startswith(region):
        return Standing.ELSEWHERE
    return Standing.VOTER if verified else Standing.WAITING


def may_vote(voter: Standing, when: Stage, *, design: int, designs: Collection[int]) -> Iterator[Refusal]:
    """Refuse all but a confirmed resident's vote, in time, for a design of the round's own project. Source: A26."""
    if voter is not Standing.VOTER:
        yield Refusal(_TURNED_AWAY[voter])
    if when is Stage.COMING:
        yield Refusal(N_("This vote has not opened yet."))
    if when is Stage.CLOSED:
        yield Refusal(N_("This vote has closed; what was saved before counts."))
    if design not in designs:
        yield Refusal(N_("This design is not part of this vote."))


def round_refusals(
    opens_at: datetime | None, closes_at: datetime | None, *, at: datetime, designs: int, announced: bool
) -> Iterator[Refusal]:
    """Why a vote on a project with so many `designs` may not be announced `at` this moment.

    Everything that decides stands before a vote opens, and then stays: one round a project. Source: A21, A26.
    """
    if opens_at is None:
        yield Refusal(N_("Please say when the vote opens."), "opens_at")
    if closes_at is None:
        yield Refusal(N_("Please say when the vote closes."), "closes_at")
    elif closes_at <= at:
        yield Refusal(N_("The vote must close in the future."), "closes_at")
    elif opens_at is not None and opens_at >= closes_at:
        yield Refusal(N_("The vote must open before it closes."), "closes_at")
    if designs < FEWEST_DESIGNS:
        yield Refusal(N_("A vote needs at least %(fewest)s designs."), "", {"fewest": FEWEST_DESIGNS})
    if announced:
        yield Refusal(N_("There is a vote on this project already."))
