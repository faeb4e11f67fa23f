"""How many people a county or a township should have for the work. Source: B6, B27-B29, requirements 1.3."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.rules import N_, Refusal, enforce
from portal.rules.wording import too_long

LARGEST = 10**9


class Reading(StrEnum):
    """What "每增加" means: for each full step, or for each step that was begun."""

    FULL = "full"
    STARTED = "started"


class Counted(StrEnum):
    """Whom the bands of a table count."""

    PEOPLE = "people"
    HOUSEHOLDS = "households"
    POPULATION = "population"


@dataclass(frozen=True)
class Band:
    """One row of a table: from `low` to `high` (None: without end) the minimum, and what is added above `low`.

    Which edges belong to the band is said, never guessed: "3000户到5000户" alone does not say it.
    """

    level: str
    """A level of Region: county, township or village."""
    low: int
    low_in: bool
    high: int | None
    high_in: bool
    minimum: int
    step: int = 0
    """One more for each `step` above `low`; 0: none."""
    cap: int | None = None
    """At most so many in all."""

    def holds(self, number: int) -> bool:
        above = number > self.low or (self.low_in and number == self.low)
        return above and (self.high is None or number < self.high or (self.high_in and number == self.high))


TIELING = (
    Band("county", 0, True, 5000, True, 2),
    Band("county", 5000, False, None, False, 2, step=5000),
    Band("township", 0, True, 500, False, 2, cap=8),
    Band("township", 500, True, 1500, True, 4, cap=8),
    Band("township", 1500, False, None, False, 4, step=500, cap=8),
)
"""Rows S1-S5 of requirements 1.3. Source: B28, B29."""


def bands_of(rows: Sequence[Sequence[Any]]) -> tuple[Band, ...]:
    """The bands that a rule set holds as plain rows: level, low, low_in, high, high_in, minimum, step, cap."""
    return tuple(Band(*row) for row in rows)


def rows_of(bands: Sequence[Band]) -> tuple[tuple[Any, ...], ...]:
    """Bands as a rule set holds them."""
    return tuple((b.level, b.low, b.low_in, b.high, b.high_in, b.minimum, b.step, b.cap) for b in bands)


def minimum_staff(bands: Sequence[Band], level: str, number: int | None, reading: Reading) -> int | None:
    """The fewest people for `number` served at `level`; None where no number or no band is known. Source: 1.3.

    Raises ValueError below zero (S7).
    """
    if number is None:
        return None
    if number < 0:
        raise ValueError("a number of people is not below zero")
    band = band_of(bands, level, number)
    if band is None:
        return None
    wanted = band.minimum + (_steps(number - band.low, band.step, reading) if band.step else 0)
    return wanted if band.cap is None else min(band.cap, wanted)


def band_of(bands: Sequence[Band], level: str, number: int) -> Band | None:
    """The row of the table that decides."""
    return next((band for band in bands if band.level == level and band.holds(number)), None)


def _steps(above: int, step: int, reading: Reading) -> int:
    return above // step if reading is Reading.FULL else -(-above // step)


class Verdict(StrEnum):
    """How the staff of a place compares with the table. Source: 1.3."""

    NO_DATA = "no_data"
    SHORT = "short"
    MET = "met"
    ABOVE_CAP = "above_cap"


@dataclass(frozen=True)
class Judged:
    """The verdict with its numbers; `short_by` people are missing."""

    verdict: Verdict
    minimum: int | None = None
    cap: int | None = None
    short_by: int = 0


def judge(bands: Sequence[Band], level: str, number: int | None, staff: int | None, reading: Reading) -> Judged:
    """Compare `staff` with the table. Source: 1.3 (verdicts)."""
    minimum = minimum_staff(bands, level, number, reading)
    if minimum is None or number is None or staff is None:
        return Judged(Verdict.NO_DATA, minimum)
    band = band_of(bands, level, number)
    cap = band.cap if band else None
    if staff < minimum:
        return Judged(Verdict.SHORT, minimum, cap, minimum - staff)
    return Judged(Verdict.ABOVE_CAP if cap is not None and staff > cap else Verdict.MET, minimum, cap)


def refusals_of_table(bands: Sequence[Band]) -> Iterator[Refusal]:
    """Why a table may not be used: a number for which two rows hold, or none. Source: 1.3 (edges are data)."""
    if not bands:
        yield Refusal(N_("This is a table with at least one row."), "staffing_table")
    for level in dict.fromkeys(band.level for band in bands):
        mine = [band for band in bands if band.level == level]
        edges = {edge for band in mine for edge in (band.low, band.high) if edge is not None}
        for number in sorted({0} | {near for edge in edges for near in (edge - 1, edge, edge + 1) if near >= 0}):
            holding = sum(band.holds(number) for band in mine)
            if holding > 1:
                yield Refusal(N_("For %(number)s two rows of the table hold."), "staffing_table", {"number": number})
                return
            if holding == 0:
                yield Refusal(N_("For %(number)s no row of the table holds."), "staffing_table", {"number": number})
                return


LEVELS = {"county": "county", "县": "county", "縣": "county", "township": "township", "乡镇": "township"}
LEVELS |= {"鄉鎮": "township", "village": "village", "社区": "village", "社區": "village"}
YES, NO = ("yes", "是", "含"), ("no", "否", "不含")


def table_text(bands: Sequence[Band]) -> str:
    """A table as it is typed: a line for each row, its parts between commas.

    >>> table_text(TIELING[3:])
    'township,500,yes,1500,yes,4,0,8\\ntownship,1500,no,,no,4,500,8'
    """
    return "\n".join(",".join(_typed(part) for part in row) for row in rows_of(bands))


def _typed(part: object) -> str:
    if isinstance(part, bool):
        return "yes" if part else "no"
    return "" if part is None else str(part)


def read_table(text: str) -> tuple[Band, ...]:
    """The rows that were typed. Raises Refused with the line that cannot be read. Source: 1.3 (edges are data)."""
    lines = [line for line in unicodedata.normalize("NFKC", text).replace("、", ",").splitlines() if line.strip()]
    return tuple(_read(number, line) for number, line in enumerate(lines, 1))


def _read(number: int, line: str) -> Band:
    parts = [part.strip() for part in line.split(",")]
    try:
        level, low, low_in, high, high_in, minimum, step, cap = parts
        return Band(
            LEVELS[level],
            int(low),
            _said(low_in),
            int(high) if high else None,
            _said(high_in),
            int(minimum),
            int(step or 0),
            int(cap) if cap else None,
        )
    except (ValueError, KeyError):
        enforce(
            [
                Refusal(
                    N_("Line %(number)s cannot be read: %(line)s"), "staffing_table", {"number": number, "line": line}
                )
            ]
        )
        raise


def _said(word: str) -> bool:
    if word not in (*YES, *NO):
        raise ValueError(word)
    return word in YES


@dataclass(frozen=True)
class CountDraft:
    """What an official notes of a place: people served and people who work; None where nothing could be read."""

    served: int | None
    staff: int | None
    reason: str = ""
    """Why it deviates from the table. Source: B27."""


def refusals(draft: CountDraft, *, judged: Judged) -> Iterator[Refusal]:
    """Why a count may not be noted; one that falls short says why. Source: B27, S7."""
    for number, field in ((draft.served, "served"), (draft.staff, "staff")):
        if number is None or not 0 <= number <= LARGEST:
            yield Refusal(N_("Please give a whole number, 0 or more."), field)
    if judged.verdict in (Verdict.SHORT, Verdict.ABOVE_CAP) and len(draft.reason) < 2:
        yield Refusal(N_("Please say why it is not as the standard asks; everyone reads it."), "reason")
    yield from too_long(draft.reason, "reason", 1000)
