"""The one place that reads the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """The day in China, by which all deadlines count."""
    return now().astimezone(CHINA).date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """What is done inside is done at `moment`: how the demo tells what has been."""
    before = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(before)
