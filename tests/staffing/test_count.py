"""Officials note their staff; everyone sees the verdict."""

from typing import Any

import pytest

from portal.regions.models import Region
from portal.staffing.models import StaffCount
from portal.store import clock, db
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def noted(client: InspectingClient, region: Region, **typed: Any) -> Any:
    builders.signed_in(client, builders.an_official(region))
    return client.post(f"/{region.code}/staffing/count", data={"key": "k" * 32, **typed}, headers=ENGLISH)


def test_an_office_that_is_short_says_by_how_many_and_why(client: InspectingClient, tree: Any) -> None:  # B6, B27, B29
    refused = noted(client, tree.township, served="2,000", staff="4")
    assert refused.status_code == 422
    assert 'value="2,000"' in refused.text
    assert noted(client, tree.township, served="2,000", staff="4", reason="正在招录。").status_code == 303
    said = client.get(f"/{tree.county.code}/staffing/", headers=ENGLISH).text
    assert "short by 1" in said
    assert "正在招录。" in said
    assert "no data" in said, "the county itself has not counted"


def test_a_count_sent_twice_is_one_and_an_older_one_stays(client: InspectingClient, tree: Any) -> None:  # B27
    for _ in range(2):
        noted(client, tree.county, served="6000", staff="2")
    noted(client, tree.county, served="10000", staff="3", key="n" * 32)
    counts = db.session.scalars(db.select(StaffCount).order_by(StaffCount.id)).all()
    assert [(one.served, one.staff) for one in counts] == [(6000, 2), (10000, 3)]
    said = client.get(f"/{tree.county.code}/staffing/", headers=ENGLISH).text
    assert "6,000 served" in said
    assert "met" in said


@pytest.mark.parametrize("typed", [{"served": "-1", "staff": "2"}, {"served": "viele", "staff": "2"}, {"served": "5"}])
def test_what_is_no_number_is_refused_beside_its_field(  # B27
    client: InspectingClient, tree: Any, typed: dict[str, str]
) -> None:
    answer = noted(client, tree.county, **typed)
    assert answer.status_code == 422
    assert "Please give a whole number" in answer.text
    assert not db.session.scalars(db.select(StaffCount)).all()


def test_a_place_may_read_each_further_step_otherwise(client: InspectingClient, tree: Any) -> None:  # B28, A44
    builders.with_numbers(tree.county, staffing_reading="started")
    assert noted(client, tree.county, served="5001", staff="2", reason="人员待补。").status_code == 303
    assert "short by 1" in client.get(f"/{tree.county.code}/staffing/", headers=ENGLISH).text


def test_only_an_official_of_the_place_notes_it(client: InspectingClient, tree: Any) -> None:
    builders.signed_in(client, builders.an_official(tree.township))
    typed = {"key": "k" * 32, "served": "5", "staff": "2"}
    assert client.post(f"/{tree.county.code}/staffing/count", data=typed).status_code == 403


def test_the_page_asks_few_statements(client: InspectingClient, tree: Any) -> None:
    client.get(f"/{tree.county.code}/staffing/")
    with statements() as said:
        client.get(f"/{tree.county.code}/staffing/", inspect=False)
    assert len(said) <= 6, said


def test_a_community_has_no_staff_of_its_own_to_note(client: InspectingClient, tree: Any) -> None:  # B28, B29
    assert noted(client, tree.villages[0], served="5", staff="2").status_code == 404


FUJIAN = "县,0,是,20000,否,1,0,\n县,20000,是,50000,是,2,0,\n县,50000,否,,否,3,0,\n社区,0,是,,否,1,0,"


def set_table(client: InspectingClient, region: Region, **typed: str) -> Any:
    builders.signed_in(client, builders.an_official(region))
    data = {
        "key": "t" * 32,
        "staffing_table": FUJIAN,
        "staffing_counts": "population",
        "staffing_reading": "full",
        "valid_from": clock.today().isoformat(),
        "cites": "榕民〔2018〕10号",
        **typed,
    }
    return client.post(f"/{region.code}/staffing/table", data=data, headers=ENGLISH)


def test_another_province_s_table_is_loaded_as_a_rule_set(client: InspectingClient, tree: Any) -> None:  # B27, A44
    for _ in range(2):
        assert set_table(client, tree.province).status_code == 303
    noted(client, tree.county, served="50001", staff="2", reason="正在招录。")
    said = client.get(f"/{tree.county.code}/staffing/", headers=ENGLISH).text
    assert "short by 1" in said
    assert "Inhabitants" in said
    assert "more than 50,000" in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("县,0,是,3000,是,2,0,\n县,3000,是,,否,4,0,", "For 3000 two rows of the table hold."),
        ("县,0,是,3000,否,2,0,\n县,3000,否,,否,4,0,", "For 3000 no row of the table holds."),
        ("县,zero,是,,否,1,0,", "Line 1 cannot be read"),
        ("月,0,是,,否,1,0,", "Line 1 cannot be read"),
        (" ", "This is a table with at least one row."),
    ],
)
def test_a_table_with_overlapping_bands_or_holes_is_refused(  # B27
    client: InspectingClient, tree: Any, typed: str, said: str
) -> None:
    answer = set_table(client, tree.province, staffing_table=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert typed.strip() in answer.text.replace("\r\n", "\n")
