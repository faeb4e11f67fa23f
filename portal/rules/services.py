"""Which services that came to an end may be recorded, by whom, and how their recipients are asked."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules import N_, Refusal
from portal.rules.accounts import phone_number
from portal.rules.numbers import Numbers
from portal.rules.ratings import GRADES, Channel, Outcome

OUTCOMES = {
    Outcome.DELIVERED.value: N_("It was delivered"),
    Outcome.REFUSED.value: N_("It was refused to her"),
    Outcome.NOT_SERVED.value: N_("She was not served"),
    Outcome.NO_SHOW.value: N_("Nobody came"),
    Outcome.ENDED_EARLY.value: N_("It ended early"),
}
CHANNELS = {
    Channel.SMS.value: N_("By a link on her telephone"),
    Channel.SLIP.value: N_("By a printed slip"),
    Channel.COUNTER.value: N_("Here at the counter"),
    Channel.VISIT.value: N_("By a slip that is left at her home"),
    Channel.PHONE.value: N_("By telephone; I enter her answer"),
}
BY_MESSAGE = (Channel.SMS, Channel.PHONE)
"""Whose link goes to a telephone; the others stand on paper."""
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What stands on a slip: no sign looks like another one."""
CODE_LENGTH = 16
"""79 bits: nobody who holds the database and its key tries all of them."""
_CODE = re.compile(f"[{CODE_SIGNS}]{{{CODE_LENGTH}}}")


@dataclass(frozen=True)
class ServiceDraft:
    """A service that came to its end, as it is recorded."""

    category: str
    served_on: date
    phone: str = ""
    outcome: str = Outcome.DELIVERED.value
    channel: str = Channel.SMS.value
    grade: int | None = None
    """What she answered by telephone."""


@dataclass(frozen=True)
class Term:
    """Which services are given on a contract: of this kind, at or below this place, in these days."""

    contract_id: int
    category: str
    path: str
    first: date
    last: date

    def covers(self, category: str, path: str, day: date) -> bool:
        kind = self.category in (category, category[:2])
        return kind and path.startswith(self.path) and self.first <= day <= self.last


def contract_for(terms: Iterable[Term], category: str, path: str, day: date) -> int | None:
    """The contract on which a service was given: of several the one of exactly this kind, then the newest."""
    found = [term for term in terms if term.covers(category, path, day)]
    return max(found, key=lambda term: (len(term.category), term.contract_id)).contract_id if found else None


def service_refusals(
    draft: ServiceDraft,
    *,
    today: date,
    categories: Container[str],
    serves_here: bool,
    own_staff: bool,
    by_provider: bool,
    needs_contract: bool,
    contract_id: int | None,
    numbers: Numbers,
) -> Iterator[Refusal]:
    """Why a service may not be recorded; `own_staff`: the phone belongs to the provider itself.

    `by_provider`: its own people record it. Source: A11, A27, trust 5 (a provider does not rate itself, enters nobody's
    grade, nor invites whom it serves on no contract).
    """
    if draft.served_on > today:
        yield Refusal(N_("This day is still to come: please record a service after it was given."), "served_on")
    elif draft.served_on < today - timedelta(days=numbers.rating_invitation_days):
        yield Refusal(
            N_("This was too long ago to be rated: at most %(most)s days."),
            "served_on",
            {"most": numbers.rating_invitation_days},
        )
    if len(draft.category) != 4 or draft.category not in categories:
        yield Refusal(N_("Please choose one of the services shown."), "category")
    elif needs_contract and contract_id is None:
        yield Refusal(
            N_("No contract of this provider covers this service, at this place and on this day."), "category"
        )
    if not serves_here and contract_id is None:
        yield Refusal(N_("This provider is not registered for this place."), "provider")
    if own_staff:
        yield Refusal(N_("This number belongs to the provider's own staff; nobody rates herself."), "phone")
    if by_provider and draft.channel == Channel.PHONE:
        yield Refusal(N_("What somebody says by telephone is entered by the committee only."), "channel")
    yield from _asking_refusals(draft)


def _asking_refusals(draft: ServiceDraft) -> Iterator[Refusal]:
    """Why its recipient cannot be asked so."""
    if draft.outcome not in OUTCOMES:
        yield Refusal(N_("Please say how it ended."), "outcome")
    if draft.channel not in CHANNELS:
        yield Refusal(N_("Please say how she is asked."), "channel")
    elif phone_number(draft.phone) is None and (draft.phone.strip() or draft.channel in BY_MESSAGE):
        yield Refusal(N_("This does not look like a mobile number. It has 11 digits, such as 138 0013 8000."), "phone")
    if draft.channel == Channel.PHONE and draft.grade not in GRADES:
        yield Refusal(N_("Please enter which of the five grades she gave."), "grade")
    if draft.channel != Channel.PHONE and draft.grade is not None:
        yield Refusal(N_("Only an answer given by telephone is entered here; otherwise she rates herself."), "grade")


def code_typed(typed: str) -> str:
    """The secret in what somebody typed or pasted: the code of a slip, whatever its blanks and case, or of a link.

    >>> code_typed("abcd efgh-2345 6789"), code_typed("https://x.cn/rate/aB-c_d/")
    ('ABCDEFGH23456789', 'aB-c_d')
    """
    plain = unicodedata.normalize("NFKC", typed).strip().rstrip("/").rpartition("/")[2]
    together = re.sub(r"[\s\-–—.]", "", plain).upper()
    return together if _CODE.fullmatch(together) else plain


def quarter_of(day: date) -> str:
    """The quarter of a day: "2026Q4"."""
    return f"{day.year}Q{(day.month + 2) // 3}"
