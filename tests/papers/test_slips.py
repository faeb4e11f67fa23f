"""A slip opens the ballot at once: no account, no sign-up; one person, one vote, whatever road she takes."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import segno
from sqlalchemy import func, select

from portal.accounts.actions import note_attempts
from portal.notifications.messages import words_of
from portal.notifications.models import Notice
from portal.papers.models import Slip
from portal.papers.slips import print_slips, vote_by_slip
from portal.rolls.models import RollEntry
from portal.rules import Refused
from portal.rules.ballots import Road
from portal.rules.elections import BallotKind
from portal.rules.papers import TAPS, TRIES_PER_ADDRESS, grouped
from portal.store import action, db
from portal.voting.actions import cast_vote, take_back
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, LedgerEntry
from portal.voting.notices import tell_voters
from portal.voting.rounds import freeze_round
from portal.voting.sealing import seal_round
from tests import builders
from tests.client import InspectingClient
from tests.papers.making import seen_by

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def printed(village: Any, round_: Any, enrolled: Any, desk: Any) -> str:
    """The code of the slip of the one voter without an account."""
    enrolled("3-2-501")
    (slip,) = print_slips(desk[0], round_, village)
    return slip.code


def test_three_taps_vote_for_three_designs_without_signing_up(  # A21, A26
    round_: Any, printed: str, client: InspectingClient
) -> None:
    page = client.get(f"/b/{printed}", headers=ENGLISH)
    assert page.status_code == 200
    for option in (1, 2, 3):
        seen = re.findall(r'name="seen" value="(\d+)"', client.get(f"/b/{printed}").text)[0]
        answer = client.post(f"/b/{printed}/vote", data={"option": option, "value": 1, "seen": seen})
        assert answer.location == f"/b/{printed}/?tapped={option}#option-{option}"
    assert builders.cast_choices() == ["1,2,3"]
    text = client.get(f"/b/{printed}/", headers=ENGLISH).text
    assert "You chose 3 options." in text
    line = db.session.scalars(select(LedgerEntry).where(LedgerEntry.voted)).one()
    assert line.road == Road.SLIP


def test_a_tap_is_taken_back_and_a_part_is_answered_with_the_ballot(printed: str, client: InspectingClient) -> None:
    client.post(f"/b/{printed}/vote", data={"option": 1, "value": 1, "seen": 0})
    answer = client.post(
        f"/b/{printed}/vote", data={"option": 1, "value": 0, "seen": 1}, part="ballot", follow_redirects=True
    )
    assert answer.status_code == 200
    assert "<h1>" not in answer.text
    assert builders.cast_choices() == [""]


def test_opening_a_slip_stores_nothing(printed: str, client: InspectingClient) -> None:
    def stored() -> list[int]:
        return [db.session.scalar(select(func.count()).select_from(t)) or 0 for t in db.metadata.sorted_tables]

    before = stored()
    for path in ("", "/", "/receipt", "/receipt.txt"):
        client.get(f"/b/{printed}{path}")
    client.get("/b/")
    assert stored() == before


def test_a_slip_stays_in_no_cache_and_goes_to_nobody(printed: str, client: InspectingClient) -> None:
    for path in (f"/b/{printed}", "/b/", f"/b/{'0' * 16}", f"/b/{printed}/receipt"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path


def test_the_code_is_kept_nowhere_but_as_a_keyed_hash(
    app: Any, printed: str, client: InspectingClient, caplog: Any
) -> None:  # A21
    with caplog.at_level(0):
        client.get(f"/b/{printed}")
        client.post("/b/", data={"code": printed})
        client.post(f"/b/{printed}/vote", data={"option": 1, "value": 1, "seen": 0})
        client.post(f"/b/{printed}/vote", data={"option": 9, "value": 1, "seen": 0})
        client.post(f"/b/{printed}/vote", token=False, data={"option": 1})
    assert printed not in caplog.text
    for table in db.metadata.sorted_tables:
        assert printed not in str(db.session.execute(select(table)).all()), table


def test_a_typed_code_leads_to_its_ballot_and_a_wrong_one_is_said_to_be_wrong(
    printed: str, client: InspectingClient
) -> None:
    assert client.post("/b/", data={"code": grouped(printed)}).location == f"/b/{printed}/"
    wrong = client.post("/b/", data={"code": "0" * 16}, headers=ENGLISH)
    assert wrong.status_code == 422
    assert "We know no slip with this code." in wrong.text
    assert "The code on your slip has 16 digits." in client.post("/b/", data={"code": "12"}, headers=ENGLISH).text
    assert client.get("/b/1234", headers=ENGLISH).status_code == 404


def test_codes_are_not_tried_without_end(printed: str, client: InspectingClient) -> None:
    for _ in range(TRIES_PER_ADDRESS):
        note_attempts({"slip-address": "127.0.0.1"}, {"slip-address": TRIES_PER_ADDRESS})
    answer = client.post("/b/", data={"code": printed}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Too many tries" in answer.text


def test_a_slip_printed_anew_ends_the_earlier_one(
    village: Any, round_: Any, enrolled: Any, desk: Any, client: InspectingClient
) -> None:
    number = enrolled()
    (first,) = print_slips(desk[0], round_, village, number=number)
    vote_by_slip(first.code, 1, 1, 0)
    (second,) = print_slips(desk[0], round_, village, number=number)
    with pytest.raises(Refused):
        vote_by_slip(first.code, 2, 1, 1)
    text = client.get(f"/b/{first.code}", headers=ENGLISH).text
    assert "This slip has ended." in text
    assert "Saved and counted" not in text
    vote_by_slip(second.code, 2, 1, seen_by(second.code))
    assert builders.cast_choices() == ["2"]


@pytest.mark.parametrize(("days", "said"), [(-2, "has not opened yet"), (8, "This vote has closed.")])
def test_a_slip_votes_only_while_the_vote_is_open(
    round_: Any, printed: str, client: InspectingClient, at: Any, days: int, said: str
) -> None:
    with at(round_.opens_at + timedelta(days=days)):
        assert said in client.get(f"/b/{printed}", headers=ENGLISH).text
        answer = client.post(f"/b/{printed}/vote", data={"option": 1, "value": 1, "seen": 0}, headers=ENGLISH)
        assert answer.status_code == 409
        assert builders.cast_choices() == []


def test_who_left_the_roll_before_the_opening_is_told_so(
    village: Any, round_: Any, enrolled: Any, desk: Any, client: InspectingClient, at: Any
) -> None:
    enrolled()
    with at(round_.opens_at - timedelta(days=1)):
        (slip,) = print_slips(desk[0], round_, village)

    @action
    def remove() -> None:
        db.session.execute(db.update(RollEntry).where(RollEntry.person_id.is_(None)).values(state="removed"))

    remove()
    freeze_round(round_)
    assert "before you were on it" in client.get(f"/b/{slip.code}", headers=ENGLISH).text
    assert client.post(f"/b/{slip.code}/vote", data={"option": 1, "value": 1}).status_code == 409


def test_slips_go_to_those_without_an_account_once(village: Any, round_: Any, enrolled: Any, desk: Any) -> None:
    builders.a_resident(village)
    numbers = {enrolled("1-101"), enrolled("1-102")}
    assert len(print_slips(desk[0], round_, village)) == 2
    assert set(db.session.scalars(select(Slip.number))) == numbers
    with pytest.raises(Refused):
        print_slips(desk[0], round_, village)
    assert [one.household for one in print_slips(desk[0], round_, village, households=["1-102"])] == ["1-102"]
    printed = db.session.scalar(select(func.count()).select_from(Slip))
    with pytest.raises(Refused, match="9-9, 没有这户"):
        print_slips(desk[0], round_, village, households=["1-102", "9-9", "没有这户"])
    assert db.session.scalar(select(func.count()).select_from(Slip)) == printed, "nobody's slip has ended"
    with pytest.raises(Refused):
        print_slips(desk[0], round_, village, households=[])


def test_the_page_with_codes_offers_nothing_that_loses_them_and_tells_two_of_one_household_apart(
    village: Any, round_: Any, enrolled: Any, client: InspectingClient
) -> None:
    numbers = [enrolled("1-101"), enrolled("1-101")]
    builders.signed_in(client, builders.a_committee(village))
    page = client.post(f"/{village.code}/votes/{round_.id}/slips", data={"households": "1-101"}, headers=ENGLISH).text
    assert all(f"No. {number}" in page for number in numbers)
    assert "data-print" in page
    assert 'name="_display"' not in page
    assert 'name="_language"' not in page
    before = client.get(f"/{village.code}/votes/{round_.id}/slips", headers=ENGLISH).text
    assert 'name="_display"' in before
    assert 'name="_language"' in before


def test_a_committee_prints_for_its_own_community_only(enrolled: Any) -> None:
    tree = builders.a_region_tree()
    here, next_door, _ = tree.villages
    round_ = builders.an_open_round(builders.a_project(tree.township, needs=(builders.a_need(here),)))
    ours, theirs = enrolled(region=here), enrolled(region=next_door)
    committee = builders.actor(builders.a_committee(here))
    assert len(print_slips(committee, round_, here)) == 1
    with pytest.raises(Refused):
        print_slips(committee, round_, here, number=theirs)
    assert list(db.session.scalars(select(Slip.number))) == [ours]


def test_a_household_gets_one_slip_and_has_one_vote(village: Any, enrolled: Any, desk: Any) -> None:  # A21
    round_ = builders.an_open_round(builders.a_project(village))

    builders.of_households(round_)
    head = enrolled("3-2-501")
    member = enrolled("3-2-501", head)
    (slip,) = print_slips(desk[0], round_, village)
    (other,) = print_slips(desk[0], round_, village, number=member)
    vote_by_slip(slip.code, 1, 1, 0)
    with pytest.raises(Refused):
        vote_by_slip(other.code, 2, 1, 0)
    assert builders.cast_choices() == ["1"]


def test_slip_and_phone_of_one_person_are_one_ballot(village: Any, round_: Any, desk: Any) -> None:  # A26
    person = builders.a_resident(village)
    actor = builders.actor(person)
    cast_vote(actor, round_, 1, 1)
    number = db.session.scalar(select(LedgerEntry.by_number).where(LedgerEntry.voted))
    (slip,) = print_slips(desk[0], round_, village, number=number)
    vote_by_slip(slip.code, 2, 1, seen_by(slip.code))
    cast_vote(actor, round_, 3, 1, db.session.scalars(select(Ballot.turn)).one())
    assert builders.cast_choices() == ["2,3"]
    assert db.session.scalar(select(func.count()).where(LedgerEntry.voted)) == 1


def test_simultaneous_taps_of_one_slip_are_one_ballot(round_: Any, printed: str, elsewhere: Callable[..., Any]) -> None:
    db.session.rollback()
    with ThreadPoolExecutor(12) as taps:
        done = [taps.submit(elsewhere, vote_by_slip, printed, 1 + n % 3, 1, 0) for n in range(12)]
    assert all(one.exception() is None for one in done)
    assert builders.cast_choices() == ["1,2,3"]


def test_the_receipt_of_a_slip_is_signed_and_its_end_chosen(printed: str, client: InspectingClient) -> None:
    assert client.get(f"/b/{printed}/receipt.txt").status_code == 404
    client.post(f"/b/{printed}/vote", data={"option": 1, "value": 1, "seen": 0})
    assert client.post(f"/b/{printed}/digits", data={"digits": "2468"}).location == f"/b/{printed}/receipt"
    answer = client.get(f"/b/{printed}/receipt.txt")
    assert answer.text.startswith("open-count-receipt")
    assert answer.text.splitlines()[2].endswith("2468")
    assert client.get(f"/b/{printed}/receipt", headers=ENGLISH).status_code == 200
    assert client.get(f"/b/{'0' * 16}/receipt").status_code == 404


def test_a_slip_takes_its_whole_vote_back(printed: str, client: InspectingClient) -> None:
    client.post(f"/b/{printed}/vote", data={"option": 1, "value": 1, "seen": 0})
    assert client.post(f"/b/{printed}/back").status_code == 303
    assert builders.cast_choices() == []
    assert not db.session.scalar(select(func.count()).where(LedgerEntry.voted))
    stale = client.post(f"/b/{printed}/vote", data={"option": 1, "value": 1, "seen": 0}, headers=ENGLISH)
    assert stale.status_code == 409
    assert "given or taken back in another way meanwhile." in stale.text
    seen = re.findall(r'name="seen" value="(\d+)"', client.get(f"/b/{printed}").text)[0]
    client.post(f"/b/{printed}/vote", data={"option": 2, "value": 1, "seen": seen})
    assert builders.cast_choices() == ["2"]


def test_a_printed_slip_shows_its_code_as_digits_and_as_a_square(
    village: Any, round_: Any, enrolled: Any, desk: Any, client: InspectingClient
) -> None:  # A21
    enrolled("3-2-501")
    builders.signed_in(client, builders.a_committee(village))
    where = f"/{village.code}/votes/{round_.id}/slips"
    assert "1 voter has neither an account nor a slip." in client.get(where, headers=ENGLISH).text
    answer = client.post(where, data={"all": 1}, headers=ENGLISH)
    assert answer.headers["Cache-Control"] == "no-store"
    code = re.findall(r'class="code">([\d ]{19})<', answer.text)[0].replace(" ", "")
    assert f"http://localhost/b/{code}/" == squares(answer.text)
    for words in ('lang="zh-Hans"', 'lang="zh-Hant"', 'lang="en"', "3-2-501", "王**"):
        assert words in answer.text
    assert "style=" not in answer.text
    vote_by_slip(code, 1, 1, 0)
    assert code not in client.get(where).text
    assert client.post(where, data={}, headers=ENGLISH).status_code == 422


def squares(html: str) -> str:
    """The address whose code is drawn in `html`, read off by drawing each address that could be meant."""
    size = int(re.findall(r'class="qr" viewBox="0 0 (\d+) ', html)[0])
    drawn = {
        (int(x) + n, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", html)
        for n in range(int(length))
    }
    code = re.findall(r'class="code">([\d ]{19})<', html)[0].replace(" ", "")
    text = f"http://localhost/b/{code}/"
    rows = [[(x, y) in drawn for x in range(4, size - 4)] for y in range(4, size - 4)]
    wanted = [[bool(square) for square in row] for row in segno.make(text, error="m", micro=False).matrix]
    return text if rows == wanted else ""


def test_a_resident_prints_no_slips(village: Any, round_: Any, client: InspectingClient) -> None:
    builders.signed_in(client, builders.a_resident(village))
    assert client.get(f"/{village.code}/votes/{round_.id}/slips").status_code == 403


# Of a vote that was not given with this slip nothing is seen


@pytest.fixture
def voter(village: Any) -> Any:
    """A resident who votes by telephone."""
    return builders.actor(builders.a_resident(village))


def slip_of(round_: Any, village: Any, committee: Any, voter: Any) -> str:
    elector = elector_of(round_, voter)
    assert elector is not None
    (slip,) = print_slips(committee, round_, village, number=elector.by_number)
    return slip.code


def shows_nothing(client: InspectingClient, code: str) -> None:
    ballot = db.session.scalars(select(Ballot)).one()
    groups, before = grouped(ballot.code), (ballot.choices, ballot.turn, ballot.code)
    stale = client.post(f"/b/{code}/vote", data={"option": 3, "value": 1, "seen": ballot.turn}, headers=ENGLISH)
    assert stale.status_code == 409
    pages = [client.get(f"/b/{code}{path}", headers=ENGLISH, follow_redirects=True) for path in ("/", "/receipt")]
    for text in (stale.text, *(page.text for page in pages)):
        assert "A vote was given already; your first tap here takes its place." in text
        assert "You have not chosen yet." in text
        for told in ("You chose", "Saved and counted.", "Together ¥", "receipt", groups, "Salt", "telephone."):
            assert told not in text, told
        assert set(re.findall(r'name="value" value="(\d+)"', text)) == {"1"}
        assert {int(seen) % TAPS for seen in re.findall(r'name="seen" value="(\d+)"', text)} == {0}
    assert client.get(f"/b/{code}/receipt.txt").status_code == 404
    assert client.post(f"/b/{code}/digits", data={"digits": "1234"}).location == f"/b/{code}/"
    assert client.post(f"/b/{code}/back").status_code == 409
    db.session.expire_all()
    ballot = db.session.scalars(select(Ballot)).one()
    assert (ballot.choices, ballot.turn, ballot.code) == before


@pytest.mark.parametrize("ballot", [BallotKind.APPROVAL, BallotKind.KNAPSACK])
def test_a_slip_printed_for_somebody_who_has_voted_shows_nothing_of_her_vote(  # A26, trust 5
    village: Any, desk: Any, voter: Any, client: InspectingClient, ballot: BallotKind
) -> None:
    round_ = builders.an_open_round(builders.a_project(village), ballot=ballot)
    for turn, option in enumerate((1, 2)):
        cast_vote(voter, round_, option, 1, turn)
    hers = db.session.scalars(select(Ballot.code)).one()
    code = slip_of(round_, village, desk[0], voter)
    shows_nothing(client, code)
    client.post(f"/b/{code}/vote", data={"option": 3, "value": 1, "seen": seen_by(code)})
    assert builders.cast_choices() == ["3"]
    page = client.get(f"/b/{code}/", headers=ENGLISH).text
    assert "You chose 1 option." in page
    assert {int(seen) % TAPS for seen in re.findall(r'name="seen" value="(\d+)"', page)} == {1}
    assert hers not in client.get(f"/b/{code}/receipt.txt").text


def test_a_vote_by_phone_hides_the_ballot_from_the_slip_and_from_who_knows_its_code(  # A26, trust 5
    village: Any, round_: Any, desk: Any, voter: Any, client: InspectingClient
) -> None:
    cast_vote(voter, round_, 1, 1)
    code = slip_of(round_, village, desk[0], voter)
    opened = seen_by(code)
    vote_by_slip(code, 2, 1, opened)
    known = client.get(f"/b/{code}/receipt.txt").text.splitlines()[2]
    assert known == db.session.scalars(select(Ballot.code)).one()
    cast_vote(voter, round_, 3, 1, db.session.scalars(select(Ballot.turn)).one())
    assert db.session.scalars(select(Ballot.code)).one() != known
    shows_nothing(client, code)
    for late in (opened, opened + 1):
        with pytest.raises(Refused):  # a tap that was on its way when she voted by telephone
            vote_by_slip(code, 1, 1, late)
    assert builders.cast_choices() == ["2,3"]


def test_a_vote_taken_back_and_given_again_by_phone_has_another_code(
    village: Any, round_: Any, desk: Any, voter: Any
) -> None:
    freeze_round(round_)
    code = slip_of(round_, village, desk[0], voter)
    vote_by_slip(code, 2, 1, 0)
    known = db.session.scalars(select(Ballot.code)).one()
    elector = elector_of(round_, voter)
    assert elector is not None
    take_back(round_, elector)
    cast_vote(voter, round_, 1, 1, db.session.scalars(select(Ballot.turn)).one())
    assert db.session.scalars(select(Ballot.code)).one() != known


def test_a_newer_slip_shows_nothing_of_what_an_earlier_one_voted(
    village: Any, round_: Any, desk: Any, enrolled: Any, client: InspectingClient
) -> None:
    number = enrolled()
    (first,) = print_slips(desk[0], round_, village, number=number)
    vote_by_slip(first.code, 1, 1, 0)
    (second,) = print_slips(desk[0], round_, village, number=number)
    shows_nothing(client, second.code)


def test_taps_of_one_slip_over_another_vote_leave_only_what_was_tapped(
    village: Any, round_: Any, desk: Any, voter: Any, elsewhere: Callable[..., Any]
) -> None:
    cast_vote(voter, round_, 1, 1)
    code = slip_of(round_, village, desk[0], voter)
    seen = seen_by(code)
    db.session.rollback()
    with ThreadPoolExecutor(8) as taps:
        done = [taps.submit(elsewhere, vote_by_slip, code, 2 + n % 2, 1, seen) for n in range(8)]
    assert [one.exception() for one in done] == [None] * 8
    assert builders.cast_choices() == ["2,3"]


def test_who_has_an_account_is_told_at_once_that_a_slip_was_printed_for_her(
    village: Any, round_: Any, desk: Any, voter: Any, enrolled: Any, client: InspectingClient
) -> None:
    enrolled()
    freeze_round(round_)
    slip_of(round_, village, desk[0], voter)
    assert len(print_slips(desk[0], round_, village)) == 1
    notice = db.session.scalars(select(Notice).where(Notice.template == "slip_printed")).one()
    assert notice.person_id == voter.id
    with client.application.test_request_context(headers=ENGLISH):
        assert words_of(notice.template, notice.values).startswith(
            "A slip with a code was printed for you for the vote"
        )


def test_who_is_marked_as_having_voted_is_told_again_when_a_slip_takes_that_votes_place(
    village: Any, desk: Any, voter: Any
) -> None:
    builders.with_numbers(village, log_batch=1)
    round_ = builders.an_open_round(builders.a_project(village))
    freeze_round(round_)
    assert tell_voters() == 0
    for _ in range(2):
        code = slip_of(round_, village, desk[0], voter)
        vote_by_slip(code, 2, 1, seen_by(code))
        assert tell_voters() == 1


def test_the_sealing_forgets_which_slips_began_a_ballot(round_: Any, printed: str, at: Any) -> None:
    vote_by_slip(printed, 1, 1, 0)
    with at(round_.closes_at):
        assert seal_round(round_)
    row = db.session.execute(select(Slip.__table__)).mappings().one()
    assert (row["times"], row["base"]) == (0, None)
