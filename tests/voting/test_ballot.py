"""The ballot as each reader finds it."""

from typing import Any

from portal.voting.actions import cast_vote
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def ballot(client: InspectingClient, region: Any, round_: Any, **options: Any) -> str:
    answer = client.get(f"/{region.code}/votes/{round_.id}/", headers=ENGLISH, **options)
    assert answer.status_code == 200
    return answer.text


def test_a_voter_sees_a_button_for_each_design_and_what_is_saved(  # A26
    village: Any, round_: Any, client: InspectingClient, designs: list[int]
) -> None:
    person = builders.a_resident(village)
    builders.signed_in(client, person)
    text = ballot(client, village, round_)
    assert text.count("I would like this") == 3
    assert "Saved and counted" not in text
    cast_vote(builders.actor(person), round_, designs[0], True)
    text = ballot(client, village, round_)
    assert "You chose 1 design." in text
    assert "Saved and counted. You can change it until" in text
    assert text.count("You chose this.") == 1
    assert text.count("I would like this") == 2


def test_a_part_of_the_ballot_is_what_stands_in_the_page(village: Any, round_: Any, client: InspectingClient) -> None:
    builders.signed_in(client, builders.a_resident(village))
    part = client.get(f"/{village.code}/votes/{round_.id}/", part="ballot").text
    assert "<html" not in part
    assert part.count('action="vote"') == 3


def test_the_budget_is_information_and_no_limit(
    village: Any, round_: Any, client: InspectingClient, designs: list[int]
) -> None:  # B26
    person = builders.a_resident(village)
    for design in designs:
        cast_vote(builders.actor(person), round_, design, True)
    builders.signed_in(client, person)
    text = ballot(client, village, round_)
    assert "Together they cost ¥75,000 of ¥50,000" in text
    assert "You may choose more than the budget pays for." in text


def test_a_guest_may_tap_at_once(village: Any, round_: Any, client: InspectingClient) -> None:  # A26
    text = ballot(client, village, round_)
    assert text.count("I would like this") == 3
    assert "hx-post" not in text


def test_an_unconfirmed_resident_learns_how_she_is_confirmed(
    village: Any, round_: Any, client: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    builders.signed_in(client, builders.accounts.welcome("13800000001", "zh-Hans"))
    text = ballot(client, village, round_)
    assert f'action="/{village.code}/residency"' in text
    assert "I would like this" not in text
    client.post(f"/{village.code}/residency")
    assert "Your committee still has to confirm that you live here." in ballot(client, village, round_)
    builders.signed_in(client, builders.a_resident(tree.villages[1]))
    assert "Your home is in another place." in ballot(client, village, round_)


def test_a_coming_vote_shows_its_designs_and_no_buttons(village: Any, client: InspectingClient, at: Any) -> None:  # A26
    with at("2026-11-22"):
        round_ = builders.an_open_round(builders.a_project(village))
    builders.signed_in(client, builders.a_resident(village))
    with at("2026-11-21"):
        text = ballot(client, village, round_)
        assert "Opens soon" in text
        assert 'action="vote"' not in text
        assert "Opening soon" in client.get(f"/{village.code}/votes/", headers=ENGLISH).text


def test_open_votes_of_the_place_and_those_above_are_listed_for_everyone(client: InspectingClient) -> None:  # A26
    tree = builders.a_region_tree()
    need = builders.a_need(tree.villages[0])
    here = builders.an_open_round(builders.a_project(tree.villages[0], needs=(need,)), days=3)
    above = builders.an_open_round(builders.a_project(tree.township, needs=(need,)), days=2)
    builders.an_open_round(builders.a_project(tree.villages[1]))
    text = client.get(f"/{tree.villages[0].code}/votes/", headers=ENGLISH).text
    assert text.count('class="state going"') == 2
    assert text.index(f'href="{above.id}/"') < text.index(f'href="{here.id}/"')
    assert client.get(f"/{tree.county.code}/votes/", headers=ENGLISH).text.count('class="state going"') == 0


def test_a_page_asks_the_database_as_often_for_many_designs_as_for_few(village: Any, client: InspectingClient) -> None:
    builders.signed_in(client, builders.a_resident(village))
    counts = []
    for number in (2, 6):
        round_ = builders.an_open_round(builders.a_project(village, number))
        with statements() as seen:
            ballot(client, village, round_)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6
