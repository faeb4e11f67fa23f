"""The words of our addresses."""

from typing import Any

from werkzeug.routing import BaseConverter, IntegerConverter, Map

LARGEST = 2**31 - 1


class CodeConverter(BaseConverter):
    """A division's code: 12 digits, so that an address can be read over the telephone."""

    regex = r"\d{12}"


class NumberConverter(IntegerConverter):
    """A number that a key of the database can be; larger ones are no address of ours."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **options})


def row_number(typed: str | int) -> int:
    """A typed number that a key of the database can be. Raises ValueError: `args.get(name, 0, row_number)` gives 0."""
    if not 0 <= int(typed) <= LARGEST:
        raise ValueError(typed)
    return int(typed)
