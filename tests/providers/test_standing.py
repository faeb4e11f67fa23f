"""What is published of a provider: nothing from few, and nothing that leads to someone."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.providers.models import RatingMix
from portal.providers.queries import contract_counts, providers_of, standing_of, standings_of, year_counts
from portal.rules.numbers import Numbers
from portal.rules.publishing import told_score
from portal.rules.scoring import DEFAULT_MIX, Direction, provider_score
from portal.rules.weighing import aged
from portal.store import action, clock, db
from tests import builders
from tests.counting import statements
from tests.providers.making import published

NUMBERS = Numbers()
ENGLISH = {"Accept-Language": "en"}


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


@action
def usual(group: str, counts: Any) -> None:
    db.session.add_all(RatingMix(group_code=group, grade=grade, ratings=n) for grade, n in enumerate(counts, 1))


@pytest.fixture
def place(app: Any) -> Any:
    return builders.a_region_tree().villages[0]


def test_nothing_is_published_of_a_provider_without_a_batch(place: Any) -> None:  # B34
    provider = builders.a_provider(place)
    assert standing_of(provider, NUMBERS).score is None
    published(provider, (0, 0, 0, 4, 6))
    standing = standing_of(provider, NUMBERS)
    assert (standing.ratings, standing.about) == (10, 10)
    assert standing.score == told_score(provider_score((0, 0, 0, 4, 6), DEFAULT_MIX), 10, 30)
    assert standing.cells == (), "ten are too few for a distribution"


def test_a_place_that_asks_for_more_ratings_shows_nothing_from_fewer(place: Any) -> None:  # A44
    provider = builders.a_provider(place)
    published(provider, (0, 0, 0, 4, 6))
    assert standing_of(provider, Numbers(ratings_to_publish=11)).score is None
    assert standings_of([provider.id], Numbers(ratings_to_publish=11)) == {}


def test_ratings_of_a_year_ago_no_longer_count(place: Any) -> None:
    provider = builders.a_provider(place)
    published(provider, (5, 5, 5, 5, 5), on=ago(364))
    published(provider, (9, 1, 0, 0, 0), on=ago(365))
    assert standing_of(provider, NUMBERS).ratings == 25
    assert standings_of([provider.id], NUMBERS)[provider.id].ratings == 25


def test_what_is_published_later_does_not_change_what_was_seen_before(place: Any) -> None:  # A66
    provider = builders.a_provider(place)
    published(provider, (0, 0, 0, 4, 6), on=ago(20))
    with builders.at(ago(10)):
        seen = standing_of(provider, NUMBERS)
    published(provider, (10, 0, 0, 0, 0), on=ago(5))
    with builders.at(ago(10)):
        assert standing_of(provider, NUMBERS) == seen


def test_a_provider_is_compared_with_those_of_its_kind(place: Any) -> None:  # F3
    provider = builders.a_provider(place)
    published(provider, (0, 0, 2, 8, 10))
    published(provider, (0, 0, 0, 0, 10), category="0901")
    usual("04", (100, 0, 0, 0, 100))
    usual("09", (0, 0, 0, 0, 500))
    assert standing_of(provider, NUMBERS).score == provider_score((0, 0, 2, 8, 20), (0.5, 0, 0, 0, 0.5))


def test_the_lifetime_score_is_of_three_years_the_older_the_less(place: Any) -> None:  # F4
    provider = builders.a_provider(place)
    published(provider, (0, 0, 0, 0, 40))
    published(provider, (40, 0, 0, 0, 0), on=ago(720))
    published(provider, (90, 0, 0, 0, 0), on=ago(1096))
    standing = standing_of(provider, NUMBERS)
    weighed = aged([(0, (0, 0, 0, 0, 40)), (720, (40, 0, 0, 0, 0))])
    assert weighed is not None
    assert standing.lifetime == provider_score(weighed.counts)
    assert standing.score == provider_score((0, 0, 0, 0, 40))


def test_the_trend_compares_90_days_with_90(place: Any) -> None:  # F8
    provider = builders.a_provider(place)
    published(provider, (0, 0, 5, 10, 10), on=ago(89))
    published(provider, (10, 10, 5, 0, 0), on=ago(90))
    published(provider, (0, 0, 0, 0, 99), on=ago(180))
    trend = standing_of(provider, NUMBERS).trend
    assert trend is not None
    assert trend.direction is Direction.UP
    assert trend.difference == pytest.approx(60)


def test_the_response_rate_and_the_worst_cases_stand_beside_every_figure(place: Any) -> None:  # F5
    provider = builders.a_provider(place)
    published(provider, (3, 3, 2, 12, 20), invited=160)
    for standing in (standing_of(provider, NUMBERS), standings_of([provider.id], NUMBERS)[provider.id]):
        assert standing.satisfied is not None
        assert standing.satisfied.low == standing.satisfied.high == 0.8
        assert standing.response is not None
        assert standing.response.rate == 0.25
        assert standing.response.bounds.low == pytest.approx(0.2)
        assert standing.response.bounds.high == pytest.approx(0.95)


def test_nobody_learns_that_all_were_satisfied(place: Any) -> None:  # trust 4.5
    provider = builders.a_provider(place)
    published(provider, (0, 0, 0, 0, 60))
    satisfied = standing_of(provider, NUMBERS).satisfied
    assert satisfied is not None
    assert (satisfied.low, satisfied.high) == (0.9, 1.0)


def test_the_list_and_the_page_say_the_same(place: Any) -> None:
    provider = builders.a_provider(place)
    published(provider, (1, 2, 8, 20, 30), on=ago(100))
    published(provider, (1, 2, 8, 9, 11), on=ago(3), category="0901")
    listed, shown = standings_of([provider.id], NUMBERS)[provider.id], standing_of(provider, NUMBERS)
    for name in ("ratings", "score", "satisfied", "basically", "response"):
        assert getattr(listed, name) == getattr(shown, name), name


def test_counts_of_a_year_and_of_a_contract_are_sums_of_batches(place: Any) -> None:
    provider, other = builders.a_provider(place), builders.a_provider(place, "乙社")
    published(provider, (1, 2, 3, 4, 5), on=ago(400))
    published(provider, (1, 0, 0, 4, 5), on=ago(300))
    published(provider, (0, 0, 0, 5, 5), on=ago(10))
    assert year_counts([provider.id, other.id], ago(200)) == {provider.id: (2, 2, 3, 8, 10)}
    assert year_counts([provider.id], ago(0)) == {provider.id: (1, 0, 0, 9, 10)}
    assert year_counts([], ago(0)) == {}
    assert contract_counts(99) == (0, 0, 0, 0, 0)


def test_who_serves_above_or_below_is_listed_best_first(app: Any) -> None:
    tree = builders.a_region_tree()
    here, other = tree.villages[0], tree.villages[1]
    county = builders.a_provider(tree.county, "甲社")
    local = builders.a_provider(here, "乙社")
    builders.a_provider(other, "丙社")
    published(county, (0, 0, 0, 10, 10))
    published(local, (0, 0, 0, 2, 30))
    assert [one.provider.name for one in providers_of(here)] == ["乙社", "甲社"]
    assert {one.provider.name for one in providers_of(tree.township)} == {"甲社", "乙社", "丙社"}
    assert providers_of(tree.township)[-1].standing.score is None


def test_who_cannot_be_told_apart_shares_a_place(app: Any) -> None:  # F9
    here = builders.a_region_tree().villages[0]
    for name, counts in {"甲社": (0, 0, 5, 50, 60), "乙社": (0, 0, 5, 51, 59), "丙社": (30, 30, 20, 5, 5)}.items():
        published(builders.a_provider(here, name), counts)
    assert [(one.place, one.provider.name) for one in providers_of(here)] == [(1, "甲社"), (1, "乙社"), (3, "丙社")]


def test_the_list_asks_the_database_as_often_for_one_as_for_twenty(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    asked = []
    for number in range(20):
        published(builders.a_provider(place, f"第{number}家"), (0, 0, 3, 8, 9))
        if number in (0, 19):
            with statements() as said:
                assert client.get(f"/{place.code}/providers/").status_code == 200
            asked.append(len(said))
    assert asked[0] == asked[1] <= 6


def test_the_pages_ask_as_often_for_one_release_as_for_fifty(client: Any) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.county)
    here = f"/{tree.county.code}/providers/{provider.id}/"
    asked: list[list[int]] = []
    for number in range(50):
        published(provider, (0, 0, 3, 8, 9), region=tree.villages[number % 3], on=ago(7 * number))
        if number in (0, 49):
            asked.append([])
            for page in ("", "figures?by=place", "figures?by=service", "figures?by=month", "batches.csv"):
                client.get(here + page)
                with statements() as said:
                    assert client.get(here + page).status_code == 200
                asked[-1].append(len(said))
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 6


def test_the_list_shows_no_figure_where_none_is_published(client: Any) -> None:  # B34
    tree = builders.a_region_tree()
    builders.a_provider(tree.villages[0])
    page = client.get(f"/{tree.villages[0].code}/providers/", headers=ENGLISH)
    assert "not enough answers yet" in page.text
    assert "of 100 points" not in page.text


def test_the_page_says_it_in_one_sentence_and_then_in_figures(client: Any) -> None:  # A27, B34
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    published(provider, (2, 4, 9, 22, 46), invited=249)
    page = client.get(f"/{place.code}/providers/{provider.id}/", headers=ENGLISH).text
    score = provider_score((2, 4, 9, 22, 46))
    assert "Of about 80 people who answered in the last twelve months, 82 in 100 were satisfied" in page
    assert f">{score.mean:.1f}<" in page
    assert f"between {score.low:.1f} and {score.high:.1f}" in page
    assert "33 % of those who were asked" in page
    assert "between 27 % and 94 % satisfied" in page
    assert "Not satisfied down to Not satisfied at all" in page
    assert provider.usc_code in page


def test_the_page_says_at_least_where_nearly_all_were_satisfied(client: Any) -> None:  # trust 4.5
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    published(provider, (0, 0, 1, 3, 96))
    page = client.get(f"/{place.code}/providers/{provider.id}/", headers=ENGLISH).text
    assert "at least 90 in 100 were satisfied" in page
    assert "99 %" not in page
    assert "100 %" in page, "as the upper end of the interval"


def test_figures_are_shown_along_one_dimension_and_are_sums_of_batches(client: Any) -> None:  # trust 4.4
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.county)
    published(provider, (0, 0, 5, 5, 20), region=tree.villages[0])
    published(provider, (5, 5, 0, 0, 0), region=tree.township, category="04")
    published(provider, (0, 0, 0, 5, 6), region=tree.villages[0], category="")
    here = f"/{tree.county.code}/providers/{provider.id}/figures"
    page = client.get(f"{here}?by=place", headers=ENGLISH).text
    assert f"Elsewhere in {tree.township.name}" in page
    assert "about 40" in page
    assert "about 10" in page
    assert "Several services" in client.get(f"{here}?by=service", headers=ENGLISH).text
    assert f"{clock.today():%B %Y}" in client.get(f"{here}?by=month", headers=ENGLISH).text
    assert client.get(f"{here}?by=person").status_code == 404


def test_all_batches_can_be_taken_as_a_table_and_no_line_is_of_few(client: Any) -> None:  # expectation 38
    tree = builders.a_region_tree()
    provider, other = builders.a_provider(tree.county), builders.a_provider(tree.county, "乙社")
    published(provider, (0, 0, 0, 0, 13), region=tree.villages[0])
    published(other, (0, 0, 6, 7, 8), region=tree.villages[1])
    lines = client.get(f"/{tree.county.code}/providers/batches.csv", headers=ENGLISH).text.splitlines()
    assert len(lines) == 3
    assert ",10," in lines[1]
    assert lines[1].endswith(",65,100"), "nobody learns that all gave the same"
    mine = client.get(f"/{tree.county.code}/providers/{other.id}/batches.csv", headers=ENGLISH).text.splitlines()
    assert mine[1:] == lines[2:]
    assert len(client.get(f"/{tree.villages[0].code}/providers/batches.csv").text.splitlines()) == 2


def test_the_page_says_why_there_is_no_figure(client: Any) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.villages[0])
    page = client.get(f"/{tree.villages[0].code}/providers/{provider.id}/", headers=ENGLISH)
    assert "from 10 ratings on" in page.text


def test_of_few_ratings_every_figure_is_in_whole_points_and_its_interval_in_fives(client: Any) -> None:  # F9
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    published(provider, (1, 0, 1, 3, 5))
    score = provider_score((1, 0, 1, 3, 5))
    assert (round(score.mean), score.low, score.high) != (score.mean, 55, 95)
    here = f"/{place.code}/providers/"
    line = client.get(f"{here}{provider.id}/batches.csv", headers=ENGLISH).text.splitlines()[1].split(",")
    mean, low, high = line[10:13]
    assert (mean, int(low) % 5, int(high) % 5) == (str(round(score.mean)), 0, 0)
    assert float(low) <= score.low < score.mean < score.high <= float(high)
    for page in (f"{provider.id}/", f"{provider.id}/figures?by=month", ""):
        text = client.get(here + page, headers=ENGLISH).text
        assert f"between {low} and {high}" in text, page
        assert f"{score.mean:.1f}" not in text
        assert f"{score.low:.1f}" not in text
    standing = standing_of(provider, NUMBERS)
    assert standing.lifetime is None, "it weighs less every day, and each day would tell more"


def test_a_batch_of_few_people_is_in_no_table_whatever_a_place_has_set(client: Any) -> None:  # F9
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    builders.with_numbers(place, batch_ratings=1, ratings_to_publish=1)
    published(provider, (1, 0, 0, 0, 8))
    here = f"/{place.code}/providers/"
    for page in (f"{provider.id}/batches.csv", "batches.csv"):
        assert len(client.get(here + page).text.splitlines()) == 1, page
    assert "about" not in client.get(f"{here}{provider.id}/figures?by=place", headers=ENGLISH).text


@pytest.mark.parametrize("after", ["99999999999999999999999", "-1", "x"])
def test_a_number_that_no_batch_can_have_gives_all_batches(client: Any, after: str) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    published(provider, (1, 0, 1, 3, 5))
    for page in ("batches.csv", f"{provider.id}/batches.csv"):
        answer = client.get(f"/{place.code}/providers/{page}?after={after}")
        assert (answer.status_code, len(answer.text.splitlines())) == (200, 2)


def test_an_unknown_provider_is_not_found(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    assert client.get(f"/{place.code}/providers/999/").status_code == 404
    assert client.get(f"/{place.code}/providers/99999999999999999999/").status_code == 404
