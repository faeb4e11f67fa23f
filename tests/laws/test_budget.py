"""Few statements a page, and as few for 50 rows as for 1."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.regions.models import Region
from portal.rules.needs import NeedState
from portal.store import db
from tests import builders
from tests.counting import statements

MOST = 6
MORE = {"home": 10, "a project": 10}
"""Pages that bring several lists together. These numbers may only go down."""


@pytest.fixture
def village(app: Flask) -> Region:
    region = builders.a_region_tree().villages[0]
    builders.with_numbers(region, most_open_needs=1000)
    return region


def asked(app: Flask, person: Person | None, address: str, most: int = MOST) -> int:
    """How many statements the second look at a page asks, by someone who is signed in."""
    client = builders.signed_in(app.test_client(), person)
    client.get(address)
    with statements() as said:
        answer = client.get(address, inspect=False)
    assert answer.status_code == 200, address
    assert len(said) <= most, f"{address} asks {len(said)} statements of {most}; join or ask once:\n" + "\n".join(said)
    return len(said)


def rows(number: int, village: Region) -> dict[str, int]:
    """So many rows of everything; the last of each."""
    author = builders.a_resident(village)
    provider = builders.a_provider(village)
    made: dict[str, int] = {"provider": provider.id}
    for _ in range(number):
        made["need"] = builders.a_need(village, author=author).id
        builders.a_need(village, author=author, state=NeedState.SUBMITTED)
        builders.a_resident(village, verified=False)
    need = db.session.get_one(builders.Need, made["need"])
    builders.supported(need, *(builders.a_resident(village) for _ in range(min(number, 10))))
    for _ in range(min(number, 20)):
        project = builders.a_project(village, needs=(need,))
        made |= {"project": project.id, "poll": builders.an_open_round(project).id}
        made["provider"] = builders.a_provider(village).id
        builders.rated(builders.a_service(provider, village), 5)
    return made


PAGES: dict[str, tuple[str, str]] = {
    "home": ("resident", "/{region}/"),
    "needs": ("resident", "/{region}/needs/"),
    "needs, searched": ("resident", "/{region}/needs/?words=楼道"),
    "a need": ("resident", "/{region}/needs/{need}/"),
    "report": ("resident", "/{region}/needs/report"),
    "projects": ("resident", "/{region}/projects/"),
    "a project": ("resident", "/{region}/projects/{project}/"),
    "votes": ("resident", "/{region}/votes/"),
    "a ballot": ("resident", "/{region}/votes/{poll}/"),
    "providers": ("resident", "/{region}/providers/"),
    "a provider": ("resident", "/{region}/providers/{provider}/"),
    "what is mine": ("resident", "/mine/"),
    "the queue": ("committee", "/{region}/moderation/"),
    "who lives here": ("committee", "/{region}/residents/"),
    "the summary": ("committee", "/{region}/summary/"),
    "finding a place": ("resident", "/find?q=社区"),
}


def test_a_page_asks_few_statements_and_as_few_for_many_rows(app: Flask, village: Region) -> None:
    people = {"resident": builders.a_resident(village), "committee": builders.a_committee(village)}
    problems = []

    def look(made: dict[str, int]) -> dict[str, int]:
        counts = {}
        for name, (who, where) in PAGES.items():
            try:
                counts[name] = asked(app, people[who], where.format(region=village.code, **made), MORE.get(name, MOST))
            except AssertionError as error:
                problems.append(f"{name}: {error}")
        return counts

    few = look(rows(1, village))
    many = look(rows(50, village))
    grown = {name: (few[name], many[name]) for name in many if name in few and many[name] > few[name]}
    assert not problems, "\n".join(dict.fromkeys(problems))
    assert not grown, f"more rows cost more statements, ask for them together: {grown}"


def test_a_rating_page_asks_few_statements(app: Flask, village: Region) -> None:
    service = builders.a_service(builders.a_provider(village), village)
    asked(app, None, f"/rate/{service.ticket}")
    builders.rated(service, 4)
    asked(app, None, f"/rate/{service.ticket}")


def test_statements_are_counted(app: Flask, village: Region) -> None:
    look: Callable[[], object] = lambda: db.session.scalar(db.select(Region.name))  # noqa: E731
    with statements() as said:
        look()
        look()
    assert len(said) == 2
