"""htmx, behind one door: what a request asks for a part of, with the gaps of htmx-flask mended.

htmx-flask sets no Vary, refuses some swaps and cannot send Chinese headers; we only read requests through it,
and `door.page` says what the answer varies by.
"""

from flask import Flask
from htmx_flask import Htmx, request


def install(app: Flask) -> None:
    Htmx(app)


def wanted_part() -> str | None:
    """The id of the element that htmx will fill, which is the name of the block to send; None for a whole page."""
    asked = request.htmx
    if not asked or asked.boosted or asked.history_restore_request:
        return None
    return str(asked.target) if asked.target else None
