"""A project is shown to everyone before it is approved, and objections are heard (公示, 立项). Source: A24, A21."""

from collections.abc import Iterator
from datetime import datetime

from portal.rules import N_, Refusal
from portal.rules.lifecycle import FEWEST_WORDS, public_words
from portal.rules.projects import ProjectState

LONGEST_OBJECTION = 1000


def objection_refusals(words: str, state: ProjectState, ends_at: datetime | None, at: datetime) -> Iterator[Refusal]:
    """Why an objection to a project cannot be made `at` this moment. Source: A24."""
    if state is not ProjectState.NOTICED or ends_at is None or at > ends_at:
        yield Refusal(N_("This project is not on public notice now; the time for objections has not begun or is over."))
    if len(words) < FEWEST_WORDS:
        yield Refusal(N_("Please say what is wrong with the project."), "words")
    if len(words) > LONGEST_OBJECTION:
        yield Refusal(N_("Please say it in at most %(most)s characters."), "words", {"most": LONGEST_OBJECTION})
    yield from public_words(words[:LONGEST_OBJECTION], "words")


def answer_refusals(answer: str, *, answered: bool, own: bool) -> Iterator[Refusal]:
    """Why an objection cannot be answered so. Source: A24 (everyone reads the answer)."""
    if answered:
        yield Refusal(N_("This has been answered meanwhile."))
    if own:
        yield Refusal(N_("Nobody answers her own objection; ask a colleague."))
    if len(answer) < FEWEST_WORDS:
        yield Refusal(N_("Please answer in a few words; everyone reads it."), "answer")
    yield from public_words(answer, "answer")


def approval_refusals(
    *, is_official: bool, ends_at: datetime | None, at: datetime, unanswered: int, upheld: int
) -> Iterator[Refusal]:
    """Why a project on public notice cannot be approved yet. Source: A21, A24."""
    if not is_official:
        yield Refusal(N_("Only an official for this place approves a project."))
    if ends_at is None or at <= ends_at:
        yield Refusal(N_("The public notice has not ended yet."))
    if unanswered:
        yield Refusal(
            N_("Objections that wait for an answer: %(count)s. Please answer each of them first."),
            "",
            {"count": unanswered},
        )
    if upheld:
        yield Refusal(N_("An objection was found right. Please take the project back and change it."))
