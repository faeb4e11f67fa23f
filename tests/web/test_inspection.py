"""The looker at answers sees what it is there to see."""

import pytest

from tests.inspection import faults_of_html

GOOD = """<!doctype html><html lang="en"><head><title>A</title></head><body><main><h1>A</h1>{}</main></body></html>"""


def test_a_good_page_has_no_faults() -> None:
    form = '<form method="post" action="/a" hx-post="/a"><input type="hidden" name="csrf_token" value="x"><label>B <input name="b"></label><button>Go</button></form>'
    assert faults_of_html(GOOD.format(form)) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("<p>a</div>", "not valid HTML"),
        ("<h1>Twice</h1>", "2 <h1>"),
        ('<p id="a">a</p><p id="a">b</p>', "stands 2 times"),
        ('<p aria-describedby="nobody">a</p>', "names no element"),
        ('<a href="#nobody">a</a>', "names no element"),
        ('<input name="a">', "has no label"),
        ('<label><input name="a"></label>', "has no label"),
        ("<button></button>", "has no words"),
        ('<p style="color:red">a</p>', "style=… is forbidden"),
        ('<p onclick="a()">a</p>', "onclick=… is forbidden"),
        ('<img src="https://elsewhere.example/a.png" alt="a">', "another host"),
        ('<a href="//elsewhere.example">a</a>', "another host"),
        ('<img src="/a.png">', "has no alt"),
        ("<script>a()</script>", "nonce"),
        ('<button hx-post="/a">a</button>', "form with the same action"),
        ('<form method="post" action="/b"><button hx-post="/a">a</button></form>', "form with the same action"),
        ('<form method="post" action="/b"><button>a</button></form>', "without csrf_token"),
        ("<p>%(count)s votes</p>", "not filled in"),
        ("<p>None</p>", "not filled in"),
    ],
)
def test_a_fault_is_seen(bad: str, said: str) -> None:
    assert any(said in fault for fault in faults_of_html(GOOD.format(bad)))


def test_an_empty_title_and_an_unknown_language_are_seen() -> None:
    html = GOOD.format("").replace("<title>A</title>", "<title></title>").replace('lang="en"', 'lang="zh-CN"')
    assert len(faults_of_html(html)) == 2
