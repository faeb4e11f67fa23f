"""What is published of a provider: nothing from few, and nothing that leads to someone."""

from typing import Any

import pytest

from portal.providers.models import RatingMix, RatingMonth
from portal.providers.queries import month_before, providers_of, standing_of
from portal.rules.numbers import Numbers
from portal.rules.scoring import DEFAULT_MIX, Direction, provider_score
from portal.store import action, clock, db
from tests import builders
from tests.counting import statements

NUMBERS = Numbers()


@action
def given(provider: Any, region: Any, counts: Any, *, back: int = 0, category: str = "0401") -> None:
    """`provider` has these counts of grades 1 to 5 in the month `back` months ago."""
    month = month_before(clock.today(), back)
    for grade, ratings in enumerate(counts, 1):
        if ratings:
            db.session.add(
                RatingMonth(
                    provider_id=provider.id,
                    region_id=region.id,
                    category=category,
                    month=month,
                    grade=grade,
                    ratings=ratings,
                )
            )


@action
def usual(group: str, counts: Any) -> None:
    db.session.add_all(RatingMix(group_code=group, grade=grade, ratings=n) for grade, n in enumerate(counts, 1))


@pytest.fixture
def place(app: Any) -> Any:
    return builders.a_region_tree().villages[0]


def test_nine_ratings_are_not_published_ten_are(place: Any) -> None:  # B34
    provider = builders.a_provider(place)
    given(provider, place, (0, 0, 0, 4, 5))
    assert standing_of(provider, NUMBERS).score is None
    assert standing_of(provider, NUMBERS).ratings == 0
    given(provider, place, (0, 0, 0, 0, 1), back=1)
    standing = standing_of(provider, NUMBERS)
    assert standing.ratings == 10
    assert standing.score == provider_score((0, 0, 0, 4, 6), DEFAULT_MIX)
    assert [(cell.lowest, cell.highest, cell.ratings) for cell in standing.cells] == [(1, 5, 10)]


def test_ratings_of_a_year_ago_no_longer_count(place: Any) -> None:
    provider = builders.a_provider(place)
    given(provider, place, (5, 5, 5, 5, 5), back=11)
    given(provider, place, (9, 0, 0, 0, 0), back=12)
    assert standing_of(provider, NUMBERS).ratings == 25


def test_a_provider_is_compared_with_those_of_its_kind(place: Any) -> None:  # F3
    provider = builders.a_provider(place)
    given(provider, place, (0, 0, 2, 8, 10))
    given(provider, place, (0, 0, 0, 0, 1), category="0901")
    usual("04", (100, 0, 0, 0, 100))
    usual("09", (0, 0, 0, 0, 500))
    assert standing_of(provider, NUMBERS).score == provider_score((0, 0, 2, 8, 11), (0.5, 0, 0, 0, 0.5))


def test_the_trend_compares_three_months_with_three(place: Any) -> None:  # F8
    provider = builders.a_provider(place)
    given(provider, place, (10, 10, 5, 0, 0), back=4)
    given(provider, place, (0, 0, 5, 10, 10), back=2)
    given(provider, place, (0, 0, 0, 0, 99), back=6)
    trend = standing_of(provider, NUMBERS).trend
    assert trend is not None
    assert trend.direction is Direction.UP
    assert trend.difference == pytest.approx(60)


def test_who_serves_above_or_below_is_listed_best_first(app: Any) -> None:
    tree = builders.a_region_tree()
    here, other = tree.villages[0], tree.villages[1]
    county = builders.a_provider(tree.county, "甲社")
    local = builders.a_provider(here, "乙社")
    builders.a_provider(other, "丙社")
    given(county, other, (0, 0, 0, 10, 10))
    given(local, here, (0, 0, 0, 2, 30))
    assert [one.provider.name for one in providers_of(here)] == ["乙社", "甲社"]
    assert {one.provider.name for one in providers_of(tree.township)} == {"甲社", "乙社", "丙社"}
    assert providers_of(tree.township)[-1].standing.score is None


def test_the_list_asks_the_database_as_often_for_one_as_for_twenty(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    asked = []
    for number in range(20):
        given(builders.a_provider(place, f"第{number}家"), place, (0, 0, 3, 8, 9))
        if number in (0, 19):
            with statements() as said:
                assert client.get(f"/{place.code}/providers/").status_code == 200
            asked.append(len(said))
    assert asked[0] == asked[1] <= 6


def test_the_list_shows_no_figure_from_few(client: Any) -> None:  # B34
    tree = builders.a_region_tree()
    given(builders.a_provider(tree.villages[0]), tree.villages[0], (3, 3, 3, 0, 0))
    page = client.get(f"/{tree.villages[0].code}/providers/", headers={"Accept-Language": "en"})
    assert "not enough answers yet" in page.text
    assert "of 100 points" not in page.text


def test_the_page_shows_score_interval_and_merged_grades(client: Any) -> None:  # A27, B34
    tree = builders.a_region_tree()
    place = tree.villages[0]
    provider = builders.a_provider(place)
    given(provider, place, (1, 1, 3, 20, 40))
    page = client.get(f"/{place.code}/providers/{provider.id}/", headers={"Accept-Language": "en"}).text
    score = provider_score((1, 1, 3, 20, 40))
    assert f">{score.mean:.0f}<" in page
    assert f"between {score.low:.0f} and {score.high:.0f}" in page
    assert "65 ratings in twelve months" in page
    assert "Basically satisfied down to Not satisfied at all" in page
    assert provider.usc_code in page


def test_the_page_says_why_there_is_no_figure(client: Any) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.villages[0])
    page = client.get(f"/{tree.villages[0].code}/providers/{provider.id}/", headers={"Accept-Language": "en"})
    assert "from 10 ratings on" in page.text


def test_an_unknown_provider_is_not_found(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    assert client.get(f"/{place.code}/providers/999/").status_code == 404
    assert client.get(f"/{place.code}/providers/99999999999999999999/").status_code == 404
