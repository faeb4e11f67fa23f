"""An official's way from the county's summary down to a community, and to a table for a spreadsheet."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.commands.server import do_chores
from portal.ratings.answering import rate_service
from portal.rules.needs import NeedState
from tests import builders
from tests.journeys.conftest import House, signs_in_by_password
from tests.journeys.walker import LOCALES, Walker


@pytest.fixture(scope="session")
def counted(house: House) -> None:
    """A county with something to count: needs, a vote that is open, ratings."""
    with house.app.app_context():
        village = house.tree.villages[0]
        for state in (NeedState.SUBMITTED, NeedState.ACCEPTED, NeedState.ANSWERED):
            builders.a_need(village, state=state)
        builders.an_open_round(builders.a_project(village))
        provider = builders.a_provider(house.tree.county)
        for grade in (5, 5, 5, 4, 4, 4, 4, 3, 3, 5, 5, 2):
            rate_service(builders.a_service(provider, village).ticket, grade)
        do_chores()


@pytest.mark.parametrize("language", LOCALES)
def test_an_official_goes_down_one_level_a_tap(
    house: House, counted: None, walker: Callable[..., Walker], language: str
) -> None:
    tree = house.tree
    he = walker(language, "official")
    signs_in_by_password(he, builders.an_official(tree.county).login or "", f"/{tree.county.code}/summary/")
    he.sees(".tiles strong")
    he.picture("county")
    he.taps = 0
    he.tap(f"main a[href='/{tree.township.code}/summary/']")
    he.is_at(f"/{tree.township.code}/summary/")
    he.picture("township")
    he.tap(f"main a[href='/{tree.villages[0].code}/summary/']")
    he.is_at(f"/{tree.villages[0].code}/summary/")
    he.picture("community")
    assert he.taps == 2

    charts = he.sees("main svg[role=img]").count()
    assert he.page.locator("section:has(svg[role=img]) details table").count() == charts, "each chart has its table"
    he.tap("section:has(#needs) summary")
    he.sees("section:has(#needs) tbody tr")
    assert _saved(he, "section:has(#needs) a[href*='summary.csv']")[1:], "the table has rows"


def _saved(he: Walker, selector: str) -> list[list[str]]:
    """The rows of the file that a link saves: with BOM and line ends as Excel likes them."""
    with he.page.expect_download() as waiting:
        he.tap(selector)
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_an_official_sees_nothing_of_other_counties(house: House, walker: Callable[..., Walker]) -> None:
    he = walker(person=builders.an_official(house.tree.villages[0]))
    he.forgives += ("status of 403",)
    he.goes(f"/{house.tree.county.code}/summary/")
    he.sees(".tiles", 0)
