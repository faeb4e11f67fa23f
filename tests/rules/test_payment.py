"""What a result brings in money. Source: A65."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import payment
from portal.rules.payment import BEST, DEFAULT, Advice, Band, Why

results = st.integers(0, BEST)


@st.composite
def typed_tables(draw):
    """Tables that are often good: cut at some results, then now and then spoilt."""
    cuts = sorted(draw(st.sets(st.integers(1, BEST), max_size=4)))
    shares = sorted(draw(st.lists(st.integers(0, 100), min_size=len(cuts) + 1, max_size=len(cuts) + 1)))
    edges = [0, *cuts, BEST + 1]
    rows = [[low, high - 1, share] for low, high, share in zip(edges, edges[1:], shares, strict=False)]
    if draw(st.booleans()):
        row = draw(st.integers(0, len(rows) - 1))
        rows[row][draw(st.integers(0, 2))] += draw(st.sampled_from([-2, -1, 0, 1, 2, 50]))
    return [Band(*row, number) for number, row in enumerate(draw(st.permutations(rows)), 1)]


def is_good(bands):
    """Every result has exactly one row, counted one by one."""
    if not all(0 <= b.low <= b.high <= BEST and 0 <= b.share <= 100 for b in bands):
        return False
    share = [None] * (BEST + 1)
    for band in bands:
        for result in range(band.low, band.high + 1):
            if share[result] is not None:
                return False
            share[result] = band.share
    return None not in share and share == sorted(share)


@given(typed_tables())
def test_a_table_is_taken_just_where_each_result_has_one_share_and_a_better_never_less(bands):  # A65
    assert (not list(payment.band_refusals(bands))) == is_good(bands)


@given(typed_tables(), results)
def test_a_taken_table_gives_each_result_exactly_one_share(bands, result):  # A65
    if not list(payment.band_refusals(bands)):
        holding = [one.share for one in bands if one.low <= result <= one.high]
        assert holding == [payment.share_of(payment.bands_of(payment.rows_of(bands)), result).share]


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ([], "fix what is paid"),
        ([Band(1, BEST, 100, 1)], "below"),
        ([Band(0, 9999, 100, 1)], "above"),
        ([Band(0, 5000, 0, 1), Band(5000, BEST, 100, 2)], "two rows"),
        ([Band(0, 5000, 0, 1), Band(5002, BEST, 100, 2)], "no row"),
        ([Band(0, 5000, 90, 1), Band(5001, BEST, 80, 2)], "less money"),
        ([Band(0, BEST, 101, 1)], "percent"),
        ([Band(None, BEST, 100, 1)], "result from 0"),
        ([Band(5, 2, 100, 1)], "ends before"),
    ],
)
def test_it_is_said_beside_the_field_why_a_table_is_refused(bands, words):  # A65
    found = list(payment.band_refusals(bands))
    assert words in found[0].text
    assert found[0].beside.startswith("band")


def test_the_proposal_is_a_good_table_and_says_what_is_asked_for():  # A65
    assert not list(payment.band_refusals(DEFAULT))
    shares = {
        result: payment.share_of(DEFAULT, result).share for result in (10_000, 9000, 8999, 8000, 7999, 6000, 5999, 0)
    }
    assert shares == {10_000: 100, 9000: 100, 8999: 90, 8000: 90, 7999: 70, 6000: 70, 5999: 0, 0: 0}


@given(st.lists(st.integers(1, 10**12), max_size=10), results)
def test_what_is_paid_by_a_result_is_never_more_than_the_price(amounts, result):  # A65
    advised = [payment.advised(amount, DEFAULT, 1, result).fen for amount in amounts]
    assert sum(advised) <= sum(amounts)
    assert all(0 <= one <= amount for one, amount in zip(advised, amounts, strict=True))


@given(st.integers(1, 10**12), st.integers(0, 100))
def test_an_amount_is_rounded_to_the_nearest_fen_and_halves_to_even(amount, share):  # A65
    exact, paid = Fraction(amount * share, 100), payment.part_of(amount, share)
    assert abs(exact - paid) <= Fraction(1, 2)
    assert abs(exact - paid) != Fraction(1, 2) or paid % 2 == 0


@pytest.mark.parametrize("why", list(Why))
def test_nothing_is_paid_by_an_evaluation_without_a_result(why):  # A65
    advice = Advice(100, why=why)
    assert advice.fen is None
    (refusal,) = payment.advice_refusals(1, advice)
    assert refusal.text == payment.WHY[why]


def test_at_most_what_the_result_brings_is_paid():  # A65
    advice = payment.advised(10_000, DEFAULT, 1, 8500)
    assert not list(payment.advice_refusals(9000, advice))
    assert [one.beside for one in payment.advice_refusals(9001, advice)] == ["amount"]


@given(results)
def test_below_60_an_exit_is_looked_at(result):  # A65, A70
    assert payment.advised(100, DEFAULT, 1, result).looks_at_exit == (result < 6000)
