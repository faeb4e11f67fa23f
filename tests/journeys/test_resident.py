"""A resident's whole way, on a phone, with and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.actions import vouch
from portal.accounts.models import Person
from portal.needs.models import Need, NeedSupport
from portal.ratings.models import Rating
from portal.ratings.queries import rating_with
from portal.store import db
from portal.voting.models import Ballot
from tests import builders
from tests.counting import count
from tests.journeys.conftest import House, signs_in
from tests.journeys.walker import LOCALES, Walker

WORDS = "楼道的灯坏了三天，老人晚上上楼看不见路"


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_resident_is_heard_chooses_and_rates(  # A19, A25, A26, A27, A37, B34
    house: House, village: Any, walker: Callable[..., Walker], language: str, script: bool
) -> None:
    number = f"139{village.id:04}{script:d}{list(LOCALES).index(language)}00"
    neighbour = builders.a_need(village, "想要一个晒被子的地方")
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    ticket = builders.a_service(builders.a_provider(house.tree.county), village).ticket
    she = walker(language, "resident" if script else "no-script", java_script_enabled=script)

    _finds_her_community(she, village, script)
    she.picture("home")
    need = _reports_a_need(she, village, number)

    she.tap("header a[href='/mine/']")
    she.sees(f"a[href='/{village.code}/needs/{need}/']", words=WORDS[:8])
    she.picture("mine")

    she.goes(f"/{village.code}/needs/{neighbour.id}/")
    she.tap("#support form button")
    she.sees("#support .count strong", words="2")
    assert count(NeedSupport, NeedSupport.need_id == neighbour.id) == 1
    she.picture("me-too")

    _lives_here(she, village, poll.id, number)
    she.taps = 0
    for option in (1, 2, 3):
        she.tap(f"#option-{option} form button")
        she.sees(".option.on", option)
    assert she.taps == 3, "three designs are three taps"
    she.picture("counted")
    she.page.reload()
    she.sees(".option.on", 3)
    assert count(Ballot, Ballot.round_id == poll.id, Ballot.choices == "1,2,3") == 1

    _rates(she, ticket)


def _finds_her_community(she: Walker, village: Any, script: bool) -> None:
    she.goes("/")
    she.is_at("/find")
    she.picture("find")
    found = f"#found a[href='/{village.code}/']"
    she.types("#q", village.name[:2])
    if not script:
        she.tap("main form[role=search] button")
    she.sees("#found a", 1, words=village.name[:2])
    she.tap(found)
    she.is_at(f"/{village.code}/")
    she.goes("/")  # it is remembered
    she.is_at(f"/{village.code}/")


def _reports_a_need(she: Walker, village: Any, phone: str) -> int:
    """As a stranger, in one field; the words are sent once she has signed in."""
    she.tap("main a[href$='needs/report']")
    she.types("#words", WORDS)
    she.picture("report")
    she.tap("#report_form .form-end button")
    she.is_at("/sign-in")
    she.picture("sign-in")
    signs_in(she, phone)
    found = re.fullmatch(rf"/{village.code}/needs/(\d+)/", she.path)
    assert found, she.path
    she.sees("#said", words=WORDS)
    she.sees(".thread li.done", 1)
    she.sees(".thread li.next")
    she.picture("sent")
    assert count(Need, Need.story == WORDS, Need.region_id == village.id, Need.state == "submitted") == 1
    return int(found[1])


def _lives_here(she: Walker, village: Any, poll: int, phone: str) -> None:
    """She says so on the ballot, her committee confirms it."""
    she.tap("nav.acts a[href$='/votes/']")
    she.tap(f"main a[href='{poll}/']")
    she.picture("ballot")
    she.tap("form[action$='/residency'] button")
    she.is_at(f"/{village.code}/votes/{poll}/")
    she.sees(".option form", 0)
    person = db.session.scalars(db.select(Person).where(Person.phone == phone)).one()
    vouch(builders.actor(builders.a_committee(village)), village, person.id)
    she.page.reload()
    she.sees(".option form", 3)


def _rates(she: Walker, ticket: str) -> None:
    ratings = count(Rating)
    she.goes(f"/rate/{ticket}")
    assert count(Rating) == ratings, "opening the link stores nothing"
    she.taps = 0
    she.tap("button[name=grade][value='5']")
    she.sees("button[name=grade][value='5'][aria-pressed=true]")
    assert she.taps == 1
    assert count(Rating) == ratings + 1
    she.tap("#why_form label.chip:first-of-type")
    she.types("#why_form textarea[name=words]", "送餐的小王很热心")
    she.tap("#why_form .form-end button")
    she.sees("#why_form input[name=reasons]:checked", 1)
    db.session.rollback()
    rating = db.session.scalar(rating_with(ticket))
    assert rating
    assert rating.grade == 5
    assert len(rating.reasons) == 1
    assert rating.words == "送餐的小王很热心"
    she.picture("rated")


def test_a_need_takes_two_taps_from_the_home_of_a_community(  # A25
    village: Any, walker: Callable[..., Walker]
) -> None:
    she = walker(person=builders.a_resident(village))
    she.goes(f"/{village.code}/")
    she.taps = 0
    she.tap("main a[href$='needs/report']")
    she.types("#words", "电梯")
    she.tap("#report_form .form-end button")
    she.sees("#said", words="电梯")
    assert she.taps <= 3
