"""A vote by phone, slip and paper, and what it came to, on a phone in three languages."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.papers.models import PaperBallot
from portal.store import db
from portal.voting.models import Ballot, LedgerEntry, Round
from tests import builders
from tests.counting import count
from tests.journeys.conftest import House
from tests.journeys.looking import faults_of
from tests.journeys.voted import a_counted_decision, a_counted_round, a_desk, all_vote, on_roll
from tests.journeys.walker import LOCALES, Walker

Walking = Callable[..., Walker]
MANY = ((1,), (1, 2), (2, 3), (1, 3)) * 6


@pytest.mark.parametrize("language", LOCALES)
def test_a_vote_by_phone_can_be_recounted_by_who_gave_it(  # A21, A25, A26
    village: Any, walker: Walking, language: str
) -> None:
    on_roll(village, len(MANY))
    project = builders.a_project(village)
    resident = builders.a_resident(village)
    poll = _announces(walker(language, "announces", builders.a_committee(village)), village, project.id)

    she = walker(language, "phone", resident)
    she.goes(f"/{village.code}/")
    she.tap("nav.acts a[href$='/votes/']")
    she.tap(f"main a[href='{poll}/']")
    she.picture("ballot")
    _taps_three(she)
    she.picture("counted")
    assert _choices(poll) == ["1,2,3"]

    she.tap(".row a[href='receipt']")
    she.is_at(f"/{village.code}/votes/{poll}/receipt")
    she.types("#digits", "1958")
    she.tap("#digits_form .form-end button")
    code = re.sub(r"\D", "", she.sees(".big-number", 1).inner_text())
    assert code.endswith("1958")
    she.picture("receipt")
    first = she.sees(".panel.story").inner_text()
    she.tap("main a[href='./']")
    she.tap("#option-2 form button")
    she.sees(".option.on", 2)
    she.tap(".row a[href='receipt']")
    receipt = she.sees(".panel.story").inner_text()
    assert receipt != first
    assert code in receipt

    round = db.session.get_one(Round, poll)
    all_vote(village, round, MANY)
    builders.sealed(round)
    she.goes(f"/{village.code}/votes/{poll}/")
    she.is_at(f"/{village.code}/votes/{poll}/result")
    she.sees(".option.on")
    she.picture("result")
    she.tap("nav.links a[href=log]")
    she.picture("public-list")
    she.tap("main a[href^='/static/verify/index.html']")
    she.types("#code", code)
    she.tap("summary")
    she.types("#receipt", receipt)
    she.tap("#check")
    she.sees("#result.good", 1)
    assert she.sees("#beside p").count() == 3, "the code, and beside it options 1 and 3"
    she.picture("counted-again")


def _announces(he: Walker, village: Any, project: int) -> int:
    he.goes(f"/{village.code}/votes/announce/{project}")
    he.picture("announce")
    he.tap("#announce_form .form-end button")
    he.sees("#notice .flash", 1)
    found = re.fullmatch(rf"/{village.code}/votes/(\d+)/", he.path)
    assert found, he.path
    he.picture("announced")
    return int(found[1])


def _taps_three(she: Walker) -> None:
    """Three options are three taps; each is saved when the next one can be tapped."""
    before = she.taps
    for option in (1, 2, 3):
        she.tap(f"#option-{option} form button")
        she.sees(".option.on", option)
    assert she.taps == before + 3


def _choices(poll: int) -> list[str]:
    """What the ballots say that count."""
    db.session.rollback()
    return sorted(db.session.scalars(db.select(Ballot.choices).where(Ballot.round_id == poll, ~Ballot.void)))


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_slip_is_three_taps_without_an_account(  # A21, A26
    village: Any, walker: Walking, language: str, script: bool
) -> None:
    on_roll(village, 3)
    poll = builders.an_open_round(builders.a_project(village)).id
    he = walker(language, "prints-slips", builders.a_committee(village), java_script_enabled=script)
    he.goes(f"/{village.code}/votes/{poll}/slips")
    he.tap("form:has(input[name=all]) button")
    he.sees(".sheet", 3)
    _prints(he, "slips")
    code = he.sees(".sheet .code").first.inner_text()

    she = walker(language, "slip" if script else "slip-no-script", java_script_enabled=script)
    if script:  # as the square on the slip says
        she.goes(f"/b/{code.replace(' ', '')}")
    else:
        she.goes("/b/")
        she.types("#code", code)
        she.picture("code")
        she.tap("#code_form .form-end button")
    she.sees(".option form", 3)
    assert count(LedgerEntry, LedgerEntry.round_id == poll, LedgerEntry.voted) == 0, "opening a slip stores nothing"
    she.tap("header button[name=_display]")
    she.sees("html.elder", 1)
    _taps_three(she)
    she.picture("counted-in-large-print")
    assert _choices(poll) == ["1,2,3"]
    she.tap("a[href$='/receipt']")
    she.sees(".big-number", 1)
    she.picture("receipt-in-large-print")


def _prints(he: Walker, what: str) -> None:
    """Sheets that come as an answer and are never seen again: looked at on the screen as every page is, and as printed."""
    if he.page.evaluate("typeof htmx") != "undefined":
        assert not faults_of(he.page)
    he.picture(what)
    he.print(what)


@pytest.mark.parametrize("language", LOCALES)
def test_a_paper_is_read_by_two_and_settled_by_a_third(village: Any, walker: Walking, language: str) -> None:  # A26
    on_roll(village, 2)
    poll = builders.an_open_round(builders.a_project(village)).id
    first, second, third = (
        walker(language, f"paper-{place}", one) for place, one in enumerate(a_desk(village), start=1)
    )
    papers = f"/{village.code}/votes/{poll}/papers"
    first.goes(papers)
    first.types("#count", "1")
    first.tap("#print_form .form-end button")
    first.sees(".sheet", 1)
    _prints(first, "papers")
    serial = first.sees(".sheet .code").inner_text()

    first.goes(papers)
    first.tap("main a[href='papers/hand-in']")
    first.types("#q", "3-0")
    first.tap("form.search button")
    first.sees(".card", 1)
    first.picture("who-hands-in")
    first.tap(".card a")
    first.types("#serial", serial)
    first.tap("#hand_in_form .form-end button")
    first.sees("#notice .flash", 1)
    first.picture("handed-in")

    for one, option in ((first, 1), (second, 2)):
        _opens(one, papers)
        one.sees("#paper_form input:checked", 0)
        one.tap(f"#paper_form label:has(#option_{option})")
        one.picture("reads")
        one.tap("#paper_form .form-end button")
        one.sees("#notice .flash", 1)
        one.sees(".card a", 0)
    assert _choices(poll) == []
    _opens(third, papers)
    third.sees(".panel", 2)
    third.tap("#paper_form label:has(#option_2)")
    third.picture("settles")
    third.tap("#paper_form .form-end button")
    third.sees("main .empty", 1)
    assert _choices(poll) == ["2"]
    assert count(PaperBallot, PaperBallot.round_id == poll, PaperBallot.state == "counted") == 1

    builders.sealed(db.session.get_one(Round, poll))
    third.goes(f"/{village.code}/votes/{poll}/result")
    third.sees(".option.on", 1)
    third.tap("nav.links a[href='papers/numbers']")
    third.picture("numbers")


def _opens(one: Walker, papers: str) -> None:
    """The one paper that waits, from the list."""
    one.goes(papers)
    one.tap(".card a")
    one.sees("#paper_form", 1)


@pytest.fixture(scope="session")
def counted(house: House) -> Iterator[tuple[str, str]]:
    """The addresses of two counted votes: of a township on projects, and a decision of a residents' meeting."""
    with house.app.app_context():
        round, village = a_counted_round(), house.tree.villages[2]
        decision = a_counted_decision(village)
        yield f"/990121102000/votes/{round.id}/", f"/{village.code}/votes/{decision.id}/"
        db.session.remove()


@pytest.mark.parametrize("language", LOCALES)
def test_everyone_reads_who_won_and_why(counted: tuple[str, str], walker: Walking, language: str) -> None:  # A26, B26
    township, decision = counted
    she = walker(language, "results")
    she.goes(f"{township}result")
    she.sees(".option.on", 2)
    she.sees("section:has(#losers) li", 1)
    she.sees("section:has(#both) tbody tr", 2)
    she.sees("section:has(#places) tbody tr", 2)
    she.sees("section:has(#places) tbody .hint", 0)
    she.picture("two-rules-and-map")
    she.tap("nav.links a[href=card]")
    she.sees("main img, main svg")
    she.picture("card")
    she.goes(f"{decision}result")
    she.sees(".option.on")
    she.picture("decision")
    she.tap("nav.links a[href=record]")
    she.sees(".facts dd")
    she.picture("record")
    she.print("record")
