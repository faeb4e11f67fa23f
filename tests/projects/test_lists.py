"""The project list: filtered, printed, saved; and the way from a need to its project."""

import csv
import io
import zipfile
from typing import Any

from portal.projects.actions import fill_search
from portal.projects.models import project_search
from portal.rules.projects import ProjectState
from portal.store import action, db
from tests import builders
from tests.client import InspectingClient
from tests.projects.test_coverage import standing
from tests.projects.test_draft import ENGLISH, draft, typed


def saved(client: InspectingClient, region: Any, **asked: object) -> list[list[str]]:
    answer = client.get(f"/{region.code}/projects/sheet.csv", query_string=asked, headers=ENGLISH)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_list_is_filtered_in_each_shape(client: InspectingClient, village: Any) -> None:  # A39
    tree = builders.a_region_tree()
    builders.signed_in(client, builders.a_committee(village))
    draft(client, village, typed(builders.a_need(village), title="老年食堂", category="0401", items=["0902"]))
    builders.signed_in(client, None)
    there = standing(builders.a_project(tree.villages[1]), ProjectState.SERVING)
    here = there.id - 1

    def shown(**asked: object) -> list[int]:
        rows = saved(client, tree.county, **asked)[1:]
        text = client.get(f"/{tree.county.code}/projects/", query_string=asked).text
        sheet = client.get(f"/{tree.county.code}/projects/sheet", query_string=asked).text
        numbers = [int(row[0]) for row in rows]
        for number in (here, there.id):
            assert (f'/projects/{number}/"' in text) is (number in numbers)
            assert (f">{number}</th>" in sheet) is (number in numbers)
        return numbers

    assert shown() == [there.id, here]
    assert shown(state="serving") == [there.id]
    assert shown(about="04") == [here]
    assert shown(about="09") == [there.id, here]  # an item of the bundle counts, too
    assert shown(words="食堂") == [here]
    assert shown(words="老年食堂") == [here]
    assert shown(words="長者") == []
    assert shown(place=tree.villages[1].code) == [there.id]
    assert shown(state="nonsense") == []
    assert shown(need="nonsense", place="x") == [there.id, here]


def test_a_row_says_what_everyone_may_know(client: InspectingClient, village: Any) -> None:  # A39
    project = builders.a_project(village)
    row = saved(client, village)[1]
    assert row[:9] == [
        str(project.id),
        "楼道照明改造",
        "Community building",
        "三号楼",
        "长桥社区居委会",
        "Being prepared",
        "50000",
        "1",
        "0",
    ]


def test_the_same_is_saved_for_a_spreadsheet(client: InspectingClient, village: Any) -> None:  # A39
    builders.a_project(village)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/{village.code}/projects/sheet.xlsx").data)) as book:
        assert "楼道照明改造" in book.read("xl/sharedStrings.xml").decode()


def test_a_need_leads_to_its_project(client: InspectingClient, village: Any) -> None:  # A39, A22
    need, other = builders.a_need(village), builders.a_need(village, "想有食堂")
    project, second = builders.a_project(village, needs=(need,)), builders.a_project(village, needs=(other,))
    assert f'href="../../projects/?need={need.id}"' in client.get(f"/{village.code}/needs/{need.id}/").text
    text = client.get(f"/{village.code}/projects/?need={need.id}", headers=ENGLISH).text
    assert f'/projects/{project.id}/"' in text
    assert f'/projects/{second.id}/"' not in text
    assert f"Projects that answer need no. {need.id}" in text
    assert "?need=" not in client.get(f"/{village.code}/needs/{builders.a_need(village).id}/").text


def test_projects_are_searched_after_an_upgrade_too(client: InspectingClient, village: Any) -> None:  # A39
    project = builders.a_project(village)

    @action
    def forget_words() -> None:
        db.session.execute(db.text("DELETE FROM project_search"))

    forget_words()
    assert project_search.is_empty()
    assert len(saved(client, village, words="照明")) == 1
    fill_search()
    assert [row[0] for row in saved(client, village, words="照明")[1:]] == [str(project.id)]


def test_the_next_page_keeps_what_was_filtered(client: InspectingClient, village: Any) -> None:  # A39
    for _ in range(21):
        builders.a_project(village)
    text = client.get(f"/{village.code}/projects/?words=照明&state=drafted").text
    link = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "state=drafted" in link
    assert client.get(f"/{village.code}/projects/{link}").text.count('<li class="card">') == 1
