"""A neighbour helps somebody to vote: from her consent to the slip, and she takes the vote back."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.voting.models import LedgerEntry
from tests import builders
from tests.counting import count
from tests.journeys.looking import faults_of
from tests.journeys.voted import on_roll
from tests.journeys.walker import LOCALES, Walker


@pytest.mark.parametrize("language", LOCALES)
def test_a_neighbour_helps_and_the_vote_is_taken_back(
    village: Any, walker: Callable[..., Walker], language: str
) -> None:  # A26
    number = on_roll(village, 2)[0]
    round_ = builders.an_open_round(builders.a_project(village))
    neighbour = builders.a_resident(village, name="李梅")
    there = f"/{village.code}/votes/{round_.id}/"
    helper = walker(language, "helper", neighbour)

    helper.goes(there)
    helper.tap("a[href='help']")
    helper.tap("#begin_form button.primary")
    helper.sees("#begin_form .problem")
    helper.types("#number", str(number))
    helper.types("#known_by", "3-0")
    helper.tap("#consents")
    _looks(helper, "consent")
    helper.tap("#begin_form button.primary")
    helper.sees("#ballot .option", 3)
    _looks(helper, "ballot")
    helper.tap("#option-1 button")
    helper.sees("#option-1.on")
    helper.tap("#option-3 button")
    helper.sees("#option-3.on")
    _looks(helper, "chosen")
    ballot = helper.path
    helper.tap("form[action$='/done'] button")
    code = helper.sees("p.code").inner_text()
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", code)
    _looks(helper, "slip")
    helper.page.go_back()
    helper.sees("#ballot .panel")
    helper.sees(".option", 0)
    helper.goes(ballot)
    helper.sees(".option", 0)
    _looks(helper, "ended")
    helper.goes(f"{there}helpers")
    _looks(helper, "shares")
    assert count(LedgerEntry, LedgerEntry.round_id == round_.id, LedgerEntry.voted) == 1

    she = walker(language, "voter")
    she.goes("/back/")
    she.types("#code", code)
    _looks(she, "code")
    she.tap("#code_form button.primary")
    _looks(she, "take-back")
    she.tap("button.danger")
    she.sees("#notice .flash")
    assert count(LedgerEntry, LedgerEntry.round_id == round_.id, LedgerEntry.voted) == 0


def _looks(walker: Walker, step: str) -> None:
    walker.picture(step)
    assert not faults_of(walker.page)
