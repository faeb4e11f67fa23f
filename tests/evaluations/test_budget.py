"""Pages of evaluations ask few statements, and as few for many rows as for one."""

import pytest

from portal.store import db
from tests import builders as a
from tests.contracts import making as contracts
from tests.counting import statements
from tests.evaluations import making

MOST = 6
MORE = {"show": 8, "plan": 12, "payment": 11, "of_contract": 9}
"""These pages bring many lists together: plan, indicators, points, result, instalments, parties, targets."""


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_few_statements_and_as_few_for_many_rows(app):
    asked = []
    for number in (1, 6):
        for _ in range(number):
            result = making.an_evaluation(third=50)
        asked.append(count(app, result))
    few, many = asked
    assert {name: (few[name], many[name]) for name in many if many[name] > few[name]} == {}
    assert {name: most for name, most in many.items() if most > MORE.get(name, MOST)} == {}


def count(app, result):
    contract = db.session.get_one(contracts.Contract, result.contract_id)
    region = db.session.get_one(a.Region, contract.region_id)
    here = f"/{region.code}/evaluations/"
    pages = {
        "index": here,
        "of_contract": f"{here}contract/{contract.id}/",
        "plan": f"{here}contract/{contract.id}/plan",
        "payment": f"{here}contract/{contract.id}/2/",
        "show": f"{here}{result.plan_id}/",
        "csv": f"{here}{result.plan_id}/evaluation.csv",
        "mine": "/evaluating/",
    }
    client = a.signed_in(app.test_client(), a.an_official(region))
    found = {}
    for name, where in pages.items():
        client.get(where)
        with statements() as said:
            assert client.get(where, inspect=False).status_code == 200, where
        found[name] = len(said)
    return found
