"""The project list, and a project as everyone reads it."""

from typing import Any

from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def test_a_project_shows_needs_budget_designs_and_the_way_to_its_vote(  # A21, A22, A39
    village: Any, client: InspectingClient
) -> None:
    need = builders.a_need(village)
    project = builders.a_project(village, needs=(need,))
    address = f"/{village.code}/projects/{project.id}/"
    text = client.get(address, headers=ENGLISH).text
    assert f'href="/{village.code}/needs/{need.id}/"' in text
    for words in ("¥50,000", "¥12,500", "方案3", "Community building", "三号楼", "Being prepared"):
        assert words in text
    assert f"votes/project/{project.id}" not in text
    builders.an_open_round(project)
    text = client.get(address, headers=ENGLISH).text
    assert f'href="../../votes/project/{project.id}"' in text
    assert "Residents vote" in text


def test_the_committee_finds_what_comes_next(village: Any, client: InspectingClient) -> None:  # A21
    project = builders.a_project(village)
    builders.signed_in(client, builders.a_committee(village))
    text = client.get(f"/{village.code}/projects/{project.id}/").text
    assert f"votes/announce/{project.id}" in text
    assert 'href="revise"' in text


def test_a_project_is_found_in_its_own_place_only(village: Any, client: InspectingClient) -> None:
    project = builders.a_project(village)
    other = builders.a_region_tree().villages[1]
    assert client.get(f"/{other.code}/projects/{project.id}/").status_code == 404
    assert client.get(f"/{village.code}/projects/{'9' * 30}/").status_code == 404


def test_a_county_lists_the_projects_of_all_its_places(village: Any, client: InspectingClient) -> None:  # A39
    tree = builders.a_region_tree()
    projects = [builders.a_project(place) for place in (village, tree.villages[1])]
    text = client.get(f"/{tree.county.code}/projects/").text
    for project, place in zip(projects, (village, tree.villages[1]), strict=True):
        assert f'href="/{place.code}/projects/{project.id}/"' in text


def test_the_list_asks_the_database_as_often_for_many_projects_as_for_few(
    village: Any, client: InspectingClient
) -> None:
    counts = []
    for _ in range(2):
        builders.a_project(village)
        with statements() as seen:
            client.get(f"/{village.code}/projects/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
