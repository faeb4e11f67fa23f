"""Similar needs are gathered into groups that projects answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.moderation.actions import decide_need
from portal.needs.grouping import gather_needs, put_in, take_out
from portal.needs.groups import groups_of, look_alikes, needs_in, people_behind
from portal.needs.models import Need, NeedGroup, NeedGroupMember
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.groups import GroupDraft
from portal.rules.moderation import Decision, DecisionDraft
from portal.rules.needs import Behalf, NeedState
from portal.rules.permissions import Actor
from portal.store import db
from tests import builders
from tests.client import InspectingClient
from tests.conftest import clean
from tests.needs.making import a_group

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def committee(village: Region, client: InspectingClient) -> InspectingClient:
    return builders.signed_in(client, builders.a_committee(village))  # type: ignore[return-value]


def by(region: Region) -> Actor:
    return builders.actor(builders.a_committee(region))


def numbers_of(group: NeedGroup) -> set[int]:
    return {need.id for need in needs_in(group)}


def test_a_committee_gathers_what_looks_alike_and_sees_why(  # A37
    village: Region, committee: InspectingClient
) -> None:
    one = builders.a_need(village, "三号楼电梯坏了", category="0901", place="三号楼")
    alike = builders.a_need(village, "我们这里电梯又坏了")
    other = builders.a_need(village, "想有老年食堂")
    page = committee.get(f"/{village.code}/needs/groups/new?need={one.id}", headers=ENGLISH).text
    assert 'value="三号楼电梯坏了"' in page
    assert f'value="{alike.id}"' in page
    assert "in common: 电梯" in page
    assert other.title not in page
    values = {"title": "电梯老坏", "needs": [one.id, alike.id], "category": "0901", "key": "k" * 32}
    first, second = (committee.post(f"/{village.code}/needs/groups/new", data=values) for _ in range(2))
    group = db.session.scalars(db.select(NeedGroup)).one()
    assert first.location == second.location == f"/{village.code}/needs/groups/{group.id}/"
    assert numbers_of(group) == {one.id, alike.id}


def test_everyone_reads_a_group_with_its_number_needs_people_and_projects(  # A37, A39
    village: Region, client: InspectingClient
) -> None:
    author, neighbour = builders.a_resident(village, name="王芳"), builders.a_resident(village)
    one = builders.a_need(village, "一号楼灯坏了", author=author)
    two = builders.a_need(village, "二号楼灯坏了", author=author)
    builders.supported(one, neighbour)
    builders.supported(two, neighbour, builders.a_resident(village))
    group = a_group(village, one, two)
    project = builders.a_project(village, needs=(one,))
    text = client.get(f"/{village.code}/needs/groups/{group.id}/", headers=ENGLISH).text
    for words in (f"Group no. {group.id}", one.title, two.title, "<strong>3</strong> people", "answers 1 of 2 needs"):
        assert words in text
    assert f'href="/{village.code}/projects/{project.id}/"' in text
    assert "王芳" not in text
    assert "take-out" not in text
    assert group.title in client.get(f"/{village.code}/needs/{one.id}/").text
    assert group.title in client.get(f"/{village.code}/needs/groups/").text


def test_each_person_behind_a_group_counts_once(village: Region) -> None:  # A37, 1.4
    people = [builders.a_resident(village) for _ in range(3)]
    one = builders.a_need(village, "一号楼灯坏了", author=people[0])
    two = builders.a_need(village, "二号楼灯坏了", author=people[1])
    group = a_group(village, one, two)
    assert people_behind(group) == 2
    builders.supported(one, people[1], people[2])
    builders.supported(two, people[0], people[2])
    assert people_behind(group) == 3
    by_paper = builders.a_need(village, "灯坏了", author=builders.a_committee(village), behalf=Behalf.PAPER)
    put_in(by(village), village, group, by_paper.id)
    assert by_paper.author_id is None
    assert people_behind(group) == 4


def test_a_need_that_was_joined_counts_once_as_the_other(village: Region) -> None:  # A37, 1.4
    one, two = builders.a_need(village, "一号楼灯坏了"), builders.a_need(village, "一号楼灯坏了！")
    third = builders.a_need(village, "二号楼灯坏了")
    group = a_group(village, one, two, third)
    decide_need(by(village), two, village, DecisionDraft(Decision.MERGE, into=one.id))
    assert numbers_of(group) == {one.id, third.id}
    assert people_behind(group) == 3
    assert [row.needs for row in groups_of(village).rows] == [2]


def test_a_need_is_in_one_group_only(village: Region, committee: InspectingClient) -> None:  # A37
    need, other = builders.a_need(village, "一号楼灯坏了"), builders.a_need(village, "二号楼灯坏了")
    first = a_group(village, need, other)
    second = a_group(village)
    with pytest.raises(Refused):
        put_in(by(village), village, second, need.id)
    values = {"title": "灯", "needs": [need.id, other.id]}
    assert committee.post(f"/{village.code}/needs/groups/new", data=values).status_code == 422
    values["title"] = "又一组"
    answer = committee.post(f"/{village.code}/needs/groups/new", data=values, headers=ENGLISH)
    assert answer.status_code == 422
    assert f"Need no. {need.id} is in another group already" in answer.text
    assert f'value="{other.id}" checked' in answer.text
    assert numbers_of(first) == {need.id, other.id}


def test_what_was_taken_out_can_be_put_back(village: Region, committee: InspectingClient) -> None:  # A37
    need, other = builders.a_need(village, "一号楼灯坏了"), builders.a_need(village, "二号楼灯坏了")
    group = a_group(village, need, other)
    there = f"/{village.code}/needs/groups/{group.id}"
    answer = committee.post(f"{there}/take-out/{need.id}")
    assert numbers_of(group) == {other.id}
    assert f"put-in/{need.id}" in committee.get(answer.location).text
    committee.post(f"{there}/take-out/{need.id}")
    committee.post(f"{there}/put-in/{need.id}")
    committee.post(f"{there}/put-in/{need.id}")
    assert numbers_of(group) == {need.id, other.id}


def test_an_empty_group_is_not_on_the_list(village: Region, client: InspectingClient) -> None:  # A37
    group = a_group(village)
    for need in needs_in(group):
        take_out(by(village), group, db.session.get_one(Need, need.id))
    assert group.title not in client.get(f"/{village.code}/needs/groups/").text
    address = f"/{village.code}/needs/groups/{group.id}/"
    assert client.get(address).status_code == 404, "its title may be the words of a need that nobody else may read"
    builders.signed_in(client, builders.a_committee(village))
    assert "Nothing is in this group now." in client.get(address, headers=ENGLISH).text


@pytest.mark.parametrize("state", [NeedState.SUBMITTED, NeedState.RETURNED, NeedState.REJECTED])
def test_what_is_not_public_is_gathered_by_nobody(village: Region, state: NeedState) -> None:  # A37, A24
    need = builders.a_need(village, state=state)
    with pytest.raises(Refused):
        a_group(village, need, builders.a_need(village))
    with pytest.raises(Refused):
        put_in(by(village), village, a_group(village), need.id)


def test_needs_of_another_place_are_not_gathered(village: Region, committee: InspectingClient) -> None:  # A37
    away = builders.a_need(builders.a_region_tree().villages[1], "灯坏了")
    group = a_group(village)
    there = f"/{village.code}/needs/groups"
    assert committee.post(f"{there}/{group.id}/put-in/{away.id}").status_code in (409, 422)
    assert committee.post(f"{there}/new", data={"title": "灯坏", "needs": [away.id, away.id]}).status_code == 422
    assert away.id not in numbers_of(group)


def test_a_township_gathers_the_needs_of_its_communities(village: Region) -> None:  # A37
    tree = builders.a_region_tree()
    needs = [builders.a_need(place, "电梯坏了") for place in tree.villages]
    group = a_group(tree.township, *needs)
    assert numbers_of(group) == {need.id for need in needs}
    assert [row.id for row in groups_of(tree.county).rows] == [group.id]
    assert not groups_of(village).rows


def test_only_the_committee_gathers(village: Region, client: InspectingClient) -> None:  # A37
    group, need = a_group(village), builders.a_need(village)
    for person in (builders.a_resident(village), builders.a_committee(builders.a_region_tree().villages[1])):
        builders.signed_in(client, person)
        assert client.get(f"/{village.code}/needs/groups/new").status_code == 403
        for deed in ("put-in", "take-out"):
            assert client.post(f"/{village.code}/needs/groups/{group.id}/{deed}/{need.id}").status_code == 403


def test_what_is_in_a_group_is_suggested_for_no_other(village: Region) -> None:  # A37
    one = builders.a_need(village, "电梯坏了第一天")
    two = builders.a_need(village, "电梯坏了第二天")
    free = builders.a_need(village, "电梯坏了第三天")
    a_group(village, one, two)
    assert [(alike.need.id, alike.words[0]) for alike in look_alikes(village, "小区电梯坏了")] == [
        (free.id, "电梯坏了")
    ]


def test_a_project_answers_a_whole_group(village: Region, committee: InspectingClient) -> None:  # A37
    needs = [builders.a_need(village, f"{floor}号楼灯坏了") for floor in "一二三"]
    group = a_group(village, *needs)
    text = committee.get(f"/{village.code}/projects/draft?group={group.id}").text
    for need in needs:
        assert f'value="{need.id}" checked' in text


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 3)), max_size=25)


def test_any_putting_in_and_taking_out_leaves_each_need_in_one_group(app: Flask) -> None:  # A37
    clean(app)
    village = builders.a_region_tree().villages[0]
    needs = [builders.a_need(village, f"{floor}号楼灯坏了") for floor in "一二三四"]
    extra = [[builders.a_need(village, "食堂"), builders.a_need(village, "食堂贵")] for _ in range(3)]
    groups, actor = [a_group(village, *pair) for pair in extra], by(village)

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(STEPS)
    def holds(steps: list[tuple[bool, int, int]]) -> None:
        for need in needs:
            for group in groups:
                take_out(actor, group, need)
        book: dict[int, int] = {}
        for puts, which, number in steps:
            group, need = groups[which], needs[number]
            if puts and book.get(need.id, group.id) != group.id:
                with pytest.raises(Refused):
                    put_in(actor, village, group, need.id)
            elif puts:
                put_in(actor, village, group, need.id)
                book[need.id] = group.id
            else:
                take_out(actor, group, need)
                if book.get(need.id) == group.id:
                    del book[need.id]
        for group, pair in zip(groups, extra, strict=True):
            held = {number for number, where in book.items() if where == group.id}
            assert numbers_of(group) == held | {need.id for need in pair}
            assert people_behind(group) == len(held) + 2
        held_rows = db.session.scalars(db.select(NeedGroupMember.need_id)).all()
        assert len(held_rows) == len(set(held_rows))

    holds()


def test_groups_that_grab_the_same_need_at_once_get_it_once(  # A37
    village: Region, elsewhere: Callable[..., Any]
) -> None:
    needs = [builders.a_need(village, f"{floor}号楼灯坏了") for floor in "一二"]
    actor = by(village)

    def grabs(number: int) -> bool:
        draft = GroupDraft(f"第{number}组", (needs[number % 2].id, needs[1 - number % 2].id))
        try:
            gather_needs(actor, village, draft, f"{number:032}")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda number: elsewhere(grabs, number), range(8)))
    assert sum(won) == 1
    db.session.rollback()
    assert len(db.session.scalars(db.select(NeedGroup.id)).all()) == 1
    assert len(db.session.scalars(db.select(NeedGroupMember.need_id)).all()) == 2
