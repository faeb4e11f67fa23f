from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.shares import (
    ON_FILE,
    Light,
    Share,
    Spending,
    assistance_light,
    lottery_light,
    on_file_share,
    social_light,
    social_share,
)

YUAN = 100


def new(kind: str, yuan: int, **said: bool) -> Spending:
    return Spending(kind, yuan * YUAN, **({"is_new": True} | said))


@pytest.mark.parametrize(
    ("social_fen", "points", "light"),
    [
        (3_000_000_00, 3000, Light.GREEN),
        (2_999_999_99, 2999, Light.RED),
        (3_000_000_01, 3000, Light.GREEN),
        (0, 0, Light.RED),
        (10_000_000_00, 10_000, Light.GREEN),
    ],
)
def test_thirty_percent_of_ten_million(social_fen: int, points: int, light: Light) -> None:  # A46 (1.4)
    share = social_share(
        [Spending("social_organisation", social_fen, True), Spending("enterprise", 10_000_000_00 - social_fen, True)]
    )
    assert share.points == points
    assert social_light(share, 3000, explained=False) is light
    assert social_light(share, 3000, explained=True) is (Light.AMBER if light is Light.RED else light)


def test_without_new_spending_it_is_not_applicable() -> None:  # A46 (1.4)
    share = social_share([Spending("social_organisation", 5, False)])
    assert share == Share(0, 0)
    assert share.points is None
    assert social_light(share, 3000, explained=False) is Light.NONE


def test_what_is_cancelled_counts_nowhere() -> None:  # A46 (1.4)
    rows = [new("social_organisation", 4, cancelled=True), new("enterprise", 6)]
    assert social_share(rows) == Share(0, 6 * YUAN)


@pytest.mark.parametrize("kind", ["enterprise", "public_institution", ON_FILE])
def test_others_are_never_in_the_numerator(kind: str) -> None:  # A46 (1.4)
    assert social_share([new(kind, 7)]) == Share(0, 7 * YUAN)


def test_who_is_only_on_file_has_a_figure_of_its_own() -> None:  # A46 (1.4)
    rows = [new(ON_FILE, 2), new("social_organisation", 3), new("enterprise", 5)]
    assert on_file_share(rows) == Share(2 * YUAN, 10 * YUAN)
    assert social_share(rows) == Share(3 * YUAN, 10 * YUAN)


@pytest.mark.parametrize(
    ("planned", "light"), [(617_000_00, Light.GREEN), (616_999_99, Light.AMBER), (617_000_01, Light.GREEN)]
)
def test_five_percent_of_the_assistance_fund_is_a_warning_below(planned: int, light: Light) -> None:  # B25 (1.4)
    share = Share(planned, 12_340_000_00)
    assert assistance_light(share, 500) is light
    assert share.points == (500 if light is Light.GREEN else 499)


def test_without_an_assistance_fund_five_percent_is_not_applicable() -> None:  # B25
    assert assistance_light(Share(0, 0), 500) is Light.NONE


@pytest.mark.parametrize(
    ("now", "before", "light"),
    [
        (Share(1, 3), Share(333_333, 1_000_000), Light.GREEN),
        (Share(333_333, 1_000_000), Share(1, 3), Light.AMBER),
        (Share(2, 4), Share(1, 2), Light.GREEN),
        (Share(0, 5), Share(0, 0), Light.GREEN),
        (Share(0, 0), Share(1, 2), Light.NONE),
    ],
)
def test_the_lottery_share_is_compared_exactly_with_the_year_before(
    now: Share, before: Share, light: Light
) -> None:  # A47
    assert lottery_light(now, before) is light


@given(st.integers(0, 10**14), st.integers(1, 10**14), st.integers(0, 10_000))
def test_what_is_shown_never_says_more_than_there_is(part: int, whole: int, points: int) -> None:  # A46, B25
    share = Share(min(part, whole), whole)
    exact = Fraction(share.part_fen * 10_000, whole)
    assert share.points is not None
    assert share.points <= exact < share.points + 1
    assert share.reaches(points) is (exact >= points) is (share.points >= points)
