"""Support by community: an attacker who adds and subtracts all that is public learns no hidden figure."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.elections import BallotKind
from portal.rules.places import WHOLE, Rows, publishable, rows_of

OPTIONS = (1, 2)
ANY = ((), (1,), (2,), (1, 2))
"""What a ballot may name, of two options."""
ONE = ANY[:3]


@st.composite
def votes(draw: Any, patterns: tuple[tuple[int, ...], ...] = ANY, most: int = 4) -> dict[int, list[tuple[int, ...]]]:
    """Two to four communities with the ballots of each."""
    ballots = st.lists(st.sampled_from(patterns), max_size=most)
    return {place: draw(ballots) for place in range(1, draw(st.integers(2, 4)) + 1)}


def counted(ballots: dict[int, list[tuple[int, ...]]]) -> dict[int, dict[int, int]]:
    return {
        place: {WHOLE: len(cast)} | {option: sum(option in one for one in cast) for option in OPTIONS}
        for place, cast in ballots.items()
    }


def total(table: dict[int, dict[int, int]], option: int) -> int:
    return sum(cells[option] for cells in table.values())


def shares(whole: int, most: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to share out `whole`, giving each at most that."""
    if not most:
        if whole == 0:
            yield ()
        return
    for first in range(min(whole, most[0]) + 1):
        yield from ((first, *rest) for rest in shares(whole - first, most[1:]))


def columns(shown: Any, table: Any, option: int, most: list[int]) -> Iterator[tuple[int, ...]]:
    """What the figures of an option may be, as far as its total and those that are shown tell."""
    known = [cells[option] for cells in shown.values()]
    free = [limit for one, limit in zip(known, most, strict=True) if one is None]
    for found in shares(total(table, option) - sum(one or 0 for one in known), free):
        hidden = iter(found)
        yield tuple(next(hidden) if one is None else one for one in known)


def widest(table: Any, option: int, least: int) -> int:
    """How many numbers a hidden figure must leave open; where the totals alone tell more, no table helps."""
    whole = total(table, WHOLE)
    if option == WHOLE:
        return min(least, whole) + 1
    return min(least, total(table, option), whole - total(table, option)) + 1


def stays_open(shown: Any, table: Any, option: int, found: set[tuple[int, ...]], least: int) -> None:
    for place, (name, cells) in enumerate(shown.items()):
        if cells[option] is None:
            values = {column[place] for column in found}
            assert len(values) >= widest(table, option, least), (name, option, values, shown)


@settings(deadline=None)
@given(votes(most=7), st.integers(1, 3))
def test_totals_and_ballots_leave_each_hidden_approval_open(ballots: Any, least: int) -> None:  # A26
    table = counted(ballots)
    shown = publishable(table, OPTIONS, least, Rows.FREE)
    whole = total(table, WHOLE)
    sizes = {
        size
        for size in columns(shown, table, WHOLE, [whole] * len(table))
        if all(
            (cells[option] or 0) <= limit
            for cells, limit in zip(shown.values(), size, strict=True)
            for option in OPTIONS
        )
        and all(any(columns(shown, table, option, list(size))) for option in OPTIONS)
    }
    stays_open(shown, table, WHOLE, sizes, least)
    for option in OPTIONS:
        found = {column for size in sizes for column in columns(shown, table, option, list(size))}
        stays_open(shown, table, option, found, least)


@settings(deadline=None)
@given(votes(ONE), st.integers(1, 3))
def test_with_one_mark_a_ballot_rows_that_add_up_tell_nothing_either(ballots: Any, least: int) -> None:  # A26
    table = counted(ballots)
    shown = publishable(table, OPTIONS, least, Rows.ONE)
    whole, blank = total(table, WHOLE), sum(cast.count(()) for cast in ballots.values())
    some = [set(columns(shown, table, option, [whole] * len(table))) for option in OPTIONS]
    possible: tuple[set[Any], ...] = (set(), set(), set())
    for first, second in product(*some):
        marked = [sum(pair) for pair in zip(first, second, strict=True)]
        sizes = [cells[WHOLE] for cells in shown.values()]
        if any(size is not None and size < sum_ for size, sum_ in zip(sizes, marked, strict=True)):
            continue
        left = blank - sum(size - sum_ for size, sum_ in zip(sizes, marked, strict=True) if size is not None)
        if left < 0 or (left and None not in sizes):
            continue
        possible[1].add(first)
        possible[2].add(second)
        for given_ in shares(left, [left] * sizes.count(None)):
            blanks = iter(given_)
            rows = zip(sizes, marked, strict=True)
            possible[0].add(tuple(sum_ + next(blanks) if size is None else size for size, sum_ in rows))
    for option in (WHOLE, *OPTIONS):
        stays_open(shown, table, option, possible[option], least)


