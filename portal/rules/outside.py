"""Outside lists: on which of them an organisation stands, and its grade; kept apart from our own. Source: 2.5."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules.numbers import Numbers

GRADES = ("5A", "4A", "3A", "2A", "1A")


class EntryKind(StrEnum):
    """What an outside body says of an organisation; kept apart from our own stars. Source: 2.5."""

    ASSESSMENT = "assessment"
    ABNORMAL = "abnormal"
    SERIOUS = "serious"


@dataclass(frozen=True)
class Entry:
    """A line of an outside list; `until_on`: its last day, None while nobody said so."""

    kind: EntryKind
    from_on: date
    until_on: date | None
    grade: str = ""


@dataclass(frozen=True)
class Listed:
    """Which outside lists an organisation stands on, and its assessment grade ("" none, or expired)."""

    abnormal_since: date | None = None
    serious_since: date | None = None
    serious_until: date | None = None
    """The first day on which it can be off the serious list."""
    serious_open: bool = False
    """Whether it stays there until its source says that it is off."""
    grade: str = ""


def listed_on(entries: Iterable[Entry], breaches: Iterable[date], day: date, numbers: Numbers) -> Listed:
    """Which outside lists an organisation stands on. Source: 2.5 (社会组织信用信息管理办法).

    Who stays on the abnormal list for two years comes on the serious one; there it stays two years at least, and a
    repeated breach restarts them. A grade that has expired is none.
    """
    found = [one for one in entries if one.from_on <= day]
    abnormal = [one for one in found if one.kind is EntryKind.ABNORMAL and _runs(one, day)]
    serious = sorted(
        filter(None, (_as_serious(one, day, numbers) for one in found)),
        key=lambda one: (one.from_on, one.until_on or day),
    )
    grades = [one for one in found if one.kind is EntryKind.ASSESSMENT and _runs(one, day)]
    since = until = None
    open_ = False
    for one in serious:
        restarts = [*breaches, *(other.from_on for other in serious)]
        ends = _ends(one, sorted(restarts), numbers.serious_years)
        if (one.until_on is None or ends > day) and (until is None or ends >= until):
            since, until, open_ = one.from_on, max(ends, day + timedelta(days=1)), one.until_on is None
    return Listed(
        min((one.from_on for one in abnormal), default=None),
        since,
        until,
        open_,
        max(grades, key=lambda one: one.from_on).grade if grades else "",
    )


def _runs(entry: Entry, day: date) -> bool:
    return entry.until_on is None or entry.until_on >= day


def _as_serious(entry: Entry, day: date, numbers: Numbers) -> Entry | None:
    """An entry as it stands on the serious list; an abnormal one does so after two years."""
    if entry.kind is EntryKind.SERIOUS:
        return entry
    turns = years_after(entry.from_on, numbers.abnormal_years)
    stayed = entry.kind is EntryKind.ABNORMAL and turns <= day and (entry.until_on is None or entry.until_on >= turns)
    return Entry(EntryKind.SERIOUS, turns, entry.until_on) if stayed else None


def _ends(entry: Entry, restarts: Sequence[date], years: int) -> date:
    """The first day on which an entry can be off the serious list."""
    ends = years_after(entry.from_on, years)
    for day in restarts:
        if entry.from_on <= day < ends:
            ends = max(ends, years_after(day, years))
    return max(ends, entry.until_on + timedelta(days=1)) if entry.until_on else ends


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
