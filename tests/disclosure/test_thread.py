"""The need that a resident typed is followed to what became of it, and back."""

import random
import secrets

from sqlalchemy import insert

from portal.contracts.models import Contract
from portal.disclosure import thread
from portal.needs.models import Need
from portal.projects.models import Project, ProjectNeed
from portal.regions.models import Region
from portal.rules.needs import NeedState
from portal.store import action, clock, db
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import a_serving_contract
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def test_a_need_is_followed_under_its_own_number(client: InspectingClient, village: Region) -> None:  # A1, A39, A40
    need = builders.a_need(village)
    project = builders.a_project(village, needs=(need,))
    contract = a_serving_contract(project)
    assert client.get(f"/t/{need.id}").headers["Location"].endswith(f"/{village.code}/thread/{need.id}")
    said = client.get(f"/{village.code}/thread/{need.id}", headers=ENGLISH).text
    for address in (
        f"/{village.code}/needs/{need.id}/",
        f"/{village.code}/projects/{project.id}/",
        f"/{db.session.get_one(Region, contract.region_id).code}/contracts/{contract.id}/",
        f"/{village.code}/providers/{contract.provider_id}/",
    ):
        assert f'href="{address}"' in said, address
        assert client.get(address).status_code == 200
    back = client.get(f"/{village.code}/thread/project/{project.id}", headers=ENGLISH).text
    assert f'href="/{village.code}/thread/{need.id}"' in back


def test_a_private_need_has_no_thread(client: InspectingClient, village: Region) -> None:  # A7, A14
    need = builders.a_need(village, private=True)
    assert client.get(f"/t/{need.id}").status_code == 404
    assert client.get(f"/{village.code}/thread/{need.id}").status_code == 404


def test_a_thousand_needs_lead_to_contracts_and_back_without_a_gap(village: Region) -> None:  # A1, A22, A39
    chance = random.Random(4)
    numbers = _needs(village, 1000)
    projects = [a_project_of(village, numbers[start : start + 100], chance) for start in range(0, 1000, 100)]
    contracts = {project.id: a_serving_contract(project).id for project in projects}
    reached: dict[int, set[int]] = {}
    for need in db.session.scalars(db.select(Need).where(Need.id.in_(numbers))):
        found = thread.strands_of(need)
        reached[need.id] = {contract.id for one in found for contract, _, _ in one.contracts}
        assert {one.project.id for one in found} <= contracts.keys()
    assert reached.keys() == set(numbers)
    assert all(reached.values())
    for project in projects:
        behind = {need.id for need, _ in thread.needs_behind(project)}
        assert {number for number, found in reached.items() if contracts[project.id] in found} == behind & set(numbers)


@action
def _needs(village: Region, count: int) -> list[int]:
    moment = clock.now()
    same = {
        "region_id": village.id,
        "title": "上门陪诊",
        "story": "老人看病没人陪。",
        "category": "0401",
        "group_code": "04",
        "place": "",
        "behalf": "self",
        "about_child": False,
        "private": False,
        "state": NeedState.MATCHED.value,
        "listed": True,
        "supporters": 0,
        "reported_at": moment,
    }
    rows = [same | {"key": secrets.token_hex(16)} for _ in range(count)]
    return list(db.session.scalars(insert(Need).returning(Need.id), rows))


@action
def a_project_of(village: Region, numbers: list[int], chance: random.Random) -> Project:
    """A project that answers these needs, and a few more of all by chance."""
    project = builders.a_project(village)
    more = chance.sample(range(min(numbers), max(numbers) + 1), 10)
    links = [{"project_id": project.id, "need_id": number} for number in sorted({*numbers, *more})]
    db.session.execute(insert(ProjectNeed), links)
    return project


def test_the_thread_asks_few_statements(client: InspectingClient, village: Region) -> None:
    counts = []
    for number in (1, 3):
        need = builders.a_need(village)
        for project in [builders.a_project(village, needs=(need,)) for _ in range(number)]:
            a_serving_contract(project)
        client.get(f"/{village.code}/thread/{need.id}")
        with statements() as said:
            client.get(f"/{village.code}/thread/{need.id}", inspect=False)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 14, said


def test_all_open_books_are_found_from_one_page(client: InspectingClient, village: Region) -> None:  # A39, B31
    page = client.get(f"/{village.code}/open/").text
    addresses = [part.split('"')[0] for part in page.split(f'href="/{village.code}/')[1:]]
    for address in dict.fromkeys(addresses):
        answer = client.get(f"/{village.code}/{address}", inspect=False)
        assert answer.status_code == 200, address


def test_a_contract_of_each_state_but_a_draft_is_in_the_thread(village: Region) -> None:  # A39
    project = builders.a_project(village)
    contract = a_serving_contract(project)
    assert [one.id for one, _, _ in thread.strand_of(project, village).contracts] == [contract.id]
    assert isinstance(contract, Contract)
