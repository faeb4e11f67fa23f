"""Which level of government buys what. Source: A32-A34, B14."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

LONGEST_REASON = 500


class Level(StrEnum):
    """Levels of Region that buy; a community does not. Source: B14."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


FITTING: dict[str, frozenset[Level]] = {
    "province/city": frozenset({Level.PROVINCE, Level.PREFECTURE}),
    "county/township": frozenset({Level.COUNTY, Level.TOWNSHIP}),
}
"""The levels that mainly buy what the catalogue says of an item. Source: A33 (first line), A34 (second)."""


def fitting(implementing: Iterable[str]) -> frozenset[Level]:
    """The levels that fit every item, where `implementing` says it of each as the catalogue does.

    Empty where the items of a bundle belong to different levels; what the catalogue does not name fits any level.
    """
    levels = frozenset(Level)
    for said in implementing:
        levels &= FITTING.get(said, frozenset(Level))
    return levels


def is_mismatch(level: str, implementing: Iterable[str]) -> bool:
    """Whether a project is bought by another level than its items are meant for; `level` empty: by theirs."""
    levels = fitting(implementing)
    return level not in levels if level else not levels


def refusals(level: str, reason: str, implementing: Iterable[str]) -> Iterator[Refusal]:
    """Why a level may not stand: there is none of that name, or another than the items' own lacks its public reason.

    A mismatch is a warning, not a stop, since A33 and A34 say "mainly" (主要). Source: A32.
    """
    if level and level not in Level.__members__.values():
        yield Refusal(N_("Please choose one of the levels shown."), "level")
    elif is_mismatch(level, implementing) and len(reason) < 2:
        said = N_("These items are mainly bought by another level. Please say why; everyone will read it.")
        yield Refusal(said, "level_reason")
    yield from public_text(reason, "level_reason", LONGEST_REASON)
