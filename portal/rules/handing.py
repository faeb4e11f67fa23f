"""A need goes from one office to another under the same number. Source: B11."""

from collections.abc import Iterator

from portal.rules import N_, Refusal
from portal.rules.needs import OPEN, NeedState
from portal.rules.wording import public_text

LONGEST_OFFICE = 60
LONGEST_WORDS = 1000


def refusals(state: NeedState, *, listed: bool, waits: bool, above: bool, office: str, words: str) -> Iterator[Refusal]:
    """Why a need may not be handed on; `waits`: an office has it already, `above`: that office stands above its place.

    What is not on the public list stays with the committee: its author has agreed to nobody else's reading it (2.6).
    """
    if state not in OPEN:
        yield Refusal(N_("This need has been answered already."))
    if not listed:
        yield Refusal(N_("Only what is on the public list is handed on. Accept it first; a private need stays here."))
    if waits:
        yield Refusal(N_("Another office has it already and has not answered yet."))
    if not above:
        yield Refusal(N_("Please choose one of the offices above this community."), "to")
    if not 2 <= len(office) <= LONGEST_OFFICE:
        yield Refusal(
            N_("Please name the department, in at most %(most)s characters."), "office", {"most": LONGEST_OFFICE}
        )
    yield from _public(words, "words")


def answer_refusals(words: str, *, answered: bool) -> Iterator[Refusal]:
    """Why an office's answer is not taken."""
    if answered:
        yield Refusal(N_("The office has answered already."))
    yield from _public(words, "words")


def _public(words: str, field: str) -> Iterator[Refusal]:
    if len(words) < 2:
        yield Refusal(N_("Please say it in a few words; everyone reads it."), field)
    yield from public_text(words, field, LONGEST_WORDS)
