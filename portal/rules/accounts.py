"""Who may sign in, and how often someone may try."""

import re
import unicodedata
from collections.abc import Iterator

from portal.rules import N_, Refusal

CODE_DIGITS = 6
CODE_MINUTES = 5
CODE_TRIES = 5
SESSION_DAYS = 90
_SHAPES = (
    re.compile(r"(?:86)?(1[3-9]\d{9})", re.ASCII),
    re.compile(r"(852[4-9]\d{7}|853[68]\d{7}|8869\d{8})", re.ASCII),
)


def phone_number(typed: str) -> str | None:
    """The number as we keep it, or None if `typed` is no mobile number of the mainland, Hong Kong, Macao or Taiwan.

    >>> phone_number("+86 138-0013-8000")
    '13800138000'
    """
    plain = unicodedata.normalize("NFKC", typed)
    digits = re.sub(r"[\s()\-–—.]", "", plain).removeprefix("+").removeprefix("00")
    matches = (shape.fullmatch(digits) for shape in _SHAPES)
    return next((match[1] for match in matches if match), None)


def too_many(counts: dict[str, int], limits: dict[str, int]) -> Iterator[Refusal]:
    """Refuse when any of the `counts` of the last hour has reached its limit."""
    if any(counts[kind] >= limits[kind] for kind in limits):
        yield Refusal(N_("Too many tries. Please wait an hour, or ask your committee for help."), beside="phone")
