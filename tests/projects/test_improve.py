"""What is to get better after a project, and the next project that takes it up."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.needs.models import Need
from portal.projects.models import ImprovementAction, Project, ProjectNeed
from portal.rules.needs import NeedState
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.store.clock import today
from tests import builders
from tests.client import InspectingClient
from tests.projects.making import a_project_in, an_improvement

ENGLISH = {"Accept-Language": "en"}
KEY = "k" * 32


@pytest.fixture
def committee(village: Any, client: InspectingClient) -> InspectingClient:
    return builders.signed_in(client, builders.a_committee(village))  # type: ignore[return-value]


def noted(**changes: Any) -> dict[str, Any]:
    due = (today() + timedelta(days=20)).isoformat()
    return {"words": "换成更省电的灯", "owner": "长桥社区居委会", "due_on": due, "key": KEY, **changes}


def test_what_is_to_get_better_is_noted_once_and_public(village: Any, committee: InspectingClient) -> None:  # A40
    project = a_project_in(village, ProjectState.EVALUATED)
    address = f"/{village.code}/projects/{project.id}/"
    for _ in range(2):
        assert committee.post(address + "improve", data=noted()).location == address
    assert len(db.session.scalars(db.select(ImprovementAction)).all()) == 1
    for where in (address, f"/{village.code}/projects/improving"):
        text = builders.signed_in(committee, None).get(where).text
        assert "换成更省电的灯" in text
        assert "长桥社区居委会" in text


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"words": ""}, "words"),
        ({"words": "找李强 13800138000"}, "words"),
        ({"owner": ""}, "owner"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
    ],
)
def test_an_action_says_what_who_and_by_when(  # A40
    village: Any, committee: InspectingClient, changes: dict[str, str], beside: str
) -> None:
    project = a_project_in(village, ProjectState.SERVING)
    answer = committee.post(f"/{village.code}/projects/{project.id}/improve", data=noted(**changes), headers=ENGLISH)
    assert answer.status_code == 422
    assert f'href="#{beside}"' in answer.text


def test_nothing_is_to_be_improved_before_it_is_served(village: Any, committee: InspectingClient) -> None:  # A40
    project = builders.a_project(village)
    assert committee.post(f"/{village.code}/projects/{project.id}/improve", data=noted()).status_code == 422


def test_an_action_is_late_from_the_day_after_it_was_due(village: Any, client: InspectingClient) -> None:  # A40
    project = a_project_in(village, ProjectState.IMPROVING)
    an_improvement(project, due_on=date(2026, 12, 1))
    for day, late in (("2026-12-01", False), ("2026-12-02", True)):
        with builders.at(day):
            for where in (f"{project.id}/", "improving"):
                text = client.get(f"/{village.code}/projects/{where}", headers=ENGLISH).text
                assert ('class="late"' in text) is late


def test_a_project_closes_when_everything_is_done_or_taken_up(  # A40
    village: Any, committee: InspectingClient
) -> None:
    project = a_project_in(village, ProjectState.IMPROVING)
    one = an_improvement(project)
    address = f"/{village.code}/projects/{project.id}/"
    closing = {"state": "closed", "words": "结束"}
    answer = committee.post(address + "go-on", data=closing, headers=ENGLISH)
    assert "neither done nor taken up by a next project: 1" in answer.text
    assert committee.post(address + f"improve/{one.id}", data={"result": ""}).status_code == 422
    for _ in range(2):
        assert committee.post(address + f"improve/{one.id}", data={"result": "已换好"}).status_code == 303
    assert committee.post(address + "go-on", data=closing).status_code == 303
    assert "已换好" in committee.get(address).text


def drafted(need: Any, **more: Any) -> dict[str, Any]:
    return {
        "title": "楼道照明二期",
        "needs": [need.id],
        "category": "0901",
        "budget": "20000",
        "design1_title": "甲案",
        "design1_cost": "100",
        "design2_title": "乙案",
        "design2_cost": "200",
        **more,
    }


def test_improving_feeds_the_next_publishing(village: Any, committee: InspectingClient) -> None:  # A40
    project = a_project_in(village, ProjectState.IMPROVING)
    one = an_improvement(project)
    need = builders.a_need(village, "楼道灯太暗")
    address = f"/{village.code}/projects/draft"
    assert (
        f"draft?follows={project.id}&amp;action={one.id}" in committee.get(f"/{village.code}/projects/improving").text
    )
    text = committee.get(f"{address}?follows={project.id}&action={one.id}").text
    assert "换成更省电的灯。" in text
    assert 'value="楼道照明改造"' in text
    answer = committee.post(address, data=drafted(need, follows=project.id, action=one.id))
    assert answer.status_code == 303
    following = db.session.scalars(db.select(Project).where(Project.follows_id == project.id)).one()
    fed = db.session.get_one(ImprovementAction, one.id, populate_existing=True)
    assert fed.fed_project_id == following.id
    again = committee.post(address, data=drafted(need, follows=project.id, action=one.id), headers=ENGLISH)
    assert again.status_code == 422
    assert "taken this up already" in again.text


@pytest.mark.parametrize("state", [NeedState.MATCHED, NeedState.IN_SERVICE, NeedState.ANSWERED])
def test_a_next_project_may_answer_the_needs_that_the_earlier_one_served(  # A22, A40
    village: Any, committee: InspectingClient, state: NeedState
) -> None:
    need = builders.a_need(village, "楼道灯太暗")
    project = a_project_in(village, ProjectState.IMPROVING, needs=(need,))
    standing(need, state)
    address = f"/{village.code}/projects/draft"
    text = committee.get(f"{address}?follows={project.id}").text
    assert f'name="needs" value="{need.id}" checked' in text
    refused = committee.post(address, data=drafted(need, key=KEY, budget="-1", follows=project.id)).text
    assert f'name="needs" value="{need.id}" checked' in refused
    assert committee.post(address, data=drafted(need, follows=project.id)).status_code == 303
    following = db.session.scalars(db.select(Project).where(Project.follows_id == project.id)).one()
    behind = db.select(ProjectNeed.need_id).where(ProjectNeed.project_id == following.id)
    assert db.session.scalars(behind).all() == [need.id]
    assert db.session.get_one(Need, need.id, populate_existing=True).state == state


def test_a_need_that_was_served_is_answered_anew_by_a_project_that_follows_only(  # A22, A40
    village: Any, committee: InspectingClient
) -> None:
    need = builders.a_need(village, "楼道灯太暗")
    a_project_in(village, ProjectState.IMPROVING, needs=(need,))
    other = a_project_in(village, ProjectState.IMPROVING)
    standing(need, NeedState.ANSWERED)
    for follows in ("", other.id):
        answer = committee.post(f"/{village.code}/projects/draft", data=drafted(need, follows=follows))
        assert answer.status_code == 422


@action
def standing(need: Any, state: NeedState) -> None:
    db.session.get_one(Need, need.id).state = state.value


@pytest.mark.parametrize("follows", ["", "0", "9" * 30, "x", "-1"])
def test_a_project_that_follows_none_is_drafted_all_the_same(  # A40
    village: Any, committee: InspectingClient, follows: str
) -> None:
    need = builders.a_need(village)
    answer = committee.post(f"/{village.code}/projects/draft", data=drafted(need, follows=follows, action=follows))
    assert answer.status_code == 303


def test_a_project_of_elsewhere_is_not_taken_further_here(village: Any, committee: InspectingClient) -> None:  # A40
    other = builders.a_region_tree().villages[1]
    project = a_project_in(other, ProjectState.IMPROVING)
    one = an_improvement(project)
    committee.post(
        f"/{village.code}/projects/draft", data=drafted(builders.a_need(village), follows=project.id, action=one.id)
    )
    assert db.session.scalars(db.select(Project).where(Project.follows_id.is_not(None))).first() is None
