"""What a project must say before residents vote on it."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.bundles import NO_BUNDLE, Bundle
from portal.rules.rounds import FEWEST_OPTIONS
from portal.rules.wording import public_text

MOST_DESIGNS = 6
LONGEST_TITLE = 60
LONGEST_STORY = 4000
LONGEST_PLACE = 100


class ProjectState(StrEnum):
    """Where a project stands. Source: requirements 1.6."""

    DRAFTED = "drafted"
    CONSULTED = "consulted"
    """A vote on its designs is announced; from now on nothing of it changes."""
    VOTED = "voted"
    NOTICED = "noticed"
    """Shown to everyone before approval; objections are heard (公示)."""
    APPROVED = "approved"
    """立项"""
    TENDERED = "tendered"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    SERVING = "serving"
    ACCEPTED = "accepted"
    """Delivery has ended and was accepted with the recipients (验收)."""
    EVALUATED = "evaluated"
    IMPROVING = "improving"
    CLOSED = "closed"
    STOPPED = "stopped"
    """Given up before it was delivered, with a public reason."""


@dataclass(frozen=True)
class DesignDraft:
    """One way to do a project. `cost_fen` is None where no amount could be read; `number` is its place in the form."""

    title: str
    cost_fen: int | None
    story: str = ""
    picture: str | None = None
    number: int = 0


@dataclass(frozen=True)
class ProjectDraft:
    """What a committee proposes; `needs` are the numbers of the needs that it answers."""

    title: str
    category: str
    budget_fen: int | None
    needs: tuple[int, ...]
    designs: tuple[DesignDraft, ...]
    story: str = ""
    place: str = ""
    bundle: Bundle = NO_BUNDLE


def refusals(draft: ProjectDraft, *, categories: Collection[str], needs: Collection[int]) -> Iterator[Refusal]:
    """Why `draft` is no project yet, where `needs` are the listed needs of the region among those that it names.

    Source: A20 (a category of the catalogue), A21 (designs with cost), A22 (a need), B26 (within the budget).
    """
    yield from _text(draft.title, "title", LONGEST_TITLE, fewest=2)
    yield from _text(draft.story, "story", LONGEST_STORY)
    yield from _text(draft.place, "place", LONGEST_PLACE)
    if not draft.needs:
        yield Refusal(N_("Please choose at least one need that the project answers."), "needs")
    elif not set(draft.needs) <= set(needs):
        yield Refusal(N_("One of these needs is not on the public list here, or has been answered."), "needs")
    if draft.category not in categories:
        yield Refusal(N_("Please choose one of the subjects shown."), "category")
    if draft.budget_fen is None or draft.budget_fen <= 0:
        yield Refusal(N_("Please give an amount above zero in yuan, such as 12000 or 12000.50."), "budget")
    if len(draft.designs) < FEWEST_OPTIONS:
        yield Refusal(
            N_("Please describe at least %(fewest)s designs, so that there is a choice."),
            f"design{len(draft.designs) + 1}_title",
            {"fewest": FEWEST_OPTIONS},
        )
    if len(draft.designs) > MOST_DESIGNS:
        yield Refusal(N_("At most %(most)s designs, please."), "", {"most": MOST_DESIGNS})
    for design in draft.designs:
        yield from _design_refusals(design, draft.budget_fen)


def _design_refusals(design: DesignDraft, budget_fen: int | None) -> Iterator[Refusal]:
    beside = f"design{design.number}"
    yield from _text(design.title, f"{beside}_title", LONGEST_TITLE, fewest=2)
    yield from _text(design.story, f"{beside}_story", LONGEST_STORY)
    if design.cost_fen is None or design.cost_fen < 0:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), f"{beside}_cost")
    elif budget_fen is not None and design.cost_fen > budget_fen:
        yield Refusal(N_("This is more than the project's budget."), f"{beside}_cost")


def _text(words: str, beside: str, most: int, fewest: int = 0) -> Iterator[Refusal]:
    """Text that everyone reads: not too short, not too long, no person's numbers."""
    if len(words) < fewest:
        yield Refusal(N_("Please give it a name; two characters are enough."), beside)
    yield from public_text(words, beside, most)


_YUAN = re.compile(r"(\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.(\d{1,2}))?")


def fen_of(typed: str) -> int | None:
    """The amount that was typed in yuan, in fen and exactly; None if it is none.

    >>> fen_of("12,000.5 元"), fen_of("１２０００"), fen_of("12.345"), fen_of("about 12")
    (1200050, 1200000, None, None)
    """
    plain = re.sub(r"[\s¥￥元]", "", unicodedata.normalize("NFKC", typed))
    match = _YUAN.fullmatch(plain)
    if match is None or not plain.isascii():
        return None
    return int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0"))


def yuan_of(fen: int) -> str:
    """The amount as it is typed.

    >>> yuan_of(1200050), yuan_of(1200000)
    ('12000.50', '12000')
    """
    return f"{fen // 100}.{fen % 100:02}".removesuffix(".00")


def may_revise(state: ProjectState, *, voted_on: bool = False) -> Iterator[Refusal]:
    """Refuse changes once a vote is announced: what decides is published before and then frozen. Source: A24, A26."""
    if voted_on or state is not ProjectState.DRAFTED:
        yield Refusal(N_("The vote on this project is announced; nothing of it can be changed any more."))
