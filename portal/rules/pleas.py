"""What an office writes into a credit record, and what a provider asks about it. Source: A67, 2.5."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.credit import RECORDED, Event
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

LONGEST_REASON = 1000
LONGEST_EVIDENCE = 500


class PleaKind(StrEnum):
    """What a provider asks about an event."""

    APPEAL = "appeal"
    """It is not so."""
    REPAIR = "repair"
    """It is made good (信用修复)."""


@dataclass(frozen=True)
class EventDraft:
    """What an office writes down about a provider."""

    kind: str
    reason: str
    evidence: str


def event_refusals(draft: EventDraft, *, tied: bool) -> Iterator[Refusal]:
    """Why an event may not be written down so. Source: A67 (reason, evidence)."""
    yield from tied_refusals(tied=tied)
    if draft.kind not in RECORDED:
        yield Refusal(N_("Please choose what happened."), "kind")
    yield from _said(draft.reason, "reason", LONGEST_REASON)
    yield from _said(draft.evidence, "evidence", LONGEST_EVIDENCE)


def tied_refusals(*, tied: bool) -> Iterator[Refusal]:
    """People of a provider decide nothing about it."""
    if tied:
        yield Refusal(N_("You work for this provider: somebody else decides about it."))


def plea_refusals(
    kind: PleaKind, words: str, evidence: str, *, event: Event, waits: bool, appealed: bool, until: date, today: date,
    numbers: Numbers,
) -> Iterator[Refusal]:  # fmt: skip
    """Why an appeal or a repair is not taken; `until`: the last day for an appeal. Source: A67, 2.5."""
    if event.ended_on is not None or event.expires_on <= today:
        yield Refusal(N_("This does not count any more."))
    elif waits:
        yield Refusal(N_("What was sent about this is not decided yet."))
    elif event.points >= 0:
        yield Refusal(N_("This counts for the provider; there is nothing to put right."))
    elif kind is PleaKind.APPEAL and appealed:
        yield Refusal(N_("An appeal was decided already; it stands."))
    elif kind is PleaKind.APPEAL and today > until:
        yield Refusal(N_("Appeals were possible until %(day)s."), values={"day": until.isoformat()})
    elif kind is PleaKind.REPAIR and today < (first := event.day + timedelta(days=numbers.credit_repair_days)):
        yield Refusal(N_("It can be made good from %(day)s on."), values={"day": first.isoformat()})
    yield from _said(words, "words", LONGEST_REASON)
    yield from _said(evidence, "evidence", LONGEST_EVIDENCE)


def judge_refusals(answer: str, *, tied: bool, recorded: bool, decided: bool) -> Iterator[Refusal]:
    """Why somebody may not decide on an appeal or a repair so; `recorded`: she wrote the event down herself."""
    yield from tied_refusals(tied=tied)
    if recorded:
        yield Refusal(N_("You wrote this down yourself: somebody else decides about it."))
    if decided:
        yield Refusal(N_("This is decided already."))
    yield from _said(answer, "answer", LONGEST_REASON)


def _said(words: str, field: str, most: int) -> Iterator[Refusal]:
    if len(words) < 2:
        yield Refusal(N_("Please say it in a few words; everyone reads it."), field)
    yield from public_text(words, field, most)
