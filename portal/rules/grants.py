"""Who may ask a fund for a grant, and how much may be given."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.rules import N_, Refusal
from portal.rules.funds import GIVES_GRANTS, LONGEST_NAME, LONGEST_WORDS, may_take, public_words
from portal.rules.shares import ON_FILE, SOCIAL_KINDS


@dataclass(frozen=True)
class CallDraft:
    """A call for grants as typed."""

    title: str
    words: str
    budget_fen: int | None
    closes_on: date | None
    for_startups: bool = False


@dataclass(frozen=True)
class RequestDraft:
    """What a provider asks for."""

    title: str
    purpose: str
    amount_fen: int | None
    founded_on: date | None


def call_refusals(draft: CallDraft, *, fund_kind: str, free_fen: int, today: date) -> Iterator[Refusal]:
    """Why a call may not be opened with money of a fund of which `free_fen` is free. Source: A57, A60."""
    if fund_kind not in GIVES_GRANTS:
        yield Refusal(N_("Grants come from an incubation fund or a community fund."))
    yield from public_words(draft.title, "title", LONGEST_NAME)
    yield from public_words(draft.words, "words", LONGEST_WORDS)
    for refusal in may_take(draft.budget_fen, free_fen):
        yield Refusal(refusal.text, "budget", refusal.values)
    if draft.closes_on is None or draft.closes_on < today:
        yield Refusal(N_("Please choose today or a later day."), "closes_on")


def request_refusals(
    draft: RequestDraft,
    *,
    kind: str,
    budget_fen: int,
    closes_on: date,
    for_startups: bool,
    startup_months: int,
    today: date,
) -> Iterator[Refusal]:
    """Why a provider of `kind` may not ask a call for a grant. Source: A58, A60."""
    if today > closes_on:
        yield Refusal(N_("This call is closed."))
    if kind not in (*SOCIAL_KINDS, ON_FILE):
        yield Refusal(N_("These grants are for social organisations."))
    yield from public_words(draft.title, "title", LONGEST_NAME)
    yield from public_words(draft.purpose, "purpose", LONGEST_WORDS)
    if draft.amount_fen is None or draft.amount_fen <= 0:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "amount")
    elif draft.amount_fen > budget_fen:
        yield Refusal(N_("This is more than the whole call gives."), "amount")
    if draft.founded_on is None or draft.founded_on > today:
        yield Refusal(N_("Please give the day of registration; it lies in the past."), "founded_on")
    elif for_startups and not is_startup(draft.founded_on, today, startup_months):
        yield Refusal(
            N_("This call is for organisations that are at most %(months)s months old."),
            "founded_on",
            {"months": startup_months},
        )


def is_startup(founded_on: date, today: date, months: int) -> bool:
    """Whether a body is at most `months` months old; on the day on which it gets that old it still is. Source: A58.

    >>> is_startup(date(2024, 2, 29), date(2027, 2, 28), 36), is_startup(date(2024, 2, 28), date(2027, 3, 1), 36)
    (True, False)
    """
    year, month = divmod(founded_on.year * 12 + founded_on.month - 1 + months, 12)
    last = date(year, month + 1, min(founded_on.day, monthrange(year, month + 1)[1]))
    return today <= last


def may_grant(
    granted_fen: int | None, reason: str, *, asked_fen: int, left_fen: int, decided: bool, finished: bool
) -> Iterator[Refusal]:
    """Refuse to grant more than was asked for, or than is left of the call, or without a public reason."""
    if decided or finished:
        yield Refusal(N_("This was decided already."))
    if granted_fen is None:
        yield Refusal(N_("Please give an amount in yuan; 0 means no grant."), "amount")
    elif granted_fen > asked_fen:
        yield Refusal(N_("This is more than was asked for."), "amount")
    elif granted_fen > left_fen:
        yield from (
            Refusal(N_("Only %(free)s yuan of this call are left."), "amount", one.values)
            for one in may_take(granted_fen, left_fen)
        )
    yield from public_words(reason, "reason", LONGEST_WORDS)


def may_vote_on(asked: Sequence[int], *, fund_kind: str, open_still: bool, decided: bool) -> Iterator[Refusal]:
    """Refuse a vote on what was asked of a call before it is closed, or with nothing to choose. Source: A60."""
    if fund_kind != "community":
        yield Refusal(N_("Residents decide on grants of a community fund."))
    if open_still:
        yield Refusal(N_("The vote begins when nobody can ask for a grant any more."))
    if decided:
        yield Refusal(N_("Something of this call was decided already."))
    if len(asked) < 2:
        yield Refusal(N_("A vote needs at least two requests."))
