"""A resident finds her community by typing or by walking down."""

import pytest
from flask import Flask

from portal.regions.queries import children, find_region, path_to, typed
from tests import builders
from tests.client import InspectingClient

CITY = (
    *builders.PLACES,
    ("990101000000", "county", "市辖区", "990100000000"),
    ("990101100000", "township", "城关镇", "990101000000"),
    ("990101100001", "village", "长桥社区居委会", "990101100000"),
    ("990122000000", "county", "和平县", "990100000000"),
)


@pytest.mark.parametrize("words", ["长桥", "長橋", " 长桥 ", "桥社", "长桥社区居委会"])
def test_two_characters_in_either_script_are_enough(app: Flask, words: str) -> None:  # B10, B12
    builders.a_region_tree()
    assert [place.code for place in typed(words)] == ["990121100001"]


@pytest.mark.parametrize("words", ["", "长", " ", "%", "__", "%%", "不存在"])
def test_what_fits_nothing_finds_nothing(app: Flask, words: str) -> None:
    builders.a_region_tree()
    assert typed(words) == []


def test_places_of_one_name_are_told_apart_by_the_way_to_them(app: Flask, client: InspectingClient) -> None:
    builders.import_places(CITY)
    answer = client.get("/find", query_string={"q": "长桥"})
    assert "/990121100001/" in answer.text
    assert "/990101100001/" in answer.text
    assert "柳溪县" in answer.text
    assert "城关镇" in answer.text
    assert "市辖区" not in answer.text


def test_communities_come_before_towns_and_counties(app: Flask) -> None:
    builders.import_places((*builders.PLACES, ("990121200000", "township", "长桥镇", "990121000000")))
    assert [place.level for place in typed("长桥")] == ["village", "township"]


def test_pseudo_levels_are_no_place(app: Flask) -> None:
    builders.import_places(CITY)
    prefecture = find_region("990100000000")
    assert typed("市辖区") == []
    assert [place.name for place in children(prefecture)] == ["柳溪县", "和平县", "城关镇"]
    assert [place.name for place in path_to(find_region("990101100001"))] == [
        "云泽省",
        "清和市",
        "城关镇",
        "长桥社区居委会",
    ]


def test_walking_down_leads_to_a_community(client: InspectingClient) -> None:
    tree = builders.a_region_tree()
    assert f"/find?in={tree.province.code}" in client.get("/find").text
    assert f"/find?in={tree.township.code}" in client.get(f"/find?in={tree.county.code}").text
    assert f'href="/{tree.villages[0].code}/"' in client.get(f"/find?in={tree.township.code}").text


def test_what_is_typed_answers_as_a_part(client: InspectingClient) -> None:
    builders.a_region_tree()
    answer = client.get("/find", query_string={"q": "长桥"}, part="found")
    assert "<h1>" not in answer.text
    assert "长桥社区居委会" in answer.text


def test_an_unknown_place_is_not_found(client: InspectingClient) -> None:
    assert client.get("/990121100009/needs/").status_code == 404
    assert client.get("/find?in=990121100009&q=%00").status_code == 200


def test_the_community_is_remembered(client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    assert client.get("/").headers["Location"] == "/find"
    client.get(f"/{village.code}/needs/report")
    assert client.get("/").headers["Location"] == f"/{village.code}/"
