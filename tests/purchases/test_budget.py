"""Few statements a page, and as few for many rows as for one."""

import pytest
from flask import Flask

from portal.accounts.models import Person
from tests import builders as a
from tests.counting import statements
from tests.purchases import making

MOST = 6
MORE = 10
"""For a page that brings several lists together."""


def asked(app: Flask, person: Person | None, address: str) -> int:
    client = a.signed_in(app.test_client(), person)
    client.get(address)
    with statements() as said:
        answer = client.get(address, inspect=False)
    assert answer.status_code == 200, address
    assert len(said) <= MORE, f"{address} asks {len(said)} statements:\n" + "\n".join(said)
    return len(said)


@pytest.mark.parametrize(
    ("who", "page", "most"),
    [
        ("resident", "/{county}/purchases/", MOST),
        ("official", "/{county}/purchases/", MOST),
        ("resident", "/{county}/purchases/{awarded}/", MORE),
        ("official", "/{county}/purchases/{awarded}/run", MORE),
        ("resident", "/{county}/purchases/{open}/", MORE),
        ("official", "/{county}/purchases/prepare/{project}", MORE),
        ("provider", "/{village}/purchases/{open}/bid", MOST),
        ("judge", "/{county}/purchases/{opened}/judge", MORE),
    ],
)
def test_a_page_asks_few_statements_and_as_few_for_many_rows(app, village, who, page, most):
    counts = [asked_of(app, village, who, page, rows) for rows in (3, 9)]
    assert counts[0] == counts[1]
    assert counts[1] <= most


def asked_of(app, village, who, page, rows):
    county = a.a_region_tree().county
    opened = making.a_purchase(a.a_project(village))
    making.opened(opened, *(4_000_000 + n for n in range(rows)))
    awarded, _ = making.an_award(a.a_project(village))
    for _ in range(rows - 1):
        running = making.a_purchase(a.a_project(village))
        making.a_purchase(a.a_project(village), published=False)
        project = making.approved(a.a_project(village))
    provider = making.a_bidder(project)
    making.a_bid(running, provider)
    people = {
        "resident": a.a_resident(village),
        "official": a.an_official(county),
        "provider": a.staff_of(provider),
        "judge": making.an_expert(1),
    }
    numbers = {"awarded": awarded.id, "open": running.id, "opened": opened.id, "project": project.id}
    return asked(app, people[who], page.format(county=county.code, village=village.code, **numbers))
