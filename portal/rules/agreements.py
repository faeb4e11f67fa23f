"""Who uses premises or goods on what terms, and the hours of service owed and delivered for it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.resources import ResourceKind
from portal.rules.wording import personal_numbers, public_text

LONGEST_WORDS = 500
MOST_MINUTES = 100_000 * 60
MOST_FEN = 10**13
LENT = (ResourceKind.PREMISES, ResourceKind.GOODS)
"""What agreements are about."""


class Mode(StrEnum):
    """On what terms. Source: A51 (free use, exchange for services), A53 (entrusted operation, agreed exchange)."""

    FREE_USE = "free_use"
    SERVICE_EXCHANGE = "service_exchange"
    ENTRUSTED_OPERATION = "entrusted_operation"
    AGREED_EXCHANGE = "agreed_exchange"


OWING = (Mode.SERVICE_EXCHANGE, Mode.AGREED_EXCHANGE)
"""Modes in which hours of service are always owed."""


@dataclass(frozen=True)
class Term:
    """The days, first and last among them, on which somebody may use a resource."""

    from_on: date
    until_on: date

    def overlaps(self, other: "Term") -> bool:
        return self.from_on <= other.until_on and other.from_on <= self.until_on


@dataclass(frozen=True)
class AgreementDraft:
    """What is agreed. `minutes_owed`, `value_fen`: None where what was typed could not be read."""

    mode: str
    from_on: date
    until_on: date
    minutes_owed: int | None
    value_fen: int | None = 0
    valuation: str = ""
    words: str = ""

    @property
    def term(self) -> Term:
        return Term(self.from_on, self.until_on)


def refusals(
    draft: AgreementDraft, *, kind: ResourceKind, listed: bool, serves: bool, running: Sequence[Term]
) -> Iterator[Refusal]:
    """Why `draft` cannot be agreed on; `serves`: the provider is registered for the place. Source: A51, A53, A54."""
    if kind not in LENT or not listed:
        yield Refusal(N_("Agreements are made on premises and goods that are on the public list."))
    if not serves:
        yield Refusal(N_("This provider is not registered for this place."), "provider")
    if draft.until_on < draft.from_on:
        yield Refusal(N_("It ends before it begins."), "until_on")
    elif any(draft.term.overlaps(one) for one in running):
        yield Refusal(N_("Another agreement runs in this time. Please end that first."), "from_on")
    yield from _hours_owed_refusals(draft)
    yield from _value_refusals(draft)
    for beside, words in (("valuation", draft.valuation), ("words", draft.words)):
        yield from public_text(words, beside, LONGEST_WORDS)


def _hours_owed_refusals(draft: AgreementDraft) -> Iterator[Refusal]:
    """Free use owes nothing, an exchange always something, who operates may owe. Source: A51, A53."""
    if draft.mode not in list(Mode):
        yield Refusal(N_("Please choose one of the ways shown."), "mode")
    if draft.minutes_owed is None or not 0 <= draft.minutes_owed <= MOST_MINUTES:
        yield Refusal(N_("Please give hours such as 12 or 12.5."), "hours")
    elif draft.mode == Mode.FREE_USE and draft.minutes_owed:
        yield Refusal(N_("Free use owes no hours. Please choose an exchange, or leave this empty."), "hours")
    elif draft.mode in OWING and not draft.minutes_owed:
        yield Refusal(N_("An exchange owes hours of service: please say how many."), "hours")


def _value_refusals(draft: AgreementDraft) -> Iterator[Refusal]:
    """A value in kind says how it was valued, and nothing is valued at nothing. Source: A54."""
    if draft.value_fen is None or not 0 <= draft.value_fen <= MOST_FEN:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "value")
    elif draft.value_fen and not draft.valuation:
        yield Refusal(N_("Please say how this value was found."), "valuation")
    elif draft.valuation and not draft.value_fen:
        yield Refusal(N_("Please give the value that was found, in yuan."), "value")


def entry_refusals(
    minutes: int | None,
    served_on: date,
    words: str,
    *,
    term: Term,
    today: date,
    owed: int,
    delivered: int,
) -> Iterator[Refusal]:
    """Why hours cannot be entered.

    Entries stay as they are; what was wrong is set right by one that takes back. The hours delivered are never below
    zero nor above those owed, and each lies on a day of the agreement that has come. Source: A53.
    """
    if minutes is None or minutes == 0 or abs(minutes) > MOST_MINUTES:
        yield Refusal(N_("Please give hours such as 12 or 12.5."), "hours")
    elif delivered + minutes > owed:
        values = {"hours": hours_of(owed - delivered)}
        yield Refusal(N_("Only %(hours)s hours are still owed; more would need a new agreement."), "hours", values)
    elif delivered + minutes < 0:
        values = {"hours": hours_of(delivered)}
        yield Refusal(N_("Only %(hours)s hours were entered; no more can be taken back."), "hours", values)
    if served_on > today:
        yield Refusal(N_("This day has not come yet."), "served_on")
    elif not term.from_on <= served_on <= term.until_on:
        yield Refusal(N_("This day lies outside of the agreement."), "served_on")
    if not 2 <= len(words) <= 200:
        yield Refusal(N_("Please say what was done, in two to %(most)s characters."), "words", {"most": 200})
    yield from personal_numbers(words, "words")


def end_refusals(ended_on: date, reason: str, *, term: Term, ended: bool, today: date) -> Iterator[Refusal]:
    """Why an agreement cannot end early on that day, its last. Source: A51."""
    if ended:
        yield Refusal(N_("This agreement has ended already."))
    if not term.from_on <= ended_on <= term.until_on:
        yield Refusal(N_("This day lies outside of the agreement."), "ended_on")
    elif ended_on < today:
        yield Refusal(N_("The last day cannot lie in the past."), "ended_on")
    if not 2 <= len(reason) <= 200:
        yield Refusal(N_("Please say why; everyone will read it."), "reason")
    yield from personal_numbers(reason, "reason")


_HOURS = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2})|:([0-5][0-9]))?")


def minutes_of(typed: str) -> int | None:
    """The hours that were typed, in minutes and exactly; nothing typed is none, None if it cannot be read.

    >>> minutes_of("12.5"), minutes_of("1:20"), minutes_of(""), minutes_of("0.33"), minutes_of("many")
    (750, 80, 0, None, None)
    """
    plain = re.sub(r"\s|小时|小時|h", "", unicodedata.normalize("NFKC", typed))
    if not plain:
        return 0
    match = _HOURS.fullmatch(plain)
    if match is None:
        return None
    parts = int((match[2] or "").ljust(2, "0") or 0) * 60
    return None if parts % 100 else int(match[1]) * 60 + parts // 100 + int(match[3] or 0)


def hours_of(minutes: int) -> str:
    """Minutes as hours.

    >>> hours_of(750), hours_of(60), hours_of(80), hours_of(-30)
    ('12:30', '1', '1:20', '-0:30')
    """
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}" + (f":{rest:02}" if rest else "")
