"""The shares that the two documents ask for, exactly as they say: 30 % to social organisations, 5 % for purchases."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.rules.providers import ProviderKind

ON_FILE = "on_file"
"""A community social organisation that is on file (备案) but not registered: shown apart, not in the 30 %."""
SOCIAL_KINDS = (ProviderKind.SOCIAL, ProviderKind.EXEMPT)
"""Registered social organisations, and those that the State Council exempted from registration. Source: A46, B15."""


class ShareKind(StrEnum):
    """A share that is computed for each division and fiscal year."""

    SOCIAL = "social"
    """Source: A46."""
    ASSISTANCE = "assistance"
    """Source: B25."""
    LOTTERY = "lottery"
    """Source: A47."""


class Light(StrEnum):
    """The traffic light of a share; always shown with its words."""

    NONE = ""
    """There is nothing to divide by."""
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Spending:
    """Money of contracts of one kind."""

    kind: str
    """One of `rules.providers.ProviderKind`, or ON_FILE."""
    amount_fen: int
    is_new: bool
    """Whether it is new public-service spending."""
    cancelled: bool = False


@dataclass(frozen=True)
class Share:
    """A part of a whole, in fen."""

    part_fen: int
    whole_fen: int

    @property
    def points(self) -> int | None:
        """Hundredths of a percent, rounded down, so that what is shown as 30.00 % is no less; None: not applicable.

        >>> Share(299_999_999, 1_000_000_000).points, Share(1, 3).points, Share(0, 0).points
        (2999, 3333, None)
        """
        return self.part_fen * 10_000 // self.whole_fen if self.whole_fen > 0 else None

    def reaches(self, points: int) -> bool | None:
        """Whether it is at least `points` hundredths of a percent; None: not applicable."""
        return self.part_fen * 10_000 >= points * self.whole_fen if self.whole_fen > 0 else None


def social_share(spendings: Iterable[Spending]) -> Share:
    """What social organisations got of new public-service spending, of all of it. Source: A46 (1.4).

    Cancelled contracts are in neither; enterprises, public institutions and who is only on file never in the part.
    """
    counted = [one for one in spendings if one.is_new and not one.cancelled]
    part = sum(one.amount_fen for one in counted if one.kind in SOCIAL_KINDS)
    return Share(part, sum(one.amount_fen for one in counted))


def on_file_share(spendings: Iterable[Spending]) -> Share:
    """What community social organisations on file got of the same spending. Source: A46 (1.4)."""
    counted = [one for one in spendings if one.is_new and not one.cancelled]
    part = sum(one.amount_fen for one in counted if one.kind == ON_FILE)
    return Share(part, sum(one.amount_fen for one in counted))


def social_light(share: Share, points: int, *, explained: bool) -> Light:
    """Below 30 % a written reason is owed: red until it is there, amber with it. Source: A46."""
    return _light(share, points, below=Light.AMBER if explained else Light.RED)


def assistance_light(share: Share, points: int) -> Light:
    """In general 5 %: below it is a warning. Source: B25."""
    return _light(share, points, below=Light.AMBER)


def lottery_light(share: Share, before: Share) -> Light:
    """More of the lottery fund is to buy services than the year before: a smaller share is a warning. Source: A47."""
    if share.whole_fen <= 0:
        return Light.NONE
    if before.whole_fen <= 0:
        return Light.GREEN
    return Light.GREEN if share.part_fen * before.whole_fen >= before.part_fen * share.whole_fen else Light.AMBER


def _light(share: Share, points: int, *, below: Light) -> Light:
    reached = share.reaches(points)
    return Light.NONE if reached is None else Light.GREEN if reached else below
