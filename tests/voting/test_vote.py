"""One ballot for each line of the roll: saved at once, changeable until the end, once however often it is sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from portal.audit.models import AuditEntry
from portal.rolls.actions import claim_entry
from portal.rolls.models import RollEntry
from portal.rules import Refused
from portal.rules.ballots import Road
from portal.rules.decisions import Basis, Body, Share
from portal.rules.elections import BallotKind
from portal.store import action, clock, db
from portal.voting.actions import cast_vote, replace, take_back
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, LedgerEntry, Round
from portal.voting.queries import own_ballot
from portal.voting.receipts import receipt_of
from portal.voting.rounds import freeze_round
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def choices() -> list[str]:
    """What the ballots say that count."""
    return sorted(db.session.scalars(db.select(Ballot.choices).where(~Ballot.void)))


def voted() -> int:
    return len(db.session.scalars(db.select(LedgerEntry.number).where(LedgerEntry.voted)).all())


def tap(
    client: InspectingClient, village: Any, round_: Any, option: Any, value: Any = 1, seen: Any = 0, **how: Any
) -> Any:
    data = {"option": option, "value": value, "seen": seen}
    return client.post(f"/{village.code}/votes/{round_.id}/vote", data=data, headers=ENGLISH, **how)


def test_three_taps_are_votes_for_three_options(village: Any, round_: Any, client: InspectingClient) -> None:  # A26
    builders.signed_in(client, builders.a_resident(village))
    for option in (1, 2, 3):
        answer = tap(client, village, round_, option)
        assert answer.status_code == 303
        assert answer.location == f"/{village.code}/votes/{round_.id}/?tapped={option}#option-{option}"
        assert choices() == [",".join(str(one) for one in range(1, option + 1))]
    assert voted() == 1


@pytest.mark.parametrize(
    ("kind", "most", "taps", "says"),
    [
        (BallotKind.APPROVAL, None, [(1, 1), (2, 1), (1, 0)], "2"),
        (BallotKind.CHOOSE_1, None, [(1, 1), (3, 1)], "3"),
        (BallotKind.CHOOSE_K, 2, [(1, 1), (3, 1)], "1,3"),
        (BallotKind.KNAPSACK, None, [(2, 1), (1, 1)], "1,2"),
        (BallotKind.CUMULATIVE, 5, [(1, 1), (1, 2), (3, 1)], "1:2,3:1"),
        (BallotKind.ORDINAL, None, [(3, 1), (1, 1)], "3,1"),
    ],
)
def test_taps_on_every_kind_of_ballot_without_javascript(  # A26, B26
    village: Any, client: InspectingClient, kind: Any, most: int | None, taps: list[tuple[int, int]], says: str
) -> None:
    round_ = builders.an_open_round(builders.a_project(village), ballot=kind, most=most)
    builders.signed_in(client, builders.a_resident(village))
    for turn, (option, value) in enumerate(taps):
        assert tap(client, village, round_, option, value, turn, follow_redirects=True).status_code == 200
    assert choices() == [says]


def test_a_choice_is_taken_back_and_made_anew_until_the_end(village: Any, round_: Any) -> None:  # A26
    actor = builders.actor(builders.a_resident(village))
    turn = 0
    for option, value in ((1, 1), (2, 1), (1, 0), (1, 0), (2, 1)):
        turn = cast_vote(actor, round_, option, value, turn).turn
    assert choices() == ["2"]


def test_a_tap_whose_answer_was_lost_is_sent_again_and_gives_the_same_receipt(  # A26, goals G3
    village: Any, round_: Any, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    receipts = []
    for _ in range(3):
        assert tap(client, village, round_, 2).status_code == 303
        receipts.append(client.get(f"/{village.code}/votes/{round_.id}/receipt.txt").text)
    assert len(set(receipts)) == 1
    assert choices() == ["2"]


def test_24_simultaneous_taps_of_one_person_are_one_ballot_and_one_receipt(  # A26, goals G2
    village: Any, round_: Any, elsewhere: Callable[..., Any]
) -> None:
    actor = builders.actor(builders.a_resident(village))
    number = round_.id
    db.session.rollback()

    def once() -> str:
        round = db.session.get_one(Round, number)
        cast_vote(actor, round, 1, 1)
        ballot = own_ballot(round, elector_of(round, actor))
        assert ballot is not None
        return receipt_of(round, ballot).text

    with ThreadPoolExecutor(24) as taps:
        receipts = [one.result() for one in [taps.submit(elsewhere, once) for _ in range(24)]]
    assert len(set(receipts)) == 1
    assert (choices(), voted()) == (["1"], 1)


def test_a_stale_tap_is_answered_with_the_ballot_as_it_stands(  # A26, trust 2, class 5
    village: Any, round_: Any, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    tap(client, village, round_, 1, 1, 0)
    tap(client, village, round_, 1, 0, 1)
    tap(client, village, round_, 3, 1, 2)
    for how in ({}, {"part": "ballot"}):
        answer = tap(client, village, round_, 1, 1, 0, **how)
        assert answer.status_code == 409
        assert "You changed this meanwhile. Here is your ballot as it stands." in answer.text
        assert answer.text.count("You chose this.") == 1
        assert "HX-Retarget" not in answer.headers
    assert choices() == ["3"]
    assert client.get(f"/{village.code}/votes/{round_.id}/vote").location == f"/{village.code}/votes/{round_.id}/"


@pytest.mark.parametrize(
    ("option", "value"), [("", "1"), ("x", "1"), ("9" * 40, "1"), ("-1", "1"), ("4", "1"), ("1", ""), ("1", "yes"), ("1", "-1"), ("1", "2"), ("1", "9" * 40)]
)  # fmt: skip
def test_a_forged_tap_is_refused_and_hinders_nobody_from_signing_in(  # A26, trust 2, class 5
    village: Any, round_: Any, client: InspectingClient, option: str, value: str
) -> None:
    tap(client, village, round_, option, value)
    person = builders.a_resident(village)
    assert sign_in(client, person).status_code == 303
    answer = tap(client, village, round_, option, value, "x")
    assert answer.status_code == 409
    assert "This is not part of this vote." in answer.text
    assert (choices(), voted()) == ([], 0)


@pytest.mark.parametrize("days", [-2, 8])
def test_nothing_is_counted_before_the_opening_or_after_the_end(  # A26
    village: Any, round_: Any, days: int, at: Any, client: InspectingClient
) -> None:
    person = builders.a_resident(village)
    with at(clock.now() + timedelta(days=days)):
        builders.signed_in(client, person)
        answer = tap(client, village, round_, 1)
    assert answer.status_code == 409
    assert ("has not opened yet" if days < 0 else "has closed") in answer.text
    assert (choices(), voted()) == ([], 0)


def test_a_saved_vote_cannot_be_changed_after_the_end(village: Any, round_: Any, at: Any) -> None:  # A26
    actor = builders.actor(builders.a_resident(village))
    cast_vote(actor, round_, 1, 1)
    with at(round_.closes_at), pytest.raises(Refused, match="closed"):
        cast_vote(actor, round_, 1, 0, 1)
    assert choices() == ["1"]


def test_strangers_neighbours_and_the_unconfirmed_do_not_vote(round_: Any, village: Any) -> None:  # A26
    tree = builders.a_region_tree()
    unconfirmed = builders.a_resident(village, verified=False)
    neighbour = builders.a_resident(tree.villages[1])
    for person in (None, unconfirmed, neighbour, builders.a_committee(village)):
        with pytest.raises(Refused):
            cast_vote(builders.actor(person), round_, 1, 1)
    freeze_round(round_)
    late = builders.a_resident(village)
    with pytest.raises(Refused, match="roll of this vote was closed"):
        cast_vote(builders.actor(late), round_, 1, 1)
    assert (choices(), voted()) == ([], 0)


def test_who_is_on_the_roll_by_telephone_number_votes_with_the_first_tap(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    enter(village, phone="13900000001")
    person = builders.accounts.welcome("13900000001", "zh-Hans")
    builders.signed_in(client, person)
    page = client.get(f"/{village.code}/votes/{round_.id}/", headers=ENGLISH)
    assert "I would like this" in page.text
    assert tap(client, village, round_, 2).status_code == 303
    page = client.get(f"/{village.code}/votes/{round_.id}/", headers=ENGLISH)
    assert "You chose this." in page.text
    assert (choices(), voted()) == (["2"], 1)


def test_a_household_has_one_vote_and_the_second_of_it_never_sees_the_first_ones_choice(  # A26, B26
    village: Any, client: InspectingClient
) -> None:
    first, second = households(village)
    round_ = builders.an_open_round(
        builders.a_project(village),
        body=Body.RESIDENTS_HOUSEHOLDS,
        legal_basis="第九条",
        quorum=Share.read(">1/2"),
        majority=Share.read(">1/2"),
    )
    assert round_.basis == Basis.HOUSEHOLDS
    builders.signed_in(client, first)
    assert "Your household has one vote." in client.get(f"/{village.code}/votes/{round_.id}/", headers=ENGLISH).text
    tap(client, village, round_, 2)
    builders.signed_in(client, second)
    text = client.get(f"/{village.code}/votes/{round_.id}/", headers=ENGLISH).text
    assert "Each household has one vote here, and somebody of yours has voted." in text
    assert "You chose" not in text
    assert 'action="vote"' not in text
    assert tap(client, village, round_, 1).status_code == 409
    assert client.get(f"/{village.code}/votes/{round_.id}/receipt.txt").status_code == 404
    claim_entry(second.id, second.phone, village.path)
    for address in ("/mine/", f"/{village.code}/votes/", f"/{village.code}/votes/{round_.id}/receipt"):
        text = client.get(address, headers=ENGLISH).text
        assert "Your household has voted" in text, address
        assert "You have voted" not in text, address
    assert (choices(), voted()) == (["2"], 1)


def test_two_of_a_household_who_tap_at_once_are_one_vote_of_one_of_them(  # A26
    village: Any, elsewhere: Callable[..., Any]
) -> None:
    people = [builders.actor(person) for person in households(village)]
    project = builders.a_project(village)
    half = Share.read(">1/2")
    number = builders.an_open_round(
        project, body=Body.RESIDENTS_HOUSEHOLDS, legal_basis="第九条", quorum=half, majority=half
    ).id
    db.session.rollback()

    def once(actor: Any) -> str:
        try:
            return cast_vote(actor, db.session.get_one(Round, number), 1 if actor is people[0] else 2, 1).choices
        except Refused:
            return ""

    with ThreadPoolExecutor(8) as taps:
        done = [one.result() for one in [taps.submit(elsewhere, once, people[turn % 2]) for turn in range(8)]]
    assert set(done) in ({"", "1"}, {"", "2"})
    assert choices() == [max(done)]


def test_a_villager_votes_in_the_round_of_her_township_from_her_own_page(client: InspectingClient) -> None:  # A26
    tree = builders.a_region_tree()
    round_ = builders.an_open_round(builders.a_project(tree.township, needs=(builders.a_need(tree.villages[0]),)))
    builders.signed_in(client, builders.a_resident(tree.villages[2]))
    assert tap(client, tree.villages[2], round_, 1).status_code == 303
    assert choices() == ["1"]
    assert client.get(f"/{tree.county.code}/votes/{round_.id}/").status_code == 404


def test_a_vote_leaves_no_trace_in_the_log_and_names_nobody(village: Any, round_: Any) -> None:  # A26
    person = builders.a_resident(village)
    cast_vote(builders.actor(person), round_, 1, 1)
    before = db.session.scalar(db.select(db.func.count()).select_from(AuditEntry))
    cast_vote(builders.actor(person), round_, 2, 1)
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditEntry)) == before


def test_a_guests_taps_are_cast_once_she_has_signed_in(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    person = builders.a_resident(village)
    for option in (1, 3):
        answer = tap(client, village, round_, option)
        assert answer.location == f"/sign-in?next=/{village.code}/votes/{round_.id}/"
    assert choices() == []
    sign_in(client, person)
    assert choices() == ["1,3"]


def test_a_whole_vote_is_taken_back_and_no_old_tap_brings_it_again(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    tap(client, village, round_, 1)
    assert client.post(f"/{village.code}/votes/{round_.id}/back").status_code == 303
    assert (choices(), voted()) == ([], 0)
    for option, value in ((1, 1), (2, 1), (1, 0)):
        assert tap(client, village, round_, option, value).status_code == 409
    assert (choices(), voted()) == ([], 0)
    page = client.get(f"/{village.code}/votes/{round_.id}/", headers=ENGLISH).text
    assert "You have not chosen yet." in page
    assert 'name="seen" value="2"' in page
    tap(client, village, round_, 2, 1, 2)
    assert (choices(), voted()) == (["2"], 1)


def test_a_tap_from_before_the_paper_came_does_not_change_it(village: Any, round_: Any) -> None:  # A26
    actor = builders.actor(builders.a_resident(village))
    cast_vote(actor, round_, 1, 1)
    elector = elector_of(round_, actor)
    assert elector is not None
    paper = replace(round_, elector, Road.PAPER, {2: 1}, since=1)
    assert paper is not None
    assert choices() == ["2"]
    for option in (1, 3):
        with pytest.raises(Refused, match="as it stands"):
            cast_vote(actor, round_, option, 1, 1)
    cast_vote(actor, round_, 3, 1, paper.turn)
    assert choices() == ["2,3"]
    take_back(round_, elector)
    assert (choices(), voted()) == ([], 0)


@pytest.mark.parametrize("options", [2, 6])
def test_a_tap_asks_few_statements_however_many_options_there_are(  # goals, speed
    village: Any, client: InspectingClient, options: int
) -> None:
    round_ = builders.an_open_round(builders.a_project(village, options))
    builders.signed_in(client, builders.a_resident(village))
    freeze_round(round_)
    address = f"/{village.code}/votes/{round_.id}/vote"
    with statements() as said:
        client.post(address, data={"option": 1, "value": 1, "seen": 0})
        assert len(said) <= 8, "\n".join(said)
    with statements() as said:
        client.post(address, data={"option": 2, "value": 1, "seen": 1})
        cold = len(said)
        client.post(address, data={"option": 2, "value": 0, "seen": 2})
    assert len(said) - cold <= 5, "\n".join(said[cold:])
    assert cold <= 7, "\n".join(said[:cold])


@action
def enter(village: Any, *, phone: str = "", household: str = "", head: RollEntry | None = None) -> RollEntry:
    """An entry that the committee imported."""
    from portal.accounts.secrets import keyed_hash

    entry = RollEntry(
        region_id=village.id,
        shown="王**",
        household=household,
        head_id=head.id if head else None,
        phone_hash=keyed_hash("phone", phone),
        identity_hash=keyed_hash("roll", phone),
        state="active",
        source="import",
        added_at=clock.now(),
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def households(village: Any) -> list[Any]:
    """Two people of one household."""
    head = enter(village, phone="13900000001", household="3-501")
    enter(village, phone="13900000002", household="3-501", head=head)
    return [builders.accounts.welcome(f"1390000000{number}", "zh-Hans") for number in (1, 2)]


def sign_in(client: InspectingClient, person: Any) -> Any:
    """Sign in by telephone, as a resident does; the code is the demo's."""
    from portal.accounts.actions import send_code

    with client.session_transaction() as session:
        session["phone"] = person.phone
    code = send_code(person.phone, "", "zh-Hans")
    return client.post("/sign-in/code?next=/", data={"code": code})
