"""What a policy document, a rule set, a reply, a pilot and a milestone must say."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import personal_numbers, public_text

LONGEST_TITLE = 200
LONGEST_NAME = 100
LONGEST_WORDS = 2000
LONGEST_TEXT = 60_000
MOST_ISSUERS = 20


class Feature(StrEnum):
    """What a division may try out before it is everywhere. Source: B9."""

    DESIGN_VOTE = "design_vote"
    IN_KIND = "in_kind"
    LONG_TERM = "long_term"
    PAY_BY_RESULT = "pay_by_result"
    CREDIT = "credit"
    COMMUNITY_FUND = "community_fund"


@dataclass(frozen=True)
class DocumentDraft:
    """A document as it was issued; `issuers` one a line, `supersedes` the number of an older document here."""

    title: str
    issuers: tuple[str, ...]
    number: str
    issued_on: date | None
    text: str
    supersedes: int | None = None


def document_refusals(draft: DocumentDraft, *, today: date) -> Iterator[Refusal]:
    """Why `draft` is no document yet. Source: A3, B4, B37."""
    yield from words_refusals(draft.title, "title", LONGEST_TITLE)
    if not draft.issuers:
        yield Refusal(N_("Please name at least one body that issued it."), "issuers")
    if len(draft.issuers) > MOST_ISSUERS:
        yield Refusal(N_("At most %(most)s bodies, please."), "issuers", {"most": MOST_ISSUERS})
    for issuer in draft.issuers:
        yield from words_refusals(issuer, "issuers", LONGEST_NAME)
    if draft.number and not number_in_form(draft.number):
        yield Refusal(N_("A document number looks like 铁市民发〔2018〕171号."), "number")
    yield from past_day_refusals(draft.issued_on, "issued_on", today=today)
    yield from words_refusals(draft.text, "text", LONGEST_TEXT)


_BRACKETS = str.maketrans({**dict.fromkeys("[【（(［", "〔"), **dict.fromkeys("]】）)］", "〕")})
_NUMBER = re.compile(r"[^\W\d_]{1,20}(?:〔(?:19|20)\d{2}〕(?:第)?\d{1,5}号|第\d{1,5}号)")


def number_in_form(typed: str) -> str:
    """The document number with its brackets as GB/T 9704 writes them; empty if it is none. Source: B4.

    >>> number_in_form("铁市民发[2018]171号"), number_in_form("铁市民发 〔2018〕 171 号"), number_in_form("171")
    ('铁市民发〔2018〕171号', '铁市民发〔2018〕171号', '')
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).translate(_BRACKETS)
    return plain if _NUMBER.fullmatch(plain) else ""


@dataclass(frozen=True)
class ReplyDraft:
    """The reply to a proposal, as it was published; the proposer as the document writes her."""

    number: str
    session: str
    title: str
    proposer: str
    issuer: str
    received_on: date | None
    answered_on: date | None
    text: str


def reply_refusals(draft: ReplyDraft, *, today: date) -> Iterator[Refusal]:
    """Why `draft` is no reply yet. Source: B2, B3."""
    if not re.fullmatch(r"[\w\-第号〔〕\[\]]{1,20}", draft.number):
        yield Refusal(N_("Please give the proposal's number, such as 821109."), "number")
    yield from words_refusals(draft.session, "session", 80)
    yield from words_refusals(draft.title, "title", LONGEST_TITLE)
    yield from words_refusals(draft.proposer, "proposer", 80)
    yield from words_refusals(draft.issuer, "issuer", LONGEST_NAME)
    yield from past_day_refusals(draft.received_on, "received_on", today=today)
    yield from past_day_refusals(draft.answered_on, "answered_on", today=today)
    if draft.received_on and draft.answered_on and draft.answered_on < draft.received_on:
        yield Refusal(N_("It cannot be answered before it was received."), "answered_on")
    yield from words_refusals(draft.text, "text", LONGEST_TEXT)


@dataclass(frozen=True)
class PilotDraft:
    feature: str
    from_on: date | None
    until_on: date | None
    words: str


