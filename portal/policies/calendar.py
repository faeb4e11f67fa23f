"""The working calendar of a year, and how the province keeps it."""

from calendar import Calendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.audit.models import AuditEntry
from portal.policies.models import CalendarDay
from portal.policies.queries import working_calendar
from portal.regions.models import Region
from portal.rules import N_, Refusal, clocks, enforce, policies
from portal.rules.permissions import Actor, Deed
from portal.store import action, db
from portal.store.clock import today
from portal.store.memory import forget

FIRST_YEAR, LAST_YEAR = 2020, 2099


def months_of(year: int) -> list[list[tuple[date | None, str]]]:
    """Each month as days from Monday on (None before its first): "work", "weekend", "holiday" or "make-up"."""
    calendar = working_calendar()
    return [
        [(day if day.month == month else None, _kind(day, calendar)) for week in _weeks(year, month) for day in week]
        for month in range(1, 13)
    ]


def _weeks(year: int, month: int) -> list[list[date]]:
    return Calendar().monthdatescalendar(year, month)


def _kind(day: date, calendar: dict[date, bool]) -> str:
    works, usual = clocks.works(day, calendar), clocks.works(day, {})
    if works:
        return "work" if usual else "make-up"
    return "holiday" if usual else "weekend"


def is_loaded(year: int) -> bool:
    """Whether anything is known of the year: the State Council names its holidays in November of the year before."""
    return any(day.year == year for day in working_calendar())


def set_days(actor: Actor, region: Region, first: date | None, last: date | None, works: bool | None) -> int:
    """Say of some days that they are worked, or not (None: as the weekday says); deadlines follow. Gives how many.

    Source: rules-and-standards 2.2.
    """
    count = _set(actor, region, first, last, works)
    forget()
    return count


@action
def _set(actor: Actor, region: Region, first: date | None, last: date | None, works: bool | None) -> int:
    enforce(policies.calendar_refusals(first, last, today=today()))
    if region.parent_id is not None:
        enforce([Refusal(N_("Only the division above all others keeps the calendar."))])
    assert first
    count = ((last or first) - first).days + 1
    for number in range(count):
        day = first + timedelta(days=number)
        db.session.merge(CalendarDay(day=day, works=clocks.works(day, {}) if works is None else works))
    audit.record(actor, Deed.KEEP_POLICY, region, first=str(first), last=str(last or first), works=works)
    return count


def changes_of_calendar(top: Region) -> Sequence[AuditEntry]:
    """The latest changes of the calendar, newest first."""
    told = (AuditEntry.subject == f"region:{top.id}", AuditEntry.deed == Deed.KEEP_POLICY.value)
    return db.session.scalars(select(AuditEntry).where(*told).order_by(AuditEntry.id.desc()).limit(30)).all()


def top_of(region: Region) -> Region:
    """The division above all others."""
    return db.session.get_one(Region, int(region.path.split(".")[0])) if region.parent_id else region


def find_year(year: int, found: dict[str, Any]) -> int | None:
    return year if FIRST_YEAR <= year <= LAST_YEAR else None
