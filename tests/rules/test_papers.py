"""What may stand on a paper, and who enters it."""

import pytest

from portal.rules.ballots import Stage, Standing, Terms
from portal.rules.elections import BallotKind
from portal.rules.papers import (
    Entry,
    PaperState,
    Void,
    agree,
    digits_of,
    entering_refusals,
    entry_refusals,
    grouped,
    handing_refusals,
    read,
    settling_refusals,
    void_refusals,
)


def terms(kind: BallotKind, most: int | None = None) -> Terms:
    return Terms(kind, most, {1: 100, 2: 200, 3: 300}, 350)


@pytest.mark.parametrize(
    ("kind", "most", "good", "bad"),
    [
        (BallotKind.APPROVAL, None, {1: 1, 2: 1, 3: 1}, {4: 1}),
        (BallotKind.CHOOSE_1, None, {2: 1}, {1: 1, 2: 1}),
        (BallotKind.CHOOSE_K, 2, {1: 1, 3: 1}, {1: 1, 2: 1, 3: 1}),
        (BallotKind.KNAPSACK, None, {1: 1, 2: 1}, {2: 1, 3: 1}),
        (BallotKind.CUMULATIVE, 5, {1: 2, 2: 3}, {1: 3, 2: 3}),
        (BallotKind.ORDINAL, 2, {3: 1, 1: 2}, {3: 1, 1: 2, 2: 3}),
        (BallotKind.ORDINAL, None, {3: 1}, {3: 1, 1: 1}),
        (BallotKind.APPROVAL, None, {}, {1: 2}),
    ],
)
def test_a_paper_says_no_more_than_a_ballot_on_the_phone_may(kind, most, good, bad) -> None:  # A26
    of = terms(kind, most)
    assert not list(entry_refusals(of, read(of, good)))
    assert list(entry_refusals(of, read(of, bad)))
    assert not list(entry_refusals(of, read(of, bad, Void.TOO_MANY)))


def test_ranks_with_a_gap_are_read_as_the_order_that_they_say() -> None:  # A26
    of = terms(BallotKind.ORDINAL)
    assert read(of, {2: 1, 1: 4, 3: 9}) == Entry({1: 2, 2: 1, 3: 3})


def test_two_readings_agree_when_they_count_alike() -> None:
    of = terms(BallotKind.APPROVAL)
    assert agree(read(of, {1: 1, 2: 0}), read(of, {1: 1}))
    assert not agree(read(of, {1: 1}), read(of, {2: 1}))
    assert not agree(read(of, {1: 1}), read(of, {1: 1}, "unreadable"))
    assert agree(read(of, {}, "unreadable"), read(of, {1: 1}, "too-many"))
    assert Entry.from_json(read(of, {1: 1}).as_json()) == Entry({1: 1})
    assert Entry.from_json(read(of, {}, "unreadable").as_json()) == Entry({}, Void.UNREADABLE)


def test_who_marks_a_valid_vote_and_calls_it_unreadable_is_asked() -> None:
    one = terms(BallotKind.CHOOSE_1)
    assert list(void_refusals(one, {2: 1}, Void.UNREADABLE.value))
    assert not list(void_refusals(one, {2: 0}, Void.UNREADABLE.value))
    assert not list(void_refusals(one, {1: 1, 2: 1}, Void.TOO_MANY.value))
    assert not list(void_refusals(one, {2: 1}, ""))


def test_only_a_fresh_paper_is_taken_in_and_only_while_the_vote_is_open() -> None:
    for state in PaperState:
        fresh = state is PaperState.PRINTED
        assert bool(list(handing_refusals(state, Standing.VOTER, Stage.OPEN))) is not fresh
    assert list(handing_refusals(PaperState.PRINTED, Standing.VOTER, Stage.CLOSED))
    assert list(handing_refusals(PaperState.PRINTED, Standing.VOTER, Stage.COMING))
    assert list(handing_refusals(PaperState.PRINTED, Standing.HOUSEHOLD, Stage.OPEN))


def test_entering_takes_two_people_and_settling_a_third() -> None:
    assert not list(entering_refusals(PaperState.HANDED, None, 1, sealed=False))
    assert not list(entering_refusals(PaperState.ONCE, 1, 2, sealed=False))
    assert list(entering_refusals(PaperState.ONCE, 1, 1, sealed=False))
    assert list(entering_refusals(PaperState.ONCE, 1, 2, sealed=True))
    for state in set(PaperState) - {PaperState.HANDED, PaperState.ONCE}:
        assert list(entering_refusals(state, 1, 3, sealed=False))
    assert not list(settling_refusals(PaperState.DIFFERS, (1, 2), 3, sealed=False))
    for by in (1, 2):
        assert list(settling_refusals(PaperState.DIFFERS, (1, 2), by, sealed=False))
    assert list(settling_refusals(PaperState.DIFFERS, (1, 2), 3, sealed=True))
    assert list(settling_refusals(PaperState.ONCE, (1, None), 3, sealed=False))


def test_a_code_is_read_however_it_is_typed() -> None:
    code = "1234567890123456"
    for typed in (
        "1234 5678 9012 3456",
        "１２３４-5678-9012-3456",
        f"https://portal.example.cn/b/{code}/",
        f" {code} ",
    ):
        assert digits_of(typed) == code
    assert grouped(code) == "1234 5678 9012 3456"
    assert digits_of("") == ""
