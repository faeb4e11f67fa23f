"""Numbers for stars that are only tried out: who would move if they held. Source: A68."""

from dataclasses import replace
from typing import Any

from portal.rules import Refusal
from portal.rules.numbers import Numbers
from portal.rules.setting import number_refusals, read_numbers

NAMES = ("star_cuts", "star_weights", "star_up_margin", "star_down_margin", "ratings_for_star")


def as_typed(numbers: Numbers) -> dict[str, str]:
    """The numbers that hold, as they would be typed."""
    return {name: _typed(getattr(numbers, name)) for name in NAMES}


def _typed(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def read(typed: dict[str, str], numbers: Numbers) -> tuple[Numbers, list[Refusal]]:
    """The numbers as they would hold with what was typed, and why some of it cannot be."""
    values = {name: value for name, value in read_numbers(typed).items() if value is not None}
    refused = list(number_refusals(values, top=True, codes=()))
    return (numbers if refused else replace(numbers, **values)), refused
