"""Nobody's own answer can be read or worked out from the figures that are shown."""

import doctest
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules import privacy
from portal.rules.privacy import above, is_small, publishable_paths

LEAST = 5


def test_the_examples_in_the_rule_are_true():
    assert doctest.testmod(privacy).failed == 0


def test_an_empty_cell_tells_nothing_and_a_small_one_stays_hidden():  # ratings F9
    assert [is_small(people, 5) for people in (0, 1, 4, 5)] == [False, True, True, False]


def test_the_small_one_cannot_be_had_by_subtraction():  # expectation 37
    people = {"": 63, "1.": 63, "1.2.": 3, "1.3.": 20, "1.4.": 40}
    assert publishable_paths(people, LEAST) == {"", "1.", "1.4."}


def test_two_small_ones_that_are_enough_together_hide_no_other():
    people = {"": 27, "1.": 27, "1.2.": 3, "1.3.": 4, "1.4.": 20}
    assert publishable_paths(people, LEAST) == {"", "1.", "1.4."}


def test_what_is_below_a_hidden_place_is_hidden_too():
    people = {"": 63, "1.": 63, "1.2.": 3, "1.3.": 20, "1.4.": 40, "1.3.5.": 10, "1.3.6.": 10}
    assert publishable_paths(people, LEAST) == {"", "1.", "1.4."}


def test_few_that_answered_in_no_part_are_not_laid_bare_by_the_parts():
    assert publishable_paths({"": 42, "1.": 42, "1.2.": 20, "1.3.": 20}, LEAST) == {"", "1."}


@settings(deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(0, 12), max_size=6))
def test_whatever_can_be_worked_out_is_of_nobody_or_of_enough(answers):
    """Each place's own people are an unknown; what is shown are sums of them. Any group that follows is big enough."""
    own = {f"1.{a}.{b}.": count for (a, b), count in answers.items()}
    totals: dict[str, int] = {"": 0}
    for path, count in own.items():
        while True:
            totals[path] = totals.get(path, 0) + count
            if not path:
                break
            path = above(path)
    shown = publishable_paths(totals, LEAST)
    rows = [[Fraction(part.startswith(path)) for part in own] for path in shown]
    for size in range(1, len(own) + 1):
        for group in combinations(own, size):
            if _follows([Fraction(part in group) for part in own], rows):
                assert not is_small(sum(own[part] for part in group), LEAST), (totals, shown, group)


def _follows(wanted: list[Fraction], rows: list[list[Fraction]]) -> bool:
    """Whether `wanted` is a sum of multiples of `rows`."""
    return _rank([*rows, wanted]) == _rank(rows)


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[rank:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for row in rows[rank + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [value - factor * top for value, top in zip(row, pivot, strict=True)]
        rank += 1
    return rank
