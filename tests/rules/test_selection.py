"""Factors make 100; points are exact; the order of bids or judges changes nothing."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import Refused, enforce
from portal.rules.selection import (
    Basis,
    Factor,
    FactorDraft,
    Offer,
    Weight,
    factor_refusals,
    judged,
    panel_refusals,
    price_points,
    ranking,
    satisfaction_points,
    score_refusals,
    shown,
)

WEIGHTS = (Weight(1, 20, Basis.PRICE), Weight(2, 50, Basis.JUDGES), Weight(3, 30, Basis.SATISFACTION))


def factor(kind, points, basis=Basis.JUDGES, title="名称", indicator="每响应一项得5分", number=1):
    return FactorDraft(kind, title, indicator, points, basis, number)


FOUR = (
    factor(Factor.PRICE, 20, Basis.PRICE),
    factor(Factor.QUALITY, 30),
    factor(Factor.CAPACITY, 30),
    factor(Factor.REPUTATION, 20, Basis.SATISFACTION),
)


def test_four_factors_that_make_100_may_be_used():  # B22
    assert not list(factor_refusals(FOUR))


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ((*FOUR[:3], factor(Factor.QUALITY, 20)), "Price, quality, capacity and reputation"),
        ((*FOUR[1:], factor(Factor.QUALITY, 20)), "Price, quality, capacity and reputation"),
        ((*FOUR[:3], factor(Factor.REPUTATION, 19)), "exactly 100; now they are 99"),
        ((*FOUR[:3], factor(Factor.REPUTATION, 21)), "exactly 100; now they are 101"),
        ((*FOUR[:3], factor(Factor.REPUTATION, 0), factor(Factor.QUALITY, 20)), "from 1 to 100"),
        ((*FOUR[:3], factor(Factor.REPUTATION, None)), "whole points"),
        ((*FOUR[:3], factor(Factor.REPUTATION, 20, indicator="好")), "what is measured"),
        ((*FOUR[:3], factor(Factor.REPUTATION, 20, title="")), "name it"),
        ((*FOUR[:3], factor("charm", 20)), "choose what is scored"),
        (FOUR[1:] + (factor(Factor.PRICE, 10, Basis.PRICE),) * 2, "one factor for the price"),
        (FOUR[:3] + (factor(Factor.REPUTATION, 10, Basis.SATISFACTION),) * 2, "taken from the portal once"),
        ((*FOUR[:3], factor(Factor.REPUTATION, 20, indicator="请致电13800138000")), "phone numbers"),
        (FOUR + (factor(Factor.QUALITY, 1),) * 9, "At most 12"),
    ],
)
def test_other_factors_are_refused(factors, said):  # B22
    with pytest.raises(Refused, match=said):
        enforce(factor_refusals(factors))


@pytest.mark.parametrize(
    ("price", "lowest", "points"),
    [
        (100_000, 100_000, Fraction(30)),
        (120_000, 100_000, Fraction(25)),
        (300_000, 100_000, Fraction(10)),
        (100_001, 100_000, Fraction(3_000_000, 100_001)),
    ],
)
def test_price_points_are_lowest_price_divided_by_price(price, lowest, points):  # requirements 1.4
    assert price_points(30, price, lowest) == points


@pytest.mark.parametrize(
    ("exact", "said"),
    [
        (Fraction(25, 3), "8.33"),
        (Fraction(1, 200), "0.00"),
        (Fraction(3, 200), "0.02"),
        (Fraction(100), "100.00"),
        (Fraction(0), "0.00"),
    ],
)
def test_points_are_shown_to_the_hundredth_half_to_even(exact, said):
    assert shown(exact) == said


def test_satisfaction_counts_as_its_share_of_the_points():  # A66
    assert satisfaction_points(30, 834) == Fraction(2502, 100)
    assert not judged(WEIGHTS[2], Offer(1, 100, "A", 834))
    assert judged(WEIGHTS[2], Offer(1, 100, "A")), "judges score whom nobody has rated yet"


def test_a_ranking_worked_out_by_hand():  # B22, requirements 1.4
    offers = [Offer(1, 1_000_000, "A", 800), Offer(2, 800_000, "B")]
    scores = {(1, 2): (4000, 4500, 5000), (2, 2): (4000, 3950, 4050), (2, 3): (2000, 2100, 2200)}
    first, second = ranking(offers, WEIGHTS, scores)
    assert (first.key, first.total) == (1, Fraction(16) + 45 + 24)
    assert (second.key, second.total) == (2, Fraction(20) + 40 + 21)


def test_with_the_same_total_the_lower_price_comes_first():  # requirements 1.4
    weights = (Weight(1, 20, Basis.PRICE), Weight(2, 80, Basis.JUDGES))
    offers = [Offer(1, 200_000, "A"), Offer(2, 100_000, "B")]
    first, second = ranking(offers, weights, {(1, 2): (8000,), (2, 2): (7000,)})
    assert (first.key, first.by_price, first.by_lot) == (2, True, False)
    assert first.total == second.total == 90


def test_with_the_same_price_the_lot_decides_and_can_be_drawn_again():
    offers = [Offer(1, 100_000, "A"), Offer(2, 100_000, "B")]
    weights = (Weight(1, 20, Basis.PRICE), Weight(2, 80, Basis.JUDGES))
    scores = {(1, 2): (8000,), (2, 2): (8000,)}
    drawn = [one.key for one in ranking(offers, weights, scores)]
    assert drawn == [one.key for one in ranking(offers[::-1], weights, scores)]
    assert ranking(offers, weights, scores)[0].by_lot
    prices = [Offer(1, price, "A") for price in range(100_000, 100_040)]
    winners = {ranking([one, Offer(2, one.price_fen, "B")], (), {})[0].key for one in prices}
    assert winners == {1, 2}, "no bidder wins every lot"


def test_good_credit_comes_before_the_lot_and_after_the_price():  # A69
    good, other = Offer(1, 100_000, "A", priority=True), Offer(2, 100_000, "B")
    cheaper = Offer(3, 99_999, "C")
    for price in range(99_000, 99_020):
        good, other = replace(good, price_fen=price), replace(other, price_fen=price)
        first, second = ranking([other, good], (), {})
        assert (first.key, first.by_priority, first.by_lot) == (1, True, False)
        assert (second.by_priority, second.by_lot) == (False, False)
    assert ranking([replace(good, price_fen=100_000), cheaper], (), {})[0].key == 3


@pytest.mark.parametrize(("judges", "fine"), [(0, False), (1, False), (2, False), (3, True), (4, False), (5, True)])
def test_a_panel_is_odd_and_large_enough(judges, fine):  # B22
    assert (not list(panel_refusals(judges, 3))) is fine


@pytest.mark.parametrize(("given", "fine"), [(0, True), (3000, True), (3001, False), (-1, False), (None, False)])
def test_a_score_is_between_nothing_and_all_points(given, fine):
    assert (not list(score_refusals(given, 30, "s"))) is fine


bids = st.lists(st.tuples(st.integers(1, 10**12), st.none() | st.integers(0, 1000)), min_size=1, max_size=6).map(
    lambda rows: [Offer(n, price, f"CODE{n}", sat) for n, (price, sat) in enumerate(rows)]
)


@st.composite
def cases(draw):
    """Bids and the scores of three judges for all that judges score."""
    offers = draw(bids)
    scores = {
        (offer.key, weight.key): tuple(draw(st.integers(0, 100 * weight.points)) for _ in range(3))
        for offer in offers
        for weight in WEIGHTS
        if judged(weight, offer)
    }
    return offers, scores


@given(cases(), st.randoms())
def test_the_order_of_bids_and_judges_changes_nothing(case, random):  # B8, B22
    offers, scores = case
    ranked = ranking(offers, WEIGHTS, scores)
    random.shuffle(shuffled := list(offers))
    seats = random.sample(range(3), 3)
    turned = {cell: tuple(given[seat] for seat in seats) for cell, given in scores.items()}
    assert ranking(shuffled, WEIGHTS, turned) == ranked


@given(cases(), st.integers(0, 5), st.integers(1, 10**12))
def test_a_cheaper_price_never_lowers_a_total_nor_a_place(case, number, less):  # requirements 1.4
    offers, scores = case
    mine = offers[number % len(offers)]
    cheaper = Offer(mine.key, max(1, mine.price_fen - less), mine.code, mine.satisfaction)
    before = next(one for one in ranking(offers, WEIGHTS, scores) if one.key == mine.key)
    others = [cheaper if offer.key == mine.key else offer for offer in offers]
    after = next(one for one in ranking(others, WEIGHTS, scores) if one.key == mine.key)
    assert after.total >= before.total
    assert after.place <= before.place or cheaper.price_fen == mine.price_fen


@given(cases())
def test_totals_are_the_exact_sums_of_their_factors_and_at_most_100(case):  # B22
    for one in ranking(case[0], WEIGHTS, case[1]):
        assert one.total == sum(one.points.values())
        assert 0 <= one.total <= 100
        assert all(0 <= one.points[weight.key] <= weight.points for weight in WEIGHTS)
