"""Batches become a case together, so that no case tells of one of them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.rules.gathering import ENOUGH, LONGEST, Batch, gathered

FIRST = date(2026, 1, 5)


def batches(*bad: int, every: int = 7) -> list[Batch]:
    return [Batch(n + 1, FIRST + timedelta(days=n * every), one, 12) for n, one in enumerate(bad)]


def covered(found):
    return [[one.id for one in case.batches] for case in found]


def test_batches_wait_until_they_hold_five_bad_ratings():  # F9
    assert covered(gathered(batches(1, 0, 3), FIRST + timedelta(days=30))) == []
    assert covered(gathered(batches(1, 0, 3, 2, 4, 1), FIRST + timedelta(days=60))) == [[1, 2, 3, 4], [5, 6]]


def test_batches_of_one_day_go_together():
    assert covered(gathered(batches(5, 0, 5, every=0), FIRST)) == [[1, 2, 3]]


def test_after_a_year_the_few_are_a_case_and_nobody_is_let_go():  # F9
    assert covered(gathered(batches(0, 1), FIRST + LONGEST - timedelta(days=1))) == []
    (case,) = gathered(batches(0, 1), FIRST + LONGEST)
    assert (case.last, case.bad, case.about, case.closed_on) == (2, 0, 20, FIRST + LONGEST)


def test_a_bad_rating_after_a_good_year_does_not_stand_out_by_its_case():  # F9
    assert covered(gathered(batches(0, 1, every=400), FIRST + timedelta(days=401))) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=60),
    st.integers(0, 900),
)
def test_every_bad_rating_is_in_one_case_in_the_end_and_what_is_open_stays(given_, later):
    day, found = FIRST, []
    for number, (days, bad) in enumerate(given_, 1):
        day += timedelta(days=days)
        found.append(Batch(number, day, bad, 12))
    at_last = [*gathered(found, day + LONGEST)]
    numbers = [one.id for case in at_last for one in case.batches]
    assert len(numbers) == len(set(numbers))
    assert {one.id for one in found if one.bad} <= set(numbers)
    for case in at_last:
        waited = case.closed_on - case.batches[0].released_on
        assert case.bad >= ENOUGH or waited == LONGEST
    today = FIRST + timedelta(days=later)
    so_far = [*gathered([one for one in found if one.released_on <= today], today)]
    assert so_far == at_last[: len(so_far)], "what was a case before is the same one later"
