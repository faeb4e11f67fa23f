"""Everyone sees how many people one helper has helped; nobody sees whom, nor who took it back."""

from typing import Any

from portal.helpers.actions import begin_help, end_help, take_back_by_code, tap_with_help
from portal.voting.actions import cast_vote
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


def test_shares_are_public_and_names_are_not(
    village: Any, round_: Any, enrolled: Any, committee: Any, neighbour: Any, client: InspectingClient
) -> None:
    """The committee helps three people, a neighbour one; 20 vote by themselves."""
    people, codes = [builders.a_resident(village) for _ in range(20)], []
    numbers = [enrolled("3-2-501") for _ in range(4)]
    for person in people:
        cast_vote(builders.actor(person), round_, 1, 1)
    for place, number in enumerate(numbers):
        helper, words = (neighbour, {"known_by": "8000"}) if place == 3 else (committee, {})
        assistance = begin_help(builders.actor(helper), round_, village, number, consents=True, **words)
        tap_with_help(round_, assistance, 2, 1, 0)
        codes.append(end_help(round_, assistance))
    there = f"/{village.code}/votes/{round_.id}/helpers"
    text = client.get(there, headers=ENGLISH).text
    assert "Committee member 1" in text
    assert "Neighbour 1" in text
    assert "12.50%" in text
    assert text.count(">many<") == 1
    assert "李梅" not in text
    assert "王**" not in text
    shown = text.partition("<tbody>")[2].partition("</tbody>")[0]
    take_back_by_code(codes[3])
    after = client.get(there, headers=ENGLISH).text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert [row.partition("<td")[2].partition("</td>")[0] for row in shown.split("<tr>")] == [
        row.partition("<td")[2].partition("</td>")[0] for row in after.split("<tr>")
    ]
    builders.signed_in(client, neighbour)
    assert ">李梅 " not in client.get(there, headers=ENGLISH).text
    builders.signed_in(client, committee)
    assert "李梅 Neighbour 1" in client.get(there, headers=ENGLISH).text
    builders.sealed(round_)
    text = builders.signed_in(client, None).get(there, headers=ENGLISH).text
    assert "Neighbour 1" in text
    assert "votes in all</span>" in text


def test_a_vote_without_help_says_so(village: Any, round_: Any, client: InspectingClient) -> None:
    assert "Nobody was helped." in client.get(f"/{village.code}/votes/{round_.id}/helpers", headers=ENGLISH).text


def test_the_ballot_page_leads_to_help(village: Any, round_: Any, neighbour: Any, client: InspectingClient) -> None:
    text = builders.signed_in(client, neighbour).get(f"/{village.code}/votes/{round_.id}/", headers=ENGLISH).text
    assert 'href="help"' in text
    assert 'href="helpers"' in text


def test_the_helper_sees_that_she_helped_and_no_full_name(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, client: InspectingClient
) -> None:
    assistance = begin_help(builders.actor(neighbour), round_, village, enrolled(), consents=True, known_by="8000")
    tap_with_help(round_, assistance, 2, 1, 0)
    builders.signed_in(client, neighbour)
    assert "王**" in client.get("/mine/", headers=ENGLISH).text
    builders.sealed(round_)
    text = client.get("/mine/", headers=ENGLISH).text
    assert "Whom you helped to vote" in text
    assert "王**" not in text
