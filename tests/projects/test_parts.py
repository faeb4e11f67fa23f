"""What a project is put together of: items, places, partners, resources, level, channel."""

from typing import Any

import pytest
from flask import Flask

from portal.projects.bundling import bundle_of, parts_of
from portal.projects.models import Project
from portal.projects.queries import share_of_bundles
from portal.resources.models import Resource
from portal.rules.bundles import Partner, PartnerKind
from portal.rules.coverage import Share
from portal.store import action, clock, db
from tests import builders
from tests.client import InspectingClient
from tests.projects.test_draft import ENGLISH, draft, typed


@pytest.fixture
def committee(village: Any, client: InspectingClient) -> InspectingClient:
    return builders.signed_in(client, builders.a_committee(village))  # type: ignore[return-value]


@action
def a_listed_resource(region: Any, *, listed: bool = True, title: str = "活动室") -> Resource:
    by = builders.a_committee(region).id
    resource = Resource(
        key=title * 8,
        region_id=region.id,
        kind="premises",
        title=title,
        listed=listed,
        offered_by_id=by,
        at=clock.now(),
    )
    db.session.add(resource)
    db.session.flush()
    return resource


def the_project() -> Project:
    return db.session.scalars(db.select(Project).execution_options(populate_existing=True)).one()


def test_the_simple_form_stays_simple(village: Any, committee: InspectingClient) -> None:  # A21
    assert draft(committee, village, typed(builders.a_need(village))).status_code == 303
    parts = parts_of(the_project(), village)
    assert not any((parts.items, parts.places, parts.partners, parts.resources, parts.mismatch))
    page = committee.get(f"/{village.code}/projects/{the_project().id}/", headers=ENGLISH).text
    assert "How it is put together" not in page


def test_a_project_says_all_that_it_is_put_together_of(  # A9, A35, A36, A39, A49
    village: Any, committee: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.county, "晨光社工中心")
    room = a_listed_resource(village)
    answer = draft(
        committee,
        village,
        typed(
            builders.a_need(village),
            items=["0902", "0905", "0901"],
            places=[tree.villages[1].id],
            more_places="石榴村委会",
            resources=[room.id],
            partner_social_organisation="晨光社工中心、邻里协会",
            partner_volunteer="望湖志愿队",
            by_party="y",
        ),
    )
    assert answer.status_code == 303
    project = the_project()
    bundle = bundle_of(project)
    assert bundle.items == ("0902", "0905")  # its own subject is not bought twice
    assert bundle.places == (tree.villages[1].id, tree.villages[2].id)
    assert bundle.partners == (
        Partner(PartnerKind.SOCIAL_ORGANISATION, "晨光社工中心"),
        Partner(PartnerKind.SOCIAL_ORGANISATION, "邻里协会"),
        Partner(PartnerKind.VOLUNTEER, "望湖志愿队"),
    )
    assert (bundle.resources, bundle.by_party, project.channel) == ((room.id,), True, "party_org")
    page = committee.get(f"/{village.code}/projects/{project.id}/", headers=ENGLISH).text
    for words in ("Neighbourhood activities", "梅园社区居委会", "邻里协会", "活动室", "grassroots Party organisation"):
        assert words in page
    assert f"/providers/{provider.id}/" in page


