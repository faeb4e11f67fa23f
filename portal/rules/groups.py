"""How similar needs are gathered into one group that a project answers. Source: A37."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.rules import N_, Refusal
from portal.rules.wording import personal_numbers, too_long

LONGEST_TITLE = 60
LONGEST_PLACE = 100
FEWEST = 2


@dataclass(frozen=True)
class GroupDraft:
    """What a committee gathers; `needs` are the numbers of the needs."""

    title: str
    needs: tuple[int, ...]
    category: str = ""
    place: str = ""


def refusals(
    draft: GroupDraft, *, categories: Collection[str], listed: Collection[int], taken: Collection[int]
) -> Iterator[Refusal]:
    """Why `draft` is no group, where `listed` are those of its needs that are public here, `taken` in another group."""
    if len(draft.title) < 2:
        yield Refusal(N_("Please give it a name; two characters are enough."), "title")
    yield from too_long(draft.title, "title", LONGEST_TITLE)
    if len(draft.place) > LONGEST_PLACE:
        yield Refusal(N_("This is too long: at most %(most)s characters."), "place", {"most": LONGEST_PLACE})
    if draft.category and draft.category not in categories:
        yield Refusal(N_("Please choose one of the subjects shown."), "category")
    yield from personal_numbers(draft.title, "title")
    yield from personal_numbers(draft.place, "place")
    if len(set(draft.needs)) < FEWEST:
        yield Refusal(N_("Please choose at least %(fewest)s needs."), "needs", {"fewest": FEWEST})
    yield from _of_needs(draft.needs, listed, taken, "needs")


def may_put_in(need: int, *, listed: bool, taken: bool) -> Iterator[Refusal]:
    """Refuse to put a need into a group that is not public here, or that is in a group already."""
    yield from _of_needs((need,), {need} if listed else (), {need} if taken else (), "")


def _of_needs(
    needs: Collection[int], listed: Collection[int], taken: Collection[int], beside: str
) -> Iterator[Refusal]:
    if not set(needs) <= set(listed):
        yield Refusal(N_("One of these needs is not on the public list here."), beside)
    for number in sorted(taken):
        said = N_("Need no. %(number)s is in another group already; a need is in one group only.")
        yield Refusal(said, beside, {"number": number})


def words_in_common(one: str, other: str) -> list[str]:
    """What two sayings share, longest first: the reason why they look alike. Both are folded into one script before.

    >>> words_in_common("三号楼电梯坏了", "我们楼的电梯又坏了")
    ['电梯', '坏了']
    """
    found = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    shared = [piece for block in found for piece in one[block.a : block.a + block.size].split()]
    return sorted(dict.fromkeys(piece for piece in shared if len(piece) > 1), key=len, reverse=True)
