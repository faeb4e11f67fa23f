"""Chinese words of two characters are found, in either script, on both engines, and exactly."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.needs.queries import count_matching, published_needs
from portal.store.search import fold, grams
from tests import builders

TEXTS = (
    "社区养老院什么时候开",
    "養老服務要更多",
    "想问低保怎么申请",
    "低保和养老金",
    "電梯壞了，三號樓",
    "老人没有电梯上楼难",
    "公园需要ＷＩＦＩ",
    "The lift is broken",
    "台阶太高，于是摔倒了",
    "敬老活动，保养健身器材",
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("养老", {0, 1, 3}),
        ("養老", {0, 1, 3}),
        ("低保", {2, 3}),
        ("电梯", {4, 5}),
        ("電梯", {4, 5}),
        ("养老 低保", {3}),
        ("养老金", {3}),
        ("wifi", {6}),
        ("WiFi", {6}),
        ("lift", {7}),
        ("lift broken", {7}),
        ("臺階", {8}),
        ("梯", {4, 5}),
        ("老养", set()),
        ("保养", {9}),
        ("不存在", set()),
        ("!!!", set()),
        ("' OR 1=1 --", set()),
        ('"养老', {0, 1, 3}),
        ("养老*", {0, 1, 3}),
        ("养老 & | !", {0, 1, 3}),
    ],
)
def test_a_search_finds_exactly_what_holds_the_words(app: Flask, words: str, found: set[int]) -> None:  # A19
    village = builders.a_region_tree().villages[0]
    author = builders.a_resident(village)
    needs = [builders.a_need(village, text, author=author).id for text in TEXTS]
    assert {needs.index(row.id) for row in published_needs(village, words=words).rows} == found
    assert count_matching(village, words) == len(found)


@given(st.text(max_size=80))
def test_no_text_breaks_the_cutting(words: str) -> None:
    for run in grams(words):
        assert run
        assert all(token and "'" not in token and '"' not in token for token in run)


@given(st.text(alphabet="养老低保电梯", min_size=2, max_size=20), st.data())
def test_any_two_neighbouring_characters_are_a_token(words: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 2))
    assert words[start : start + 2] in grams(words)[0]


def test_scripts_widths_cases_and_variants_meet() -> None:
    assert fold("養老 臺灣 於 裡 ＷｉＦｉ") == fold("养老 台湾 于 里 wifi")


@pytest.mark.parametrize("word", ["a" * 3000, "é" * 3000, "𐍈" * 3000], ids=["ascii", "accents", "four bytes"])
def test_a_word_without_an_end_is_kept_and_found(app: Flask, word: str) -> None:
    village = builders.a_region_tree().villages[0]
    need = builders.a_need(village, f"电梯 {word}")
    assert [row.id for row in published_needs(village, words=word).rows] == [need.id]
    assert count_matching(village, f"电梯 {word[:100]}x") == 0
