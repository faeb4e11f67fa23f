"""Where money comes from, and that no more of it is promised than there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

PARTY_ORG = "party_org"
"""Money that a grassroots Party organisation brings to people. Source: A49."""
LONGEST_NAME = 100
LONGEST_WORDS = 1000
YEARS = range(2010, 2100)


class FundKind(StrEnum):
    """Where money comes from. Source: B24, A47, A57, A59 (`requirements` 1.5)."""

    BUDGET = "budget"
    """从既有工作经费预算安排"""
    ASSISTANCE = "assistance"
    """社会救助专项资金: 5 % of it for purchases. Source: B25."""
    LOTTERY = "lottery"
    INCUBATION = "incubation"
    COMMUNITY = "community"


GIVES_GRANTS = (FundKind.INCUBATION, FundKind.COMMUNITY)
"""Funds of which providers may ask for money. Source: A58, A60."""


class Way(StrEnum):
    """How money came or went. Source: A45."""

    INCOME = "income"
    DIRECT = "direct"
    """Spent without a purchase: benefits, running costs."""
    PURCHASE = "purchase"
    GRANT = "grant"


@dataclass(frozen=True)
class FundDraft:
    """What was typed to open a fund."""

    name: str
    kind: str
    year: int | None
    channel: str = ""


@dataclass(frozen=True)
class EntryDraft:
    """Money that came in, or went out without a purchase. `amount_fen` is None where no amount could be read."""

    way: str
    amount_fen: int | None
    words: str
    category: str = ""


def fund_refusals(draft: FundDraft) -> Iterator[Refusal]:
    """Why a fund may not be opened so. Source: B24, A49."""
    yield from public_words(draft.name, "name", LONGEST_NAME)
    if draft.kind not in set(FundKind):
        yield Refusal(N_("Please choose where the money comes from."), "kind")
    if draft.year not in YEARS:
        yield Refusal(N_("Please give a year, such as 2026."), "year")
    if draft.channel not in ("", PARTY_ORG):
        yield Refusal(N_("Please choose one of the channels shown."), "channel")


def entry_refusals(draft: EntryDraft, free_fen: int) -> Iterator[Refusal]:
    """Why an entry may not be made in a fund of which `free_fen` is neither shared out nor kept for grants."""
    yield from public_words(draft.words, "words", LONGEST_WORDS)
    if draft.way == Way.INCOME:
        yield from _above_zero(draft.amount_fen)
    elif draft.way == Way.DIRECT:
        yield from may_take(draft.amount_fen, free_fen)
    else:
        yield Refusal(N_("Please say whether the money came in or went out."), "way")


def may_correct(way: str, amount_fen: int, *, corrected: bool, is_counter: bool, free_fen: int) -> Iterator[Refusal]:
    """Refuse to take an entry back twice, or where others keep the account, or where its money is in use already."""
    if corrected or is_counter:
        yield Refusal(N_("This entry was corrected already."))
    elif way not in (Way.INCOME, Way.DIRECT):
        yield Refusal(N_("This entry follows from a contract or a grant and is not corrected here."))
    elif amount_fen > free_fen:
        yield Refusal(
            N_("Of this money only %(free)s yuan are still free; the rest is shared out already."),
            values={"free": yuan(free_fen)},
        )


def may_take(amount_fen: int | None, free_fen: int) -> Iterator[Refusal]:
    """Refuse to take more out of a fund than is free. Source: B24, B26."""
    yield from _within(amount_fen, free_fen, N_("Only %(free)s yuan of this fund are free."))


def may_allocate(amount_fen: int | None, free_fen: int, *, above: str, below: str, first: bool) -> Iterator[Refusal]:
    """Refuse to give on more than there is, or to a place that does not lie below. Source: B26.

    `above` and `below` are paths of regions; what comes right from a fund (`first`) may stay in the fund's own place.
    """
    if not below.startswith(above) or (below == above and not first):
        yield Refusal(N_("Please choose a place below this one."), "place")
    yield from _within(amount_fen, free_fen, N_("Only %(free)s yuan are left to be given on."))


def may_plan(amount_fen: int | None, free_fen: int, title: str) -> Iterator[Refusal]:
    """Refuse a budget line above what is left of its allocation. Source: B24, B26."""
    yield from public_words(title, "title", LONGEST_NAME)
    yield from _within(amount_fen, free_fen, N_("Only %(free)s yuan are left of this allocation."))


def may_resize(amount_fen: int | None, *, used_fen: int, room_fen: int) -> Iterator[Refusal]:
    """Refuse an amount below what is promised or given on of it, or above what there is room for. Source: B24, B26."""
    yield from _within(amount_fen, room_fen, N_("There are at most %(free)s yuan for it."))
    if amount_fen is not None and 0 < amount_fen < used_fen:
        yield Refusal(
            N_("%(used)s yuan of it are promised or given on already; it cannot be less."),
            "amount",
            {"used": yuan(used_fen)},
        )


def may_commit(amount_fen: int, free_fen: int) -> Iterator[Refusal]:
    """Refuse to promise more than is free. Source: B24."""
    yield from _within(amount_fen, free_fen, N_("Only %(free)s yuan of this budget line are free."))


def public_words(words: str, beside: str, most: int) -> Iterator[Refusal]:
    """Text that everyone reads: not too short, not too long, no person's numbers."""
    return public_text(words, beside, most, fewest=2)


def yuan(fen: int) -> str:
    """An amount with its two places.

    >>> yuan(1200050), yuan(5)
    ('12000.50', '0.05')
    """
    return f"{fen // 100}.{fen % 100:02}"


def _above_zero(amount_fen: int | None) -> Iterator[Refusal]:
    if amount_fen is None:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "amount")
    elif amount_fen <= 0:
        yield Refusal(N_("Please give an amount above zero."), "amount")


def _within(amount_fen: int | None, free_fen: int, said: str) -> Iterator[Refusal]:
    yield from _above_zero(amount_fen)
    if amount_fen is not None and amount_fen > max(0, free_fen):
        yield Refusal(said, "amount", {"free": yuan(max(0, free_fen))})
