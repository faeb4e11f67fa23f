"""The reader's language, days, money and numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, g

from portal.store.clock import now
from portal.web.words import ago, day, in_words, language_for, moment, money, number
from tests import builders
from tests.client import InspectingClient

PHONES = [
    ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),  # a common Chinese phone
    ("zh-CN", "zh-Hans"),
    ("zh", "zh-Hans"),
    ("zh-SG,zh;q=0.9", "zh-Hans"),
    ("zh-MY", "zh-Hans"),
    ("zh-Hans-HK,zh-Hant;q=0.9", "zh-Hans"),
    ("zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant"),
    ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
    ("zh-MO", "zh-Hant"),
    ("zh-Hant-CN,zh-Hans;q=0.9", "zh-Hant"),
    ("zh-Hant", "zh-Hant"),
    ("yue-HK", "zh-Hant"),
    ("en-US,en;q=0.9", "en"),
    ("en-GB,zh-CN;q=0.9", "en"),
    ("fr-FR,fr;q=0.9,zh-TW;q=0.5", "zh-Hant"),
    ("fr", "zh-Hans"),  # the site's own language
    ("ja,en;q=0.1", "en"),
    ("", "zh-Hans"),
    ("*", "zh-Hans"),
    (";;;q=,,", "zh-Hans"),
]


@pytest.mark.parametrize(("asked", "language"), PHONES)
@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_phone_is_answered_in_its_language(client: InspectingClient, asked: str, language: str) -> None:
    assert f'<html lang="{language}"' in client.get("/find", headers={"Accept-Language": asked}).text


def test_no_tag_of_ours_is_no_language() -> None:
    assert language_for(["fr", "de-DE", "x"]) is None


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_language_once_chosen_stays_whatever_the_phone_asks(client: InspectingClient) -> None:
    answer = client.post("/display/", data={"_language": "en", "next": "/find?in=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find?in=1")
    assert '<html lang="en"' in client.get("/find", headers={"Accept-Language": "zh-CN"}).text
    client.post("/display/", data={"_language": "tlh", "next": "//elsewhere.example"})
    assert '<html lang="en"' in client.get("/find").text


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_the_language_is_switched_without_losing_what_was_typed(client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    answer = client.post(f"/{village.code}/needs/report", data={"words": "电梯坏了三天", "_language": "zh-Hant"})
    assert answer.status_code == 200
    assert '<html lang="zh-Hant"' in answer.text
    assert "电梯坏了三天" in answer.text


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_the_elder_mode_is_the_first_control_and_is_remembered(client: InspectingClient) -> None:  # B1
    page = client.get("/find").text
    body = page[page.index("<body") :]
    first = min(body.index(mark) for mark in ("<button", "<a ") if mark in body)
    assert 'name="_display"' in body[first : first + 200]
    client.post("/display/", data={"_display": "elder", "next": "/find"})
    assert 'class="elder"' in client.get("/find").text


IN = {"zh-Hans": "2026年11月22日", "zh-Hant": "2026年11月22日", "en": "22 Nov 2026"}


@pytest.fixture(params=list(IN))
def tongue(request: pytest.FixtureRequest, app: Flask) -> str:
    g.language = request.param
    return str(request.param)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_day_is_a_day_in_china(tongue: str) -> None:
    assert day(date(2026, 11, 22)) == IN[tongue]
    assert day(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == IN[tongue]
    assert day(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == IN[tongue]
    assert moment(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == f"{IN[tongue]} 00:05"


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_money_is_whole_fen(tongue: str) -> None:
    assert money(1234500).replace("CN", "").replace("￥", "¥") == "¥12,345"
    assert money(1234567).replace("CN", "").replace("￥", "¥") == "¥12,345.67"
    assert money(0).endswith("0")
    assert money(99_999_999_999_99).endswith("99,999,999,999.99")


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_how_long_ago_is_said_in_one_unit(tongue: str) -> None:
    for passed, said in (
        (timedelta(hours=3, minutes=59), {"zh-Hans": "3小时前", "zh-Hant": "3 小時前", "en": "3 hours ago"}),
        (timedelta(days=3), {"zh-Hans": "3天前", "zh-Hant": "3 天前", "en": "3 days ago"}),
        (timedelta(minutes=1), {"zh-Hans": "1分钟前", "zh-Hant": "1 分鐘前", "en": "1 minute ago"}),
    ):
        assert ago(now() - passed) == said[tongue]


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_what_is_not_translated_is_shown_as_written(tongue: str) -> None:
    village = builders.a_region_tree().villages[0]
    assert in_words(village, "name") == "长桥社区居委会"
    village.translations = {"en": {"name": "Long Bridge"}}
    assert in_words(village, "name") == ("Long Bridge" if tongue == "en" else "长桥社区居委会")


def test_a_number_has_thousands_and_as_many_digits_as_asked() -> None:
    assert (number(1234567), number(0.5, 1), number(0)) == ("1,234,567", "0.5", "0")
