"""How a place sets a number of its own: what is typed is read by the kind of the number, and kept in bounds."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from portal.rules import N_, Refusal, credit, staffing, stars
from portal.rules.numbers import Numbers
from portal.rules.projects import fen_of, yuan_of

DEFAULTS: dict[str, Any] = {field.name: getattr(Numbers(), field.name) for field in fields(Numbers)}
INHERIT = "-"
"""What is typed to take the number from above again."""
FOR_THE_WHOLE_SITE = ("codes_per_number", "codes_per_address", "codes_per_site")
"""Belong to no place; the top division sets them."""
NEVER_LOWER = (
    "cell_to_publish",
    "ratings_to_publish",
    "grades_to_publish",
    "batch_ratings",
    "batch_days",
    "comments_to_publish",
    "evaluation_fewest_ratings",
    "ratings_for_star",
    "fewest_published_ballots",
    "log_batch",
    "fewest_bids",
    "fewest_judges",
    "tender_days",
    "challenge_working_days",
    "social_share_points",
)
"""Below the default someone's own answer could be worked out (ratings F9, trust 3), or a law is broken (2.2, A46)."""
NEVER_HIGHER = (
    "longest_contract_years",
    "usual_contract_years",
    "supplement_percent",
    "contract_signing_days",
    "contract_filing_working_days",
    "contract_publishing_working_days",
    "report_working_days",
    "winner_working_days",
    "result_working_days",
)
"""A place may be stricter than the law, not laxer. Source: A42, rules-and-standards 2.2."""
NEVER_FEWER = ("sensitive_categories",)
"""A place may keep more private than the law does, not less. Source: 2.6 (PIPL 28, 29)."""
CHOICES = {"staffing_reading": ("full", "started"), "staffing_counts": ("people", "households", "population")}
"""The words that a number of words may be."""
ROWS: dict[str, Callable[[Any, str], Iterator[Refusal]]] = {
    "credit_points": credit.points_refusals,
    "credit_effects": credit.levels_refusals,
    "star_cuts": stars.cuts_refusals,
    "star_weights": stars.weights_refusals,
}
"""Lists that are no codes of the catalogue, and what may stand in them."""
LARGEST_LOSS = 1000
"""Points that a number below zero may take away, at most."""
_HIGHEST = {
    "_share_points": 10_000,
    "_percent": 100,
    "_days": 3_650,
    "_hours": 8_760,
    "_months": 600,
    "_years": 100,
    "_fen": 10**15,
}


def settable(*, top: bool) -> list[str]:
    """The numbers that a division may set by typing; `top`: it is the one above all others."""
    return [name for name in DEFAULTS if is_typed(name) and (top or name not in FOR_THE_WHOLE_SITE)]


def is_typed(name: str) -> bool:
    """Whether a number can be typed in one line; tables are loaded by who keeps them."""
    default = DEFAULTS[name]
    if isinstance(default, tuple):
        return bool(default) and all(isinstance(one, str | int) for one in default)
    return isinstance(default, int) or name in CHOICES


def bounds_of(name: str) -> tuple[int, int]:
    """The least and the most that a whole number may be.

    >>> bounds_of("helper_share_percent"), bounds_of("cell_to_publish"), bounds_of("longest_contract_years")
    ((1, 100), (5, 100000), (1, 3))
    """
    default = DEFAULTS[name]
    if default < 0:
        return -LARGEST_LOSS, 0
    least = default if name in NEVER_LOWER else min(default, 1)
    most = next((most for end, most in _HIGHEST.items() if name.endswith(end)), 100_000)
    return least, default if name in NEVER_HIGHER else most


def has_cents(name: str) -> bool:
    """Whether it is kept in hundredths and typed with a point: fen as yuan, hundredths of a percent as percent."""
    return name.endswith(("_fen", "_share_points"))


