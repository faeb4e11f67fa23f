"""What a committee may decide about a need, and which words it owes the author."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.needs import NeedState
from portal.rules.wording import personal_numbers


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


EXPLAINED = (Decision.RETURN, Decision.REFUSE)
"""Decisions that come with a reason and words, for the author and the committee to read."""


@dataclass(frozen=True)
class DecisionDraft:
    """A decision as it was made; `into`: the need to join with, `private`: accepted but not listed."""

    decision: Decision
    reason: str = ""
    words: str = ""
    into: int | None = None
    private: bool = False


def refusals(draft: DecisionDraft, *, text: str, private: bool, same: bool, into_open: bool) -> Iterator[Refusal]:
    """Why a decision is not complete: a return or refusal owes a coded reason, a refusal words too, a merge its target.

    What everyone will read names no person's numbers. Source: A24, B31.
    """
    if draft.decision is Decision.ACCEPT and not private:
        yield from personal_numbers(text, "private")
    if draft.decision in EXPLAINED:
        if draft.reason not in REASONS:
            yield Refusal(N_("Please choose a reason; the author will read it."), "reason")
        if draft.decision is Decision.REFUSE and len(draft.words) < 2:
            yield Refusal(N_("Please say in a few words why, and what the author can do instead."), "words")
    if draft.decision is Decision.MERGE and (same or not into_open):
        yield Refusal(N_("Please choose another need of this community to join it with."), "into")


def may_undo(state: NeedState, *, fresh: bool) -> Iterator[Refusal]:
    """Refuse to take back what is no fresh decision."""
    if not fresh or state not in LEADS_TO.values():
        yield Refusal(N_("This has moved on and can no longer be taken back."))
