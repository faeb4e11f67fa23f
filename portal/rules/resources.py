"""The resource list: what may stand on it, and how it may change."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.bookings import NEVER, Week, week_refusals
from portal.rules.wording import personal_numbers, too_long

LONGEST_TITLE = 120
LONGEST_STORY = 4000
LONGEST_UNIT = 20
LARGEST = 10**12
PARTY_ORG = "party_org"
"""A49: brought to people through the Party organisation of the place."""


class ResourceKind(StrEnum):
    """What can be used. Source: A38."""

    PREMISES = "premises"
    PEOPLE = "people"
    MONEY = "money"
    GOODS = "goods"
    SKILL = "skill"


COUNTED = (ResourceKind.PREMISES, ResourceKind.PEOPLE, ResourceKind.MONEY, ResourceKind.GOODS)
"""Kinds of which is said how much there is; a skill is there or not."""


class Ownership(StrEnum):
    """Whose premises are. Source: A50 (state or collective assets); private ones may be offered, too."""

    STATE = "state"
    COLLECTIVE = "collective"
    PRIVATE = "private"


@dataclass(frozen=True)
class PremisesDraft:
    """What is said of premises besides; `week` None: the opening hours could not be read."""

    ownership: str
    accessible: bool
    idle_since: date | None = None
    week: Week | None = NEVER


@dataclass(frozen=True)
class ResourceDraft:
    """What is offered. `amount`: fen of money, square decimetres of premises, else a number; None: unread or none."""

    kind: ResourceKind
    title: str
    story: str = ""
    category: str = ""
    amount: int | None = None
    unit: str = ""
    conditions: str = ""
    from_on: date | None = None
    until_on: date | None = None
    channel: str = ""
    premises: PremisesDraft | None = None


def refusals(draft: ResourceDraft, *, categories: Collection[str], today: date) -> Iterator[Refusal]:
    """Why `draft` cannot stand on the resource list. Source: A38, A50."""
    if not 2 <= len(draft.title) <= LONGEST_TITLE:
        most = {"most": LONGEST_TITLE}
        yield Refusal(N_("Please give it a name of two to %(most)s characters."), "title", most)
    for beside, words in (("story", draft.story), ("conditions", draft.conditions)):
        yield from too_long(words, beside, LONGEST_STORY)
    for beside in ("title", "story", "conditions", "unit"):
        yield from personal_numbers(getattr(draft, beside), beside)
    if draft.category and draft.category not in categories:
        yield Refusal(N_("Please choose one of the subjects shown."), "category")
    if draft.channel not in ("", PARTY_ORG):
        yield Refusal(N_("Please choose one of the ways shown."), "channel")
    yield from _amount_refusals(draft)
    if draft.from_on and draft.until_on and draft.until_on < draft.from_on:
        yield Refusal(N_("The last day lies before the first."), "until_on")
    if (draft.premises is not None) is not (draft.kind is ResourceKind.PREMISES):
        yield Refusal(N_("Please choose one of the kinds shown."), "kind")
    if draft.premises is not None:
        yield from _premises_refusals(draft.premises, today)


def _amount_refusals(draft: ResourceDraft) -> Iterator[Refusal]:
    if draft.kind in COUNTED and not (draft.amount is not None and 0 < draft.amount <= LARGEST):
        yield Refusal(N_("Please say how much there is: a number above zero."), "amount")
    yield from too_long(draft.unit, "unit", LONGEST_UNIT)


def _premises_refusals(draft: PremisesDraft, today: date) -> Iterator[Refusal]:
    if draft.ownership not in list(Ownership):
        yield Refusal(N_("Please say whose premises these are."), "ownership")
    if draft.idle_since and draft.idle_since > today:
        yield Refusal(N_("This day has not come yet."), "idle_since")
    yield from week_refusals(draft.week)


def offer_refusals(waiting: int, most: int) -> Iterator[Refusal]:
    """Refuse one more offer of a person of whom `waiting` wait for the committee already [I]."""
    if waiting >= most:
        yield Refusal(
            N_("%(count)s of your offers wait for the committee. Please wait for its answer."), "", {"count": waiting}
        )


def period_refusals(
    before: tuple[date | None, date | None], after: tuple[date | None, date | None], today: date
) -> Iterator[Refusal]:
    """Refuse to change the days that a listed resource was there: what has been is not rewritten. Source: A55."""
    (old_from, old_until), (new_from, new_until) = before, after
    if old_from != new_from and min(old_from or date.min, new_from or date.min) < today:
        yield Refusal(N_("What has begun keeps its first day."), "from_on")
    if old_until != new_until:
        if old_until is not None and old_until < today:
            yield Refusal(N_("This has ended. Please offer it anew."), "until_on")
        elif new_until is not None and new_until < today:
            yield Refusal(N_("The last day cannot lie in the past."), "until_on")


def may_change(*, withdrawn: bool) -> Iterator[Refusal]:
    """What was withdrawn stays withdrawn, with its number; the same can be offered anew. Source: A39."""
    if withdrawn:
        yield Refusal(N_("This was withdrawn. Please offer it anew."))


def withdrawal_refusals(reason: str, *, listed: bool, agreed: bool) -> Iterator[Refusal]:
    """Why a resource cannot be taken off the list. Source: A39 (nothing goes silently), A51."""
    if agreed:
        yield Refusal(N_("An agreement on it is still running. Please end that first."))
    if listed and not reason:
        yield Refusal(N_("Please say why; everyone will read it."), "reason")
    if len(reason) > 200:
        yield Refusal(N_("Please say it in at most %(most)s characters."), "reason", {"most": 200})
    yield from personal_numbers(reason, "reason")


def changes_between(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, list[str]]:
    """What is different, each with its old and new value as text: nothing is edited silently.

    >>> changes_between({"title": "a", "unit": ""}, {"title": "b", "unit": ""})
    {'title': ['a', 'b']}
    """
    return {name: [_said(old[name]), _said(value)] for name, value in new.items() if old[name] != value}


def _said(value: object) -> str:
    return "" if value is None else str(value)


_DECIMAL = re.compile(r"(\d{1,7})(?:\.(\d{1,2}))?")


def area_of(typed: str) -> int | None:
    """The area that was typed in square metres, in square decimetres and exactly; None if it is none.

    >>> area_of("86.5 m²"), area_of("１２０"), area_of("about 12")
    (8650, 12000, None)
    """
    plain = re.sub(r"\s|m2|㎡|平方米|平米|,", "", unicodedata.normalize("NFKC", typed).lower())
    match = _DECIMAL.fullmatch(plain) if plain.isascii() else None
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def metres_of(area: int) -> str:
    """The area in square metres as it is typed.

    >>> metres_of(8650), metres_of(12000)
    ('86.50', '120')
    """
    return f"{area // 100}.{area % 100:02}".removesuffix(".00")


def count_of(typed: str) -> int | None:
    """The whole number that was typed; None if it is none.

    >>> count_of("１2"), count_of("1.5"), count_of("")
    (12, None, None)
    """
    plain = unicodedata.normalize("NFKC", typed).strip().replace(",", "")
    return int(plain) if re.fullmatch(r"[0-9]{1,9}", plain) else None
