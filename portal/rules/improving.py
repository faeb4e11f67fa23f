"""What is to get better, and that it feeds the next project. Source: A40."""

from collections.abc import Iterator
from datetime import date

from portal.rules import N_, Refusal
from portal.rules.lifecycle import FEWEST_WORDS, public_words
from portal.rules.projects import ProjectState
from portal.rules.wording import too_long

LONGEST_OWNER = 100
LONGEST_ACTION = 500
IMPROVED = (ProjectState.SERVING, ProjectState.ACCEPTED, ProjectState.EVALUATED, ProjectState.IMPROVING)
"""States in which it is noted what is to get better: from the first service to the end."""


def action_refusals(state: ProjectState, words: str, owner: str, due_on: date | None, today: date) -> Iterator[Refusal]:
    """Why something cannot be noted as to be improved. Source: A40 (what, who, by when)."""
    if state not in IMPROVED:
        yield Refusal(N_("What is to get better is noted while a project is served, evaluated or improved."))
    if len(words) < FEWEST_WORDS:
        yield Refusal(N_("Please say what is to get better."), "words")
    yield from too_long(words, "words", LONGEST_ACTION)
    yield from public_words(words[:LONGEST_ACTION], "words")
    if len(owner) < FEWEST_WORDS:
        yield Refusal(N_("Please say which body sees to it."), "owner")
    yield from too_long(owner, "owner", LONGEST_OWNER)
    yield from public_words(owner[:LONGEST_OWNER], "owner")
    if due_on is None:
        yield Refusal(N_("Please say by which day."), "due_on")
    elif due_on < today:
        yield Refusal(N_("This day is over."), "due_on")


def done_refusals(result: str, *, done: bool) -> Iterator[Refusal]:
    """Why an action cannot be noted as done. Source: A40 (with its result)."""
    if done:
        yield Refusal(N_("This is noted as done already."))
    if len(result) < FEWEST_WORDS:
        yield Refusal(N_("Please say what came of it."), "result")
    yield from public_words(result, "result")


def closing_refusals(waiting: int) -> Iterator[Refusal]:
    """Why a project cannot be closed: something is neither done nor taken up by a next project. Source: A40."""
    if waiting:
        yield Refusal(
            N_("Things to improve that are neither done nor taken up by a next project: %(count)s."),
            "",
            {"count": waiting},
        )


def is_overdue(due_on: date, done: bool, today: date) -> bool:
    """Whether an action is late: it is due until the end of its day."""
    return not done and due_on < today
