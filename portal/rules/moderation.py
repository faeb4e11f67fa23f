"""What a committee may decide about a need, and which words it owes the author."""

from collections.abc import Iterator
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.needs import NeedState


class Decision(StrEnum):
    """What is done with a waiting need. Source: A24."""

    ACCEPT = "accept"
    RETURN = "return"
    REFUSE = "refuse"
    MERGE = "merge"


LEADS_TO = {
    Decision.ACCEPT: NeedState.ACCEPTED,
    Decision.RETURN: NeedState.RETURNED,
    Decision.REFUSE: NeedState.REJECTED,
    Decision.MERGE: NeedState.MERGED,
}

REASONS: dict[str, str] = {
    "unclear": N_("We cannot tell what is needed"),
    "personal": N_("It names or exposes a person"),
    "not_here": N_("It concerns another place"),
    "not_ours": N_("It is outside what can be bought as a social service"),
    "petition": N_("It is a complaint for another office"),
    "advert": N_("It is advertising"),
    "abuse": N_("It insults or threatens someone"),
    "unlawful": N_("The law forbids publishing it"),
}
"""Coded reasons for returning or refusing; published, so that everyone knows the rules. Source: A24."""


def refusals(decision: Decision, *, reason: str, words: str, into: int | None, need_id: int) -> Iterator[Refusal]:
    """Why a decision is not complete: a return or refusal owes a coded reason and words; a merge, a target."""
    if decision in (Decision.RETURN, Decision.REFUSE):
        if reason not in REASONS:
            yield Refusal(N_("Please choose a reason; the author will read it."), "reason")
        if decision is Decision.REFUSE and len(words) < 2:
            yield Refusal(N_("Please say in a few words why, and what the author can do instead."), "words")
    if decision is Decision.MERGE and (into is None or into == need_id):
        yield Refusal(N_("Please choose the need that this one belongs to."), "into")
