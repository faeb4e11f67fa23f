"""What hardly ever changes and every request reads, kept in memory for a moment.

Another process may be that much behind; the one that changes such data forgets at once.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")

SECONDS = 20
MOST = 5000


def kept(read: Callable[..., T]) -> Callable[..., T]:
    """Remember what `read` gave for the same (hashable) arguments; None, as of something unknown, is not remembered."""

    @wraps(read)
    def remembered(*key: Hashable) -> T:
        memory: dict[Hashable, tuple[float, T]] = current_app.extensions.setdefault("kept", {})
        until, value = memory.get((read, *key), (0.0, None))
        if value is None or until < time.monotonic():
            value = read(*key)
            if len(memory) >= MOST:
                memory.clear()
            memory[(read, *key)] = (time.monotonic() + SECONDS, value)
        return value

    return remembered


def forget(*_: Any) -> None:
    """Remember nothing of what was read so far."""
    current_app.extensions.get("kept", {}).clear()
