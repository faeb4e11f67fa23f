"""A committee announces a vote; then everything that decides is fixed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.rules import Refused
from portal.store import clock, db
from portal.voting.actions import open_round
from portal.voting.models import Round
from tests import builders
from tests.client import InspectingClient


def test_the_times_are_those_of_china(village: Any, client: InspectingClient, at: Any) -> None:  # A26
    project = builders.a_project(village)
    builders.signed_in(client, builders.a_committee(village))
    address = f"/{village.code}/votes/announce/{project.id}"
    with at("2026-11-22"):
        assert 'value="2026-12-06T20:00"' in client.get(address).text
        answer = client.post(address, data={"opens_at": "2026-11-23T08:00", "closes_at": "2026-12-01T20:00"})
    round_ = db.session.scalars(db.select(Round)).one()
    assert answer.location == f"/{village.code}/votes/{round_.id}/"
    assert round_.opens_at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert round_.closes_at == datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    assert client.get(f"/{village.code}/votes/project/{project.id}").location == answer.location


@pytest.mark.parametrize(
    ("opens_at", "closes_at"),
    [("", "2026-12-01T20:00"), ("2026-12-01T20:00", ""), ("soon", "later"), ("2026-12-01T20:00", "2026-11-30T20:00")],
)
def test_times_that_are_no_vote_are_refused_beside_the_field(  # A26
    village: Any, client: InspectingClient, at: Any, opens_at: str, closes_at: str
) -> None:
    project = builders.a_project(village)
    builders.signed_in(client, builders.a_committee(village))
    with at("2026-11-22"):
        answer = client.post(
            f"/{village.code}/votes/announce/{project.id}", data={"opens_at": opens_at, "closes_at": closes_at}
        )
    assert answer.status_code == 422
    assert db.session.scalar(db.select(Round)) is None


def test_a_project_has_one_vote(village: Any, round_: Any) -> None:  # A26
    project = builders.db.session.get_one(builders.Project, round_.project_id)
    moment = clock.now()
    with pytest.raises(Refused):
        open_round(builders.actor(builders.a_committee(village)), project, moment, moment + timedelta(days=1))


def test_only_the_committee_announces(village: Any, client: InspectingClient) -> None:  # A24
    project = builders.a_project(village)
    address = f"/{village.code}/votes/announce/{project.id}"
    builders.signed_in(client, builders.a_resident(village))
    assert client.get(address).status_code == 403
    builders.signed_in(client, builders.a_committee(builders.a_region_tree().villages[1]))
    assert client.post(address).status_code == 403


def test_before_a_vote_is_announced_a_project_leads_back_to_itself(village: Any, client: InspectingClient) -> None:
    project = builders.a_project(village)
    way = client.get(f"/{village.code}/votes/project/{project.id}")
    assert way.location == f"/{village.code}/projects/{project.id}/"
    builders.signed_in(client, builders.a_committee(village))
    way = client.get(f"/{village.code}/votes/project/{project.id}")
    assert way.location == f"/{village.code}/votes/announce/{project.id}"
