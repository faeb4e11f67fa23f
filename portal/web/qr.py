"""Codes that a telephone's camera reads, drawn without a style of their own, black on white on any printer."""

from dataclasses import dataclass
from itertools import groupby

import segno
from flask import current_app, request

QUIET = 4
"""Empty squares around a code, as the standard asks for."""


@dataclass(frozen=True)
class QrCode:
    """A code as `ui.qr.code` draws it: `size` squares a side, and the path of the black ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of `text`, which stays readable with 15 % of it lost."""
    rows = segno.make(text, error="m", micro=False).matrix
    return QrCode(
        len(rows) + 2 * QUIET, "".join(_run(x, y, length) for y, row in enumerate(rows) for x, length in _runs(row))
    )


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Where black squares begin in a row, and how many follow each other."""
    found, at = [], 0
    for black, squares in groupby(row):
        length = len(list(squares))
        if black:
            found.append((at, length))
        at += length
    return found


def _run(x: int, y: int, length: int) -> str:
    return f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"


def here(path: str) -> str:
    """The whole address of a path of this site, for what is printed."""
    return (current_app.config["SETTINGS"].base_url or request.host_url).rstrip("/") + path
