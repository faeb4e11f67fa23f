"""The needs list as a sheet: what was filtered, printed, as CSV and as XLSX; and the way to the other lists."""

import csv
import io
import zipfile

import pytest

from portal.regions.models import Region
from portal.rules.needs import NeedState
from tests import builders
from tests.client import InspectingClient
from tests.needs.making import a_group

ENGLISH = {"Accept-Language": "en"}


def saved(client: InspectingClient, region: Region, **asked: object) -> list[list[str]]:
    answer = client.get(f"/{region.code}/needs/sheet.csv", query_string=asked, headers=ENGLISH)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_row_says_what_is_public_and_no_more(client: InspectingClient, village: Region) -> None:  # A19, A39
    author = builders.a_resident(village, name="王芳", phone="13812345678")
    need = builders.a_need(village, "三号楼灯坏了", author=author, category="0901", place="三号楼")
    group = a_group(village, need, builders.a_need(village, "二号楼灯坏了"))
    head, *rows = saved(client, village, words="三号楼")
    assert head[:4] == ["No.", "Need", "Subject", "Where?"]
    assert rows[0][:8] == [
        str(need.id),
        "三号楼灯坏了",
        "Community building",
        "三号楼",
        "长桥社区居委会",
        "Accepted",
        "1",
        str(group.id),
    ]
    assert "王芳" not in str(rows)
    assert "1381234" not in str(rows)


@pytest.mark.parametrize("who", ["stranger", "committee", "official"])
def test_a_sheet_is_the_same_for_everyone(client: InspectingClient, village: Region, who: str) -> None:  # A39
    tree = builders.a_region_tree()
    listed = builders.a_need(village, "灯坏了")
    builders.a_need(village, "还没定", state=NeedState.SUBMITTED)
    builders.a_need(village, "家里的事", private=True)
    person = {"committee": builders.a_committee(village), "official": builders.an_official(tree.county)}.get(who)
    builders.signed_in(client, person)
    assert [row[0] for row in saved(client, village)[1:]] == [str(listed.id)]
    text = client.get(f"/{village.code}/needs/sheet").text
    assert "灯坏了" in text
    assert "家里的事" not in text


def test_the_table_holds_what_was_filtered(client: InspectingClient, village: Region) -> None:  # A19, A39
    tree = builders.a_region_tree()
    lift = builders.a_need(village, "电梯坏了", category="0901")
    meals = builders.a_need(tree.villages[1], "想有食堂", category="0401", state=NeedState.ANSWERED)
    builders.supported(lift, *(builders.a_resident(village) for _ in range(5)))

    def numbers(**asked: object) -> list[str]:
        return [row[0] for row in saved(client, tree.county, **asked)[1:]]

    assert numbers() == [str(meals.id), str(lift.id)]
    assert numbers(state="answered") == [str(meals.id)]
    assert numbers(about="09") == [str(lift.id)]
    assert numbers(words="食堂") == [str(meals.id)]
    assert numbers(least=5) == [str(lift.id)]
    assert numbers(sort="support") == [str(lift.id), str(meals.id)]
    assert numbers(place=tree.villages[1].code) == [str(meals.id)]
    assert numbers(place="nowhere") == [str(meals.id), str(lift.id)]
    assert numbers(place="110000000000") == [str(meals.id), str(lift.id)]
    text = client.get(f"/{tree.county.code}/needs/sheet?about=09", headers=ENGLISH).text
    assert 'href="sheet.csv?state=&amp;about=09' in text
    assert "想有食堂" not in text


def test_the_same_is_saved_for_a_spreadsheet(client: InspectingClient, village: Region) -> None:  # A39
    need = builders.a_need(village, "=1+1 这里要修")
    answer = client.get(f"/{village.code}/needs/sheet.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        assert "这里要修" in book.read("xl/sharedStrings.xml").decode()
        assert f"<v>{need.id}</v>" in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_longer_list_says_that_there_is_more(  # A39
    client: InspectingClient, village: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.needs.views.MOST_ON_SHEET", 1)
    builders.a_need(village, "灯坏了")
    builders.a_need(village, "路坏了")
    text = client.get(f"/{village.code}/needs/sheet", headers=ENGLISH).text
    assert "There are more; please choose less of the list." in text
    assert "路坏了" in text
    assert "灯坏了" not in text


def test_each_list_leads_to_the_others(client: InspectingClient, village: Region) -> None:  # A39
    for here, others in {"needs": ("resources", "projects"), "projects": ("needs", "resources")}.items():
        text = client.get(f"/{village.code}/{here}/").text
        for other in others:
            assert f'href="/{village.code}/{other}/"' in text
    assert 'href="coverage"' in client.get(f"/{village.code}/needs/").text


def test_a_list_of_a_county_leads_to_each_need(client: InspectingClient, village: Region) -> None:  # A19
    need = builders.a_need(village)
    text = client.get(f"/{builders.a_region_tree().county.code}/needs/").text
    address = f"/{village.code}/needs/{need.id}/"
    assert f'href="{address}"' in text
    assert client.get(address).status_code == 200
