"""The public list of needs, and "me too"."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.needs.actions import support_need
from portal.needs.models import Need, NeedSupport
from portal.needs.queries import published_needs, similar_needs
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.needs import LISTED, NeedState
from portal.store import db
from tests import builders
from tests.client import InspectingClient


@pytest.mark.parametrize("state", [state for state in NeedState if state not in (NeedState.DRAFT, NeedState.MERGED)])
def test_only_what_was_accepted_is_public(
    client: InspectingClient, village: Region, state: NeedState
) -> None:  # A19, A24
    need = builders.a_need(village, state=state)
    public = state in LISTED
    assert (need.title in client.get(f"/{village.code}/needs/").text) is public
    assert client.get(f"/{village.code}/needs/{need.id}/").status_code == (200 if public else 404)


def test_a_list_is_filtered_by_state_subject_and_support(client: InspectingClient, village: Region) -> None:  # A19
    lift = builders.a_need(village, "电梯坏了", category="0901")
    meals = builders.a_need(village, "想有老年食堂", category="04", state=NeedState.ANSWERED)
    builders.supported(lift, *(builders.a_resident(village) for _ in range(5)))

    def shown(**asked: object) -> set[int]:
        text = client.get(f"/{village.code}/needs/", query_string=asked).text
        return {need.id for need in (lift, meals) if need.title in text}

    assert shown() == {lift.id, meals.id}
    assert shown(state="answered") == {meals.id}
    assert shown(about="09") == {lift.id}
    assert shown(least=5) == {lift.id}
    assert shown(words="食堂") == {meals.id}
    assert shown(words="食堂", about="09") == set()
    assert shown(least="x", sort="?", after="?") == {lift.id, meals.id}
    assert shown(state="nonsense", about="nonsense") == set()


def test_a_county_lists_all_its_communities(app: Flask) -> None:
    tree = builders.a_region_tree()
    needs = {builders.a_need(village).id for village in tree.villages}
    assert {row.id for row in published_needs(tree.county).rows} == needs
    assert len(published_needs(tree.villages[0]).rows) == 1


def test_the_next_page_keeps_the_filters_and_goes_on(client: InspectingClient, village: Region) -> None:
    builders.with_numbers(village, most_open_needs=100)
    author = builders.a_resident(village)
    for number in range(25):
        builders.a_need(village, f"电梯坏了第{number}天", author=author)
    first = client.get(f"/{village.code}/needs/", query_string={"words": "电梯", "sort": "support"})
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(link).query)
    assert (asked["words"], asked["sort"]) == (["电梯"], ["support"])
    second = client.get(f"/{village.code}/needs/{link}")
    assert second.text.count('class="card need"') == 5
    assert 'rel="next"' not in second.text


def test_support_counts_once_and_can_be_taken_back(
    app: Flask, client: InspectingClient, village: Region
) -> None:  # A25
    need = builders.a_need(village)
    builders.signed_in(client, builders.a_resident(village))
    there = f"/{village.code}/needs/{need.id}/support"
    for _ in range(3):
        assert client.post(there, data={"supports": "1"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(NeedSupport)) == 1
    client.post(there, data={"supports": "0"})
    client.post(there, data={"supports": "0"})
    assert db.session.scalar(select(func.count()).select_from(NeedSupport)) == 0


def test_one_does_not_support_ones_own_need_nor_what_is_not_public(village: Region) -> None:
    author = builders.a_resident(village)
    need = builders.a_need(village, author=author)
    with pytest.raises(Refused):
        support_need(builders.actor(author), need, True)
    waiting = builders.a_need(village, author=author, state=NeedState.SUBMITTED)
    with pytest.raises(Refused):
        support_need(builders.actor(builders.a_resident(village)), waiting, True)


def test_the_support_of_all_is_counted_for_sorting(village: Region) -> None:
    need = builders.a_need(village)
    people = [builders.a_resident(village) for _ in range(3)]
    builders.supported(need, *people)
    assert db.session.scalar(select(Need.supporters).where(Need.id == need.id)) == 3
    support_need(builders.actor(people[0]), need, False)
    builders.supported(need)
    assert db.session.scalar(select(Need.supporters).where(Need.id == need.id)) == 2


def test_support_answers_a_part_with_the_new_count(client: InspectingClient, village: Region) -> None:
    need = builders.a_need(village)
    builders.signed_in(client, builders.a_resident(village))
    answer = client.post(
        f"/{village.code}/needs/{need.id}/support", data={"supports": "1"}, part="support", follow_redirects=True
    )
    assert answer.status_code == 200
    assert 'id="support"' in answer.text
    assert "<html" not in answer.text


def test_similar_needs_are_found_for_joining(village: Region) -> None:
    lift, meals = builders.a_need(village, "三号楼电梯坏了"), builders.a_need(village, "想有老年食堂")
    assert [row.id for row in similar_needs(village, "电梯又坏了")] == [lift.id]
    assert [row.id for row in similar_needs(village, "电梯又坏了", besides=lift.id)] == []
    assert meals.id not in {row.id for row in similar_needs(village, "电")}


def test_a_need_that_was_answered_tells_its_author_and_everyone(
    client: InspectingClient, village: Region
) -> None:  # B3
    author = builders.a_resident(village)
    need = builders.a_need(village, author=author, state=NeedState.ANSWERED)
    assert "灯已经换好了" in client.get(f"/{village.code}/needs/{need.id}/").text
