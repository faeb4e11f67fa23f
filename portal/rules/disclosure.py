"""What of a purchase has to be public, by when, and how late it is. Source: B31, B32, rules-and-standards 2.2."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

LONGEST_WORDS = 2000


class Item(StrEnum):
    """The five things that are disclosed of every purchase. Source: B31."""

    PURCHASER = "purchaser"
    PROJECT = "project"
    METHOD = "method"
    PROCESS = "process"
    RESULT = "result"


@dataclass(frozen=True)
class Moments:
    """When what happened from which something is to be disclosed; None while it has not."""

    published_at: datetime | None
    judged_at: datetime | None
    ended_at: datetime | None
    """When the result was told to the bidders, or the purchase failed or was cancelled."""


def arises_at(item: Item, moments: Moments) -> datetime | None:
    """When the information arose, so that its term begins; None while there is nothing to disclose."""
    if item is Item.PROCESS:
        return moments.judged_at or moments.ended_at
    return moments.ended_at if item is Item.RESULT else moments.published_at


@dataclass(frozen=True)
class Clock:
    """A term in days of China: `late_days` calendar days between the day it was due and the day it was kept, or
    today where it was not kept yet.
    """

    due_on: date
    published_on: date | None
    late_days: int


def clock(due_on: date, published_on: date | None, today: date) -> Clock:
    """How late an item is, or was. Source: 1.4 (late: red, with the days)."""
    return Clock(due_on, published_on, max(0, ((published_on or today) - due_on).days))


def refusals(item: Item, moments: Moments, words: str, *, versions: int) -> Iterator[Refusal]:
    """Why an item may not be published now; from the second time on it says what was wrong. Source: B32."""
    if arises_at(item, moments) is None:
        yield Refusal(N_("There is nothing to publish of this yet."))
    if versions and len(words) < 2:
        yield Refusal(N_("Please say what is changed, and why; the older text stays to be read."), "words")
    yield from public_text(words, "words", LONGEST_WORDS)
