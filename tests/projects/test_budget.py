"""The page of a project asks the database as often after a long life as after a short one."""

from typing import Any

from portal.rules.projects import ProjectState
from tests.client import InspectingClient
from tests.counting import statements
from tests.projects.making import a_project_in, an_improvement, an_objection


def test_a_long_life_costs_no_more_than_a_short_one(village: Any, client: InspectingClient) -> None:
    counts = []
    for number in (1, 12):
        project = a_project_in(village, ProjectState.IMPROVING)
        for _ in range(number):
            an_objection(project)
            an_improvement(project)
        for where in (f"{project.id}/", "improving"):
            with statements() as said:
                client.get(f"/{village.code}/projects/{where}")
            counts.append(len(said))
    assert counts[:2] == counts[2:]
    assert counts[1] <= 6
    assert counts[0] <= 10, said
