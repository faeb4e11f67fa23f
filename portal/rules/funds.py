"""Where money comes from, and that no more of it is promised than there is."""

from collections.abc import Iterator
from enum import StrEnum

from portal.rules import N_, Refusal


class FundKind(StrEnum):
    """Where money comes from. Source: B24, A47, A57, A59 (`requirements` 1.5)."""

    BUDGET = "budget"
    """从既有工作经费预算安排"""
    ASSISTANCE = "assistance"
    """社会救助专项资金: 5 % of it for purchases. Source: B25."""
    LOTTERY = "lottery"
    INCUBATION = "incubation"
    COMMUNITY = "community"


def may_commit(amount_fen: int, free_fen: int) -> Iterator[Refusal]:
    """Refuse to promise more than is free. Source: B24."""
    if amount_fen <= 0:
        yield Refusal(N_("Please give an amount above zero."), "amount")
    elif amount_fen > free_fen:
        yield Refusal(
            N_("Only %(free)s yuan of this budget line are free."),
            "amount",
            {"free": f"{free_fen // 100}.{free_fen % 100:02}"},
        )
