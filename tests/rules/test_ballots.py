"""Who may vote and when; what a tap does to a ballot of each kind."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import Refused
from portal.rules.ballots import (
    Mark,
    Marks,
    Stage,
    Standing,
    Terms,
    choices_of,
    cleared,
    may_vote,
    stage,
    standing,
    tapped,
)
from portal.rules.elections import BallotKind

OPENS, CLOSES = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
COSTS = {1: 100, 2: 200, 3: 300, 4: 700}


def terms(kind: BallotKind, most: int | None = None, budget: int = 600) -> Terms:
    return Terms(kind, most, COSTS, budget)


class Page:
    """A voter with one page, who sees what came of each tap."""

    def __init__(self, kind: BallotKind, most: int | None = None) -> None:
        self.terms = terms(kind, most)
        self.marks: Marks = {}
        self.turn = 0

    def tap(self, option: int, value: int = 1, seen: int | None = None) -> "Page":
        self.marks = tapped(
            self.terms, self.marks, option, value, turn=self.turn, seen=self.turn if seen is None else seen
        )
        self.turn = max((mark.turn for mark in self.marks.values()), default=self.turn)
        return self

    @property
    def says(self) -> object:
        return choices_of(self.terms.kind, self.marks)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - MOMENT, Stage.COMING),
        (OPENS, Stage.OPEN),
        (CLOSES - MOMENT, Stage.OPEN),
        (CLOSES, Stage.CLOSED),
    ],
)
def test_a_round_is_open_from_its_first_moment_up_to_its_last(at: datetime, expected: Stage) -> None:  # A26
    assert stage(OPENS, CLOSES, at) is expected


@pytest.mark.parametrize(
    ("signed_in", "home", "verified", "frozen", "expected"),
    [
        (False, None, False, True, Standing.GUEST),
        (True, None, False, True, Standing.STRANGER),
        (True, "1.2.3.", False, True, Standing.WAITING),
        (True, "1.2.3.", True, False, Standing.VOTER),
        (True, "1.2.3.9.", True, False, Standing.VOTER),
        (True, "1.2.3.", True, True, Standing.LATE),
        (True, "1.2.", True, False, Standing.ELSEWHERE),
        (True, "1.2.30.", True, False, Standing.ELSEWHERE),
        (True, "1.2.4.", False, True, Standing.ELSEWHERE),
    ],
)
def test_confirmed_residents_come_on_the_roll_until_it_is_frozen(  # A21, A26
    signed_in: bool, home: str | None, verified: bool, frozen: bool, expected: Standing
) -> None:
    found = standing(signed_in=signed_in, home=home, verified=verified, region="1.2.3.", frozen=frozen)
    assert found is expected


@given(st.sampled_from(Standing), st.sampled_from(Stage))
def test_a_vote_is_taken_only_from_a_voter_in_time(voter: Standing, when: Stage) -> None:  # A26
    allowed = not list(may_vote(voter, when))
    assert allowed == (voter is Standing.VOTER and when is Stage.OPEN)


@pytest.mark.parametrize(
    ("kind", "most", "taps", "says"),
    [
        (BallotKind.APPROVAL, None, [(2, 1), (4, 1), (1, 1), (4, 0)], ("1", "2")),
        (BallotKind.CHOOSE_1, None, [(2, 1), (3, 1)], ("3",)),
        (BallotKind.CHOOSE_1, None, [(2, 1), (3, 1), (3, 0)], ()),
        (BallotKind.CHOOSE_K, 2, [(4, 1), (1, 1), (4, 0), (3, 1)], ("1", "3")),
        (BallotKind.KNAPSACK, None, [(3, 1), (2, 1), (1, 1)], ("1", "2", "3")),
        (BallotKind.CUMULATIVE, 5, [(2, 1), (2, 2), (2, 3), (1, 2), (2, 1)], (("1", 2), ("2", 1))),
        (BallotKind.ORDINAL, None, [(3, 1), (1, 1), (4, 1)], ("3", "1", "4")),
        (BallotKind.ORDINAL, 3, [(3, 1), (1, 1), (4, 1), (3, 0), (3, 1)], ("1", "4", "3")),
    ],
)
def test_taps_on_a_ballot_of_each_kind(  # A26, B26
    kind: BallotKind, most: int | None, taps: list[tuple[int, int]], says: object
) -> None:
    page = Page(kind, most)
    for option, value in taps:
        page.tap(option, value)
    assert page.says == says


@pytest.mark.parametrize(
    ("kind", "most", "taps", "too_much", "word"),
    [
        (BallotKind.CHOOSE_K, 2, [(1, 1), (2, 1)], (3, 1), "You may choose"),
        (BallotKind.ORDINAL, 1, [(1, 1)], (2, 1), "You may choose"),
        (BallotKind.KNAPSACK, None, [(3, 1), (2, 1)], (4, 1), "more than the budget"),
        (BallotKind.KNAPSACK, None, [], (4, 1), "more than the budget"),
        (BallotKind.CUMULATIVE, 5, [(1, 4)], (2, 2), "points in all"),
    ],
)
def test_a_tap_too_many_is_refused_and_says_what_to_do(
    kind: BallotKind, most: int | None, taps: list[tuple[int, int]], too_much: tuple[int, int], word: str
) -> None:  # A26, B26
    page = Page(kind, most)
    for option, value in taps:
        page.tap(option, value)
    before = page.says
    with pytest.raises(Refused) as refused:
        page.tap(*too_much)
    assert word in refused.value.refusals[0].text
    assert page.says == before


@pytest.mark.parametrize(("option", "value"), [(0, 1), (5, 1), (-1, 1), (10**20, 1), (1, 2), (1, -1), (1, 10**20)])
@pytest.mark.parametrize("kind", [kind for kind in BallotKind if kind is not BallotKind.CUMULATIVE])
def test_a_forged_tap_is_refused(kind: BallotKind, option: int, value: int) -> None:  # trust 2, class 5
    with pytest.raises(Refused, match="not part of this vote"):
        Page(kind, 3).tap(option, value)


@pytest.mark.parametrize("value", [-1, 6, 10**20])
def test_points_are_neither_negative_nor_more_than_there_are(value: int) -> None:  # trust 2, class 5
    with pytest.raises(Refused, match="not part of this vote"):
        Page(BallotKind.CUMULATIVE, 5).tap(1, value)


@given(st.sampled_from(BallotKind), st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1)), max_size=8))
def test_a_tap_that_is_sent_again_at_once_changes_nothing(  # trust 2, class 5
    kind: BallotKind, taps: list[tuple[int, int]]
) -> None:
    page = Page(kind, 3)
    for option, value in taps:
        seen = page.turn
        try:
            page.tap(option, value)
        except Refused:
            continue
        once = dict(page.marks)
        page.tap(option, value, seen)
        assert page.marks == once


@given(st.sampled_from(BallotKind), st.data())
def test_no_replay_of_earlier_taps_in_any_order_changes_the_options_that_were_tapped_later(  # trust 2, class 5
    kind: BallotKind, data: st.DataObject
) -> None:
    page, sent, last = Page(kind, 3), [], {}
    for _ in range(data.draw(st.integers(1, 8))):
        option, value = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 1))
        sent.append((option, value, page.turn))
        try:
            page.tap(option, value)
        except Refused:
            sent.pop()
            continue
        last = {number: mark.value for number, mark in page.marks.items()}
    for option, value, seen in data.draw(st.permutations(sent)):
        try:
            page.tap(option, value, seen)
        except Refused:
            continue
    assert {number: mark.value for number, mark in page.marks.items()} == last


@given(st.sampled_from(BallotKind), st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=12))
def test_no_row_of_taps_makes_a_ballot_that_the_vote_does_not_allow(  # A26, B26
    kind: BallotKind, taps: list[tuple[int, int]]
) -> None:
    page = Page(kind, 3)
    for option, value in taps:
        try:
            page.tap(option, value)
        except Refused:
            continue
    chosen = {number: mark.value for number, mark in page.marks.items() if mark.value}
    if kind is BallotKind.CHOOSE_1:
        assert len(chosen) <= 1
    if kind in (BallotKind.CHOOSE_K, BallotKind.ORDINAL):
        assert len(chosen) <= 3
    if kind is BallotKind.KNAPSACK:
        assert sum(COSTS[number] for number in chosen) <= 600
    if kind is BallotKind.CUMULATIVE:
        assert sum(chosen.values()) <= 3


def test_nothing_that_was_tapped_before_comes_back_to_a_ballot_that_was_taken_back_whole() -> None:  # A26
    page = Page(BallotKind.APPROVAL).tap(1).tap(2)
    page.marks, page.turn = cleared(page.terms, page.turn + 1), page.turn + 1
    for option, seen in zip((1, 2, 3), count(0), strict=False):
        with pytest.raises(Refused, match="as it stands"):
            page.tap(option, 1, seen=min(seen, 2))
    assert page.tap(3).says == ("3",)
    assert cleared(page.terms, 7) == dict.fromkeys(COSTS, Mark(0, 7))
