"""The page that counts again on a resident's phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.walker import LOCALES
from tests.verify import making
from tests.verify.conftest import edited

HERE = making.VERIFIER.parent
SMALL = {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def phone(browser: Browser, site_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A small phone on which nothing may go wrong in secret; the parameter is its language."""
    context = browser.new_context(locale=LOCALES[getattr(request, "param", "zh-Hans")], base_url=site_url, **SMALL)
    context.set_default_timeout(8000)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults, "\n".join(faults)


def chosen(page: Page, text: str) -> None:
    page.set_input_files("#file", {"name": "b.json", "mimeType": "application/json", "buffer": text.encode()})


@pytest.mark.parametrize("phone", LOCALES, indirect=True)
def test_a_resident_counts_again_and_sees_her_marks_in_her_language(phone: Page) -> None:  # A26
    vote = making.a_vote(8, kind="cumulative")
    ballot = next(one for one in vote.ballots if one.choices)
    phone.goto("/static/verify/index.html")
    language = phone.get_attribute("html", "lang")
    chosen(phone, making.published(vote))
    phone.fill("#code", ballot.code)
    phone.click("#check")
    title, marked, fits = {
        "zh-Hans": ("公开验票", "方案", "全部相符"),
        "zh-Hant": ("公開驗票", "方案", "全部相符"),
        "en": ("Count this vote again", "Design", "Everything fits"),
    }[str(language)]
    expect(phone.locator("#verdict")).to_have_text(fits)
    expect(phone.locator("h1")).to_have_text(title)
    key, _, points = ballot.choices.split(",")[0].partition(":")
    expect(phone.locator("#beside")).to_contain_text(f"{key}. {marked}")
    expect(phone.locator("#beside")).to_contain_text(f"× {points}")
    assert phone.locator("#options li.won").count() == len(vote.counted.winners)  # type: ignore[union-attr]
    assert phone.evaluate("document.activeElement.id") == "verdict"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_file_is_fetched_from_the_same_site(phone: Page) -> None:
    text = making.published(making.a_vote())
    phone.route(lambda url: urlsplit(url).path == "/open/vote.json", lambda route: route.fulfill(body=text))
    phone.goto("/static/verify/index.html?from=/open/vote.json")
    expect(phone.locator("#from")).to_have_text("这次投票：先修哪里？")
    assert phone.locator("#back").get_attribute("href").endswith("/open/log")  # type: ignore[union-attr]
    phone.click("#check")
    expect(phone.locator("#verdict")).to_have_text("全部相符")


@pytest.mark.parametrize("address", ["//elsewhere.example/b.json", "https:/elsewhere", "/\\\\elsewhere.example/b"])
def test_no_other_site_is_asked(phone: Page, address: str) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto("/static/verify/index.html?from=" + address)
    phone.click("#check")
    expect(phone.locator("#file-fault")).not_to_be_empty()
    assert all(url.startswith(("http://127.0.0.1", "data:")) for url in asked)


def test_what_is_wrong_is_said_first_and_another_language_says_it_too(phone: Page) -> None:
    text = edited(making.published(making.a_vote()), lambda data: data["roll"].pop())
    phone.goto("/static/verify/index.html")
    chosen(phone, text)
    phone.click("#check")
    expect(phone.locator("#verdict")).to_have_text("发现不符")
    expect(phone.locator("#fault")).to_have_text("名册人数与事先定下的不同。")
    phone.click("[data-language=en]")
    expect(phone.locator("#fault")).to_have_text("The roll has another length than was fixed before.")
    expect(phone.locator("#steps li")).to_have_count(4)


def test_a_receipt_and_heads_are_pasted(phone: Page) -> None:
    vote = making.a_vote(9)
    phone.goto("/static/verify/index.html")
    chosen(phone, making.published(vote))
    phone.click("summary")
    phone.fill("#receipt", vote.receipt(vote.ballots[0]))
    phone.fill("#head", "\n\n".join(map(vote.head_printed, vote.heads[:2])))
    phone.click("#check")
    expect(phone.locator("#verdict")).to_have_text("全部相符")
    expect(phone.locator("#steps li")).to_have_count(10)
    phone.fill("#head", "open-count-head")
    phone.click("#check")
    expect(phone.locator("#head-fault")).to_have_text("这不是完整的六行记录指纹，请对照公告。")
    expect(phone.locator("#result")).to_be_hidden()
    assert phone.evaluate("document.activeElement.id") == "head"