def read_numbers(typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as values: a whole number is one, a list is one, INHERIT is None; what cannot be read stays text.

    >>> read_numbers({"most_open_needs": " ２０ ", "notice_days": "", "undo_days": "two", "log_batch": "-"})
    {'most_open_needs': 20, 'undo_days': 'two', 'log_batch': None}
    """
    plain = {name: unicodedata.normalize("NFKC", words).strip() for name, words in typed.items()}
    return {name: _read(name, words) for name, words in plain.items() if words}


def _read(name: str, words: str) -> Any:
    if words in (INHERIT, "–", "—"):
        return None
    default = DEFAULTS[name]
    if isinstance(default, bool):
        return {"yes": True, "no": False}.get(words, words)
    if has_cents(name):
        amount = fen_of(words.removesuffix("%"))
        return words if amount is None else amount
    if isinstance(default, int) and re.fullmatch(r"-?[0-9]{1,16}", words):
        return int(words)
    if isinstance(default, tuple):
        parts = tuple(part for part in re.split(r"[\s,、;]+", words) if part)
        whole = (
            bool(default) and isinstance(default[0], int) and all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts)
        )
        return tuple(map(int, parts)) if whole else parts
    return words


def number_refusals(numbers: Mapping[str, Any], *, top: bool, codes: Collection[str]) -> Iterator[Refusal]:
    """Why these values may not be set, each beside its name; `codes` are those of the catalogue. Source: A43, A44."""
    for name, value in numbers.items():
        if name not in DEFAULTS:
            yield Refusal(N_("There is no such number."), name)
        elif name in FOR_THE_WHOLE_SITE and not top:
            yield Refusal(N_("This number is the same everywhere; the division above all others sets it."), name)
        elif value is not None:
            yield from _value_refusals(name, value, codes)


def _value_refusals(name: str, value: Any, codes: Collection[str]) -> Iterator[Refusal]:
    default = DEFAULTS[name]
    if isinstance(default, bool):
        if not isinstance(value, bool):
            yield Refusal(N_("Please write yes or no."), name)
    elif isinstance(default, int):
        yield from _whole_refusals(name, value)
    elif isinstance(default, str):
        if value not in CHOICES.get(name, (value,)) or not isinstance(value, str):
            yield Refusal(N_("Please write one of these: %(words)s"), name, {"words": ", ".join(CHOICES[name])})
    elif name in ROWS:
        yield from _rows_refusals(name, value)
    elif is_typed(name):
        yield from _list_refusals(name, value, codes)
    elif not isinstance(value, list | tuple):
        yield Refusal(N_("This is a table with at least one row."), name)
    else:
        yield from staffing.refusals_of_table(staffing.bands_of(value))


def _rows_refusals(name: str, value: Any) -> Iterator[Refusal]:
    kind = type(DEFAULTS[name][0])
    if not isinstance(value, list | tuple) or not value or not all(type(one) is kind for one in value):
        yield Refusal(N_("Please write it as here: %(rows)s"), name, {"rows": ", ".join(map(str, DEFAULTS[name]))})
        return
    yield from ROWS[name](value, name)


def _whole_refusals(name: str, value: Any) -> Iterator[Refusal]:
    least, most = bounds_of(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        if has_cents(name):
            said = {"least": yuan_of(least), "most": yuan_of(most)}
            yield Refusal(N_("Please give a number from %(least)s to %(most)s."), name, said)
        else:
            said = {"least": str(least), "most": str(most)}
            yield Refusal(N_("Please give a whole number from %(least)s to %(most)s."), name, said)


def _list_refusals(name: str, value: Any, codes: Collection[str]) -> Iterator[Refusal]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(one, str) for one in value):
        yield Refusal(N_("Please list codes of the catalogue, such as 01, 0801."), name)
    elif unknown := [one for one in value if one not in codes]:
        yield Refusal(N_("The catalogue has no %(codes)s."), name, {"codes": ", ".join(unknown)})
    elif name in NEVER_FEWER and not set(DEFAULTS[name]) <= set(value):
        missing = ", ".join(one for one in DEFAULTS[name] if one not in value)
        yield Refusal(N_("These stay on the list by law: %(codes)s."), name, {"codes": missing})
