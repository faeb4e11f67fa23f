"""Who may help whom: a named neighbour who knows her, two people at most; the committee those of its roll."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.helpers.actions import begin_help, tap_with_help
from portal.helpers.models import Assistance
from portal.helpers.queries import sight_of
from portal.rolls.models import RollEntry
from portal.rules import Refused
from portal.rules.helpers import TRIES_PER_HELPER
from portal.store import db
from portal.voting.actions import cast_vote
from portal.voting.models import LedgerEntry, Round
from tests import builders
from tests.client import InspectingClient
from tests.helpers.making import of_neighbour

ENGLISH = {"Accept-Language": "en"}


def test_without_consent_nobody_is_helped(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, committee: Any, client: InspectingClient
) -> None:
    number = enrolled()
    there = f"/{village.code}/votes/{round_.id}/help"
    answer = builders.signed_in(client, neighbour).post(
        there, data={"number": number, "known_by": "8000"}, headers=ENGLISH
    )
    assert answer.status_code == 422
    assert "only if she is with you" in answer.text
    assert f'value="{number}"' in answer.text
    answer = builders.signed_in(client, committee).post(f"{there}/roll/{number}", headers=ENGLISH)
    assert answer.status_code == 422
    assert not db.session.scalar(select(func.count()).select_from(Assistance))


@pytest.mark.parametrize("known_by", ["8001", "3-2-5", "王**", " "])
def test_whom_a_neighbour_does_not_know_she_does_not_help(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, known_by: str
) -> None:
    with pytest.raises(Refused):
        of_neighbour(village, neighbour, round_, enrolled("3-2-501"), known_by=known_by)


def test_a_neighbour_does_not_search_the_roll_by_trying(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, client: InspectingClient
) -> None:
    number = enrolled()
    builders.signed_in(client, neighbour)
    there = f"/{village.code}/votes/{round_.id}/help"
    tries = {"number": number, "known_by": "0000", "consents": "y"}
    for _ in range(TRIES_PER_HELPER):
        assert "there is nobody with this number" in client.post(there, data=tries, headers=ENGLISH).text
    answer = client.post(there, data=tries | {"known_by": "8000"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Too many tries" in answer.text


def test_a_neighbour_helps_two_people_and_the_committee_more(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, committee: Any
) -> None:
    numbers = [enrolled() for _ in range(4)]
    for number in (numbers[0], numbers[1], numbers[0]):
        of_neighbour(village, neighbour, round_, number)
    with pytest.raises(Refused):
        of_neighbour(village, neighbour, round_, numbers[2])
    for number in numbers:
        begin_help(builders.actor(committee), round_, village, number, consents=True)
    assert db.session.scalar(select(func.count()).select_from(Assistance)) == 6


def test_the_limit_holds_at_the_same_moment(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, elsewhere: Callable[..., Any]
) -> None:  # trust 5
    numbers = [enrolled() for _ in range(8)]
    words = (builders.actor(neighbour), round_.id, village.id)
    db.session.rollback()
    with ThreadPoolExecutor(8) as helpers:
        done = [helpers.submit(elsewhere, _begin, *words, number) for number in (*numbers, *numbers)]
    assert sum(one.exception() is None for one in done) in (2, 3, 4)
    assert db.session.scalar(select(func.count()).select_from(Assistance)) == 2


def _begin(helper: Any, round_id: int, region_id: int, number: int) -> int:
    from portal.regions.models import Region

    round, region = db.session.get_one(Round, round_id), db.session.get_one(Region, region_id)
    return begin_help(helper, round, region, number, consents=True, known_by="8000").id


def test_nobody_helps_herself(village: Any, round_: Any, neighbour: Any, committee: Any) -> None:
    cast_vote(builders.actor(neighbour), round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted)) or 0
    phone_end = db.session.scalar(select(RollEntry.phone_end).where(RollEntry.id == number))
    with pytest.raises(Refused, match="This is you"):
        of_neighbour(village, neighbour, round_, number, known_by=phone_end)


def test_who_is_not_on_the_roll_is_not_helped(village: Any, round_: Any, enrolled: Any, committee: Any) -> None:
    begin_help(builders.actor(committee), round_, village, enrolled(), consents=True)
    for number in (enrolled(), 987654):
        with pytest.raises(Refused, match="not on the roll"):
            begin_help(builders.actor(committee), round_, village, number, consents=True)


def test_a_committee_helps_those_of_its_own_roll_only(enrolled: Any) -> None:
    tree = builders.a_region_tree()
    here, next_door, _ = tree.villages
    round_ = builders.an_open_round(builders.a_project(tree.township, needs=(builders.a_need(here),)))
    ours, theirs = enrolled(region=here), enrolled(region=next_door)
    actor = builders.actor(builders.a_committee(here))
    begin_help(actor, round_, here, ours, consents=True)
    for region in (here, next_door):
        with pytest.raises(Refused):
            begin_help(actor, round_, region, theirs, consents=True)


@pytest.mark.parametrize("days", [-2, 8])
def test_nobody_is_helped_before_the_opening_or_after_the_closing(
    village: Any, round_: Any, enrolled: Any, committee: Any, at: Any, client: InspectingClient, days: int
) -> None:
    number = enrolled()
    with at(round_.opens_at + timedelta(days=days)):
        with pytest.raises(Refused):
            begin_help(builders.actor(committee), round_, village, number, consents=True)
        text = builders.signed_in(client, committee).get(f"/{village.code}/votes/{round_.id}/help", headers=ENGLISH)
        assert "This vote is not open." in text.text


def test_one_of_a_household_is_helped_and_no_other(village: Any, round_: Any, enrolled: Any, committee: Any) -> None:
    builders.of_households(round_)
    head = enrolled("3-2-501")
    member = enrolled("3-2-501", head)
    actor = builders.actor(committee)
    first = begin_help(actor, round_, village, member, consents=True)
    other = begin_help(actor, round_, village, head, consents=True)
    tap_with_help(round_, first, 1, 1, 0)
    assert sight_of(round_, other) is None
    with pytest.raises(Refused):
        tap_with_help(round_, other, 2, 1, 1)
    with pytest.raises(Refused, match="somebody of hers has voted"):
        begin_help(actor, round_, village, head, consents=True)
    assert builders.cast_choices() == ["1"]


@pytest.mark.parametrize(
    ("who", "why"), [("nameless", "write your name"), ("unconfirmed", "confirmed"), ("elsewhere", "confirmed")]
)
def test_a_helper_has_a_name_and_a_home_here(village: Any, round_: Any, enrolled: Any, who: str, why: str) -> None:
    home = builders.a_region_tree().villages[1] if who == "elsewhere" else village
    name = "" if who == "nameless" else "李梅"
    helper = builders.a_resident(home, name=name, verified=who != "unconfirmed")
    with pytest.raises(Refused, match=why):
        of_neighbour(village, helper, round_, enrolled())


def test_a_helpers_page_is_nobody_elses(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, committee: Any, client: InspectingClient
) -> None:
    assistance = of_neighbour(village, neighbour, round_, enrolled())
    where = f"/{village.code}/votes/{round_.id}/help/{assistance.id}/"
    for person in (committee, builders.a_resident(village)):
        builders.signed_in(client, person)
        assert client.get(where).status_code == 404
        assert client.post(f"{where}vote", data={"option": 1, "value": 1}).status_code == 404
        assert client.post(f"{where}done").status_code == 404
    assert builders.signed_in(client, None).get(where).status_code == 303
    assert client.get(f"/{village.code}/votes/{round_.id}/help").status_code == 303


def test_a_resident_does_not_search_the_roll(
    village: Any, round_: Any, enrolled: Any, neighbour: Any, committee: Any, client: InspectingClient
) -> None:
    number = enrolled("3-2-501")
    there = f"/{village.code}/votes/{round_.id}/help/roll"
    builders.signed_in(client, neighbour)
    assert client.get(there).status_code == 403
    assert client.get(f"{there}/{number}").status_code == 403
    builders.signed_in(client, committee)
    for sought in ("", "3-2", "王", str(number)):
        assert "3-2-501" in client.get(there, query_string={"q": sought}).text, sought
    assert "3-2-501" not in client.get(there, query_string={"q": "9-9"}).text
    assert client.get(f"{there}/{number}", headers=ENGLISH).status_code == 200
    answer = client.post(f"{there}/{number}", data={"consents": "y"})
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
