"""What may be reported as a need, who sees it, and how it moves on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import personal_numbers, too_long

SHORTEST = 2
LONGEST = 8000


class NeedState(StrEnum):
    """Where a need stands. Source: requirements 1.6."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    MERGED = "merged"
    ACCEPTED = "accepted"
    MATCHED = "matched"
    IN_SERVICE = "in_service"
    ANSWERED = "answered"
    CLOSED = "closed"


LISTED = (NeedState.ACCEPTED, NeedState.MATCHED, NeedState.IN_SERVICE, NeedState.ANSWERED, NeedState.CLOSED)
"""States in which a need that is not private is public."""
UNDECIDED = (NeedState.SUBMITTED, NeedState.RETURNED)
"""States in which the committee has not decided, so that it will look at what is changed."""
SUPPORTABLE = (NeedState.ACCEPTED, NeedState.MATCHED, NeedState.IN_SERVICE)
"""States in which more voices still help."""
OPEN = (NeedState.SUBMITTED, NeedState.RETURNED, NeedState.ACCEPTED, NeedState.MATCHED, NeedState.IN_SERVICE)
"""States in which its author still waits."""

NEXT: dict[NeedState, frozenset[NeedState]] = {
    NeedState.DRAFT: frozenset({NeedState.SUBMITTED}),
    NeedState.SUBMITTED: frozenset({NeedState.ACCEPTED, NeedState.RETURNED, NeedState.REJECTED, NeedState.MERGED}),
    NeedState.RETURNED: frozenset({NeedState.SUBMITTED}),
    NeedState.REJECTED: frozenset({NeedState.SUBMITTED}),
    NeedState.MERGED: frozenset({NeedState.SUBMITTED, NeedState.ACCEPTED}),
    NeedState.ACCEPTED: frozenset({NeedState.MATCHED, NeedState.MERGED, NeedState.ANSWERED}),
    NeedState.MATCHED: frozenset({NeedState.IN_SERVICE, NeedState.ANSWERED}),
    NeedState.IN_SERVICE: frozenset({NeedState.ANSWERED}),
    NeedState.ANSWERED: frozenset({NeedState.CLOSED}),
    NeedState.CLOSED: frozenset(),
}


class Behalf(StrEnum):
    """For whom a need is reported. Source: A8, A25."""

    SELF = "self"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    PAPER = "paper"
    """Entered by the committee for someone without a phone."""


@dataclass(frozen=True)
class NeedDraft:
    """What was typed: `words` in one field, the rest optional."""

    words: str
    category: str = ""
    place: str = ""
    behalf: Behalf = Behalf.SELF
    about_child: bool = False
    private: bool = False


def refusals(
    draft: NeedDraft, *, categories: Iterable[str], private: bool, open_needs: int, limit: int
) -> Iterator[Refusal]:
    """Why `draft` may not be reported by someone who has `open_needs` open here already.

    Two characters are enough. Source: A25, A37, B10; numbers of persons: `rules.wording`.
    """
    if len(draft.words) < SHORTEST:
        yield Refusal(N_("Please say in a few words what is needed; two characters are enough."), "words")
    yield from too_long(draft.words, "words", LONGEST)
    if draft.category and draft.category not in categories:
        yield Refusal(N_("Please choose one of the subjects shown."), "category")
    yield from too_long(draft.place, "place", 100)
    yield from too_many_open(open_needs, limit)
    if not private:
        yield from personal_numbers(draft.words, "words")
        yield from personal_numbers(draft.place, "place")


def too_many_open(open_needs: int, limit: int) -> Iterator[Refusal]:
    """Refuse one more need of someone who has `open_needs` open here already."""
    if open_needs >= limit:
        yield Refusal(
            N_("You have %(count)s open needs here; please wait until some are answered."), "", {"count": open_needs}
        )


def is_sensitive(category: str, sensitive: Iterable[str]) -> bool:
    """Whether a category, or the group that it is in, is on the list of sensitive ones."""
    return any(category.startswith(code) for code in sensitive) if category else False


def is_private(draft: NeedDraft, sensitive: Iterable[str]) -> bool:
    """Whether only its author and the committee see the need.

    Always if it is about a child under 14; by default in a sensitive category; else if the author wishes.
    Source: A7, A14, 2.6 (PIPL 28, 29, 31).
    """
    return draft.about_child or draft.private or is_sensitive(draft.category, sensitive)


def moves(state: NeedState, to: NeedState) -> Iterator[Refusal]:
    """Refuse a step that the life cycle does not have, such as a second decision. Source: A40, requirements 1.6."""
    if to not in NEXT[state]:
        yield Refusal(N_("Someone has already decided this; the page now shows what."))


def answer_refusals(words: str, *, private: bool) -> Iterator[Refusal]:
    """Why an answer may not stand: it says nothing, or names a person's number to everyone. Source: B3, A24."""
    if len(words) < SHORTEST:
        yield Refusal(N_("Please say what came of it."), "words")
    if not private:
        yield from personal_numbers(words, "words")


def may_publish(state: NeedState, *, about_child: bool, private: bool) -> Iterator[Refusal]:
    """Refuse to make public what the law keeps private, or what the committee has looked at as private. Source: A7."""
    if state not in UNDECIDED:
        yield Refusal(N_("The committee has decided already; it read this as private."))
    if about_child:
        yield Refusal(N_("A need about a child under 14 stays private."))
    if not private:
        yield Refusal(N_("This need is public already."))


def may_support(state: NeedState, *, private: bool, own: bool) -> Iterator[Refusal]:
    """Refuse support for what is not listed or has its answer, or is one's own."""
    if private or state not in SUPPORTABLE:
        yield Refusal(N_("This need is not open for support."))
    if own:
        yield Refusal(N_("This is your own need; it counts already."))