def test_a_project_is_on_the_list_of_each_place_where_it_is_delivered(  # A35
    village: Any, client: InspectingClient, committee: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    _, there, elsewhere = tree.villages
    draft(committee, village, typed(builders.a_need(village), places=[there.id]))
    project = the_project()

    def lists(place: Any) -> bool:
        return f'/projects/{project.id}/"' in client.get(f"/{place.code}/projects/").text

    assert [lists(place) for place in (village, there, elsewhere, tree.county)] == [True, True, False, True]


def test_a_township_that_is_named_stands_for_its_communities(app: Flask, client: InspectingClient) -> None:  # A35
    tree = builders.a_region_tree()
    need = builders.a_need(tree.villages[0])
    builders.signed_in(client, builders.a_committee(tree.county))
    assert draft(client, tree.county, typed(need, places=[tree.township.id])).status_code == 303
    assert f'/projects/{the_project().id}/"' in client.get(f"/{tree.villages[2].code}/projects/").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": ["0101"]}, "Please choose one of the subjects shown."),
        ({"items": ["9999"]}, "Please choose one of the subjects shown."),
        ({"places": ["9" * 30]}, "Please choose places that belong here."),
        ({"more_places": "天上"}, "There is no one place “天上” here."),
        ({"resources": ["999999"]}, "not on the public list of resources"),
        ({"partner_social_worker": "王芳13812345678"}, "leave phone numbers out"),
        ({"level": "moon"}, "Please choose one of the levels shown."),
        ({"level": "province"}, "Please say why; everyone will read it."),
        ({"level": "province", "level_reason": "请打13812345678"}, "leave phone numbers out"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field_and_stays_typed(  # A32-A36
    village: Any, committee: InspectingClient, changes: dict[str, Any], said: str
) -> None:
    answer = draft(committee, village, typed(builders.a_need(village), partner_volunteer="望湖志愿队", **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert "望湖志愿队" in answer.text
    assert db.session.scalar(db.select(Project)) is None


def test_a_place_next_door_of_another_township_is_no_place_of_delivery(  # A35
    village: Any, committee: InspectingClient
) -> None:
    builders.import_places([("990121200001", "village", "远山村委会", "990121000000")])
    answer = draft(committee, village, typed(builders.a_need(village), more_places="990121200001"))
    assert "There is no one place" in answer.text


def test_a_private_resource_is_not_offered_to_projects(village: Any, committee: InspectingClient) -> None:  # A39
    hidden = a_listed_resource(village, listed=False, title="储藏室")
    assert "储藏室" not in committee.get(f"/{village.code}/projects/draft").text
    assert draft(committee, village, typed(builders.a_need(village), resources=[hidden.id])).status_code == 422


def test_another_level_is_a_warning_with_a_public_reason(village: Any, committee: InspectingClient) -> None:  # A32, B14
    reason = "省里统一试点，由省民政厅购买。"
    answer = draft(committee, village, typed(builders.a_need(village), level="province", level_reason=reason))
    assert answer.status_code == 303
    page = builders.signed_in(committee, None).get(f"/{village.code}/projects/{the_project().id}/", headers=ENGLISH)
    assert reason in page.text
    assert "Another level buys this" in page.text


def test_the_usual_level_needs_no_reason(village: Any, committee: InspectingClient) -> None:  # A34
    assert draft(committee, village, typed(builders.a_need(village), level="township")).status_code == 303
    assert not parts_of(the_project(), village).mismatch


def test_changing_a_project_begins_with_what_was_said(village: Any, committee: InspectingClient) -> None:  # A26, A36
    tree = builders.a_region_tree()
    draft(
        committee,
        village,
        typed(builders.a_need(village), items=["0902"], places=[tree.villages[1].id], partner_charity="红十字会"),
    )
    address = f"/{village.code}/projects/{the_project().id}/revise"
    text = committee.get(address).text
    assert 'value="0902" checked' in text
    assert f'value="{tree.villages[1].id}" checked' in text
    assert 'value="红十字会"' in text
    assert committee.post(address, data=typed(items=["0905"])).status_code == 303
    assert bundle_of(the_project()).items == ("0905",)
    assert bundle_of(the_project()).places == ()


def test_the_same_form_sent_twice_drafts_one_project(village: Any, committee: InspectingClient) -> None:  # A21
    values = typed(builders.a_need(village), key="k" * 32)
    first, second = draft(committee, village, values), draft(committee, village, values)
    assert first.location == second.location
    assert len(db.session.scalars(db.select(Project.id)).all()) == 1


def test_officials_see_how_many_projects_buy_several_items(  # A36
    village: Any, committee: InspectingClient
) -> None:
    builders.a_project(village)
    draft(committee, village, typed(builders.a_need(village), items=["0902"]))
    assert share_of_bundles(village) == Share(1, 2)
    address = f"/{village.code}/projects/"
    assert "1 of 2" in committee.get(address, headers=ENGLISH).text
    assert "1 of 2" not in builders.signed_in(committee, None).get(address, headers=ENGLISH).text


def test_small_projects_of_one_place_and_quarter_are_seen_together(  # A36
    village: Any, committee: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    with builders.at("2026-10-05"):
        one, two = builders.a_project(village), builders.a_project(village)
        large = builders.a_project(village, budget=10_000_000)
        other = builders.a_project(tree.villages[1])
    with builders.at("2026-09-30"):
        before = builders.a_project(village)
    with builders.at("2026-11-22"):
        builders.signed_in(committee, builders.an_official(tree.county))
        text = committee.get(f"/{tree.county.code}/projects/together", headers=ENGLISH).text
        builders.signed_in(committee, builders.a_committee(village))
        hint = committee.get(f"/{village.code}/projects/draft").text
    for said in (text, hint):
        assert all(f'/projects/{project.id}/"' in said for project in (one, two))
        assert not any(f'/projects/{project.id}/"' in said for project in (large, other, before))
    assert "2026 Q4" in text
    assert "¥100,000" in text


def test_only_those_who_oversee_see_what_could_be_bought_together(  # A36
    village: Any, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    assert client.get(f"/{village.code}/projects/together").status_code == 403
