"""Who decides about ratings that are held, and when it is decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

LONGEST = 500


class Verdict(StrEnum):
    COUNTED = "counted"
    """They are published like all others."""
    LEFT_OUT = "left_out"
    """They stay, and do not count; the page says how many."""


@dataclass(frozen=True)
class Judge:
    """What somebody who wants to decide is to the ratings."""

    tied: bool = False
    """To the provider: works for it, records its services, or is paid to assist it."""
    recorded: bool = False
    """Whether she recorded one of the services."""
    has_said: bool = False
    is_above: bool = False
    """Whether she acts for a level above the place whose people look, or there is none above it."""


def review_refusals(verdict: str, reason: str, said: Sequence[Verdict], judge: Judge) -> Iterator[Refusal]:
    """Refuse who is tied to it, who has said already, and the third who does not come from above."""
    if verdict not in list(Verdict):
        yield Refusal(N_("Please choose one of the two."), "verdict")
    if not reason:
        yield Refusal(N_("Please say why; everyone can read it."), "reason")
    yield from public_text(reason, "reason", LONGEST)
    yield from may_review(said, judge)


def may_review(said: Sequence[Verdict], judge: Judge) -> Iterator[Refusal]:
    """Who may not decide, whatever she would say."""
    if judge.tied:
        yield Refusal(N_("You are tied to this provider; others decide about its ratings."))
    elif judge.recorded:
        yield Refusal(N_("You recorded some of these services; others decide about their ratings."))
    elif verdict_of(said) is not None:
        yield Refusal(N_("This is decided already."))
    elif judge.has_said:
        yield Refusal(N_("You have decided already; now another person looks at it."))
    elif len(said) >= 2 and not judge.is_above:
        yield Refusal(N_("Two people do not agree; now somebody of the level above decides."))


def verdict_of(said: Sequence[Verdict]) -> Verdict | None:
    """What is decided: what two agree on, else what a third says; None while it is open."""
    if len(said) >= 2 and said[0] is said[1]:
        return said[0]
    return said[2] if len(said) > 2 else None
