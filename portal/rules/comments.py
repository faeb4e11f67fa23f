"""What may be done with words that were written beside a grade. Of the grade nothing is known here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from portal.rules import N_, Refusal
from portal.rules.wording import public_text


class CommentState(StrEnum):
    """Where words are on their way; whoever is silent lets them go on."""

    WAITING = "waiting"
    CLEARED = "cleared"
    """Goes out with the next group."""
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Verdict(StrEnum):
    """What one person says to words."""

    PUBLISH = "publish"
    MASK = "mask"
    HIDE = "hide"


KINDS = {
    "names": N_("It names a person"),
    "abuse": N_("It insults or threatens someone"),
    "advert": N_("It is advertising"),
    "personal": N_("It holds somebody's personal data"),
}
"""Why words may be hidden; that they are bad for somebody is no reason. Source: trust 4.6."""
MASKS = {
    "staff": N_("a member of staff"),
    "person": N_("a person"),
    "number": N_("a number"),
    "mail": N_("an e-mail address"),
}
"""What stands in the place of what is masked, as 〔staff〕 in the text; the last two are masked by the machine."""
BY_HAND = ("staff", "person")

TO_HIDE = 2
"""People who must say so, each unconflicted, before words are hidden."""
LONGEST_REASON = 300
LONGEST_APPEAL = 500
LONGEST_ANSWER = 800
SHORTEST_NAME, LONGEST_NAME = 2, 12
MASK = re.compile(f"〔(?:{'|'.join(MASKS)})〕")


def state_after(state: CommentState, verdict: Verdict, hides: int, *, confirmed: bool = False) -> CommentState:
    """The state after one more verdict.

    So many people want the words hidden as `hides` says, this one among them; `confirmed`: she is the second who would
    put exactly this mask. One mask alone changes nothing, like one who would hide.
    """
    if verdict is Verdict.HIDE:
        return CommentState.HIDDEN if hides >= TO_HIDE else state
    if verdict is Verdict.MASK and not confirmed:
        return state
    return CommentState.CLEARED if state is CommentState.WAITING else state


def may_decide(state: CommentState, *, tied: bool, decided: bool, appealed: bool) -> Iterator[Refusal]:
    """Who may say something to words: nobody who is tied to the provider, nobody twice, nobody after an appeal."""
    if tied:
        yield Refusal(N_("You are tied to this provider: somebody else decides about its words."))
    if decided:
        yield Refusal(N_("You have decided about these words already."))
    if state is CommentState.HIDDEN or appealed:
        yield Refusal(N_("This has been decided meanwhile."))


def hiding_refusals(kind: str, reason: str) -> Iterator[Refusal]:
    """Words are hidden for one of four kinds of reasons, and the writer is told why."""
    if kind not in KINDS:
        yield Refusal(N_("Please choose why."), "kind")
    yield from _said(reason, "reason", LONGEST_REASON)


def names_in(typed: str) -> list[str]:
    """What was typed to be masked, one on a line or between commas, longest first."""
    found = {name.strip() for name in re.split(r"[\n,，、;；]", typed)}
    return sorted((name for name in found if name), key=lambda name: (-len(name), name))


def masked(words: str, names: Sequence[str], by: str) -> str:
    """`words` with a mask in the place of each of `names`; what is masked already stays as it is.

    >>> masked("王小红态度差，小红还迟到。", ["王小红", "小红"], "staff")
    '〔staff〕态度差，〔staff〕还迟到。'
    """
    for name in names:
        kept, masks = MASK.split(words), MASK.findall(words)
        kept = [part.replace(name, f"〔{by}〕") for part in kept]
        words = "".join(part for pair in zip(kept, [*masks, ""], strict=True) for part in pair)
    return words


def mask_in_effect(texts: Sequence[str]) -> int | None:
    """Which of these texts is shown, each of them how one more person would mask the words, in order.

    It is the last that says exactly what another said after the mask before it took effect.

    >>> mask_in_effect(["〔staff〕迟到。", "护理员〔person〕。"]) is None
    True
    >>> mask_in_effect(["〔staff〕迟到。", "护理员〔person〕。", "〔staff〕迟到。"])
    2
    """
    found, since = None, 0
    for at, text in enumerate(texts):
        if text in texts[since:at]:
            found, since = at, at + 1
    return found


def masking_refusals(original: str, words: str, names: Sequence[str], by: str) -> Iterator[Refusal]:
    """A mask covers names in what is shown now (`words`), never so much that it would hide what was said.

    At least half of the `original` stays to be read.
    """
    if by not in BY_HAND:
        yield Refusal(N_("Please choose whose name it is."), "mask")
    if not names:
        yield Refusal(N_("Please write which name is to be masked, as it stands in the text."), "names")
    bare = MASK.split(words)
    for name in names:
        if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
            yield Refusal(
                N_("“%(name)s” is no name: a name has %(least)s to %(most)s characters."),
                "names",
                {"name": name, "least": SHORTEST_NAME, "most": LONGEST_NAME},
            )
        elif not any(name in part for part in bare):
            yield Refusal(N_("“%(name)s” does not stand in the text."), "names", {"name": name})
    if 2 * len("".join(MASK.split(masked(words, names, by)))) < len(original):
        yield Refusal(N_("That would leave too little to read. Two people may hide it instead."), "names")


def appeal_refusals(
    words: str, *, touched: bool, appealed: bool, now: datetime, until: datetime | None
) -> Iterator[Refusal]:
    """Who wrote the words may appeal once, in time, against what was done to them."""
    if not touched:
        yield Refusal(N_("Nothing was hidden or masked here."))
    elif appealed:
        yield Refusal(N_("You have appealed already."))
    elif until is not None and now > until:
        yield Refusal(N_("The days in which you could appeal are over."))
    yield from _said(words, "words", LONGEST_APPEAL)


def judging_refusals(reason: str, *, drawn: bool, tied: bool, decided: bool) -> Iterator[Refusal]:
    """Who was drawn decides alone, once, with a reason for the writer."""
    if not drawn or tied:
        yield Refusal(N_("Somebody else was drawn to decide this."))
    if decided:
        yield Refusal(N_("This has been decided meanwhile."))
    yield from _said(reason, "reason", LONGEST_REASON)


def in_drawn_order(seed: str, people: Iterable[int]) -> list[int]:
    """People in the order in which they are drawn: whoever knows the seed can draw again.

    >>> in_drawn_order("a", [1, 2, 3]) == in_drawn_order("a", [3, 2, 1])
    True
    """
    return sorted(set(people), key=lambda one: sha256(f"{seed}:{one}".encode()).digest())


def answer_refusals(words: str, *, answered: bool) -> Iterator[Refusal]:
    """A provider answers a group of words once; everyone reads it."""
    if answered:
        yield Refusal(N_("These words have their answer; it cannot be changed."))
        return
    yield from _said(words, "words", LONGEST_ANSWER)


def _said(words: str, beside: str, most: int) -> Iterator[Refusal]:
    if len(words) < 2:
        yield Refusal(N_("Please say it in a few words."), beside)
    yield from public_text(words, beside, most)
