"""Paper and phone of one person count once, the later of the two; two people enter a paper, a third settles it."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.papers.actions import enter_paper, hand_in, print_papers, settle_paper
from portal.papers.models import PaperBallot
from portal.papers.queries import numbers_of
from portal.papers.slips import print_slips, vote_by_slip
from portal.rules import Refused
from portal.rules.ballots import Road
from portal.rules.elections import BallotKind
from portal.rules.papers import Entry, PaperState, Void, grouped
from portal.rules.permissions import Role
from portal.store import db
from portal.voting.actions import cast_vote, take_back
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, LedgerEntry, Round
from portal.voting.notices import tell_voters
from portal.voting.sealing import seal_round
from tests import builders
from tests.client import InspectingClient
from tests.papers.making import seen_by

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def voter(village: Any) -> Any:
    """A resident who has an account and takes both roads."""
    return builders.actor(builders.a_resident(village))


@pytest.fixture
def handed(round_: Any, desk: Any, voter: Any) -> Callable[..., str]:
    """A paper that `voter` handed in: its serial."""

    def hand(number: int | None = None) -> str:
        (serial,) = print_papers(desk[0], round_, 1)
        hand_in(desk[0], round_, number or number_of(round_, voter), serial)
        return serial

    return hand


def number_of(round: Any, actor: Any) -> int:
    elector = elector_of(round, actor)
    assert elector is not None
    return elector.by_number


def entered(round: Any, desk: Any, serial: str, *options: int) -> str:
    """The state of a paper after two people have read these options on it."""
    for person in desk[1:3]:
        paper = enter_paper(person, round, serial, Entry(dict.fromkeys(options, 1)))
    return paper.state


def states(round: Any) -> list[str]:
    return sorted(db.session.scalars(select(PaperBallot.state).where(PaperBallot.round_id == round.id)))


# Paper and phone


def test_a_paper_handed_in_after_the_phone_counts_instead(round_: Any, voter: Any, desk: Any, handed: Any) -> None:
    cast_vote(voter, round_, 1, 1)  # A26
    serial = handed()
    assert builders.cast_choices() == ["1"]
    assert entered(round_, desk, serial, 2, 3) == PaperState.COUNTED
    assert builders.cast_choices() == ["2,3"]
    line = db.session.scalars(select(LedgerEntry).where(LedgerEntry.voted)).one()
    assert line.road == Road.PAPER


def test_a_later_vote_by_phone_counts_instead_of_a_paper_whenever_that_is_entered(  # A26
    round_: Any, voter: Any, desk: Any, handed: Any
) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    cast_vote(voter, round_, 3, 1, 1)
    assert entered(round_, desk, serial, 2) == PaperState.PASSED
    assert builders.cast_choices() == ["1,3"]


def test_a_first_vote_by_phone_after_the_paper_counts_instead(
    village: Any, round_: Any, voter: Any, desk: Any, handed: Any
) -> None:
    print_papers(desk[0], round_, 1)  # freezes the roll
    serial = handed()
    cast_vote(voter, round_, 3, 1)
    assert entered(round_, desk, serial, 2) == PaperState.PASSED
    assert builders.cast_choices() == ["3"]


def test_a_tap_after_the_paper_is_counted_changes_the_ballot_again_and_an_old_page_does_not(  # A26
    round_: Any, voter: Any, desk: Any, handed: Any
) -> None:
    cast_vote(voter, round_, 1, 1)
    entered(round_, desk, handed(), 2)
    with pytest.raises(Refused):
        cast_vote(voter, round_, 1, 1, 0)  # the first tap, sent once more
    with pytest.raises(Refused):
        cast_vote(voter, round_, 3, 1, 1)  # a tap on a page that does not show the paper
    assert builders.cast_choices() == ["2"]
    turn = db.session.scalars(select(Ballot.turn)).one()
    cast_vote(voter, round_, 3, 1, turn)
    assert builders.cast_choices() == ["2,3"]


def test_a_vote_that_was_taken_back_does_not_stand_in_a_papers_way(
    round_: Any, voter: Any, desk: Any, handed: Any
) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    elector = elector_of(round_, voter)
    assert elector is not None
    take_back(round_, elector)
    assert entered(round_, desk, serial, 2) == PaperState.COUNTED
    assert builders.cast_choices() == ["2"]


def test_slip_and_paper_of_one_person_count_once(village: Any, round_: Any, desk: Any, enrolled: Any) -> None:  # A26
    number = enrolled()
    (slip,) = print_slips(desk[0], round_, village)
    (serial,) = print_papers(desk[0], round_, 1)
    vote_by_slip(slip.code, 1, 1, 0)
    hand_in(desk[0], round_, number, serial)
    assert entered(round_, desk, serial, 2) == PaperState.COUNTED
    assert builders.cast_choices() == ["2"]
    with pytest.raises(Refused):
        vote_by_slip(slip.code, 3, 1, 1)  # a tap on a page that does not say that a paper is counted
    vote_by_slip(slip.code, 3, 1, seen_by(slip.code))
    assert builders.cast_choices() == ["3"]
    assert db.session.scalar(select(func.count()).where(LedgerEntry.voted)) == 1


def test_a_second_paper_of_one_voter_voids_the_first(round_: Any, voter: Any, desk: Any, handed: Any) -> None:
    cast_vote(voter, round_, 1, 1)
    first = handed()
    second = handed()
    with pytest.raises(Refused):
        enter_paper(desk[1], round_, first, Entry({2: 1}))
    assert entered(round_, desk, second, 3) == PaperState.COUNTED
    assert builders.cast_choices() == ["3"]
    assert states(round_) == ["counted", "void"]


def test_a_paper_after_a_counted_paper_counts_instead(round_: Any, voter: Any, desk: Any, handed: Any) -> None:
    cast_vote(voter, round_, 1, 1)
    entered(round_, desk, handed(), 2)
    second = handed()
    assert builders.cast_choices() == ["2"]
    entered(round_, desk, second, 3)
    assert builders.cast_choices() == ["3"]
    assert states(round_) == ["counted", "passed"]


def test_a_void_paper_changes_nothing_and_is_counted_as_one(round_: Any, voter: Any, desk: Any, handed: Any) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    enter_paper(desk[1], round_, serial, Entry({}, Void.UNREADABLE))
    paper = enter_paper(desk[2], round_, serial, Entry({}, Void.TOO_MANY))
    assert paper.state == PaperState.VOID
    assert builders.cast_choices() == ["1"]
    assert numbers_of(round_, closed=False).papers[PaperState.VOID] == 1


def test_an_empty_paper_is_an_empty_vote(round_: Any, voter: Any, desk: Any, handed: Any) -> None:
    cast_vote(voter, round_, 1, 1)
    assert entered(round_, desk, handed()) == PaperState.COUNTED
    assert builders.cast_choices() == [""]


def test_a_household_has_one_vote_on_paper_and_phone(village: Any, desk: Any, enrolled: Any) -> None:  # A21
    round_ = builders.an_open_round(builders.a_project(village))

    builders.of_households(round_)
    head = enrolled("3-2-501")
    member = enrolled("3-2-501", head)
    serials = print_papers(desk[0], round_, 3)
    (slip,) = print_slips(desk[0], round_, village, number=member)
    hand_in(desk[0], round_, head, serials[0])
    vote_by_slip(slip.code, 1, 1, 0)
    assert entered(round_, desk, serials[0], 2) == PaperState.PASSED
    assert builders.cast_choices() == ["1"]
    with pytest.raises(Refused):  # somebody of hers has voted
        hand_in(desk[0], round_, head, serials[1])
    hand_in(desk[0], round_, member, serials[2])
    assert entered(round_, desk, serials[2], 3) == PaperState.COUNTED
    assert builders.cast_choices() == ["3"]


# Entering


def test_two_entries_of_one_person_are_no_two_entries(round_: Any, voter: Any, desk: Any, handed: Any) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    enter_paper(desk[1], round_, serial, Entry({2: 1}))
    for entry in (Entry({2: 1}), Entry({3: 1})):
        with pytest.raises(Refused):
            enter_paper(desk[1], round_, serial, entry)
    assert states(round_) == ["once"]
    assert builders.cast_choices() == ["1"]


def test_what_two_people_read_differently_is_settled_by_a_third(
    round_: Any, voter: Any, desk: Any, handed: Any
) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    enter_paper(desk[1], round_, serial, Entry({2: 1}))
    enter_paper(desk[2], round_, serial, Entry({3: 1}))
    assert states(round_) == ["differs"]
    for person in desk[1:3]:
        with pytest.raises(Refused):
            settle_paper(person, round_, serial, Entry({2: 1}))
    with pytest.raises(Refused):
        enter_paper(desk[3], round_, serial, Entry({2: 1}))
    assert builders.cast_choices() == ["1"]
    settle_paper(desk[3], round_, serial, Entry({3: 1}))
    assert builders.cast_choices() == ["3"]


def test_an_entry_sent_again_changes_nothing(round_: Any, voter: Any, desk: Any, handed: Any) -> None:  # A26
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    entered(round_, desk, serial, 2)
    turn = db.session.scalars(select(Ballot.turn)).one()
    for person in desk:
        for deed in (enter_paper, settle_paper):
            with pytest.raises(Refused):
                deed(person, round_, serial, Entry({3: 1}))
    with pytest.raises(Refused):
        hand_in(desk[0], round_, number_of(round_, voter), serial)
    assert (builders.cast_choices(), db.session.scalars(select(Ballot.turn)).one()) == (["2"], turn)


def test_papers_of_nobody_of_another_vote_or_of_no_vote_are_refused(
    village: Any, round_: Any, voter: Any, desk: Any, enrolled: Any
) -> None:
    cast_vote(voter, round_, 1, 1)
    other = builders.an_open_round(builders.a_project(village))
    (serial,) = print_papers(desk[0], other, 1)
    hand_in(desk[0], other, number_of(other, voter), serial)
    (fresh,) = print_papers(desk[0], round_, 1)
    for unknown in (serial, "00000000", "", fresh):
        with pytest.raises(Refused):
            enter_paper(desk[1], round_, unknown, Entry({1: 1}))
    for unknown in (serial, "00000000"):
        with pytest.raises(Refused):
            hand_in(desk[0], round_, number_of(round_, voter), unknown)
    late = enrolled()
    with pytest.raises(Refused):
        hand_in(desk[0], round_, late, fresh)


def test_a_paper_with_more_than_is_allowed_is_entered_as_void_only(village: Any, desk: Any, voter: Any) -> None:
    round_ = builders.an_open_round(builders.a_project(village), ballot=BallotKind.CHOOSE_K, most=2)
    (serial,) = print_papers(desk[0], round_, 1)
    hand_in(desk[0], round_, number_of(round_, voter), serial)
    for values in ({1: 1, 2: 1, 3: 1}, {9: 1}, {1: 5}):
        with pytest.raises(Refused):
            enter_paper(desk[1], round_, serial, Entry(values))
    assert states(round_) == ["handed"]


@pytest.mark.parametrize(
    ("kind", "most", "values", "said"),
    [
        (BallotKind.CUMULATIVE, 10, {1: 3, 3: 7}, "1:3,3:7"),
        (BallotKind.ORDINAL, 3, {3: 1, 1: 2}, "3,1"),
        (BallotKind.CHOOSE_1, None, {2: 1}, "2"),
        (BallotKind.KNAPSACK, None, {1: 1, 2: 1}, "1,2"),
    ],
)
def test_papers_of_every_kind_count_as_they_say(
    village: Any, voter: Any, desk: Any, kind: Any, most: Any, values: Any, said: str
) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village), ballot=kind, most=most)
    cast_vote(voter, round_, 2, 1)
    (serial,) = print_papers(desk[0], round_, 1)
    hand_in(desk[0], round_, number_of(round_, voter), serial)
    for person in desk[1:3]:
        enter_paper(person, round_, serial, Entry(values))
    assert builders.cast_choices() == [said]


# The closing


def test_a_closed_vote_waits_for_papers_that_were_handed_in_and_counts_them(  # A26
    round_: Any, voter: Any, desk: Any, handed: Any, at: Any
) -> None:
    cast_vote(voter, round_, 1, 1)
    serial, late = handed(), print_papers(desk[0], round_, 1)[0]
    with at(round_.closes_at + timedelta(hours=1)):
        assert not seal_round(round_)
        with pytest.raises(Refused):
            hand_in(desk[0], round_, number_of(round_, voter), late)
        with pytest.raises(Refused):
            print_papers(desk[0], round_, 1)
        assert entered(round_, desk, serial, 2) == PaperState.COUNTED
        assert seal_round(round_)
        with pytest.raises(Refused):
            enter_paper(desk[1], round_, serial, Entry({3: 1}))
    assert round_.outcome is not None
    assert round_.outcome["winners"] == ["2"]


def test_a_closed_vote_waits_three_days_at_most(round_: Any, voter: Any, desk: Any, handed: Any, at: Any) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    enter_paper(desk[1], round_, serial, Entry({2: 1}))
    with at(round_.closes_at + timedelta(hours=71)):
        assert not seal_round(round_)
    with at(round_.closes_at + timedelta(hours=72)):
        assert seal_round(round_)
        with pytest.raises(Refused):
            enter_paper(desk[2], round_, serial, Entry({2: 1}))
    assert numbers_of(round_, closed=True).papers_waiting == 1
    assert round_.voters == 1


def test_the_sealing_forgets_what_papers_said_and_whose_they_were(
    round_: Any, voter: Any, desk: Any, handed: Any, at: Any
) -> None:
    serial = handed()
    entered(round_, desk, serial, 2)
    paper = db.session.scalars(select(PaperBallot)).one()
    assert paper.voter != number_of(round_, voter)
    with at(round_.closes_at):
        assert seal_round(round_)
    row = db.session.execute(select(PaperBallot.__table__)).mappings().one()
    assert row["state"] == "counted"
    assert {row[name] for name in ("handle", "voter", "turn")} == {None}
    assert row["first"] is None
    assert row["second"] is None


# At once


def test_of_simultaneous_second_entries_one_decides(
    round_: Any, voter: Any, desk: Any, handed: Any, elsewhere: Callable[..., Any]
) -> None:  # A26
    cast_vote(voter, round_, 1, 1)
    serial, number = handed(), round_.id
    enter_paper(desk[0], round_, serial, Entry({2: 1}))
    db.session.rollback()

    def enter(person: Any, option: int) -> str:
        return enter_paper(person, db.session.get_one(Round, number), serial, Entry({option: 1})).state

    with ThreadPoolExecutor(3) as people:
        done = [people.submit(elsewhere, enter, person, 2 + n % 2) for n, person in enumerate(desk[1:])]
    failed = [one for one in done if one.exception()]
    assert len(failed) == 2
    assert all(isinstance(one.exception(), Refused) for one in failed)
    db.session.expire_all()
    assert (states(round_), builders.cast_choices()) in ((["counted"], ["2"]), (["differs"], ["1"]))


def test_of_two_papers_handed_in_at_once_for_one_voter_one_counts(
    round_: Any, voter: Any, desk: Any, elsewhere: Callable[..., Any]
) -> None:
    cast_vote(voter, round_, 1, 1)
    serials, number, who = print_papers(desk[0], round_, 4), round_.id, number_of(round_, voter)
    db.session.rollback()

    def hand(serial: str) -> None:
        hand_in(desk[0], db.session.get_one(Round, number), who, serial)

    with ThreadPoolExecutor(4) as people:
        done = [people.submit(elsewhere, hand, serial) for serial in serials]
    assert [one.exception() for one in done] == [None] * 4
    assert states(round_) == ["handed", "void", "void", "void"]


def test_entries_and_a_tap_at_once_leave_one_ballot_and_the_tap(
    round_: Any, voter: Any, desk: Any, elsewhere: Callable[..., Any]
) -> None:
    (serial,) = print_papers(desk[0], round_, 1)
    number = round_.id
    hand_in(desk[0], round_, number_of(round_, voter), serial)
    enter_paper(desk[1], round_, serial, Entry({2: 1}))
    db.session.rollback()

    def tap() -> None:
        cast_vote(voter, db.session.get_one(Round, number), 1, 1, 1)

    def enter() -> None:
        enter_paper(desk[2], db.session.get_one(Round, number), serial, Entry({2: 1}))

    with ThreadPoolExecutor(2) as people:
        done = [people.submit(elsewhere, deed) for deed in (tap, enter)]
    assert [one.exception() for one in done] == [None, None]
    assert (builders.cast_choices(), states(round_)) in ((["1"], ["passed"]), (["1,2"], ["counted"]))


# Pages


def test_papers_go_from_the_printer_to_the_count_on_the_pages(
    village: Any, round_: Any, desk: Any, enrolled: Any, client: InspectingClient
) -> None:  # A26
    enrolled("3-2-501")
    people = [db.session.get_one(builders.Person, one.id) for one in desk]
    here = f"/{village.code}/votes/{round_.id}/papers"
    builders.signed_in(client, people[0])
    assert client.get(here, headers=ENGLISH).status_code == 200
    assert "Please print 1 to 100 at once." in client.post(here, data={"count": 0}, headers=ENGLISH).text
    sheets = client.post(here, data={"count": 2}, headers=ENGLISH).text
    serial = re.findall(r'class="code">(\d{4} \d{4})<', sheets)[0]
    assert sheets.count('class="qr"') == 2
    assert sheets.count("¥12,500") == 2
    for words in ('lang="zh-Hans"', 'lang="zh-Hant"', 'lang="en"', "Make a mark beside everything"):
        assert words in sheets
    there = client.get(f"{here}/find?serial={serial}").location
    assert "Nobody has handed this paper in yet." in client.get(there, headers=ENGLISH).text
    found = client.get(f"{here}/hand-in?q=3-2-5", headers=ENGLISH).text
    number = re.findall(r'href="hand-in/(\d+)"', found)[0]
    assert "Nobody on the roll is found." in client.get(f"{here}/hand-in?q=x", headers=ENGLISH).text
    wrong = client.post(f"{here}/hand-in/{number}", data={"serial": "1111 1111"}, headers=ENGLISH)
    assert "There is no paper with this number" in wrong.text
    assert client.post(f"{here}/hand-in/{number}", data={"serial": serial}).location == here
    assert client.get(f"{here}/hand-in/99999", headers=ENGLISH).status_code == 404
    assert client.get(f"{here}/00000000").status_code == 404
    client.post(there, data={"option_2": "y", "void": ""})
    assert "You have entered this paper." in client.get(there, headers=ENGLISH).text
    builders.signed_in(client, people[1])
    blind = client.get(there, headers=ENGLISH).text
    assert "checked" not in blind
    client.post(there, data={"option_3": "y", "void": ""})
    builders.signed_in(client, people[2])
    shown = client.get(there, headers=ENGLISH).text
    assert "The first person read" in shown
    assert "The second person read" in shown
    assert "a third one settles it" in client.get(here, headers=ENGLISH).text
    assert client.post(there, data={"option_3": "y", "void": "", "settles": "1"}).location == here
    assert "This paper is counted." in client.get(there, headers=ENGLISH).text
    assert builders.cast_choices() == ["3"]
    counts = client.get(f"{here}/numbers", headers=ENGLISH).text
    for said in ("<strong>2</strong><span>ballots of paper printed", "<strong>1</strong><span>papers handed in"):
        assert said in counts


def test_ranks_are_typed_and_a_wrong_one_stays_beside_its_error(
    village: Any, desk: Any, enrolled: Any, client: InspectingClient
) -> None:
    number = enrolled()
    round_ = builders.an_open_round(builders.a_project(village), ballot=BallotKind.ORDINAL, most=3)
    (serial,) = print_papers(desk[0], round_, 1)
    hand_in(desk[0], round_, number, serial)
    there = f"/{village.code}/votes/{round_.id}/papers/{serial}"
    builders.signed_in(client, db.session.get_one(builders.Person, desk[0].id))
    answer = client.post(there, data={"option_1": "x", "option_2": "1", "void": ""}, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'value="x"' in answer.text
    same = client.post(there, data={"option_1": "1", "option_2": "1", "void": ""}, headers=ENGLISH)
    assert "Two options have the same rank." in same.text
    assert client.post(there, data={"option_1": "2", "option_2": "1", "void": ""}).status_code == 303


def test_a_guest_and_a_resident_see_the_numbers_and_no_desk(
    village: Any, round_: Any, client: InspectingClient
) -> None:
    here = f"/{village.code}/votes/{round_.id}/papers"
    for person in (None, builders.a_resident(village)):
        builders.signed_in(client, person)
        assert client.get(f"{here}/numbers", headers=ENGLISH).status_code == 200
        for page in ("", "/hand-in", "/find", "/12345678"):
            assert client.get(here + page).status_code in (303, 403)


def test_slips_that_were_used_are_told_after_the_closing_only(
    village: Any, round_: Any, desk: Any, enrolled: Any, client: InspectingClient, at: Any
) -> None:
    enrolled()
    (slip,) = print_slips(desk[0], round_, village)
    vote_by_slip(slip.code, 1, 1, 0)
    page = f"/{village.code}/votes/{round_.id}/papers/numbers"
    assert "<strong>—</strong><span>voted by slip" in client.get(page, headers=ENGLISH).text
    with at(round_.closes_at):
        assert "<strong>1</strong><span>voted by slip" in client.get(page, headers=ENGLISH).text


# Whose papers


def test_a_committee_has_to_do_with_the_papers_of_its_own_community_only(
    enrolled: Any, client: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    here, next_door, _ = tree.villages
    round_ = builders.an_open_round(builders.a_project(tree.township, needs=(builders.a_need(here),)))
    number = enrolled(region=here)
    ours, strangers = (
        [builders._staff(f"{name}{n}", Role.COMMITTEE, place) for n in range(2)]
        for name, place in (("ours", here), ("theirs", next_door))
    )
    mine, stranger = [builders.actor(one) for one in ours], builders.actor(strangers[0])
    serial, other = print_papers(stranger, round_, 2)
    with pytest.raises(Refused):
        hand_in(stranger, round_, number, serial)
    hand_in(mine[0], round_, number, serial)
    for deed in (enter_paper, settle_paper):
        with pytest.raises(Refused) as refused:
            deed(stranger, round_, serial, Entry({3: 1}))
        assert "There is no paper with this number" in str(refused.value)
    with pytest.raises(Refused):
        hand_in(stranger, round_, number, serial)
    builders.signed_in(client, strangers[0])
    papers = f"/{next_door.code}/votes/{round_.id}/papers"
    assert grouped(serial) not in client.get(papers).text
    assert client.get(f"{papers}/{serial}").status_code == 404
    assert client.post(f"{papers}/{serial}", data={"option_3": "y", "void": ""}).status_code == 404
    assert client.get(f"{papers}/{other}").status_code == 200
    builders.signed_in(client, ours[0])
    papers = f"/{here.code}/votes/{round_.id}/papers"
    assert grouped(serial) in client.get(papers).text
    assert client.get(f"{papers}/{serial}").status_code == 200
    for person in mine:
        paper = enter_paper(person, round_, serial, Entry({3: 1}))
    assert paper.state == PaperState.COUNTED


# What voters are told


def test_who_was_told_of_her_vote_by_phone_is_told_again_when_a_paper_takes_its_place(village: Any, desk: Any) -> None:
    builders.with_numbers(village, log_batch=1)
    round_ = builders.an_open_round(builders.a_project(village))
    voter = builders.actor(builders.a_resident(village))
    cast_vote(voter, round_, 1, 1)
    assert tell_voters() == 1
    for _ in range(2):  # the second time a paper takes the place of a paper
        (serial,) = print_papers(desk[0], round_, 1)
        hand_in(desk[0], round_, number_of(round_, voter), serial)
        assert tell_voters() == 0
        assert entered(round_, desk, serial, 2) == PaperState.COUNTED
        assert tell_voters() == 1


def test_pages_say_that_a_paper_counts_though_the_vote_was_taken_back(
    village: Any, round_: Any, voter: Any, desk: Any, handed: Any, client: InspectingClient
) -> None:
    cast_vote(voter, round_, 1, 1)
    serial = handed()
    said = "A ballot of paper that you handed in before still counts once it is entered."
    builders.signed_in(client, db.session.get_one(builders.Person, voter.id))
    vote = f"/{village.code}/votes/{round_.id}"
    assert said in client.get(f"{vote}/receipt", headers=ENGLISH).text
    assert said in client.post(f"{vote}/back", headers=ENGLISH, follow_redirects=True).text
    builders.signed_in(client, db.session.get_one(builders.Person, desk[0].id))
    paper = client.get(f"{vote}/papers/{serial}", headers=ENGLISH).text
    assert "the paper still counts." in paper
    assert (
        "the paper still counts."
        in client.get(f"{vote}/papers/hand-in/{number_of(round_, voter)}", headers=ENGLISH).text
    )