def test_what_is_wrong_with_a_code_or_a_file_is_said_beside_it(phone: Page) -> None:
    phone.goto("/static/verify/index.html")
    chosen(phone, "{}")
    phone.fill("#code", "12")
    phone.click("#check")
    expect(phone.locator("#code-fault")).to_have_text("验票码是16位数字，请对照回执。")
    phone.fill("#code", "")
    phone.click("#check")
    expect(phone.locator("#code-fault")).to_be_empty()
    expect(phone.locator("#file-fault")).to_contain_text("这不是公布的投票文件")


def test_a_code_that_is_not_published_says_nothing_against_the_vote(phone: Page) -> None:  # A26
    vote = making.a_vote(9)
    phone.goto("/static/verify/index.html?lang=en")
    chosen(phone, making.published(vote))
    phone.fill("#code", "0000 0000 0000 0000")
    phone.click("#check")
    expect(phone.locator("#verdict")).to_have_text("Everything fits")
    expect(phone.locator("#result")).to_have_class("good")
    expect(phone.locator("#beside.bad")).to_contain_text("nothing is published beside it")
    assert phone.locator("#options li.won").count() == len(vote.counted.winners)
    expect(phone.locator("#steps")).to_contain_text("Counted by the rule, these win: ")
    expect(phone.locator("#steps")).to_contain_text("Design 2")


def test_without_javascript_nothing_dead_is_shown(browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((HERE / "index.html").as_uri())
    assert "This page needs JavaScript; verify.py does the same" in page.inner_text("body")
    assert page.locator("button:visible, input:visible").count() == 0
    page.context.close()


def test_without_a_file_she_is_asked_for_one(phone: Page) -> None:
    phone.goto("/static/verify/index.html")
    phone.click("#check")
    expect(phone.locator("#file-fault")).to_have_text("请先选择公布的投票文件。")


def test_it_works_from_a_disk_without_any_site(browser: Browser) -> None:
    page = browser.new_page()
    page.goto((HERE / "index.html").as_uri())
    chosen(page, making.published(making.a_vote()))
    page.click("#check")
    expect(page.locator("#verdict")).to_have_class("")
    expect(page.locator("#result")).to_have_class("good")
    page.close()


def test_everything_that_is_touched_is_large_enough_and_has_a_name(phone: Page) -> None:
    phone.goto("/static/verify/index.html")
    phone.click("summary")
    small = phone.evaluate(
        """() => [...document.querySelectorAll(":is(a, button, input, textarea, summary):not([hidden])")].filter((element) => {
            const { width, height } = element.getBoundingClientRect();
            return width < 44 || height < 44;
        }).map((element) => element.outerHTML)"""
    )
    assert small == []
    assert phone.locator("h1").count() == 1
    assert phone.get_attribute("#result", "aria-live") == "polite"
    labelled = "(ids) => ids.every((id) => document.getElementById(id).labels.length === 1)"
    assert phone.evaluate(labelled, ["file", "code", "receipt", "head"])


def test_a_large_vote_does_not_freeze_the_page(phone: Page) -> None:
    phone.goto("/static/verify/index.html")
    chosen(phone, making.published(making.a_vote(kind="choose-1", voters=20_000)))
    phone.evaluate(
        """() => {
            window.longest = 0;
            let last = performance.now();
            const tick = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; setTimeout(tick); };
            tick();
        }"""
    )
    phone.click("#check")
    expect(phone.locator("#verdict")).to_have_text("全部相符", timeout=30_000)
    assert phone.evaluate("longest") < 2000


def test_every_sentence_of_the_script_has_words_in_three_languages() -> None:
    script, page = (HERE.joinpath(name).read_text("utf-8") for name in ("verify.js", "page.js"))
    used = set(re.findall(r'\bsay\("(\w+)"', script)) | set(re.findall(r'new Wrong\("\w+", "(\w+)"', script))
    used |= set(re.findall(r'data-say="(\w+)"', HERE.joinpath("index.html").read_text("utf-8")))
    words = dict(re.findall(r"^  (\w+): \[(.*)\],$", page, re.MULTILINE))
    assert len(used) > 50
    assert used <= set(words), used - set(words)
    for key, line in words.items():
        said: list[Any] = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
        places = [sorted(re.findall(r"\{\d\}", text)) for text in said]
        assert len(said) == 3, key
        assert places[0] == places[1] == places[2], key


def test_the_page_holds_to_the_content_security_policy() -> None:
    html = Path(HERE, "index.html").read_text("utf-8")
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)
