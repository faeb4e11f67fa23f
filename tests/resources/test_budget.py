"""Few statements a page, and as few for 50 rows as for 1."""

from datetime import date, timedelta

from flask import Flask

from portal.accounts.models import Person
from portal.regions.models import Region
from portal.resources.agreeing import enter_hours
from portal.store.clock import today
from tests import builders
from tests.counting import statements
from tests.resources import making

MOST = 6
MORE = {"{resource}/": 7}
"""The page of a resource also says which projects use it."""
PAGES = (
    "",
    "?words=活动&kind=premises&free=1",
    "list.csv",
    "offers",
    "offer?kind=premises",
    "{resource}/",
    "{resource}/revise",
    "{resource}/calendar?month={month}",
    "{resource}/book",
    "{resource}/agree",
    "{resource}/agreements/{agreement}/",
    "{resource}/agreements/{agreement}/hours",
    "use?month={month}",
    "incubators/",
    "incubators/{incubator}/",
    "incubators/{incubator}/enter",
)


def asked(app: Flask, person: Person, address: str, most: int) -> int:
    """How many statements the second look at a page asks."""
    client = builders.signed_in(app.test_client(), person)
    client.get(address)
    with statements() as said:
        answer = client.get(address, inspect=False)
    assert answer.status_code == 200, address
    assert len(said) <= most, f"{address} asks {len(said)} statements of {most}:\n" + "\n".join(said)
    return len(said)


def rows(number: int, township: Region, village: Region) -> dict[str, object]:
    """So many of everything."""
    keeper = making.keeper(village)
    resource = making.idle_premises(village, today())
    incubator = making.an_incubator(township)
    agreement = making.an_agreement(village, resource, until_on=today())
    for count in range(number):
        making.a_booking(
            township, resource, today() + timedelta(days=1 + count % 8), 480 + count * 10, 490 + count * 10
        )
        enter_hours(keeper, agreement, 6, today(), "义诊", f"{resource.id:016}{count:016}")
        day = today() + timedelta(days=count + 1)
        making.an_agreement(village, resource, from_on=day, until_on=day)
        making.idle_premises(village, date(2026, 1, 1), title=f"活动室{count}")
        making.an_offer(village)
        making.an_organisation(township, incubator, f"互助社{count}")
        making.an_incubator(township)
    month = f"{today() + timedelta(days=1):%Y-%m}"
    return {"resource": resource.id, "agreement": agreement.id, "incubator": incubator.id, "month": month}


def test_a_page_asks_few_statements_and_as_few_for_many_rows(app: Flask) -> None:
    tree = builders.a_region_tree()
    committee = builders.a_committee(tree.township)

    def look(made: dict[str, object]) -> dict[str, int]:
        places = {page: tree.township if "incubator" in page else tree.villages[0] for page in PAGES}
        return {
            page: asked(app, committee, f"/{places[page].code}/resources/{page.format(**made)}", MORE.get(page, MOST))
            for page in PAGES
        }

    few, many = (look(rows(number, tree.township, tree.villages[0])) for number in (1, 50))
    assert {page: count for page, count in many.items() if count > few[page]} == {}
