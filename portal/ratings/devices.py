"""The device on which somebody taps. What she said is shown there again, and to nobody else who holds her link."""

from flask import current_app, request
from werkzeug.wrappers import Response

COOKIE, SECONDS = "tapped", 120 * 24 * 3600
"""What a tap leaves, and nothing else does: chance. As long after her last tap a case can be followed."""


def device() -> str:
    """The chance that an earlier tap left on the device that asks; "" where there was none."""
    return request.cookies.get(COOKIE, "")


def leave(answer: Response, cookie: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, cookie, SECONDS, path="/rate/", samesite="Lax", httponly=True, secure=secure)
