"""Pages of contracts ask few statements, and as few for many rows as for one."""

from datetime import timedelta

import pytest

from portal.contracts import carrying
from portal.contracts.targets import targets_of
from portal.rules.changes import ChangeDraft
from portal.store import clock, db
from tests import builders as a
from tests.contracts import making
from tests.counting import statements

MOST = 6
MORE = {"show": 11, "print": 11, "replacement": 7}
"""These pages bring many lists together: parties, clauses, money, instalments, changes, targets, providers."""


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_few_statements_and_as_few_for_many_rows(app):
    village = a.a_region_tree().villages[0]
    asked = []
    for number in (1, 8):
        for _ in range(number):
            contract = making.a_serving_contract(a.a_project(village))
        grow(contract, number)
        asked.append(count(app, contract, village))
    few, many = asked
    assert {name: many[name] for name in many if many[name] > few[name]} == {}
    assert {name: most for name, most in many.items() if most > MORE.get(name, MOST)} == {}


def grow(contract, number):
    staff = a.actor(a.staff_of(db.session.get_one(a.Provider, contract.provider_id)))
    (target,) = (one.target for one in targets_of(contract))
    for day in range(number):
        with a.at(clock.today() + timedelta(days=day)):
            carrying.read_target(staff, target, day, clock.today())
            draft = ChangeDraft("多服务几天。", contract.ends_on + timedelta(days=1), conditions=making.CONDITIONS)
            draft = making.replace(draft, signed_on=clock.today())
            carrying.change_contract(making.the_official(contract), contract, draft, making.a_key())


def count(app, contract, village):
    region = db.session.get_one(a.Region, contract.region_id)
    here = f"/{region.code}/contracts/"
    pages = {
        "index": f"/{village.code}/contracts/",
        "project": f"/{village.code}/contracts/project/{contract.project_id}",
        "show": f"{here}{contract.id}/",
        "print": f"{here}{contract.id}/print",
        "csv": f"{here}contracts.csv",
        "change": f"{here}{contract.id}/change",
        "pay": f"{here}{contract.id}/pay/1",
        "replacement": f"{here}{contract.id}/replacement",
    }
    client = a.signed_in(app.test_client(), a.an_official(region))
    found = {}
    for name, where in pages.items():
        client.get(where)
        with statements() as said:
            assert client.get(where, inspect=False).status_code == 200, where
        found[name] = len(said)
    return found
