"""Incubators of sub-districts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.resources.models import Incubator, IncubatorOrganisation
from portal.store import db
from tests import builders
from tests.client import InspectingClient
from tests.resources import making

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def official(tree: builders.Tree, client: InspectingClient) -> InspectingClient:
    return builders.signed_in(client, builders.an_official(tree.county))  # type: ignore[return-value]


def typed(**changes: Any) -> dict[str, Any]:
    return {"name": "望湖镇孵化园", "story": "场地和辅导", "opened_on": "2025-03-01", "key": "i" * 32, **changes}


def test_an_official_sets_up_an_incubator_in_premises_of_the_list(  # A56
    tree: builders.Tree, official: InspectingClient
) -> None:
    premises = making.a_resource(tree.villages[0])
    values = typed(premises=str(premises.id))
    for _ in range(2):
        answer = official.post(f"/{tree.township.code}/resources/incubators/set-up", data=values)
        assert answer.status_code == 303
    assert db.session.scalars(select(Incubator.premises_id)).all() == [premises.id]
    builders.signed_in(official, None)
    page = official.get(answer.location, headers=ENGLISH).text
    assert f"/{tree.villages[0].code}/resources/{premises.id}/" in page
    for where in (tree.county, tree.township, tree.villages[1]):
        assert "望湖镇孵化园" in official.get(f"/{where.code}/resources/incubators/").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "园"}, "two to 100 characters"),
        ({"opened_on": "2999-01-01"}, "has not come yet"),
        ({"opened_on": ""}, "This field is required."),
        ({"premises": "999999"}, "premises on the list of this place"),
    ],
)
def test_an_incubator_that_cannot_be_is_refused(  # A56
    tree: builders.Tree, official: InspectingClient, changes: dict[str, str], said: str
) -> None:
    there = f"/{tree.township.code}/resources/incubators/set-up"
    answer = official.post(there, data=typed(**changes), headers=ENGLISH)
    assert (answer.status_code, db.session.scalar(select(Incubator))) == (422, None)
    assert said in answer.text


def test_incubators_are_of_sub_districts_only(tree: builders.Tree, official: InspectingClient) -> None:  # A56
    for where in (tree.county, tree.villages[0]):
        assert official.get(f"/{where.code}/resources/incubators/set-up").status_code == 404
    builders.signed_in(official, builders.a_committee(tree.villages[0]))
    assert official.get(f"/{tree.township.code}/resources/incubators/set-up").status_code == 403


def test_organisations_come_in_and_graduate_with_their_days(  # A56
    tree: builders.Tree, official: InspectingClient
) -> None:
    incubator = making.an_incubator(tree.township)
    provider = builders.a_provider(tree.township)
    there = f"/{tree.township.code}/resources/incubators/{incubator.id}/"
    values = {"name": "银龄互助社", "entered_on": "2025-04-01", "key": "1" * 32}
    assert official.post(f"{there}enter", data=values).status_code == 303
    values = {"name": provider.name, "provider": str(provider.id), "entered_on": "2025-05-01", "key": "2" * 32}
    assert official.post(f"{there}enter", data=values).status_code == 303
    first = db.session.scalars(select(IncubatorOrganisation).order_by(IncubatorOrganisation.id)).first()
    assert first is not None
    leave = f"{there}organisations/{first.id}/graduate"
    assert official.post(leave, data={"graduated_on": "2025-03-31"}).status_code == 422
    assert official.post(leave, data={"graduated_on": "2026-04-01"}).status_code == 303
    assert official.post(leave, data={"graduated_on": "2026-05-01"}).status_code == 422
    builders.signed_in(official, None)
    page = official.get(there, headers=ENGLISH).text
    assert "1 Apr 2025" in page
    assert "1 Apr 2026" in page
    assert f"/providers/{provider.id}/" in page
    assert "1 organisation inside" in official.get(f"/{tree.township.code}/resources/incubators/", headers=ENGLISH).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entered_on": "2025-02-28"}, "was not open on this day"),
        ({"entered_on": "2999-01-01"}, "has not come yet"),
        ({"name": "银龄互助社"}, "is in the incubator already"),
        ({"provider": "999999"}, "not registered for this place"),
    ],
)
def test_an_organisation_that_cannot_come_in_is_refused(  # A56
    tree: builders.Tree, official: InspectingClient, changes: dict[str, str], said: str
) -> None:
    incubator = making.an_incubator(tree.township)
    making.an_organisation(tree.township, incubator)
    there = f"/{tree.township.code}/resources/incubators/{incubator.id}/enter"
    values = {"name": "绿芽环保队", "entered_on": "2025-05-01", "key": "3" * 32, **changes}
    answer = official.post(there, data=values, headers=ENGLISH)
    assert answer.status_code == 422
    assert said in answer.text


def test_who_has_graduated_may_come_again(tree: builders.Tree, official: InspectingClient) -> None:  # A56
    incubator = making.an_incubator(tree.township)
    organisation = making.an_organisation(tree.township, incubator)
    there = f"/{tree.township.code}/resources/incubators/{incubator.id}/"
    official.post(f"{there}organisations/{organisation.id}/graduate", data={"graduated_on": "2025-06-01"})
    again = making.an_organisation(tree.township, incubator, entered_on=date(2025, 9, 1))
    assert again.id != organisation.id
