"""The pages of this room ask few statements, and as few for 50 rows as for one."""

from datetime import timedelta

import pytest

from portal.store.clock import today
from tests import builders as a
from tests.counting import statements
from tests.policies import making

PAGES = {
    "policies/": 6,
    "policies/documents/": 6,
    "policies/documents/{document}/": 6,
    "policies/replies/": 6,
    "policies/rules/": 6,
    "policies/rules/{rule_set}/": 6,
    "policies/rules/put": 6,
    "policies/calendar/2026/": 6,
    "policies/pilots/": 6,
    "policies/milestones/": 6,
    "policies/milestones/{milestone}/": 8,
    "catalogue/": 6,
    "catalogue/history": 6,
    "catalogue/add": 6,
}


def rows(tree, count):
    """So many of everything that a county keeps, in a place; the last of each."""
    made = {}
    features = list(making.Feature)
    for number in range(count):
        made["document"] = making.a_document(tree.county).id
        making.a_reply(tree.county, f"A{number}")
        made["rule_set"] = making.a_rule_set(tree.county, today() + timedelta(days=number), undo_days=3 + number).id
        made["milestone"] = making.a_milestone(tree.county).id
        if number < 50:
            making.an_item(tree.county, f"04{50 + number}")
        if number < len(features):
            making.a_pilot(tree.county, features[number])
    return made


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_asks_few_statements_however_much_there_is(app, tree, count):  # design 3
    made = rows(tree, count)
    client = a.signed_in(app.test_client(), a.an_official(tree.county))
    asked = {}
    for path, most in PAGES.items():
        where = f"/{tree.county.code}/{path.format(**made)}"
        client.get(where)
        with statements() as said:
            assert client.get(where).status_code == 200, where
        asked[path] = len(said)
        assert len(said) <= most, f"{where} asks {len(said)} statements:\n" + "\n".join(said)
