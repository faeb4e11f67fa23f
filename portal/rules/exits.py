"""How a provider leaves without anybody being left alone. Source: B33."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.contracts import ContractState
from portal.rules.supervision import public

MOST_RECIPIENTS = 5000
MOST_DAYS = 365


class Trigger(StrEnum):
    """Why a provider has to leave, or wants to."""

    CANNOT = "cannot_deliver"
    BREACH = "breach"
    LICENCE = "licence_lost"
    OWN_WISH = "own_wish"
    BAD_RESULT = "bad_result"


class ExitState(StrEnum):
    """Where an exit stands."""

    TRIGGERED = "triggered"
    PLANNED = "planned"
    """The contingency plan has started."""
    LISTED = "listed"
    """Everyone affected is on the list."""
    COVERED = "covered"
    """Somebody serves each of them without a day between."""
    SETTLED = "settled"
    CLOSED = "closed"


NEXT = dict(zip(ExitState, [*list(ExitState)[1:], None], strict=True))


@dataclass(frozen=True)
class Leaving:
    """That the provider of a contract leaves: where its exit stands, and the last day on which it serves."""

    state: ExitState
    last_day: date


def hold_refusals(leaving: Leaving | None) -> Iterator[Refusal]:
    """While a provider leaves, its contract is over only through its exit. Source: B33."""
    if leaving is not None and leaving.state not in (ExitState.SETTLED, ExitState.CLOSED):
        yield Refusal(N_("The provider of this contract is leaving: please settle its exit first."))


def may_replace(state: ContractState, leaving: Leaving | None) -> bool:
    """Whether another contract may take the place of one: it is terminated, or everyone it served is covered."""
    covered = leaving is not None and leaving.state in (ExitState.COVERED, ExitState.SETTLED, ExitState.CLOSED)
    return state is ContractState.TERMINATED or covered


@dataclass(frozen=True)
class Cover:
    """Of one recipient: from which day somebody else serves, or why nobody needs to."""

    covered_from: date | None
    released: str = ""
    """Why no cover is needed any more (moved away, no longer wants it)."""


def gap_days(cover: Cover, last_day: date, today: date) -> int:
    """Days after `last_day` on which nobody serves a recipient, counted until today where nobody does yet."""
    if cover.released:
        return 0
    first = cover.covered_from or max(today, last_day) + _DAY
    return max(0, (first - last_day).days - 1)


def is_covered(cover: Cover, last_day: date) -> bool:
    """Whether a recipient is served from the day after `last_day` on, or needs nobody. Source: B33 (gap = 0)."""
    return bool(cover.released) or (cover.covered_from is not None and (cover.covered_from - last_day).days <= 1)


def uncovered(covers: Iterable[Cover], last_day: date) -> int:
    """How many recipients have a gap, now or to come."""
    return sum(not is_covered(cover, last_day) for cover in covers)


@dataclass(frozen=True)
class Facts:
    """What is known of an exit case."""

    state: ExitState
    last_day: date
    plan: str = ""
    covers: tuple[Cover, ...] = ()
    replaced: bool = False
    """Whether a replacement is under contract, or nobody needs one."""


def may_advance(facts: Facts, to: ExitState, words: str, today: date) -> Iterator[Refusal]:
    """Why an exit may not go on to `to`; until its last day the provider serves and is paid. Source: B33 (zero gap)."""
    if NEXT[facts.state] is not to:
        yield Refusal(N_("The steps of an exit follow each other; this one is not the next."))
        return
    if len(words) < 2:
        yield Refusal(N_("Please say in a few words what was done."), "words")
    yield from public(words, "words")
    if to is ExitState.LISTED and not facts.covers:
        yield Refusal(N_("Please list who is affected first; if nobody is, list nobody with the reason."))
    missing = uncovered(facts.covers, facts.last_day)
    if to is ExitState.COVERED and missing:
        yield Refusal(
            N_("%(count)s recipients would be without service for at least a day. Cover them first."),
            values={"count": missing},
        )
    if to is ExitState.SETTLED and not facts.replaced:
        yield Refusal(N_("Those who are still to be served need a contract with somebody else first."))
    if to is ExitState.SETTLED and today <= facts.last_day:
        yield Refusal(
            N_("The provider serves and is paid until %(day)s; please settle the contract after that day."),
            values={"day": facts.last_day.isoformat()},
        )


@dataclass(frozen=True)
class ExitDraft:
    """How an exit begins."""

    trigger: str
    words: str
    last_day: date | None
    plan: str


def refusals(draft: ExitDraft, *, starts_on: date, ends_on: date) -> Iterator[Refusal]:
    """Why an exit may not begin so."""
    if draft.trigger not in set(Trigger):
        yield Refusal(N_("Please choose why."), "trigger")
    if draft.last_day is None or not starts_on <= draft.last_day <= ends_on:
        yield Refusal(N_("Please give a day within the term of the contract."), "last_day")
    for words, field in ((draft.words, "words"), (draft.plan, "plan")):
        if len(words) < 2:
            yield Refusal(N_("Please say it in a few words; everyone reads it."), field)
        yield from public(words, field)


def cover_refusals(
    provider_id: int | None, covered_from: date | None, last_day: date, allowed: Collection[int]
) -> Iterator[Refusal]:
    """Why somebody does not cover recipients: only one of those `allowed` does, from a day near `last_day` on."""
    if provider_id not in allowed:
        yield Refusal(N_("Please choose who serves them instead."), "provider")
    if covered_from is None or abs((covered_from - last_day).days) > MOST_DAYS:
        yield Refusal(N_("Please give the day from which they are served."), "covered_from")


def recipients_refusals(count: int | None, listed: int) -> Iterator[Refusal]:
    """Why so many recipients may not be added to `listed` ones."""
    if count is None or count < 1:
        yield Refusal(N_("Please give a whole number above zero."), "count")
    elif listed + count > MOST_RECIPIENTS:
        yield Refusal(N_("At most %(most)s recipients in one case."), "count", {"most": MOST_RECIPIENTS})


_DAY = date(2000, 1, 2) - date(2000, 1, 1)
