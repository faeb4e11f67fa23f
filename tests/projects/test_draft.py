"""A committee makes a project of needs."""

import io
from typing import Any

import pytest
from PIL import Image

from portal.needs.models import Need
from portal.notifications.queries import notices_of
from portal.projects.models import DesignOption, Project
from portal.projects.queries import designs_of, needs_of
from portal.rules.needs import NeedState
from portal.store import db
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def committee(village: Any, client: InspectingClient) -> InspectingClient:
    return builders.signed_in(client, builders.a_committee(village))  # type: ignore[return-value]


def typed(*needs: Need, **changes: Any) -> dict[str, Any]:
    return {
        "title": "楼道照明改造",
        "needs": [need.id for need in needs],
        "category": "0901",
        "budget": "20,000",
        "design1_title": "声控灯",
        "design1_cost": "12000.50",
        "design2_title": "太阳能灯",
        "design2_cost": "20000",
        "design2_story": "白天充电。",
        **changes,
    }


def picture(color: str = "red") -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(file, "PNG")
    file.seek(0)
    return file, "design.png"


def draft(client: InspectingClient, village: Any, values: dict[str, Any]) -> Any:
    return client.post(
        f"/{village.code}/projects/draft", data=values, headers=ENGLISH, content_type="multipart/form-data"
    )


def test_a_project_takes_its_needs_along_and_their_authors_are_told(  # A21, A22
    village: Any, committee: InspectingClient
) -> None:
    author = builders.a_resident(village)
    need = builders.a_need(village, author=author)
    assert str(need.id) in committee.get(f"/{village.code}/projects/draft").text
    answer = draft(committee, village, typed(need))
    project = db.session.scalars(db.select(Project)).one()
    assert answer.location == f"/{village.code}/votes/announce/{project.id}"
    assert project.budget_fen == 2_000_000
    assert [(one.title, one.cost_fen) for one in designs_of(project)] == [
        ("声控灯", 1_200_050),
        ("太阳能灯", 2_000_000),
    ]
    assert [row.id for row in needs_of(project)] == [need.id]
    assert db.session.get_one(Need, need.id, populate_existing=True).state == NeedState.MATCHED
    assert "need_matched" in [notice.template for notice in notices_of(builders.actor(author))]


def test_what_was_typed_and_every_picture_stays_when_something_is_wrong(  # A21
    village: Any, committee: InspectingClient
) -> None:
    need = builders.a_need(village)
    answer = draft(committee, village, typed(need, design1_cost="about 12", design2_picture=picture()))
    assert answer.status_code == 422
    for words in (
        "楼道照明改造",
        "声控灯",
        "about 12",
        "白天充电。",
        "Please give an amount in yuan",
        "A picture is kept",
    ):
        assert words in answer.text
    assert f'value="{need.id}" checked' in answer.text
    kept = answer.text.split('id="design2_kept" name="design2_kept" type="hidden" value="')[1][:32]
    draft(committee, village, typed(need, design2_kept=kept))
    assert db.session.scalars(db.select(DesignOption.picture).order_by(DesignOption.id)).all() == [None, kept]
    with committee.get(f"/{village.code}/projects/picture/{kept}/320") as answer:
        assert answer.mimetype == "image/webp"
    assert committee.get(f"/{village.code}/projects/picture/{kept}/99").status_code == 404
    other = builders.a_region_tree().villages[1]
    assert committee.get(f"/{other.code}/projects/picture/{kept}/320").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"needs": []}, "Please choose at least one need"),
        ({"needs": ["9" * 30]}, "One of these needs is not on the public list here"),
        ({"category": "0101"}, "Please choose one of the subjects shown."),
        ({"budget": "0"}, "above zero"),
        ({"design2_cost": "20000.01"}, "more than the project&#39;s budget"),
        ({"design2_title": "", "design2_cost": "", "design2_story": ""}, "at least 2 designs"),
        ({"design3_story": "只写了介绍"}, "Please give it a name"),
        ({"design1_picture": b"no picture"}, "Please choose a picture"),
        ({"design1_kept": "../../secret"}, ""),
    ],
)
def test_a_project_that_says_too_little_is_refused(  # A20-A22
    village: Any, committee: InspectingClient, changes: dict[str, Any], said: str
) -> None:
    files = {name: (io.BytesIO(sent), "x.png") for name, sent in changes.items() if isinstance(sent, bytes)}
    answer = draft(committee, village, typed(builders.a_need(village), **(changes | files)))
    assert (answer.status_code, db.session.scalar(db.select(Project)) is None) == (
        (422, True) if said else (303, False)
    )
    assert said in answer.text


@pytest.mark.parametrize("state", [NeedState.SUBMITTED, NeedState.REJECTED, NeedState.ANSWERED])
def test_needs_that_are_not_listed_or_are_answered_make_no_project(  # A22
    village: Any, committee: InspectingClient, state: NeedState
) -> None:
    assert draft(committee, village, typed(builders.a_need(village, state=state))).status_code == 422


def test_needs_of_another_place_make_no_project(village: Any, committee: InspectingClient) -> None:  # A22
    other = builders.a_region_tree().villages[1]
    assert draft(committee, village, typed(builders.a_need(other))).status_code == 422


def test_only_the_committee_drafts(village: Any, client: InspectingClient) -> None:  # A21
    builders.signed_in(client, builders.a_resident(village))
    assert draft(client, village, typed()).status_code == 403


def test_a_project_changes_until_its_vote_is_announced(village: Any, committee: InspectingClient) -> None:  # A26
    project = builders.a_project(village)
    address = f"/{village.code}/projects/{project.id}/revise"
    assert 'value="12500"' in committee.get(address).text
    answer = committee.post(address, data=typed(design3_title="都不要", design3_cost="0"))
    assert answer.location == f"/{village.code}/projects/{project.id}/"
    assert [one.title for one in designs_of(project)] == ["声控灯", "太阳能灯", "都不要"]
    assert len(needs_of(project)) == 1
    builders.an_open_round(project)
    assert committee.post(address, data=typed(title="另一个")).status_code == 422
    assert db.session.get_one(Project, project.id, populate_existing=True).title == "楼道照明改造"
