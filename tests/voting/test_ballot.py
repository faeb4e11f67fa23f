"""The ballot as each reader finds it, of every kind."""

from datetime import timedelta
from typing import Any

import pytest

from portal.rules.decisions import Body, Share
from portal.rules.elections import BallotKind
from portal.voting.actions import cast_vote
from portal.voting.rounds import freeze_round
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def ballot(client: InspectingClient, region: Any, round_: Any, **options: Any) -> str:
    answer = client.get(f"/{region.code}/votes/{round_.id}/", headers=ENGLISH, **options)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_voter_sees_a_button_for_each_option_and_what_is_saved(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    person = builders.a_resident(village)
    builders.signed_in(client, person)
    text = ballot(client, village, round_)
    assert text.count("I would like this") == 3
    assert "You have not chosen yet." in text
    assert "Your receipt" not in text
    cast_vote(builders.actor(person), round_, 1, 1)
    text = ballot(client, village, round_)
    assert "You chose 1 option.</strong> Saved and counted." in text
    assert "You can change your vote until" in text
    assert text.count("You chose this.") == 1
    assert text.count("I would like this") == 2
    assert "Together ¥12,500 of ¥50,000" in text
    assert '<a href="receipt">Your receipt</a>' in text


def test_a_part_of_the_ballot_is_what_stands_in_the_page(village: Any, round_: Any, client: InspectingClient) -> None:
    builders.signed_in(client, builders.a_resident(village))
    part = client.get(f"/{village.code}/votes/{round_.id}/", part="ballot").text
    assert "<html" not in part
    assert part.count('action="vote"') == 3
    assert 'role="status"' in part


@pytest.mark.parametrize(
    ("kind", "most", "taps", "said", "unsaid"),
    [
        (BallotKind.APPROVAL, None, {1: 1, 2: 1, 3: 1}, ["Together ¥75,000 of ¥50,000", "You chose 3 options."], []),
        (BallotKind.CHOOSE_1, None, {}, ["I choose this", "Tap the one that you want most."], ["instead"]),
        (BallotKind.CHOOSE_1, None, {2: 1}, ["Choose this instead", "You chose 1 option."], ["I choose this"]),
        (
            BallotKind.CHOOSE_K,
            2,
            {1: 1, 3: 1},
            ["2 of 2 chosen.", "You may choose 2. Take one back to choose this."],
            ["I would like this"],
        ),
        (
            BallotKind.KNAPSACK,
            None,
            {3: 1},
            ["¥12,500 of ¥50,000 left", "This does not fit any more: ¥12,500 too much.", "I would like this"],
            [],
        ),
        (
            BallotKind.CUMULATIVE,
            5,
            {2: 3},
            ["3 of 5 points given.", "2 points left", "3 points from you.", "One point more", "One point less"],
            ["All your points"],
        ),
        (BallotKind.CUMULATIVE, 2, {2: 2}, ["0 points left", "All your points are given."], ["One point more"]),
        (
            BallotKind.ORDINAL,
            None,
            {3: 1, 1: 1},
            ["2 options are in your order.", "Number 1 in your order.", "Number 2 in your order.", "My number 3"],
            ["of ¥50,000"],
        ),
        (BallotKind.ORDINAL, 1, {3: 1}, ["Number 1 in your order.", "You may choose 1."], ["My number"]),
    ],
)
def test_a_ballot_of_each_kind_says_what_is_chosen_and_what_is_left(  # A26, B26
    village: Any,
    client: InspectingClient,
    kind: Any,
    most: int | None,
    taps: dict[int, int],
    said: list[str],
    unsaid: list[str],
) -> None:
    person = builders.a_resident(village)
    round_ = builders.an_open_round(builders.a_project(village), ballot=kind, most=most)
    for option, value in taps.items():
        cast_vote(builders.actor(person), round_, option, value)
    builders.signed_in(client, person)
    text = ballot(client, village, round_).partition("How it is counted")[0]
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


def test_points_are_given_and_taken_one_by_one(village: Any, client: InspectingClient) -> None:  # B26
    person = builders.a_resident(village)
    round_ = builders.an_open_round(builders.a_project(village), ballot=BallotKind.CUMULATIVE, most=5)
    cast_vote(builders.actor(person), round_, 2, 3)
    text = ballot(builders.signed_in(client, person), village, round_)
    assert text.count('name="value" value="1"') == 2
    assert 'name="value" value="4"' in text
    assert 'name="value" value="2"' in text


def test_an_empty_vote_says_that_it_counts_as_one(village: Any, round_: Any, client: InspectingClient) -> None:  # A26
    person = builders.a_resident(village)
    cast_vote(builders.actor(person), round_, 1, 1)
    cast_vote(builders.actor(person), round_, 1, 0, 1)
    text = ballot(builders.signed_in(client, person), village, round_)
    assert "Nothing is chosen now.</strong> Your vote counts as an empty one." in text


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


def test_who_came_after_the_opening_learns_that_the_roll_was_closed(
    village: Any, round_: Any, client: InspectingClient
) -> None:  # A26
    freeze_round(round_)
    builders.signed_in(client, builders.a_resident(village))
    text = ballot(client, village, round_)
    assert "The roll of this vote was closed before you were on it." in text
    assert 'action="vote"' not in text


def test_a_coming_vote_shows_its_options_and_terms_and_no_buttons(  # A26
    village: Any, client: InspectingClient, at: Any
) -> None:
    half = Share.read(">1/2")
    with at("2026-11-22"):
        round_ = builders.an_open_round(
            builders.a_project(village),
            body=Body.RESIDENTS_MEETING,
            legal_basis="城市居民委员会组织法第九条",
            quorum=half,
            majority=half,
        )
    builders.signed_in(client, builders.a_resident(village))
    with at("2026-11-21"):
        text = ballot(client, village, round_)
        assert "Opens soon" in text
        assert 'action="vote"' not in text
        assert '<details class="more" open>' in text
        assert "城市居民委员会组织法第九条" in text
        assert round_.seed_hash in text
        assert round_.seed not in text
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


def test_a_voter_sees_for_ever_whether_she_voted_and_never_what(  # A26, trust 3.2
    village: Any, round_: Any, client: InspectingClient, at: Any
) -> None:
    voter, other = builders.a_resident(village), builders.a_resident(village)
    cast_vote(builders.actor(voter), round_, 2, 1)
    for closed in (False, True):
        if closed:
            builders.sealed(round_)
        none = "You did not vote" if closed else "You have not voted"
        for address in (f"/{village.code}/", f"/{village.code}/votes/", "/mine/"):
            for person, said, unsaid in (
                (voter, "You have voted", none),
                (other, none, "You have voted"),
            ):
                with at(round_.closes_at if closed else round_.opens_at + timedelta(hours=2)):
                    text = builders.signed_in(client, person).get(address, headers=ENGLISH).text
                assert said in text, (address, closed)
                assert unsaid not in text, (address, closed)
        text = builders.signed_in(client, None).get(f"/{village.code}/", headers=ENGLISH).text
        assert "You have" not in text


@pytest.mark.parametrize("closed", [False, True])
def test_no_count_is_seen_by_anyone_before_the_sealing(  # A26
    village: Any, round_: Any, client: InspectingClient, at: Any, closed: bool
) -> None:
    for person in [builders.a_resident(village) for _ in range(3)]:
        cast_vote(builders.actor(person), round_, 2, 1)
    committee = builders.a_committee(village)
    builders.signed_in(client, committee)
    for part in ("", "result", "result.csv", "card", "open-count.json"):
        if closed:
            with at(round_.closes_at):
                builders.signed_in(client, committee)
                answer = client.get(f"/{village.code}/votes/{round_.id}/{part}", headers=ENGLISH)
        else:
            answer = client.get(f"/{village.code}/votes/{round_.id}/{part}", headers=ENGLISH)
        assert "3 votes" not in answer.text
        assert not part or answer.status_code == 404, part


@pytest.mark.parametrize("options", [2, 6])
def test_a_page_asks_the_database_as_often_for_many_options_as_for_few(
    village: Any, client: InspectingClient, options: int
) -> None:
    person = builders.a_resident(village)
    builders.signed_in(client, person)
    round_ = builders.an_open_round(builders.a_project(village, options))
    cast_vote(builders.actor(person), round_, 1, 1)
    address = f"/{village.code}/votes/{round_.id}/"
    with statements() as said:
        client.get(address)
        assert len(said) <= 6, "\n".join(said)
        cold = len(said)
        client.get(address)
    assert len(said) - cold <= 4, "\n".join(said[cold:])
