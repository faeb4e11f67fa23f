"""A tap is safe without a network, and a counter's screen keeps nothing of it."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.ratings.models import Rating
from portal.ratings.queries import rating_with
from portal.store import db
from tests import builders
from tests.counting import count
from tests.journeys.walker import Walker

Walking = Callable[..., Walker]
BROKEN = ("ERR_INTERNET_DISCONNECTED",)


def a_link(village: Any) -> str:
    return f"/rate/{builders.a_service(builders.a_provider(village), village).ticket}"


def test_a_tap_without_a_network_is_kept_said_and_sent_later(village: Any, walker: Walking) -> None:  # issue 5.3
    she, link = walker(), a_link(village)
    she.forgives += BROKEN
    she.goes(link)
    assert she.context.cookies() == [], "opening stores nothing"
    she.context.set_offline(True)
    she.tap("#faces button[value='2']")
    she.page.locator("#tap-kept").wait_for(state="visible")
    she.tap("#faces button[value='4']")
    she.page.locator("#tap-kept").wait_for(state="visible")
    before = count(Rating)
    assert grade_of(link) is None
    she.context.set_offline(False)
    she.page.locator("#why_form").wait_for()
    assert she.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tap:'))") == []
    assert (count(Rating), grade_of(link)) == (before + 1, 4), "the last tap, once"


def grade_of(link: str) -> int | None:
    db.session.rollback()
    rating = db.session.scalar(rating_with(link.rpartition("/")[2]))
    return rating.grade if rating else None


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_back_at_a_counter_shows_nothing_of_the_one_before(  # issue 5.2, trust 4.10
    village: Any, walker: Walking, script: bool
) -> None:
    she, link = walker(java_script_enabled=script), a_link(village)
    she.goes(f"{link}?at=counter")
    she.tap("#faces button[value='2']")
    she.page.wait_for_url("**/rate/thanks")
    for step in (she.page.go_back, she.page.reload):
        step()
        she.sees("a[href='/rate/?at=counter']", 1)
        assert she.page.locator("[aria-pressed=true], #faces, #why_form").count() == 0
    she.page.wait_for_url("**/rate/?at=counter", timeout=15_000)
    she.sees("#code", 1)
