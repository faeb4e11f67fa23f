"""A named helper votes with a person who wants it, and sees nothing of it afterwards."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.helpers.actions import begin_help, end_help, tap_with_help
from portal.helpers.models import Assistance
from portal.helpers.queries import sight_of
from portal.rules import Refused
from portal.rules.ballots import Road
from portal.rules.helpers import LASTS
from portal.store import clock, db
from portal.voting.actions import cast_vote, take_back
from portal.voting.electors import elector_of
from portal.voting.models import LedgerEntry, Round
from tests import builders
from tests.client import InspectingClient
from tests.helpers.making import of_neighbour

ENGLISH = {"Accept-Language": "en"}


def tapped(client: InspectingClient, where: str, option: int) -> Any:
    """The answer to a tap, as the page that stands there would send it."""
    seen = re.findall(r'name="seen" value="(\d+)"', client.get(where).text)[0]
    return client.post(f"{where}vote", data={"option": option, "value": 1, "seen": seen})


def test_a_neighbour_helps_from_consent_to_the_slip(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, client: InspectingClient
) -> None:  # A26
    number = enrolled("3-2-501")
    builders.signed_in(client, neighbour)
    there = f"/{village.code}/votes/{round_.id}/help"
    assert "Please read this to her" in client.get(there, headers=ENGLISH).text
    answer = client.post(there, data={"number": number, "known_by": "3-2-501", "consents": "y"})
    assert answer.status_code == 303, answer.text
    where = answer.location
    page = client.get(where, headers=ENGLISH)
    assert page.headers["Cache-Control"] == "no-store"
    assert 0 < int(page.headers["Refresh"]) <= LASTS.total_seconds()
    assert "王**" in page.text
    assert "She has voted already" not in page.text
    assert tapped(client, where, 1).location.startswith(where)
    assert tapped(client, where, 3).status_code == 303
    assert builders.cast_choices() == ["1,3"]
    assert "You chose 2 options." in client.get(where, headers=ENGLISH).text
    part = client.get(where, part="ballot", headers=ENGLISH)
    assert "<h1>" not in part.text
    line = db.session.scalars(select(LedgerEntry).where(LedgerEntry.voted)).one()
    assert (line.road, line.number) == (Road.HELPER, number)
    done = client.post(f"{where}done", headers=ENGLISH)
    assert done.headers["Cache-Control"] == "no-store"
    assert re.search(r'class="code">\d{4} \d{4} \d{4} \d{4}<', done.text)
    assert "李梅 helped you to vote" in done.text


def test_a_missing_consent_is_said_together_with_the_rest(
    village: Any, round_: Any, neighbour: Any, client: InspectingClient
) -> None:
    builders.signed_in(client, neighbour)
    answer = client.post(f"/{village.code}/votes/{round_.id}/help", data={"number": ""}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    assert "only if she is with you and wants this" in answer.text


def test_after_the_end_the_helper_sees_nothing(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, client: InspectingClient
) -> None:  # A26
    number = enrolled()
    assistance = of_neighbour(village, neighbour, round_, number)
    tap_with_help(round_, assistance, 1, 1, 0)
    builders.signed_in(client, neighbour)
    where = f"/{village.code}/votes/{round_.id}/help/{assistance.id}/"
    assert "Saved and counted." in client.get(where, headers=ENGLISH).text
    slip = client.post(f"{where}done", headers=ENGLISH).text
    for path in (where, f"{where}?tapped=1", f"/{village.code}/votes/{round_.id}/", "/mine/"):
        text = client.get(path, headers=ENGLISH).text
        assert "Saved and counted." not in text, path
        assert 'class="option on"' not in text, path
    assert "This help has ended." in client.get(where, headers=ENGLISH).text
    assert client.get(f"{where}done").status_code == 303
    refused = client.post(f"{where}vote", data={"option": 2, "value": 1, "seen": 1}, headers=ENGLISH)
    assert refused.status_code == 409
    assert "You chose this." not in refused.text
    assert builders.cast_choices() == ["1"]
    again = client.post(f"{where}done", headers=ENGLISH).text
    assert re.findall(r"\d{4} \d{4} \d{4} \d{4}", slip) == re.findall(r"\d{4} \d{4} \d{4} \d{4}", again)


def test_after_twenty_minutes_the_helper_sees_nothing(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, client: InspectingClient, at: Any
) -> None:
    assistance = of_neighbour(village, neighbour, round_, enrolled())
    tap_with_help(round_, assistance, 1, 1, 0)
    with at(clock.now() + LASTS):
        assert sight_of(round_, assistance) is None
        builders.signed_in(client, neighbour)
        where = f"/{village.code}/votes/{round_.id}/help/{assistance.id}/"
        assert "This help has ended." in client.get(where, headers=ENGLISH).text
        with pytest.raises(Refused):
            tap_with_help(round_, assistance, 2, 1, 1)
    assert builders.cast_choices() == ["1"]


def test_beginning_again_does_not_show_what_was_chosen(
    village: Any, round_: Any, enrolled: Any, neighbour: Any
) -> None:
    number = enrolled()
    assistance = of_neighbour(village, neighbour, round_, number)
    tap_with_help(round_, assistance, 1, 1, 0)
    end_help(round_, assistance)
    again = of_neighbour(village, neighbour, round_, number)
    sight = sight_of(round_, again)
    assert sight is not None
    assert again.id == assistance.id
    assert not any(mark.value for mark in sight.marks.values())
    assert builders.cast_choices() == ["1"]
    tap_with_help(round_, again, 2, 1, sight.seen)
    assert builders.cast_choices() == ["2"]


def test_an_earlier_vote_is_never_shown_and_stands_until_the_first_tap(
    village: Any, round_: Any, committee: Any, client: InspectingClient
) -> None:  # A26
    person = builders.a_resident(village)
    cast_vote(builders.actor(person), round_, 1, 1)
    cast_vote(builders.actor(person), round_, 3, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted))
    assistance = begin_help(builders.actor(committee), round_, village, number or 0, consents=True)
    builders.signed_in(client, committee)
    where = f"/{village.code}/votes/{round_.id}/help/{assistance.id}/"
    text = client.get(where, headers=ENGLISH).text
    assert "She has voted already; going on replaces that vote." in text
    assert "You chose this." not in text
    assert builders.cast_choices() == ["1,3"]
    assert tapped(client, where, 2).status_code == 303
    assert builders.cast_choices() == ["2"]
    text = client.get(where, headers=ENGLISH).text
    assert text.count("You chose this.") == 1
    assert "She has voted already" not in text


def test_two_first_taps_from_one_page_both_count(village: Any, round_: Any, committee: Any) -> None:
    person = builders.a_resident(village)
    cast_vote(builders.actor(person), round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted))
    assistance = begin_help(builders.actor(committee), round_, village, number or 0, consents=True)
    sight = sight_of(round_, assistance)
    assert sight is not None
    for option in (2, 3, 2):
        tap_with_help(round_, assistance, option, 1, sight.seen)
    assert builders.cast_choices() == ["2,3"]


@pytest.mark.parametrize("does", ["votes", "takes back"])
def test_as_soon_as_the_voter_acts_by_herself_the_helper_sees_nothing(
    village: Any, round_: Any, committee: Any, does: str
) -> None:
    person = builders.a_resident(village)
    actor = builders.actor(person)
    cast_vote(actor, round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted))
    assistance = begin_help(builders.actor(committee), round_, village, number or 0, consents=True)
    tap_with_help(round_, assistance, 2, 1, 2)
    assert sight_of(round_, assistance) is not None
    if does == "votes":
        cast_vote(actor, round_, 3, 1, 3)
    else:
        elector = elector_of(round_, actor)
        assert elector is not None
        take_back(round_, elector)
    assert sight_of(round_, assistance) is None
    with pytest.raises(Refused):
        tap_with_help(round_, assistance, 1, 1, 9)
    assert builders.cast_choices() == (["2,3"] if does == "votes" else [])


def test_the_same_tap_at_the_same_moment_is_one_tap(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, elsewhere: Callable[..., Any]
) -> None:
    assistance = of_neighbour(village, neighbour, round_, enrolled())
    words = (round_.id, assistance.id)
    db.session.rollback()
    with ThreadPoolExecutor(8) as taps:
        done = [taps.submit(elsewhere, _tap, *words, 1 + n % 3) for n in range(9)]
    assert all(one.exception() is None for one in done)
    db.session.expire_all()
    assert builders.cast_choices() == ["1,2,3"]
    assert sight_of(round_, db.session.get_one(Assistance, words[1])) is not None


def _tap(round_id: int, assistance_id: int, option: int) -> None:
    round, assistance = db.session.get_one(Round, round_id), db.session.get_one(Assistance, assistance_id)
    tap_with_help(round, assistance, option, 1, 0)


def test_help_that_is_on_when_the_vote_closes_ends(
    village: Any, round_: Any, enrolled: Any, committee: Any, client: InspectingClient, at: Any
) -> None:
    with at(round_.closes_at - timedelta(minutes=2)):
        assistance = begin_help(builders.actor(committee), round_, village, enrolled(), consents=True)
        assert assistance.ends_at == round_.closes_at
        tap_with_help(round_, assistance, 1, 1, 0)
    with at(round_.closes_at):
        where = f"/{village.code}/votes/{round_.id}/help/{assistance.id}/"
        builders.signed_in(client, committee)
        answer = client.post(f"{where}vote", data={"option": 2, "value": 1, "seen": 1}, headers=ENGLISH)
        assert answer.status_code == 409
        assert client.get(where).status_code == 200
    assert builders.cast_choices() == ["1"]


def test_opening_pages_changes_nothing(
    village: Any, round_: Any, enrolled: Any, committee: Any, client: InspectingClient
) -> None:
    number = enrolled()
    assistance = begin_help(builders.actor(committee), round_, village, number, consents=True)
    tap_with_help(round_, assistance, 1, 1, 0)
    before = db.session.execute(select(Assistance.__table__)).all(), builders.cast_choices()
    builders.signed_in(client, committee)
    there = f"/{village.code}/votes/{round_.id}/help"
    for path in ("", "/roll", f"/roll/{number}", f"/{assistance.id}/", f"/{assistance.id}/done", "/mine", "ers"):
        client.get(there + path)
    assert (db.session.execute(select(Assistance.__table__)).all(), builders.cast_choices()) == before


def test_the_audit_names_the_helper_and_neither_voter_nor_choice(
    village: Any, round_: Any, enrolled: Any, neighbour: Any
) -> None:
    assistance = of_neighbour(village, neighbour, round_, enrolled())
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    tap_with_help(round_, assistance, 1, 1, 0)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.deed, entry.detail) == (neighbour.id, "vote:help", {"helped": 1})
