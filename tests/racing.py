"""Several people act at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from portal.rules import Refused
from portal.store import db

TAPS = 8


def all_at_once(elsewhere: Callable[..., Any], deed: Callable[[int], Any]) -> list[str]:
    """What each of many said who did `deed` at once, by the name of what came of it."""

    def one(number: int) -> str:
        try:
            elsewhere(deed, number)
        except Refused:
            return "refused"
        return "done"

    db.session.rollback()
    with ThreadPoolExecutor(TAPS) as pool:
        said = sorted(pool.map(one, range(TAPS)))
    db.session.expire_all()
    return said
