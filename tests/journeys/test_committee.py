"""A committee's way through what waits for it, and what those who wrote are told."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.actions import ask_residency, welcome
from portal.accounts.models import Residency
from portal.needs.models import Need
from portal.rules.needs import NeedState
from portal.store import db
from tests import builders
from tests.counting import count
from tests.journeys.conftest import signs_in_by_password
from tests.journeys.walker import LOCALES, Walker

WAITING = ("想办一个老年食堂", "电梯太小，担架进不去", "楼道灯又坏了", "广场舞晚上太吵")


@pytest.mark.parametrize("language", LOCALES)
def test_a_committee_decides_by_thumb_and_by_key(
    village: Any, walker: Callable[..., Walker], language: str
) -> None:  # A24
    author = builders.a_resident(village)
    listed = builders.a_need(village, "楼道灯坏了，晚上看不见")
    needs = [builders.a_need(village, words, author=author, state=NeedState.SUBMITTED) for words in WAITING]
    newcomer = welcome(f"137{village.id:08}", "zh-Hans")
    ask_residency(builders.actor(newcomer), village)
    queue = f"/{village.code}/moderation/"
    he = walker(language, "committee")

    signs_in_by_password(he, builders.a_committee(village).login or "", queue)
    he.sees("#item article h2", words=WAITING[0])
    he.picture("queue")

    he.page.keyboard.press("a")
    _next_one(he, WAITING[1])
    assert _state(needs[0]) == "accepted"

    he.tap("#item summary[data-key=r]")
    he.tap("#item button[value=return]")
    he.sees("#item .problem")
    he.picture("return-needs-a-reason")
    he.tap("#item label.chip:has(input[name=reason][value=unclear])")
    he.types("#item textarea[name=words]", "请说明是哪一部电梯。")
    he.tap("#item button[value=return]")
    _next_one(he, WAITING[2])
    assert _state(needs[1]) == "returned"

    he.page.keyboard.press("m")
    he.tap(f"#item label:has(input[name=into][value='{listed.id}'])")
    he.picture("merge")
    he.tap("#item button[value=merge]")
    _next_one(he, WAITING[3])
    assert _state(needs[2]) == "merged"
    he.page.keyboard.press("u")
    _next_one(he, WAITING[2])
    assert _state(needs[2]) == "submitted"
    he.page.keyboard.press("j")  # later
    _next_one(he, WAITING[3])
    he.page.keyboard.press("a")
    _next_one(he, WAITING[2])
    he.tap("#item button[value=accept]")
    he.sees("#item .empty")
    he.picture("nothing-waits")

    he.tap(f"a[href='/{village.code}/residents/']")
    he.tap(f"form:has(input[name=person][value='{newcomer.id}']) button")
    he.sees("main form", 0)
    he.picture("vouched")
    assert count(Residency, Residency.person_id == newcomer.id, Residency.verified_at.is_not(None)) == 1

    she = walker(language, "author", author)
    she.goes("/mine/")
    she.sees("li.fresh")
    she.picture("notices")
    she.tap(f"li.fresh a[href='/{village.code}/needs/{needs[1].id}/']")
    she.sees(".thread", words="请说明是哪一部电梯。")
    she.tap("a[href='revise']")
    she.types("#words", "三号楼的电梯太小，担架进不去")
    she.tap("#revise_form .form-end button")
    she.sees("#said", words="三号楼")
    assert _state(needs[1]) == "submitted"


def _next_one(he: Walker, words: str) -> None:
    """Wait until the queue shows the next need by itself."""
    he.sees(f"#item article h2:text('{words}')", 1)


def _state(need: Need) -> str:
    db.session.rollback()
    return str(db.session.scalar(db.select(Need.state).where(Need.id == need.id)))