@given(votes(most=3), st.integers(1, 2))
def test_whole_ballots_that_are_public_can_be_dealt_out_anew_to_all_that_is_hidden(  # A26
    ballots: Any, least: int
) -> None:
    table = counted(ballots)
    shown = publishable(table, OPTIONS, least, Rows.TIED)
    hidden = [place for place, cells in shown.items() if None in cells.values()]
    assert all(set(shown[place].values()) == {None} for place in hidden), "a community is hidden whole"
    pool = [one for place in hidden for one in ballots[place]]
    for option in (WHOLE, *OPTIONS):
        these = sum(option in one or option == WHOLE for one in pool)
        if hidden:
            assert these >= widest(table, option, least) - 1, "it may have from none to all of these"
    assert len(hidden) != 1


@given(votes(most=8), st.integers(1, 5), st.sampled_from(Rows))
def test_nothing_small_is_shown_and_what_is_shown_is_right(ballots: Any, least: int, rows: Rows) -> None:  # A26
    table = counted(ballots)
    for place, cells in publishable(table, OPTIONS, least, rows).items():
        for option, figure in cells.items():
            if figure is not None:
                assert figure == table[place][option] >= least
                assert option == WHOLE or table[place][WHOLE] - figure >= least


@pytest.mark.parametrize("rows", Rows)
def test_large_figures_are_all_shown(rows: Rows) -> None:
    table = {1: {WHOLE: 40, 1: 20, 2: 12}, 2: {WHOLE: 30, 1: 8, 2: 20}}
    assert publishable(table, OPTIONS, 5, rows) == table


def test_with_one_mark_a_ballot_a_hidden_figure_takes_the_ballots_of_its_row_with_it() -> None:
    table = {
        1: {WHOLE: 40, 1: 2, 2: 20, 3: 18},
        2: {WHOLE: 30, 1: 8, 2: 12, 3: 10},
        3: {WHOLE: 50, 1: 20, 2: 20, 3: 10},
    }
    shown = publishable(table, (1, 2, 3), 5, Rows.ONE)
    assert [[cells[option] for option in range(4)] for cells in shown.values()] == [
        [None, None, 20, 18],
        [None, None, 12, 10],
        [50, 20, 20, 10],
    ]


def test_one_small_figure_takes_one_more_with_it() -> None:
    table = {1: {WHOLE: 40, 1: 2}, 2: {WHOLE: 30, 1: 8}, 3: {WHOLE: 20, 1: 8}, 4: {WHOLE: 50, 1: 20}}
    shown = publishable(table, (1,), 5, Rows.FREE)
    assert {place: cells[1] for place, cells in shown.items()} == {1: None, 2: 8, 3: None, 4: 20}
    assert {place: cells[WHOLE] for place, cells in shown.items()} == {1: 40, 2: 30, 3: 20, 4: 50}


def test_two_villages_of_one_mind_do_not_show_it() -> None:
    table = {1: {WHOLE: 5, 1: 5}, 2: {WHOLE: 6, 1: 6}, 3: {WHOLE: 30, 1: 20}, 4: {WHOLE: 40, 1: 20}}
    assert publishable(table, (1,), 5, Rows.FREE)[3][1] is None


def test_how_rows_hang_together() -> None:
    assert rows_of(BallotKind.APPROVAL, "marks") is Rows.FREE
    assert rows_of(BallotKind.APPROVAL, "ballots") is Rows.TIED
    assert rows_of(BallotKind.CHOOSE_1, "ballots") is Rows.ONE
    assert rows_of(BallotKind.CUMULATIVE, "marks") is Rows.TIED
