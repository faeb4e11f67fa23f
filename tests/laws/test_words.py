"""Nothing a reader sees is bare: every word is in all three languages."""

import ast
import csv
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract

from portal.settings import ROOT
from portal.web.words import LANGUAGES

SHOWN = ("placeholder", "aria-label", "alt", "title", "aria-description", "label", "aria-roledescription")
LETTER = re.compile(r"[^\W\d_]")
HAN = re.compile(r"[\u3400-\u9fff]")
HOLE = re.compile(r"%\((\w+)\)[sd]|(%%)")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "portal").rglob("*.py"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_bare_word(path: Path) -> None:
    found = list(bare_words(path.read_text()))
    assert not found, f'{path.relative_to(ROOT)}: write {{{{ _("…") }}}} around {found}'


def test_a_bare_word_is_seen() -> None:
    assert list(bare_words('<p class="a">{{ _("b") }} Hello</p>')) == ["Hello"]
    assert list(bare_words('<img alt="Hello" src="x">')) == ["Hello"]
    assert list(bare_words("<p>{{ '你好' }}</p>")) == ["你好"]
    assert not list(
        bare_words('<p {% if a %}class="b"{% endif %}>{{ _("c") }} · 1</p>{# a note #}<svg><path d="M1 2"/></svg>')
    )


def bare_words(source: str) -> Iterator[str]:
    """Letters in text and in attributes that are shown, outside of {{ }}, and Chinese anywhere."""
    yield from (
        found[0] for found in re.finditer(r"[\u3400-\u9fff]+", re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL))
    )
    plain = "".join(
        value if kind == "data" else "\x01" if kind == "variable_begin" else ""
        for _, kind, value in Environment(autoescape=True).lex(source)
    )
    reader = _Reader()
    reader.feed(plain)
    reader.close()
    yield from reader.bare


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bare: list[str] = []
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag != "kbd":  # the name of a key is no word
            self._look(data)

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        for name, value in attrs:
            if name in SHOWN:
                self._look(value or "")

    def _look(self, text: str) -> None:
        if LETTER.search(text) and not HAN.search(text):
            self.bare.append(" ".join(text.replace("\x01", "").split()))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "portal")))
def test_a_module_marks_every_word_it_shows(path: Path) -> None:
    """`flash("…")`, `Refusal("…")` and `gettext("…")` take N_("…"), so that extraction finds it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("flash", "Refusal", "gettext") and node.args:
            first = node.args[0]
            bare = isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and first.value)
            assert not bare, f'{path.relative_to(ROOT)}:{node.lineno}: write N_("…") around the words'


def messages() -> dict[str, str]:
    """Every English text that is translated, plurals as "one|many", with where it stands."""
    found: dict[str, str] = {}
    marks = {"N_": None, "gettext": None, "_": None, "ngettext": (1, 2)}
    for path in [*MODULES, *TEMPLATES]:
        with path.open("rb") as file:
            if path.suffix == ".py":
                rows = extract("python", file, marks)
            else:
                rows = (
                    (line, text, notes, None)
                    for line, _, text, notes in babel_extract(
                        file, ("_", "gettext", "ngettext"), [], {"silent": "false"}
                    )
                )
            for line, text, _, _ in rows:
                parts = [part for part in (text if isinstance(text, tuple) else (text,)) if part]
                if parts:
                    found.setdefault("|".join(parts[:2]), f"{path.relative_to(ROOT)}:{line}")
    return found


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_a_language_is_complete(locale: str) -> None:
    path = ROOT / "portal" / "translations" / locale / "LC_MESSAGES" / "messages.po"
    assert path.exists(), f"{path.relative_to(ROOT)} is missing"
    with path.open("rb") as file:
        catalog = read_po(file, locale=locale)
    known = {"|".join(m.id if isinstance(m.id, tuple) else (m.id,)): m for m in catalog if m.id}
    wanted = messages()
    problems = [f"{where}: not translated: {text!r}" for text, where in wanted.items() if text not in known]
    problems += [f"{path.name}: nobody says any more: {text!r}" for text in known if text not in wanted]
    for text, message in known.items():
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(said):
            problems.append(f"{path.name}: fuzzy or empty: {text!r}")
        problems += [
            f"{path.name}: other %(holes)s than {text!r}: {s!r}" for s in said if s and _holes(s) != _holes(text)
        ]
        problems += [
            f"{path.name}: {c!r} is of the other script: {s!r}" for s in said for c in _foreign(s or "", locale)
        ]
    assert not problems, f"mend portal/translations/{locale}:\n" + "\n".join(problems)


def _holes(text: str) -> set[str]:
    return {match[0] for match in HOLE.finditer(text)}


def _foreign(text: str, locale: str) -> list[str]:
    """Characters that the other script alone has: the national character sets tell them apart."""
    charset = "gb2312" if locale == "zh_Hans" else "big5"
    return [character for character in text if HAN.match(character) and character.encode(charset, "ignore") == b""]


def test_the_other_script_is_seen() -> None:
    assert _foreign("發布需求", "zh_Hans") == ["發"]
    assert _foreign("发布需求", "zh_Hant") == ["发"]
    assert not _foreign("社區居民委員會為您服務，裡面、臺灣、群眾", "zh_Hant")


def test_the_catalogue_is_in_three_languages() -> None:  # A20
    with (ROOT / "portal" / "policies" / "catalogue.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert row["zh_hans"], row
            assert row["zh_hant"], row
            assert row["en"], row
            assert not _foreign(row["zh_hans"], "zh_Hans"), row
            assert not _foreign(row["zh_hant"], "zh_Hant"), row


def test_every_language_has_a_name_and_a_catalogue() -> None:
    assert list(LANGUAGES) == ["zh-Hans", "zh-Hant", "en"]
