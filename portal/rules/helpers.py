"""Helping someone to vote: who may help whom, how many people, and for how long."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.rules import N_, Refusal
from portal.rules.rolls import tidy

LASTS = timedelta(minutes=20)
"""How long a helper's page is open [I]."""
TRIES_PER_HELPER = 20
"""People whom a neighbour may look for on the roll in an hour [I]."""


def helper_refusals(*, named: bool, confirmed: bool, consents: bool) -> Iterator[Refusal]:
    """Why somebody may not help at all. Source: trust 5 (family or neighbour votes for the aged).

    `confirmed`: works for the committee of the voter, or lives here and is confirmed.
    """
    if not named:
        yield Refusal(N_("Please write your name in your settings first: who is helped sees who helped."))
    if not confirmed:
        yield Refusal(N_("Only neighbours whose home here is confirmed can help, and the committee."))
    if not consents:
        yield UNWANTED


UNWANTED = Refusal(N_("Please go on only if she is with you and wants this."), "consents")


def helping_refusals(*, herself: bool, helped: int, most: int | None) -> Iterator[Refusal]:
    """Why a helper may not help this voter; `helped`: how many others she has helped in this vote, of at most `most`
    (None: any number).
    """
    if herself:
        yield Refusal(N_("This is you. Please vote by yourself."), "number")
    if most is not None and helped >= most:
        yield Refusal(
            N_("A neighbour may help %(most)s people in one vote. Please ask the committee to help now."),
            values={"most": most},
        )


def is_known_by(said: str, phone_end: str, household: str) -> bool:
    """Whether what a neighbour `said` of a voter is the end of her telephone number, or her household.

    >>> is_known_by("3－2－501", "", "3-2-501"), is_known_by("", "", "")
    (True, False)
    """
    written = tidy("", "", said).household
    return written != "" and written in (phone_end, household)


def ends_at(start: datetime, closes_at: datetime) -> datetime:
    """Until when the page of a helper is open."""
    return min(start + LASTS, closes_at)


def stands_out(helped: int, votes: int, percent: int) -> bool:
    """Whether one helper helped so many people that everyone should look: several, and above the share of `votes`.

    >>> stands_out(6, 100, 5), stands_out(5, 100, 5), stands_out(1, 3, 5)
    (True, False, False)
    """
    return helped > 1 and 100 * helped > percent * votes
