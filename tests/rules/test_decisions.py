"""Exact shares, and when a decision stands."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.decisions import LAWS, STATEMENTS, Body, Share, Verdict, law_refusals, percent, record, verdict

parts = st.integers(1, 999)
shares = st.tuples(st.sampled_from([">", ">="]), parts, parts).filter(
    lambda one: one[1] < one[2] or (one[1] == one[2] and one[0] == ">=")
)


@given(shares, st.integers(0, 10**9))
def test_so_many_are_needed_and_not_one_fewer(said: tuple[str, int, int], everyone: int) -> None:  # 2.3
    share = Share.read("{}{}/{}".format(*said))
    needed, of = share.needs(everyone), Fraction(said[1], said[2])

    def enough(count: int) -> bool:
        return count * of.denominator > everyone * of.numerator or (
            not share.more_than and count * of.denominator == everyone * of.numerator
        )

    assert enough(needed)
    assert needed == 0 or not enough(needed - 1)
    assert isinstance(needed, int)
    assert needed <= everyone or (everyone == 0 and needed == 1)
    assert share.reached(needed, everyone) is (everyone > 0)
    assert needed == 0 or not share.reached(needed - 1, everyone)


@given(shares)
def test_a_share_is_read_as_it_was_written(said: tuple[str, int, int]) -> None:
    share = Share.read("{}{}/{}".format(*said))
    assert Share.read(str(share)) == share
    assert len(str(share)) <= 12  # its column


@pytest.mark.parametrize(
    ("share", "everyone", "needed"),
    [(">=2/3", 100, 67), (">=2/3", 99, 66), (">1/2", 100, 51), (">1/2", 101, 51), (">=1/1", 7, 7), (">1/2", 0, 1)],
)
def test_two_thirds_of_100_are_67(share: str, everyone: int, needed: int) -> None:  # 2.3
    assert Share.read(share).needs(everyone) == needed


@pytest.mark.parametrize("typed", ["≥ 2/3", "＞１/２", ">= 2/3 ", " >1/2"])
def test_a_share_may_be_typed_in_many_ways(typed: str) -> None:
    assert str(Share.read(typed)) in (">=2/3", ">1/2")


@pytest.mark.parametrize(
    "typed", [" ", "1/2", "0.5", ">0.5", ">1/0", ">=0/5", ">1/1", ">3/2", ">=-1/2", ">1e-99999999", "half", ">=1/1000"]
)
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(typed)):
        Share.read(typed)


def beside(
    body: Body, quorum: str, majority: str, days: int = 10, ground: str = "第二十二条", asked: int = 0
) -> list[str]:
    shares = [Share.read(one) if one else None for one in (quorum, majority)]
    found = law_refusals(body, ground, *shares, notice=timedelta(days=days), notice_days=asked)
    return [refusal.beside for refusal in found]


@pytest.mark.parametrize("body", [body for body in Body if body is not Body.OPINION])
def test_what_the_law_asks_is_enough_and_less_is_not(body: Body) -> None:  # 2.3
    law = LAWS[body]
    quorum, majority = str(law.quorum), str(law.majority)
    assert beside(body, quorum, majority, law.notice_days) == []
    assert beside(body, "", "") == ["quorum", "majority"]
    assert beside(body, ">1/3", ">=1/2") == ["quorum", "majority"]
    assert beside(body, ">=9/10", ">=9/10", law.notice_days) == []
    assert beside(body, quorum, majority, ground=" ") == ["legal_basis"]


def test_a_villagers_meeting_is_told_10_days_before_and_a_place_may_ask_for_more() -> None:  # 2.3
    assert beside(Body.VILLAGERS_MEETING, ">1/2", ">1/2", 9) == ["opens_at"]
    assert beside(Body.RESIDENTS_MEETING, ">1/2", ">1/2", 14, asked=15) == ["opens_at"]
    assert beside(Body.RESIDENTS_MEETING, ">1/2", ">1/2", 0) == []


def test_an_opinion_vote_has_neither_quorum_nor_majority() -> None:  # 2.3
    assert beside(Body.OPINION, "", "", ground="") == []
    assert beside(Body.OPINION, ">1/2", "") == ["body"]


HALF = Share.read(">1/2")


@pytest.mark.parametrize(
    ("body", "eligible", "voters", "winners", "expected"),
    [
        (Body.OPINION, 100, 1, [1], Verdict.OPINION),
        (Body.RESIDENTS_MEETING, 100, 50, [50], Verdict.NO_QUORUM),
        (Body.RESIDENTS_MEETING, 100, 51, [26, 3], Verdict.STANDS),
        (Body.RESIDENTS_MEETING, 100, 52, [26], Verdict.NOT_AGREED),
        (Body.RESIDENTS_MEETING, 100, 52, [], Verdict.NOT_AGREED),
        (Body.RESIDENTS_MEETING, 0, 0, [], Verdict.NO_QUORUM),
    ],
)
def test_a_decision_stands_with_its_quorum_and_an_option_that_enough_agreed_to(  # 2.3
    body: Body, eligible: int, voters: int, winners: list[int], expected: Verdict
) -> None:
    opinion = body is Body.OPINION
    standing = record(eligible, voters, None if opinion else HALF, None if opinion else HALF)
    assert verdict(body, standing, winners) is expected
    assert expected in STATEMENTS


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_percentage_is_never_more_than_the_share(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = Fraction(percent(part, whole))
    assert 0 <= Fraction(100 * part, whole) - shown < Fraction(1, 100)
