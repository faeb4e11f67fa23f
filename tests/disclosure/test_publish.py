"""Five items of every purchase are public in time, or red; what was published stays."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.disclosure.models import DisclosureItem
from portal.disclosure.queries import register_of
from portal.purchases.deciding import award_purchase, publish_result, report_scores
from portal.regions.models import Region
from portal.rules.disclosure import Item
from portal.store import clock, db
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements
from tests.purchases.making import a_purchase, judged, opened, the_buyer

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def purchase(app: Flask) -> Any:
    return a_purchase(builders.a_project(builders.a_region_tree().villages[0]))


@pytest.fixture
def county(purchase: Any) -> Region:
    return the_buyer(db.session.get_one(builders.Project, purchase.project_id))


def published(client: InspectingClient, county: Region, purchase: Any, item: str = "method", **typed: str) -> Any:
    builders.signed_in(client, builders.an_official(county))
    answer = client.post(f"/{county.code}/disclosure/{purchase.id}/{item}/publish", data={"seen": "0", **typed})
    db.session.rollback()
    return answer


def test_an_item_is_public_at_a_lasting_address(  # B31
    client: InspectingClient, county: Region, purchase: Any
) -> None:
    address = f"/{county.code}/disclosure/{purchase.id}/method/"
    assert "Not public yet" in client.get(address, headers=ENGLISH).text
    for _ in range(2):
        assert published(client, county, purchase).status_code == 303
    builders.signed_in(client, None)
    said = client.get(address, headers=ENGLISH).text
    assert purchase.ground in said
    assert said.count("Version ") == 1
    assert "1/5" in client.get(f"/{county.code}/disclosure/").text


def test_what_was_published_stays_when_it_is_corrected(  # B32
    client: InspectingClient, county: Region, purchase: Any
) -> None:
    published(client, county, purchase)
    assert published(client, county, purchase, seen="1").status_code == 422
    assert published(client, county, purchase, seen="1", words="补充法律依据的条款。").status_code == 303
    said = client.get(f"/{county.code}/disclosure/{purchase.id}/method/", headers=ENGLISH).text
    assert "Version 2" in said
    assert "Version 1" in said
    assert "补充法律依据的条款。" in client.get(f"/{county.code}/disclosure/changes").text


def test_what_is_late_is_red_with_its_days_and_stays_late(  # B31, 2.2
    client: InspectingClient, county: Region, purchase: Any, at: Any
) -> None:
    found = register_of(county)[0].items
    assert found[Item.RESULT].clock is None
    due = found[Item.METHOD].clock
    assert due
    with at(purchase.published_at + timedelta(days=60)):
        late = register_of(county)[0].items[Item.METHOD]
        assert late.light == "red"
        assert late.clock
        assert late.clock.late_days == (clock.today() - due.due_on).days > 0
        published(client, county, purchase)
        assert register_of(county)[0].items[Item.METHOD].light == "amber"


def test_a_result_is_not_published_before_there_is_one(  # B31
    client: InspectingClient, county: Region, purchase: Any
) -> None:
    assert published(client, county, purchase, "result").status_code == 422
    assert not db.session.scalars(db.select(DisclosureItem)).all()


def test_only_an_official_of_the_purchaser_publishes(  # B31
    client: InspectingClient, county: Region, purchase: Any
) -> None:
    township = builders.a_region_tree().township
    builders.signed_in(client, builders.an_official(township))
    village = builders.a_region_tree().villages[0]
    for code in (county.code, village.code):
        answer = client.post(f"/{code}/disclosure/{purchase.id}/method/publish", data={"seen": "0"})
        assert answer.status_code == 403


def test_the_register_is_saved_as_a_table(client: InspectingClient, county: Region, purchase: Any) -> None:  # B31
    published(client, county, purchase)
    assert "1/5" in client.get(f"/{county.code}/disclosure/register.csv").get_data(as_text=True)
    assert client.get(f"/{county.code}/disclosure/register.xlsx").data[:2] == b"PK"


def test_a_purchase_is_read_by_programs(client: InspectingClient, county: Region, purchase: Any) -> None:  # B31
    package = client.get(f"/{county.code}/disclosure/{purchase.id}/ocds.json").json
    release = package["releases"][0]
    assert release["tender"]["value"] == {"amount": purchase.budget_fen // 100, "currency": "CNY"}
    assert release["planning"]["rationale"]
    assert "awards" in release


def test_a_purchase_that_is_only_prepared_is_nowhere(client: InspectingClient, app: Flask) -> None:  # B31
    purchase = a_purchase(builders.a_project(builders.a_region_tree().villages[0]), published=False)
    county = builders.a_region_tree().county
    assert client.get(f"/{county.code}/disclosure/{purchase.id}/").status_code == 404
    assert client.get(f"/{county.code}/disclosure/{purchase.id}/ocds.json").status_code == 404
    assert not register_of(county)


def test_the_register_asks_as_few_statements_for_many(client: InspectingClient, county: Region, purchase: Any) -> None:
    counts = []
    for _ in range(2):
        client.get(f"/{county.code}/disclosure/")
        with statements() as said:
            client.get(f"/{county.code}/disclosure/", inspect=False)
        counts.append(len(said))
        a_purchase(builders.a_project(builders.a_region_tree().villages[1]))
    assert counts[0] == counts[1] <= 6, counts


def test_a_result_is_nobody_s_before_the_bidders_have_it(client: InspectingClient, purchase: Any) -> None:  # B31, 2.2
    project = db.session.get_one(builders.Project, purchase.project_id)
    county, official = the_buyer(project), builders.actor(builders.an_official(the_buyer(project)))
    bids = opened(purchase, 4_000_000, 4_100_000, 4_200_000)
    with builders.at(purchase.bids_due_at + timedelta(days=2)):
        report_scores(official, judged(purchase, bids))
        award_purchase(official, purchase, bids[0])
        assert purchase.decided_at
        assert published(client, county, purchase, "result").status_code == 422
        publish_result(official, purchase)
        assert published(client, county, purchase, "result").status_code == 303
