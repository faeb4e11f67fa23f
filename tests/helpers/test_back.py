"""Who was helped is told, takes the vote back until the closing, and votes again."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actions import note_attempts
from portal.helpers.actions import begin_help, end_help, take_back_by_code, tap_with_help
from portal.helpers.models import Assistance
from portal.helpers.queries import code_of, sight_of
from portal.notifications.models import Notice
from portal.rules import Refused
from portal.rules.papers import TRIES_PER_ADDRESS
from portal.store import db
from portal.store.outbox import OutboxMessage
from portal.voting.actions import cast_vote
from portal.voting.models import Ballot, LedgerEntry
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def helped(village: Any, round_: Any, enrolled: Any, committee: Any) -> tuple[Assistance, str]:
    """Somebody without an account who voted with help for option 1, and the code that she got."""
    assistance = begin_help(builders.actor(committee), round_, village, enrolled("3-2-501"), consents=True)
    tap_with_help(round_, assistance, 1, 1, 0)
    return assistance, end_help(round_, assistance)


def choices() -> list[str]:
    return sorted(db.session.scalars(select(Ballot.choices).where(~Ballot.void)))


def voted() -> int:
    return db.session.scalar(select(func.count()).where(LedgerEntry.voted)) or 0


def test_the_code_takes_the_vote_back_and_she_can_be_helped_again(  # A26
    village: Any, round_: Any, committee: Any, client: InspectingClient, helped: Any
) -> None:
    assistance, code = helped
    page = client.get(f"/back/{code}", headers=ENGLISH)
    assert "helped you to vote" in page.text
    assert (choices(), voted()) == (["1"], 1)
    answer = client.post(f"/back/{code}", headers=ENGLISH, follow_redirects=True)
    assert "Your vote is taken back" in answer.text
    assert (choices(), voted()) == ([], 0)
    assert db.session.get_one(Assistance, assistance.id).revoked
    again = client.post(f"/back/{code}", headers=ENGLISH, follow_redirects=True)
    assert "Your vote was not changed" in again.text
    fresh = begin_help(builders.actor(committee), round_, village, assistance.number, consents=True)
    sight = sight_of(round_, fresh)
    assert sight is not None
    assert not sight.elector.voted
    tap_with_help(round_, fresh, 2, 1, sight.seen)
    assert (choices(), voted()) == (["2"], 1)
    assert take_back_by_code(code)
    assert voted() == 0


def test_opening_the_link_changes_nothing_and_stays_in_no_cache(client: InspectingClient, helped: Any) -> None:
    _, code = helped
    for path in ("/back/", f"/back/{code}", f"/back/{'0' * 16}"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
    assert choices() == ["1"]


def test_the_page_of_the_code_does_not_tell_whether_the_vote_still_stands(
    client: InspectingClient, helped: Any
) -> None:
    _, code = helped
    before = client.get(f"/back/{code}", headers=ENGLISH).text
    take_back_by_code(code)
    after = client.get(f"/back/{code}", headers=ENGLISH).text
    without = r'nonce="[^"]*"|value="[^"]*"'
    assert re.sub(without, "", before) == re.sub(without, "", after)


def test_a_typed_code_leads_on_and_wrong_ones_are_not_tried_without_end(client: InspectingClient, helped: Any) -> None:
    _, code = helped
    assert client.post("/back/", data={"code": f"{code[:4]} {code[4:]}"}).location == f"/back/{code}"
    wrong = client.post("/back/", data={"code": "0" * 16}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "We know no vote with this code." in wrong.text
    assert client.get(f"/back/{'0' * 16}", headers=ENGLISH).status_code == 404
    assert client.post(f"/back/{'0' * 16}").status_code == 409
    for _ in range(TRIES_PER_ADDRESS - 3):
        note_attempts({"back-address": "127.0.0.1"}, {"back-address": TRIES_PER_ADDRESS})
    assert "Too many tries" in client.post("/back/", data={"code": code}, headers=ENGLISH).text
    assert client.post(f"/back/{code}").status_code == 409
    assert choices() == ["1"]


def test_what_she_chose_by_herself_afterwards_the_code_does_not_take_back(
    village: Any, round_: Any, committee: Any
) -> None:
    person = builders.a_resident(village)
    actor = builders.actor(person)
    cast_vote(actor, round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted)) or 0
    assistance = begin_help(builders.actor(committee), round_, village, number, consents=True)
    tap_with_help(round_, assistance, 2, 1, 2)
    code = end_help(round_, assistance)
    cast_vote(actor, round_, 3, 1, 3)
    assert not take_back_by_code(code)
    assert choices() == ["2,3"]


def test_a_code_ends_help_that_is_still_going_on(village: Any, round_: Any, enrolled: Any, committee: Any) -> None:
    assistance = begin_help(builders.actor(committee), round_, village, enrolled(), consents=True)
    assert not take_back_by_code(code_of(round_, assistance))
    assert sight_of(round_, assistance) is None
    with pytest.raises(Refused):
        tap_with_help(round_, assistance, 1, 1, 0)


def test_after_the_closing_nothing_is_taken_back(round_: Any, client: InspectingClient, helped: Any, at: Any) -> None:
    _, code = helped
    with at(round_.closes_at):
        assert "This vote has closed." in client.get(f"/back/{code}", headers=ENGLISH).text
        assert client.post(f"/back/{code}").status_code == 409
    assert choices() == ["1"]
    builders.sealed(round_)
    assert client.get(f"/back/{code}", headers=ENGLISH).status_code == 404
    assert db.session.scalar(select(func.count()).where(LedgerEntry.voted)) == 1


def test_she_is_told_and_takes_it_back_from_her_own_account(
    village: Any, round_: Any, neighbour: Any, client: InspectingClient
) -> None:
    person = builders.a_resident(village, phone="13900001234")
    cast_vote(builders.actor(person), round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted)) or 0
    words = {"consents": True, "known_by": "1234"}
    assistance = begin_help(builders.actor(neighbour), round_, village, number, **words)
    tap_with_help(round_, assistance, 2, 1, 2)
    code = end_help(round_, assistance)
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "vote_helped")).one()
    assert (message.to, message.values["helper"], message.values["link"]) == ("13900001234", "李梅", f"/back/{code}")
    builders.signed_in(client, person)
    mine = f"/{village.code}/votes/{round_.id}/help/mine"
    assert mine in client.get("/mine/").text
    assert mine.rpartition("/votes/")[2].partition("/")[2] in client.get(f"/{village.code}/votes/{round_.id}/").text
    text = client.get(mine, headers=ENGLISH).text
    assert "You were helped by 李梅 on" in text
    assert "Take it back" in text
    answer = client.post(mine, headers=ENGLISH, follow_redirects=True)
    assert "Your vote is taken back" in answer.text
    assert (choices(), voted()) == ([], 0)
    assert "Nothing that was voted with this help stands." in client.get(mine, headers=ENGLISH).text


def test_the_code_is_kept_nowhere_but_as_a_keyed_hash(
    village: Any, round_: Any, client: InspectingClient, helped: Any, caplog: Any
) -> None:
    _, code = helped
    with caplog.at_level(0):
        client.get(f"/back/{code}")
        client.post("/back/", data={"code": code})
        client.post(f"/back/{code}", token=False)
    assert code not in caplog.text
    for table in db.metadata.sorted_tables:
        assert code not in str(db.session.execute(select(table)).all()), table


def test_the_page_of_her_own_tells_nobody_else(
    village: Any, round_: Any, client: InspectingClient, helped: Any, neighbour: Any
) -> None:
    builders.signed_in(client, neighbour)
    text = client.get(f"/{village.code}/votes/{round_.id}/help/mine", headers=ENGLISH).text
    assert "Nobody is noted as having helped you." in text
    assert client.post(f"/{village.code}/votes/{round_.id}/help/mine").status_code == 303
    assert choices() == ["1"]


def test_sealed_it_is_forgotten_who_was_helped_by_whom_and_when(village: Any, round_: Any, committee: Any) -> None:
    person = builders.a_resident(village)
    cast_vote(builders.actor(person), round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted)) or 0
    assistance = begin_help(builders.actor(committee), round_, village, number, consents=True)
    tap_with_help(round_, assistance, 2, 1, 2)
    builders.sealed(round_)
    db.session.expire_all()
    kept = db.session.scalars(select(Assistance)).one()
    assert (kept.number, kept.as_left, kept.revoke_hash, kept.ends_at) == (None, None, None, None)
    assert (kept.helper_id, kept.consented_on) == (committee.id, assistance.consented_on)
    assert not db.session.scalar(select(func.count()).where(Notice.template == "vote_helped"))
