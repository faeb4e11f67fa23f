"""The pages of matching ask the database as often for fifty rows as for one."""

from typing import Any

from portal.accounts import actions as accounts
from portal.rules.permissions import Role
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements
from tests.matching.making import a_skill, an_offer
from tests.projects.making import an_approved_project
from tests.resources.making import a_resource


def test_the_board_and_a_project_cost_the_same_for_few_and_many(village: Any, client: InspectingClient) -> None:
    project = an_approved_project(village)
    seen = []
    for number in (1, 8):
        for _ in range(number):
            provider = builders.a_provider(village)
            a_skill(provider)
            an_offer(project, provider)
            an_approved_project(village)
            a_resource(village)
        counts = []
        for where in ("", f"project/{project.id}"):
            with statements() as said:
                client.get(f"/{village.code}/matching/{where}")
            counts.append(len(said))
        seen.append(counts)
    assert seen[0] == seen[1]
    assert seen[0][0] <= 6
    assert seen[0][1] <= 11, said


def test_a_persons_own_list_costs_the_same_for_one_provider_and_for_many(  # A30
    village: Any, client: InspectingClient
) -> None:
    person, project, counts = builders.a_resident(village), an_approved_project(village), []
    for number in (1, 8):
        for _ in range(number):
            provider = builders.a_provider(village)
            accounts.grant(person, Role.PROVIDER, village, provider.id)
            a_skill(provider)
            an_offer(project, provider)
        builders.signed_in(client, person)
        client.get(f"/{village.code}/matching/mine")
        with statements() as said:
            text = client.get(f"/{village.code}/matching/mine").text
        counts.append(len(said))
    assert text.count(f"/matching/project/{project.id}") == 9
    assert counts[0] == counts[1] <= 12, said
