"""How many accepted needs have a running project, and which communities have none."""

import csv
import io
from typing import Any

import pytest

from portal.moderation.actions import decide_need
from portal.needs.models import Need
from portal.projects.bundling import put_together
from portal.projects.coverage import coverage_of
from portal.projects.models import Project
from portal.rules.bundles import Bundle
from portal.rules.coverage import RUNNING, Coverage, Share
from portal.rules.moderation import Decision, DecisionDraft
from portal.rules.needs import NeedState
from portal.rules.projects import ProjectState
from portal.store import action, db
from tests import builders
from tests.client import InspectingClient
from tests.projects.making import REASON, gone_on

ENGLISH = {"Accept-Language": "en"}


@action
def delivered_in(project: Project, *places: Any) -> Project:
    put_together(project, Bundle(places=tuple(place.id for place in places)))
    return project


@action
def standing(project: Project, state: ProjectState) -> Project:
    """`project` in a state, however it came there."""
    project.state = state.value
    return project


def figures(region: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    whole = coverage_of(region).whole
    return (whole.needs.part, whole.needs.whole), (whole.communities.part, whole.communities.whole)


def test_nothing_accepted_is_no_share(tree: builders.Tree) -> None:  # 1.4
    assert coverage_of(tree.villages[0]).whole == Coverage(Share(0, 0), Share(0, 1))
    assert coverage_of(tree.villages[0]).whole.needs.hundredths is None


@pytest.mark.parametrize("state", list(ProjectState))
def test_a_need_is_covered_while_its_project_runs(tree: builders.Tree, state: ProjectState) -> None:  # A22, 1.4
    village = tree.villages[0]
    builders.a_need(village)
    standing(builders.a_project(village, needs=(builders.a_need(village),)), state)
    runs = int(state in RUNNING)
    assert figures(village) == ((runs, 2), (runs, 1))


def test_a_project_covers_from_its_approval_on(tree: builders.Tree) -> None:  # A22
    project = builders.a_project(tree.villages[0])
    assert figures(tree.county)[1] == (0, 3)
    gone_on(project, ProjectState.NOTICED)
    assert figures(tree.county)[1] == (0, 3)
    gone_on(project, ProjectState.APPROVED)
    assert figures(tree.county) == ((1, 1), (1, 3))
    assert REASON


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (NeedState.SUBMITTED, 0),
        (NeedState.RETURNED, 0),
        (NeedState.REJECTED, 0),
        (NeedState.ACCEPTED, 1),
        (NeedState.MATCHED, 1),
        (NeedState.IN_SERVICE, 1),
        (NeedState.ANSWERED, 0),
        (NeedState.CLOSED, 0),
    ],
)
def test_accepted_needs_that_wait_for_their_answer_count(  # 1.4
    tree: builders.Tree, state: NeedState, counts: int
) -> None:
    builders.a_need(tree.villages[0], state=state)
    assert figures(tree.villages[0])[0] == (0, counts)


def test_joined_needs_count_once(tree: builders.Tree) -> None:  # 1.4
    village = tree.villages[0]
    one, two = builders.a_need(village), builders.a_need(village)
    decide_need(builders.actor(builders.a_committee(village)), two, village, DecisionDraft(Decision.MERGE, into=one.id))
    assert figures(village)[0] == (0, 1)
    standing(builders.a_project(village, needs=(one,)), ProjectState.SERVING)
    assert figures(village)[0] == (1, 1)


def test_a_need_with_two_projects_counts_once(tree: builders.Tree) -> None:  # 1.4
    village = tree.villages[0]
    need = builders.a_need(village)
    for _ in range(2):
        standing(builders.a_project(village, needs=(need,)), ProjectState.SERVING)
    assert figures(village)[0] == (1, 1)


def test_a_private_need_is_in_no_public_figure(tree: builders.Tree) -> None:  # A7, 1.4
    builders.a_need(tree.villages[0], private=True)
    assert figures(tree.villages[0])[0] == (0, 0)


def test_a_project_reaches_the_places_that_it_names(tree: builders.Tree) -> None:  # A35, B12
    one, two, three = tree.villages
    need = builders.a_need(one)
    of_county = builders.a_project(tree.county, needs=(need,))
    standing(of_county, ProjectState.SERVING)
    assert figures(tree.county) == ((1, 1), (0, 3))  # that it is the county's does not show where it is delivered
    delivered_in(of_county, two)
    assert [row.code for row in coverage_of(tree.county).unreached] == [one.code, three.code]
    assert figures(two)[1] == (1, 1)
    delivered_in(of_county, tree.township)
    assert figures(tree.county)[1] == (3, 3)
    assert figures(three)[1] == (1, 1)
    standing(of_county, ProjectState.STOPPED)
    assert figures(tree.county) == ((0, 1), (0, 3))


def test_the_parts_are_the_whole(tree: builders.Tree) -> None:  # A22, B12
    for place in tree.villages[:2]:
        standing(builders.a_project(place), ProjectState.SERVING)
        builders.a_need(place)
    seen = coverage_of(tree.township)
    assert [one.region.code for one in seen.places] == [place.code for place in tree.villages]
    assert sum(one.coverage.needs.part for one in seen.places) == seen.whole.needs.part == 2
    assert sum(one.coverage.needs.whole for one in seen.places) == seen.whole.needs.whole == 4
    assert sum(one.coverage.communities.part for one in seen.places) == seen.whole.communities.part == 2


def test_everyone_sees_the_figures_and_goes_down_one_level(  # A22, B12
    tree: builders.Tree, client: InspectingClient
) -> None:
    standing(builders.a_project(tree.villages[0]), ProjectState.SERVING)
    builders.a_need(tree.villages[1])
    text = client.get(f"/{tree.township.code}/needs/coverage", headers=ENGLISH).text
    for words in ("1 of 2 (50.00 %)", "1 of 3 (33.33 %)", "Communities that no running project reaches"):
        assert words in text
    for place in tree.villages:
        assert f'href="/{place.code}/needs/coverage"' in text
    assert (
        "no running project reaches" not in client.get(f"/{tree.villages[1].code}/needs/coverage", headers=ENGLISH).text
    )


def test_the_figures_are_saved_as_a_table(tree: builders.Tree, client: InspectingClient) -> None:  # B12
    standing(builders.a_project(tree.villages[0]), ProjectState.SERVING)

    def saved(what: str) -> list[list[str]]:
        answer = client.get(f"/{tree.township.code}/needs/coverage.csv{what}", headers=ENGLISH)
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [row[2:] for row in saved("")[1:]] == [
        ["1", "1", "3", "1"],
        ["1", "1", "1", "1"],
        ["0", "0", "1", "0"],
        ["0", "0", "1", "0"],
    ]
    assert [row[1] for row in saved("?what=unreached")[1:]] == ["梅园社区居委会", "石榴村委会"]


def test_a_county_with_nothing_has_a_page(tree: builders.Tree, client: InspectingClient) -> None:  # B12
    assert not db.session.scalars(db.select(Need.id)).all()
    assert "0 of 3 (0.00 %)" in client.get(f"/{tree.county.code}/needs/coverage", headers=ENGLISH).text
