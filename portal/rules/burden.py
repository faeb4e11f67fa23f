"""What a committee may be asked to do besides its own work, and what its work costs. Source: A17, A29, A48."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

LONGEST_TITLE = 80
LONGEST_WORDS = 1000
LONGEST_MINUTES = 60 * 24 * 365


class TaskState(StrEnum):
    """Where a task that was handed down stands."""

    ASKED = "asked"
    """Not on the list of assisted matters: it waits for the committee. Source: A29."""
    TAKEN = "taken"
    REFUSED = "refused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


NEXT: dict[TaskState, frozenset[TaskState]] = {
    TaskState.ASKED: frozenset({TaskState.TAKEN, TaskState.REFUSED, TaskState.WITHDRAWN}),
    TaskState.TAKEN: frozenset({TaskState.DONE, TaskState.WITHDRAWN}),
    TaskState.REFUSED: frozenset(),
    TaskState.DONE: frozenset(),
    TaskState.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True)
class TaskDraft:
    """What an office hands down; None where a number or a day could not be read."""

    title: str
    story: str
    matter_id: int | None
    """The assisted matter that it belongs to; None: it is on no list."""
    due_on: date | None
    minutes: int | None
    """How long it is expected to take the committee."""
    budget_fen: int | None
    helpers: int | None
    """People who are given for it. Source: A48."""


def is_matched(budget_fen: int, helpers: int) -> bool:
    """Whether a duty comes with means: money or people. Source: A48."""
    return budget_fen > 0 or helpers > 0


def first_state(draft: TaskDraft) -> TaskState:
    """What is on the list of assisted matters is taken; all else waits for the committee. Source: A29, 2.3."""
    return TaskState.TAKEN if draft.matter_id else TaskState.ASKED


NAME_IT = N_("Please give it a name of 2 to %(most)s characters.")


def refusals(draft: TaskDraft, *, matters: Sequence[int], today: date) -> Iterator[Refusal]:
    """Why a task may not be handed down so, where `matters` are those on the list that holds."""
    if not 2 <= len(draft.title) <= LONGEST_TITLE:
        yield Refusal(NAME_IT, "title", {"most": LONGEST_TITLE})
    yield from _words(draft.story, "story")
    if draft.matter_id and draft.matter_id not in matters:
        yield Refusal(N_("This matter is not on the list that holds."), "matter")
    if draft.due_on is None or draft.due_on < today:
        yield Refusal(N_("Please give a day from today on."), "due_on")
    for number, field, most in (
        (draft.minutes, "minutes", LONGEST_MINUTES),
        (draft.budget_fen, "budget", 10**13),
        (draft.helpers, "helpers", 1000),
    ):
        if number is None or not 0 <= number <= most:
            yield Refusal(N_("Please give a number, 0 or more."), field)


def refusals_of_matter(title: str, cites: str) -> Iterator[Refusal]:
    """Why a matter may not be put on the list so."""
    if not 2 <= len(title) <= LONGEST_TITLE:
        yield Refusal(NAME_IT, "title", {"most": LONGEST_TITLE})
    if not 2 <= len(cites) <= 200:
        yield Refusal(N_("Please name the document that says so."), "cites")


def may_move(state: TaskState, to: TaskState, reason: str) -> Iterator[Refusal]:
    """Why a task may not go from `state` to `to`; to refuse or withdraw it needs a reason that everyone reads."""
    if to not in NEXT[state]:
        yield Refusal(N_("This task has been decided already."))
        return
    if to in (TaskState.REFUSED, TaskState.WITHDRAWN) and len(reason) < 2:
        yield Refusal(N_("Please say why; everyone reads it."), "reason")
    yield from _words(reason, "reason")


def _words(words: str, field: str) -> Iterator[Refusal]:
    yield from public_text(words, field, LONGEST_WORDS)


def seconds_spent(times: Sequence[datetime], *, pause: int, first: int) -> int:
    """How long one person worked, by the moments at which she did something: what lies between two of them counts
    up to `pause` seconds apart, and the first one after a pause as `first` seconds. Source: A17.
    """
    spent, last = 0, None
    for moment in sorted(times):
        gap = int((moment - last).total_seconds()) if last else pause + 1
        spent += gap if gap <= pause else first
        last = moment
    return spent
