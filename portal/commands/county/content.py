"""What stands in the files beside this one, as it is read."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from portal.rules.wording import title_of

HERE = Path(__file__).parent
Words = dict[str, str]
Translations = dict[str, Words]
LONGEST_ENGLISH_TITLE = 110
"""English needs about three times the room of Chinese."""


@cache
def county() -> dict[str, Any]:
    return tomllib.loads((HERE / "county.toml").read_text("utf-8"))


@cache
def story() -> dict[str, Any]:
    return tomllib.loads((HERE / "story.toml").read_text("utf-8"))


@cache
def needs() -> list[dict[str, Any]]:
    """What residents said, oldest first."""
    said: list[dict[str, Any]] = tomllib.loads((HERE / "needs.toml").read_text("utf-8"))["need"]
    return sorted(said, key=lambda need: -need["days"])


def region_names() -> dict[str, str]:
    """The name of each region by its code."""
    return {region["code"]: region["title"][0] for region in county()["region"]}


def in_three(**fields: list[str]) -> dict[str, Any]:
    """The columns of texts that are given in zh-Hans, zh-Hant and English."""
    columns: dict[str, Any] = {field: texts[0] if texts else "" for field, texts in fields.items()}
    columns["translations"] = {
        tag: {field: texts[number] for field, texts in fields.items() if texts}
        for number, tag in ((1, "zh-Hant"), (2, "en"))
    }
    return columns


def title_and_story(texts: list[str]) -> dict[str, list[str]]:
    """A need's title and story, the title made as it is when a resident types."""
    hans, hant, english = texts
    return {
        "title": [title_of(hans), title_of(hant), title_of(english, LONGEST_ENGLISH_TITLE).rstrip(".")],
        "story": texts,
    }
