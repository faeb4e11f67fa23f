"""What was typed and tapped survives impatience, a lost connection, the Back button, a switch of language or type size."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route

from portal.needs.models import Need, NeedSupport
from portal.rules.needs import NeedState
from portal.store import db
from portal.voting.models import Ballot, LedgerEntry
from tests import builders
from tests.counting import count
from tests.journeys.conftest import signs_in
from tests.journeys.voted import a_slip, on_roll
from tests.journeys.walker import Walker

BROKEN = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_RESET", "ERR_CONNECTION_REFUSED", "htmx:")
"""What the browser complains of where there is no connection."""
WORDS = "楼下的长椅坏了，想请人修一修"
Walking = Callable[..., Walker]
with_and_without_script = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@with_and_without_script
def test_a_double_tap_sends_once(village: Any, walker: Walking, script: bool) -> None:  # A25
    she = walker(person=builders.a_resident(village), java_script_enabled=script)
    she.goes(f"/{village.code}/needs/report")
    she.types("#words", WORDS)
    she.page.dblclick("#report_form .form-end button")
    she.sees("#said", words=WORDS)
    assert count(Need, Need.region_id == village.id) == 1


@with_and_without_script
def test_back_after_sending_asks_nothing(village: Any, walker: Walking, script: bool) -> None:
    she = walker(person=builders.a_resident(village), java_script_enabled=script)
    she.goes(f"/{village.code}/needs/report")
    she.types("#words", "灯")
    she.tap("#report_form .form-end button")
    she.sees("#report_form .problem")
    she.types("#words", WORDS)
    she.tap("#report_form .form-end button")
    she.sees("#said", words=WORDS)
    she.page.go_back()
    she.sees("#report_form")
    she.page.go_back()
    she.sees("#report_form")
    she.page.go_forward()
    she.page.go_forward()
    she.sees("#said", words=WORDS)
    assert count(Need, Need.region_id == village.id) == 1


@with_and_without_script
def test_switches_keep_the_place_and_the_words(village: Any, walker: Walking, script: bool) -> None:
    she = walker(person=builders.a_resident(village), java_script_enabled=script)
    report = f"/{village.code}/needs/report"
    she.goes(report)
    she.types("#words", WORDS)
    she.tap("footer button[name=_language][value=en]")
    she.sees("html[lang=en] #report_form")
    she.tap("header button[name=_display]")
    she.sees("html.elder #report_form")
    assert she.path == report
    assert she.page.input_value("#words") == WORDS
    she.goes(f"/{village.code}/needs/?words=长椅")
    she.tap("footer button[name=_language][value=zh-Hant]")
    she.sees("html.elder[lang=zh-Hant] #words")
    assert she.page.input_value("#words") == "长椅", "the address keeps its question"
    assert count(Need, Need.region_id == village.id) == 0


def test_words_survive_a_closed_page(village: Any, walker: Walking) -> None:
    she = walker(person=builders.a_resident(village))
    she.goes(f"/{village.code}/needs/report")
    she.page.locator("#words").press_sequentially(WORDS)
    she.sees("#report_form [data-kept]:visible")
    she.goes(f"/{village.code}/")
    she.goes(f"/{village.code}/needs/report")
    assert she.page.input_value("#words") == WORDS
    she.tap("#report_form .form-end button")
    she.sees("#said", words=WORDS)
    she.goes(f"/{village.code}/needs/report")
    assert she.page.input_value("#words") == "", "what was sent is kept no longer"


def test_what_was_changed_in_a_prefilled_form_survives_a_reload_and_another_proposal(
    village: Any, walker: Walking
) -> None:
    project = builders.a_project(village)
    he = walker(person=builders.a_committee(village))
    he.goes(f"/{village.code}/votes/announce/{project.id}")
    he.page.locator("#question").fill("哪一种灯？")
    he.page.locator("summary").first.click()
    he.page.locator("#budget").fill("43210")
    he.sees("#announce_form [data-kept]:visible")
    he.goes(f"/{village.code}/votes/announce/{project.id}?like=meeting")
    assert he.page.input_value("#question") == "哪一种灯？"
    assert he.page.input_value("#budget") == "43210"
    assert he.page.input_value("#body") == "residents_meeting", "what was not touched is as it is proposed now"
    he.types("#opens_at", "2020-01-01T08:00")
    he.tap("#announce_form .form-end button")
    he.sees("#announce_form .problem")
    he.page.locator("#majority").fill(">=3/4")
    he.page.wait_for_timeout(600)
    he.goes(f"/{village.code}/votes/announce/{project.id}")
    assert he.page.input_value("#question") == "哪一种灯？", "what an answer with errors brought back is not forgotten"
    assert he.page.input_value("#majority") == ">=3/4"


def test_who_signs_out_leaves_no_words_on_the_phone(village: Any, walker: Walking) -> None:
    she = walker(person=builders.a_resident(village))
    she.goes(f"/{village.code}/needs/report")
    she.page.locator("#words").press_sequentially(WORDS)
    she.sees("#report_form [data-kept]:visible")
    she.goes("/preferences")
    she.page.locator("form[action='/sign-out'] button").first.click()
    she.page.wait_for_url(lambda url: "/preferences" not in url)
    assert she.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_telephone_number_is_never_kept_on_the_phone(village: Any, walker: Walking) -> None:
    provider = builders.a_provider(village)
    he = walker(person=builders.staff_of(provider))
    he.goes(f"/{village.code}/services/record?provider={provider.id}")
    he.page.locator("#phone").press_sequentially("13900139000")
    he.page.locator("#served_on").dispatch_event("input")
    he.page.wait_for_timeout(600)
    assert "13900139000" not in he.page.evaluate("JSON.stringify(localStorage)")


def test_a_vote_tapped_without_a_connection_is_not_shown_as_counted(village: Any, walker: Walking) -> None:  # A26
    she, poll = _before_a_ballot(village, walker)
    she.context.set_offline(True)
    she.tap("#option-1 form button")
    she.page.wait_for_timeout(300)
    she.sees(".option.on", 0)
    she.page.locator("#unsent").wait_for(state="visible")  # and says so
    she.context.set_offline(False)
    she.tap("#option-1 form button")
    she.sees(".option.on", 1)
    assert count(Ballot, Ballot.round_id == poll, Ballot.choices == "1") == 1


def test_a_vote_whose_answer_was_lost_counts_once(village: Any, walker: Walking) -> None:  # A26
    she, poll = _before_a_ballot(village, walker)
    she.page.route("**/vote", _lose, times=1)
    she.tap("#option-1 form button")
    she.sees("#option-1 form button:enabled")
    assert count(Ballot, Ballot.round_id == poll, Ballot.choices == "1") == 1
    she.sees(".option.on", 0)
    she.tap("#option-1 form button")
    she.sees(".option.on", 1)
    assert count(Ballot, Ballot.round_id == poll, Ballot.choices == "1") == 1


def _lose(route: Route) -> None:
    """What was sent arrives; its answer does not."""
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


@with_and_without_script
def test_a_slip_counts_what_it_acknowledged_and_nothing_twice(  # A21, A26
    village: Any, walker: Walking, script: bool
) -> None:
    """Whichever of three taps loses its connection, on the way there or back, and is tapped again."""
    poll = builders.an_open_round(builders.a_project(village))
    (number,) = on_roll(village, 1)
    ballot = f"/b/{a_slip(village, poll, number)}/"
    she = walker(java_script_enabled=script)
    she.forgives += BROKEN
    she.goes(ballot)
    for option, loses in ((1, _lose), (2, lambda route: route.abort("connectionrefused")), (3, _lose)):
        arrives = loses is _lose
        she.page.route("**/vote", loses, times=1)
        she.tap(f"#option-{option} form button")
        if script:
            she.page.locator("#unsent").wait_for(state="visible")
            she.sees(".option.on", option - 1)
        assert _said(poll.id) == ",".join("123"[: option - 1 + arrives])
        _taps_again(she, ballot, option, script, arrives)
        assert _said(poll.id) == ",".join("123"[:option])
    receipts = {_receipt(she, ballot) for _ in range(2)}
    assert len(receipts) == 1, "asked again, it is the same receipt"
    assert count(LedgerEntry, LedgerEntry.round_id == poll.id, LedgerEntry.voted) == 1


def _taps_again(she: Walker, ballot: str, option: int, script: bool, arrived: bool) -> None:
    """On the page that stands there; without JavaScript the browser shows a fault of its own, and she opens the ballot
    again, which already has what arrived."""
    if not script:
        she.page.wait_for_url("chrome-error://**")
        she.goes(ballot)
    if script or not arrived:
        she.tap(f"#option-{option} form button")
    she.sees(".option.on", option)


def _said(poll: int) -> str:
    """What the only ballot says; empty where there is none."""
    db.session.rollback()
    return "".join(db.session.scalars(db.select(Ballot.choices).where(Ballot.round_id == poll)))


def _receipt(she: Walker, ballot: str) -> str:
    she.goes(f"{ballot}receipt")
    return she.sees(".panel.story").inner_text()


@with_and_without_script
def test_a_retried_tap_gets_the_receipt_of_the_first(village: Any, walker: Walking, script: bool) -> None:  # A26
    poll = builders.an_open_round(builders.a_project(village))
    (number,) = on_roll(village, 1)
    ballot = f"/b/{a_slip(village, poll, number)}/"
    she = walker(java_script_enabled=script)
    she.goes(ballot)
    old = she.context.new_page()
    old.goto(she.site + ballot)
    she.page.dblclick("#option-1 form button")
    she.sees(".option.on", 1)
    first = _receipt(she, ballot)
    old.click("#option-1 form button")
    old.wait_for_selector("#option-1.on")
    assert _receipt(she, ballot) == first


def _before_a_ballot(village: Any, walker: Walking) -> tuple[Walker, int]:
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    she = walker(person=builders.a_resident(village))
    she.forgives += BROKEN
    she.goes(f"/{village.code}/votes/{poll.id}/")
    return she, poll.id


@with_and_without_script
def test_what_a_stranger_taps_is_done_once_she_has_signed_in(village: Any, walker: Walking, script: bool) -> None:
    need = builders.a_need(village)
    phone = f"134{village.id:08}"
    she = walker(java_script_enabled=script)
    she.goes(f"/{village.code}/needs/{need.id}/")
    she.tap("#support form button")
    she.is_at("/sign-in")
    she.sees("h1", 1)
    signs_in(she, phone)
    she.is_at(f"/{village.code}/needs/{need.id}/")
    she.sees("#support .count strong", words="2")
    assert count(NeedSupport, NeedSupport.need_id == need.id) == 1


def test_a_stranger_s_vote_waits_for_the_committee(village: Any, walker: Walking) -> None:
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    she = walker()
    she.goes(f"/{village.code}/votes/{poll.id}/")
    she.tap("#option-1 form button")
    she.is_at("/sign-in")
    signs_in(she, f"133{village.id:08}")
    she.is_at(f"/{village.code}/votes/{poll.id}/")
    she.sees("#notice .flash")
    assert count(Ballot, Ballot.round_id == poll.id) == 0


def test_a_queue_decided_by_two_says_so(village: Any, walker: Walking) -> None:  # A24, A40
    need = builders.a_need(village, state=NeedState.SUBMITTED)
    he = walker(person=builders.a_committee(village))
    he.forgives += ("status of 409",)
    he.goes(f"/{village.code}/moderation/")
    he.sees("#item article")
    builders.stepped(need, NeedState.ACCEPTED, village)
    he.tap("#item button[value=accept]")
    he.sees("#notice :is(.flash, .problem), #item .problem, #item .empty")
    db.session.rollback()
    assert db.session.scalar(db.select(Need.state).where(Need.id == need.id)) == "accepted"
