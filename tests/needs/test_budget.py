"""Few statements for sheets, groups, coverage and projects, and as few for 50 rows as for 1."""

from typing import Any

import pytest
from flask import Flask

from portal.needs.models import Need
from portal.regions.models import Region
from portal.store import db
from tests import builders
from tests.counting import statements
from tests.needs.making import a_group

MOST = 6
MORE = 10
"""For a page that brings several lists together."""
PAGES = {
    "needs/sheet": ("resident", MOST),
    "needs/sheet.csv": ("resident", MOST),
    "needs/groups/": ("resident", MOST),
    "needs/groups/{group}/": ("resident", MOST),
    "needs/coverage": ("resident", MORE),
    "needs/{need}/": ("resident", MOST),
    "needs/": ("resident", MOST),
    "projects/": ("committee", MOST),
    "projects/sheet": ("resident", MOST),
    "projects/together": ("committee", MOST),
    "needs/groups/new?need={need}": ("committee", MOST),
    "needs/groups/{group}/#gathering": ("committee", MORE),
    "projects/draft?group={group}": ("committee", MORE),
    "projects/{draft}/revise": ("committee", MORE),
}


@pytest.fixture
def village(app: Flask) -> Region:
    region = builders.a_region_tree().villages[0]
    builders.with_numbers(region, most_open_needs=1000)
    return region


def rows(number: int, village: Region) -> dict[str, Any]:
    author = builders.a_resident(village)
    needs = [builders.a_need(village, f"第{one}盏灯坏了", author=author) for one in range(number + 1)]
    projects = [builders.a_project(village, needs=(need,)) for need in needs[: min(number, 20)]]
    spare = [builders.a_need(village, f"第{one}盏灯坏了", author=author) for one in range(number)]
    group = a_group(village, *needs)
    assert db.session.get_one(Need, spare[0].id)
    return {"group": group.id, "need": spare[0].id, "draft": projects[0].id}


def test_a_page_asks_few_statements_and_as_few_for_many_rows(app: Flask, village: Region) -> None:
    people = {"resident": builders.a_resident(village), "committee": builders.a_committee(village)}

    def look(made: dict[str, Any]) -> dict[str, int]:
        counts = {}
        for name, (who, _) in PAGES.items():
            client = builders.signed_in(app.test_client(), people[who])
            address = f"/{village.code}/{name.format(**made)}"
            client.get(address)
            with statements() as said:
                assert client.get(address, inspect=False).status_code == 200, address
            counts[name] = len(said)
        return counts

    few, many = look(rows(1, village)), look(rows(50, village))
    assert {name: (few[name], many[name]) for name in PAGES if many[name] > few[name]} == {}
    assert {name: many[name] for name, (_, most) in PAGES.items() if many[name] > most} == {}