def pilot_refusals(draft: PilotDraft, *, today: date, others: Sequence[tuple[date, date | None]]) -> Iterator[Refusal]:
    """Why a pilot may not begin, where `others` are the times of pilots of the same feature here. Source: B9."""
    if draft.feature not in set(Feature):
        yield Refusal(N_("Please choose what is tried out."), "feature")
    yield from coming_day_refusals(draft.from_on, "from_on", today=today)
    if draft.from_on and draft.until_on and draft.until_on < draft.from_on:
        yield Refusal(N_("The last day must not be before the first."), "until_on")
    if draft.from_on and any(_overlap((draft.from_on, draft.until_on), other) for other in others):
        yield Refusal(N_("This is being tried out here at that time already."), "from_on")
    yield from words_refusals(draft.words, "words", LONGEST_WORDS)


def _overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    return (one[1] or date.max) >= other[0] and (other[1] or date.max) >= one[0]


def ending_refusals(from_on: date, until_on: date | None, ends: date | None, *, today: date) -> Iterator[Refusal]:
    """Why a pilot may not end on the day `ends`: what was is not changed."""
    if ends is None or ends < max(today, from_on):
        yield Refusal(N_("Please choose today or a later day on which it runs."), "until_on")
    elif until_on and ends >= until_on:
        yield Refusal(N_("It ends no later than that already."), "until_on")


@dataclass(frozen=True)
class MilestoneDraft:
    title: str
    words: str
    level: str
    due_on: date | None


def milestone_refusals(draft: MilestoneDraft, *, levels: Collection[str], today: date) -> Iterator[Refusal]:
    """Why `draft` is no milestone, where `levels` are those below the division. Source: B5."""
    yield from words_refusals(draft.title, "title", 120)
    yield from words_refusals(draft.words, "words", LONGEST_WORDS)
    if draft.level not in levels:
        yield Refusal(N_("Please choose a level below this place."), "level")
    yield from coming_day_refusals(draft.due_on, "due_on", today=today)


def mark_refusals(reached_on: date | None, evidence: str, *, today: date) -> Iterator[Refusal]:
    """Why a place may not be marked as having reached a milestone: a day that was, and what shows it. Source: B5."""
    yield from past_day_refusals(reached_on, "reached_on", today=today)
    yield from words_refusals(evidence, "evidence", LONGEST_WORDS)


def words_refusals(words: str, beside: str, most: int) -> Iterator[Refusal]:
    """Text that everyone reads: there, not too long, no person's numbers."""
    if len(words) < 2:
        yield Refusal(N_("Please write something; two characters are enough."), beside)
    yield from public_text(words, beside, most)


def past_day_refusals(day: date | None, beside: str, *, today: date) -> Iterator[Refusal]:
    """A day is needed, and has come."""
    if day is None:
        yield Refusal(N_("Please choose a day."), beside)
    elif day > today or day.year < 1949:
        yield Refusal(N_("This day has not come yet, or is too long ago."), beside)


def coming_day_refusals(day: date | None, beside: str, *, today: date) -> Iterator[Refusal]:
    """A day is needed, today at the earliest."""
    if day is None:
        yield Refusal(N_("Please choose a day."), beside)
    elif day < today or day.year > today.year + 30:
        yield Refusal(N_("Please choose today or a later day."), beside)


MOST_DAYS = 31


def calendar_refusals(first: date | None, last: date | None, *, today: date) -> Iterator[Refusal]:
    """Why the working calendar may not be changed for these days: what has passed has counted. Source: rules 2.2."""
    yield from coming_day_refusals(first, "first", today=today)
    if first and last and not first <= last < first + timedelta(days=MOST_DAYS):
        yield Refusal(
            N_("The last day is not before the first, and at most %(most)s days later."),
            "last",
            {"most": MOST_DAYS - 1},
        )


def rule_set_refusals(
    valid_from: date | None, cites: str, *, cited: bool, numbers: Mapping[str, object], today: date
) -> Iterator[Refusal]:
    """Why a rule set may not be put; `cited` says whether it names a document that is published here. Source: A43."""
    yield from coming_day_refusals(valid_from, "valid_from", today=today)
    if not cited and len(cites) < 2:
        yield Refusal(N_("Please say which document sets it."), "cites")
    yield from personal_numbers(cites, "cites")
    if not numbers:
        yield Refusal(N_("Please set at least one number."))


def may_withdraw(valid_from: date, *, withdrawn: bool, today: date) -> Iterator[Refusal]:
    """Refuse to take back a rule set that holds or held: it is history, a newer one replaces it. Source: A43, B32."""
    if withdrawn:
        yield Refusal(N_("It is withdrawn already."))
    elif valid_from <= today:
        yield Refusal(N_("It holds already. Please put a new one instead; what held stays on record."))
