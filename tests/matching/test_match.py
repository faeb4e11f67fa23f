"""The match board, who and what fits, and what providers offer."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import RoleGrant
from portal.matching.actions import offer_service, withdraw_offer
from portal.matching.models import ProjectCall, ProjectOffer, ProviderSkill
from portal.matching.queries import waits_in
from portal.notifications.queries import notices_of
from portal.projects.lifecycle import move
from portal.projects.models import ProjectItem
from portal.rules import Refused
from portal.rules.matching import Average
from portal.rules.permissions import NOBODY, Role
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.store.clock import today
from tests import builders
from tests.client import InspectingClient
from tests.matching.making import a_skill, an_offer
from tests.needs.making import a_group
from tests.projects.making import a_project_in, an_approved_project, gone_on
from tests.providers.making import published
from tests.resources.making import a_resource

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def village(tree: Any) -> Any:
    return tree.villages[0]


def by(client: InspectingClient, person: Any) -> InspectingClient:
    return builders.signed_in(client, person)  # type: ignore[return-value]


def offered(**changes: Any) -> dict[str, Any]:
    start = (today() + timedelta(days=10)).isoformat()
    return {"words": "每天上门", "people_a_month": "40", "start_on": start, **changes}


def test_a_project_finds_those_that_serve_its_place_and_do_its_kind_of_service(  # A30
    tree: Any, village: Any, client: InspectingClient
) -> None:
    fitting = builders.a_provider(tree.county, "晨光服务中心")
    elsewhere = builders.a_provider(tree.villages[1], "梅园服务社")
    other_kind = builders.a_provider(village, "养老服务社")
    for provider, category in ((fitting, "0901"), (elsewhere, "0901"), (other_kind, "0401")):
        a_skill(provider, category, 20)
    project = builders.a_project(village)
    text = client.get(f"/{village.code}/matching/project/{project.id}", headers=ENGLISH).text
    assert "晨光服务中心" in text
    assert "梅园服务社" not in text
    assert "养老服务社" not in text
    for reason in (
        "is registered for",
        "says that it does exactly this kind",
        "20 people a month",
        "Nothing else counts",
    ):
        assert reason in text


def test_who_was_rated_for_a_service_fits_it(village: Any, client: InspectingClient) -> None:  # A30
    provider = builders.a_provider(village, "晨光服务中心")
    published(provider, (0, 0, 0, 4, 6), category="0901")
    project = builders.a_project(village)
    text = client.get(f"/{village.code}/matching/project/{project.id}", headers=ENGLISH).text
    assert "was rated for exactly this kind of service" in text


def test_a_bundle_finds_those_who_do_any_of_its_items(village: Any, client: InspectingClient) -> None:  # A30, A36
    a_skill(builders.a_provider(village, "晨光服务中心"), "0401")
    project = builders.a_project(village)

    @action
    def bundle() -> None:
        db.session.add(ProjectItem(project_id=project.id, code="0401"))

    bundle()
    assert "晨光服务中心" in client.get(f"/{village.code}/matching/project/{project.id}").text


def test_fitting_resources_are_shown_with_reasons(village: Any, client: InspectingClient) -> None:  # A30
    a_resource(village)
    project = builders.a_project(village)
    text = client.get(f"/{village.code}/matching/project/{project.id}", headers=ENGLISH).text
    for said in ("老年活动室", "it is of", "it is good for any service", "it is free now"):
        assert said in text


def test_needs_and_groups_find_who_fits(village: Any, client: InspectingClient) -> None:  # A30, A22
    a_skill(builders.a_provider(village, "晨光服务中心"), "0901", 5)
    need = builders.a_need(village, category="0901")
    assert "晨光服务中心" in client.get(f"/{village.code}/matching/need/{need.id}").text
    group = a_group(village, category="0901")
    assert "晨光服务中心" in client.get(f"/{village.code}/matching/group/{group.id}").text


def test_a_private_need_is_matched_by_its_committee_only(village: Any, client: InspectingClient) -> None:  # A7, A30
    need = builders.a_need(village, private=True)
    address = f"/{village.code}/matching/need/{need.id}"
    assert by(client, None).get(address).status_code == 404
    assert by(client, builders.a_resident(village)).get(address).status_code == 404
    assert by(client, builders.a_committee(village)).get(address).status_code == 200


def told(person: Any) -> list[str]:
    return [notice.link for notice in notices_of(builders.actor(person)) if notice.template == "project_published"]


def test_fitting_providers_are_told_of_an_approved_project_once(tree: Any, village: Any) -> None:  # A30
    fitting, other = builders.a_provider(tree.county, "晨光"), builders.a_provider(village, "别家")
    a_skill(fitting, "0901")
    a_skill(other, "0401")
    project = an_approved_project(village)
    gone_on(project, ProjectState.TENDERED)
    move(NOBODY, project, ProjectState.APPROVED, "没有合格的投标")
    assert told(builders.staff_of(fitting)) == [f"/{village.code}/matching/project/{project.id}"]
    assert told(builders.staff_of(other)) == []
    assert db.session.scalars(db.select(ProjectCall.providers)).all() == [1]


def test_a_provider_says_what_it_does_and_takes_it_back(village: Any, client: InspectingClient) -> None:  # A30
    provider = builders.a_provider(village)
    here, address = by(client, builders.staff_of(provider)), f"/{village.code}/matching/skills"
    for people in ("30", "50"):
        assert here.post(address, data={"category": "0901", "people_a_month": people}).status_code == 303
    assert db.session.scalars(db.select(ProviderSkill.people_a_month)).all() == [50]
    for bad in ({"category": "09", "people_a_month": "5"}, {"category": "0901", "people_a_month": "-1"}):
        assert here.post(address, data=bad).status_code == 422
    here.post(address, data={"category": "0901", "people_a_month": "0"})
    assert db.session.scalars(db.select(ProviderSkill)).all() == []


def test_a_provider_has_one_offer_for_a_project(village: Any, client: InspectingClient) -> None:  # A30
    provider, project = builders.a_provider(village), an_approved_project(village)
    here = by(client, builders.staff_of(provider))
    address = f"/{village.code}/matching/project/{project.id}"
    for words in ("每天上门", "每天上门两次"):
        assert here.post(f"{address}/offer", data=offered(words=words)).location == address
    offer = db.session.scalars(db.select(ProjectOffer)).one()
    assert offer.words == "每天上门两次"
    assert "每天上门两次" in by(client, None).get(address).text
    made = offer.at
    by(client, builders.staff_of(provider)).post(f"{address}/offers/{offer.id}/withdraw")
    assert "每天上门两次" not in client.get(address).text
    client.post(f"{address}/offer", data=offered())
    assert db.session.scalars(db.select(ProjectOffer)).one().at == made


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"words": ""}, "words"),
        ({"people_a_month": "0"}, "people_a_month"),
        ({"people_a_month": "many"}, "people_a_month"),
        ({"start_on": "2020-01-01"}, "start_on"),
        ({"start_on": "31.2."}, "start_on"),
    ],
)
def test_a_bad_offer_is_refused_beside_its_field_and_nothing_is_lost(  # A30
    village: Any, client: InspectingClient, changes: dict[str, str], beside: str
) -> None:
    provider, project = builders.a_provider(village), an_approved_project(village)
    here = by(client, builders.staff_of(provider))
    address = f"/{village.code}/matching/project/{project.id}/offer"
    answer = here.post(address, data=offered(**changes), headers=ENGLISH)
    assert answer.status_code == 422
    assert f'href="#{beside}"' in answer.text
    assert changes.get("words", "每天上门") in answer.text


def test_a_project_that_looks_for_none_gets_no_offer(village: Any, client: InspectingClient) -> None:  # A30
    provider = builders.a_provider(village)
    here = by(client, builders.staff_of(provider))
    for state in (ProjectState.NOTICED, ProjectState.AWARDED):
        project = a_project_in(village, state)
        assert here.post(f"/{village.code}/matching/project/{project.id}/offer", data=offered()).status_code == 422


def test_nobody_speaks_for_another_provider(village: Any, client: InspectingClient) -> None:  # A30
    mine, other = builders.a_provider(village, "甲中心"), builders.a_provider(village, "乙中心")
    project = an_approved_project(village)
    me = builders.actor(builders.staff_of(mine))
    with pytest.raises(Refused):
        offer_service(me, project, village, other.id, "每天上门", 5, today())
    offer = an_offer(project, other)
    with pytest.raises(Refused):
        withdraw_offer(me, offer)
    here = by(client, builders.staff_of(mine))
    address = f"/{village.code}/matching/project/{project.id}/offers/{offer.id}/withdraw"
    assert here.post(address).status_code == 403
    here.post(f"/{village.code}/matching/project/{project.id}/offer", data=offered(provider=other.id))
    assert {one.provider_id for one in db.session.scalars(db.select(ProjectOffer))} == {mine.id, other.id}


def test_who_is_not_registered_for_the_place_does_not_offer(tree: Any, village: Any) -> None:  # A30, B15
    stranger = builders.a_provider(tree.villages[1])
    person = builders.staff_of(stranger)

    @action
    def granted() -> None:
        db.session.add(
            RoleGrant(person_id=person.id, role=Role.PROVIDER.value, region_id=village.id, provider_id=stranger.id)
        )

    granted()
    with pytest.raises(Refused, match="not registered for this place"):
        offer_service(builders.actor(person), an_approved_project(village), village, stranger.id, "来做", 5, today())


def test_the_board_counts_days_in_china_and_averages_exactly(  # A30
    tree: Any, village: Any, client: InspectingClient
) -> None:
    provider = builders.a_provider(tree.county)
    with builders.at("2026-11-02T17:00+00:00"):  # the third in China
        one, other = an_approved_project(village), an_approved_project(tree.villages[1])
    with builders.at("2026-11-05"):
        an_offer(one, provider)
    with builders.at("2026-11-08"):
        an_offer(other, provider)
        gone_on(one, ProjectState.SERVING)
    assert waits_in(tree.county) == (Average(2 + 5, 2), Average(5, 1))
    with builders.at("2026-11-10"):
        text = client.get(f"/{tree.county.code}/matching/", headers=ENGLISH).text
    assert "<strong>3.5</strong>" in text
    assert "7 days in all, 2 projects" in text
    assert f'href="/{tree.villages[1].code}/matching/project/{other.id}"' in text
    assert f"/matching/project/{one.id}" not in text
    assert ">7</td>" in text  # days since it was published


def test_a_provider_sees_the_projects_that_it_fits(tree: Any, village: Any, client: InspectingClient) -> None:  # A30
    provider = builders.a_provider(village)
    a_skill(provider, "0901")
    here, there = an_approved_project(village), an_approved_project(tree.villages[1])
    text = by(client, builders.staff_of(provider)).get(f"/{village.code}/matching/mine").text
    assert f"/matching/project/{here.id}" in text
    assert f"/matching/project/{there.id}" not in text
