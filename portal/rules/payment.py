"""What an evaluation brings in money: bands that the contract fixes, and the amount that follows. Source: A65."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from portal.rules import N_, Refusal
from portal.rules.projects import yuan_of

BEST = 10_000
"""A full result, in hundredths of a point."""


@dataclass(frozen=True)
class Band:
    """From and to, both included and in hundredths of a point, and the share in percent that is paid.

    None where no number could be read; `number` is its place in the form.
    """

    low: int | None
    high: int | None
    share: int | None
    number: int = 0


DEFAULT = (Band(9000, BEST, 100), Band(8000, 8999, 90), Band(6000, 7999, 70), Band(0, 5999, 0))
"""What is proposed: under 60 nothing is paid, and whether the provider has to leave is looked at [I]."""
LEAST_TO_STAY = 6000
"""Below this result an exit is looked at. Source: A65, A70."""


def bands_of(rows: Sequence[Sequence[int]]) -> tuple[Band, ...]:
    """The bands that a contract holds as plain rows."""
    return tuple(Band(low, high, share) for low, high, share in rows)


def rows_of(bands: Sequence[Band]) -> list[list[int | None]]:
    """Bands as a contract holds them, the best first."""
    return [[one.low, one.high, one.share] for one in sorted(bands, key=lambda one: -(one.low or 0))]


def band_refusals(bands: Sequence[Band]) -> Iterator[Refusal]:
    """Why bands cannot be fixed: from 0 to 100 each result has exactly one share, never less for a better one."""
    unread = list(_unread(bands))
    yield from unread
    if unread:
        return
    if not bands:
        yield Refusal(N_("Please fix what is paid for which result."), "band1_share")
        return
    ranked = sorted(bands, key=lambda one: (one.low or 0, one.high or 0))
    yield from _edges(ranked)
    for worse, better in pairwise(ranked):
        yield from _next_to(worse, better)


def missing_refusals(*, linked: bool, bands: Sequence[Band]) -> Iterator[Refusal]:
    """A contract of which an instalment follows from the evaluation says how. Source: A65."""
    if linked and not bands:
        yield Refusal(
            N_("An instalment follows from the evaluation: please fix what is paid for which result."), "bands"
        )


def _unread(bands: Sequence[Band]) -> Iterator[Refusal]:
    for one in bands:
        for name, value in (("low", one.low), ("high", one.high)):
            if value is None or not 0 <= value <= BEST:
                yield Refusal(N_("Please give a result from 0 to 100."), f"band{one.number}_{name}")
        if one.share is None or not 0 <= one.share <= 100:
            yield Refusal(N_("Please give a whole percent from 0 to 100."), f"band{one.number}_share")
        if one.low is not None and one.high is not None and one.high < one.low:
            yield Refusal(N_("This row ends before it begins."), f"band{one.number}_high")


def _edges(ranked: Sequence[Band]) -> Iterator[Refusal]:
    if ranked[0].low:
        yield Refusal(N_("Results below %(low)s have no row."), _beside(ranked[0], "low"), _said(low=ranked[0].low))
    if ranked[-1].high != BEST:
        yield Refusal(
            N_("Results above %(high)s have no row."), _beside(ranked[-1], "high"), _said(high=ranked[-1].high or 0)
        )


def _next_to(worse: Band, better: Band) -> Iterator[Refusal]:
    end, begin = worse.high or 0, better.low or 0
    if begin <= end:
        yield Refusal(N_("For %(number)s two rows hold."), _beside(better, "low"), _said(number=begin))
    elif begin > end + 1:
        yield Refusal(N_("For %(number)s no row holds."), _beside(better, "low"), _said(number=end + 1))
    if (better.share or 0) < (worse.share or 0):
        yield Refusal(N_("A better result would bring less money."), _beside(better, "share"))


def _beside(band: Band, name: str) -> str:
    return f"band{band.number}_{name}"


def _said(**values: int) -> dict[str, object]:
    return {name: yuan_of(value) for name, value in values.items()}


def share_of(bands: Sequence[Band], result: int) -> Band:
    """The row that holds for a result, in hundredths. Raises ValueError where none does."""
    for one in bands:
        if one.low is not None and one.high is not None and one.low <= result <= one.high:
            return one
    raise ValueError(f"no band for {result}")


def part_of(amount_fen: int, share: int) -> int:
    """A share in percent of an amount, in fen and half to even.

    >>> part_of(101, 50), part_of(103, 50)
    (50, 52)
    """
    return round(Fraction(amount_fen * share, 100))


class Why(StrEnum):
    """Why no amount follows from an evaluation."""

    NOT_PLANNED = "not_planned"
    NOT_DECIDED = "not_decided"
    FEW_RATINGS = "few_ratings"


WHY = {
    Why.NOT_PLANNED: N_("No evaluation is planned that says how much of it is paid."),
    Why.NOT_DECIDED: N_("The evaluation that says how much of it is paid has no result yet."),
    Why.FEW_RATINGS: N_("The evaluation has no result: too few recipients have rated the service."),
}


@dataclass(frozen=True)
class Advice:
    """How much of an instalment is paid by the evaluation, with its working; or why nothing can be said."""

    amount_fen: int
    plan_id: int | None = None
    result: int | None = None
    band: Band | None = None
    why: Why | None = None

    @property
    def fen(self) -> int | None:
        """What is to be paid; None where nothing can be said."""
        return part_of(self.amount_fen, self.band.share or 0) if self.band else None

    @property
    def looks_at_exit(self) -> bool:
        return self.result is not None and self.result < LEAST_TO_STAY


def advised(amount_fen: int, bands: Sequence[Band], plan_id: int, result: int) -> Advice:
    """What follows from a result. Source: A65."""
    return Advice(amount_fen, plan_id, result, share_of(bands, result))


def advice_refusals(amount_fen: int | None, advice: Advice) -> Iterator[Refusal]:
    """An instalment that follows from an evaluation is paid by its result, and not above it. Source: A65."""
    if advice.why is not None:
        yield Refusal(WHY[advice.why], "amount")
    elif amount_fen is not None and amount_fen > (advice.fen or 0):
        yield Refusal(
            N_("The evaluation came to %(result)s of 100: by the contract at most %(most)s yuan are paid."),
            "amount",
            {"result": yuan_of(advice.result or 0), "most": yuan_of(advice.fen or 0)},
        )
