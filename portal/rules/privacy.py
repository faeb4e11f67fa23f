"""Which figures may be shown, so that nobody's own answer can be read or worked out from them."""

from collections import defaultdict
from collections.abc import Mapping


def is_small(people: int, least: int) -> bool:
    """Whether a cell of `people` stays hidden; an empty one tells nothing. Source: F9."""
    return 0 < people < least


def publishable_paths(people: Mapping[str, int], least: int) -> set[str]:
    """The paths whose figures may be shown, where `people` answered at or below each path ("" is everywhere).

    A figure of fewer than `least` stays hidden, and all below it. What is left when the shown ones of a place
    are taken from its total must be nobody or `least` people too: until it is, the smallest shown ones are
    hidden as well (equal ones together, so that their order tells nothing). Source: F9, expectation 37.

    >>> sorted(publishable_paths({"": 60, "1.": 60, "1.2.": 3, "1.3.": 20, "1.4.": 37}, 5))
    ['', '1.', '1.4.']
    """
    below = defaultdict(list)
    for path in people:
        if path:
            below[above(path)].append(path)
    shown = set()
    looked_at = [""] if people.get("", 0) >= least else []
    while looked_at:
        path = looked_at.pop()
        shown.add(path)
        looked_at += _shown_among({part: people[part] for part in below[path]}, people[path], least)
    return shown


def _shown_among(parts: Mapping[str, int], whole: int, least: int) -> list[str]:
    shown = {path: count for path, count in parts.items() if count >= least}
    while shown and is_small(whole - sum(shown.values()), least):
        smallest = min(shown.values())
        shown = {path: count for path, count in shown.items() if count > smallest}
    return list(shown)


def above(path: str) -> str:
    """The path one step up: that of "1.18.203." is "1.18."."""
    return path[: path[:-1].rfind(".") + 1]
