"""Who may vote in a round is settled when its roll is frozen: nothing that is done to the rolls later gives or takes."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.accounts import actions as accounts
from portal.regions.models import Region
from portal.rolls.actions import enrol_residents
from portal.rolls.imports import import_roll
from portal.rolls.keeping import remove_entry
from portal.rolls.models import RollEntry
from portal.rules import Refused
from portal.rules.ballots import Part, Road, Standing
from portal.rules.decisions import Basis
from portal.rules.permissions import NOBODY
from portal.rules.rolls import read_roll
from portal.store import action, db
from portal.voting.actions import cast_vote, mark, replace, take_back
from portal.voting.electors import Elector, account_of, elector_numbered, elector_of, standing_of
from portal.voting.models import Ballot, LedgerEntry, LedgerMember, Round
from portal.voting.notices import tell_voters
from portal.voting.queries import count_voted, own_ballot, votes_of
from portal.voting.rounds import freeze_round
from portal.voting.voters import listed_in
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

WANG = "王芳,13800138001,3-2-501"


def a_list(region: Any, *lines: str) -> None:
    import_roll(NOBODY, region, read_roll("姓名,电话,户号\n" + "\n".join(lines) + "\n"))


def the_entry(shown: str) -> RollEntry:
    return db.session.scalars(select(RollEntry).where(RollEntry.shown == shown)).one()


def line_of(round: Round, shown: str) -> Elector:
    elector = elector_numbered(round, the_entry(shown).id)
    assert elector is not None
    return elector


def the_choices() -> list[str]:
    return sorted(db.session.scalars(select(Ballot.choices).where(~Ballot.void)))


@action
def of_households(round: Round) -> Round:
    round.basis = Basis.HOUSEHOLDS.value
    freeze_round(round)
    return round


def test_who_is_put_into_a_household_after_the_freezing_has_no_vote_in_it(village: Any, round_: Any) -> None:  # B26
    a_list(village, "李强,,3-2-501")
    of_households(round_)
    a_list(village, WANG)
    assert the_entry("王*").head_id == the_entry("李*").id
    assert elector_numbered(round_, the_entry("王*").id) is None
    assert not {one.shown for one in db.session.execute(listed_in(round_, village))} & {"王*"}
    she = builders.actor(accounts.welcome("13800138001", "zh-Hans"))
    with pytest.raises(Refused):
        cast_vote(she, round_, 1, 1)


def test_a_telephone_number_that_comes_after_the_freezing_opens_no_vote(village: Any, round_: Any) -> None:  # A26
    a_list(village, "王芳,,3-2-501")
    freeze_round(round_)
    mark(round_, line_of(round_, "王*"), Road.SLIP, 1, 1, 0)
    a_list(village, WANG)
    other = accounts.welcome("13800138001", "zh-Hans")
    accounts.ask_residency(builders.actor(other), village)
    entry, me = the_entry("王*"), builders.actor(other)
    assert (entry.person_id, bool(entry.phone_hash)) == (other.id, True)
    elector = elector_of(round_, me)
    assert (elector, own_ballot(round_, elector), votes_of(me)) == (None, None, [])
    assert account_of(round_, entry.id) is None
    with pytest.raises(Refused):
        cast_vote(me, round_, 2, 1)
    assert the_choices() == ["1"]
    with builders.at(round_.closes_at):
        assert tell_voters() == 0


def test_whose_number_stood_on_the_roll_votes_and_is_on_later_rolls(village: Any, round_: Any) -> None:  # A21
    a_list(village, WANG)
    freeze_round(round_)
    she = accounts.welcome("13800138001", "zh-Hans")
    me = builders.actor(she)
    assert standing_of(me, round_, village, elector_of(round_, me)) is Standing.VOTER
    cast_vote(me, round_, 1, 1)
    assert the_entry("王*").person_id == she.id
    assert [one.part for one in votes_of(me)] == [Part.VOTED]
    assert account_of(round_, the_entry("王*").id) == she.id


def test_a_number_that_two_share_is_nobodys_key(village: Any, round_: Any) -> None:  # A21
    a_list(village, WANG, "李强,13800138001,3-2-501")
    freeze_round(round_)
    assert elector_of(round_, builders.actor(accounts.welcome("13800138001", "zh-Hans"))) is None


@pytest.mark.parametrize("known", [True, False])
def test_who_is_taken_off_the_roll_keeps_her_running_vote(village: Any, round_: Any, known: bool) -> None:  # B26
    a_list(village, WANG)
    she = builders.a_resident(village, phone="13800138001") if known else None
    freeze_round(round_)
    remove_entry(builders.actor(builders.a_committee(village)), village, the_entry("王*"), "搬走了")
    me = builders.actor(she or accounts.welcome("13800138001", "zh-Hans"))
    cast_vote(me, round_, 1, 1)
    ballot = cast_vote(me, round_, 2, 1, 1)
    assert (ballot.choices, count_voted(round_)) == ("1,2", 1)


def test_who_moves_keeps_the_running_vote_of_where_she_lived(app: Any) -> None:  # A21, B26
    tree = builders.a_region_tree()
    here, there = tree.villages[:2]
    a_list(here, WANG, "李强,,3-2-501")
    me = builders.actor(builders.a_resident(here, phone="13800138001"))
    round = builders.an_open_round(builders.a_project(here))
    cast_vote(me, round, 1, 1)
    before = elector_of(round, me)
    accounts.ask_residency(me, there)
    accounts.vouch(builders.actor(builders.a_committee(there)), there, me.id)
    enrol_residents(tree.township)
    assert the_entry("王*").person_id is None
    assert elector_of(round, me) == before
    assert [(one.id, one.part) for one in votes_of(me)] == [(round.id, Part.VOTED)]
    assert {"王*", "李*"} <= {one.shown for one in db.session.execute(listed_in(round, here))}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_member SET person_id = NULL",
        "DELETE FROM ledger_member",
        "INSERT INTO ledger_member (round_id, entry_id, number) SELECT round_id, entry_id + 1, number FROM ledger_member",
    ],
)
def test_the_database_lets_nobody_change_who_may_vote(village: Any, round_: Any, change: str) -> None:  # B26
    builders.a_resident(village)
    freeze_round(round_)

    @action
    def tamper() -> None:
        db.session.execute(text(change))

    with pytest.raises(DBAPIError, match="frozen"):
        tamper()


def test_the_roll_is_frozen_in_few_statements(village: Any, round_: Any) -> None:  # goals, speed
    a_list(village, *(f"王{number},,{number}" for number in range(40)))
    with statements() as said:
        freeze_round(round_)
    assert sum("ledger" in one for one in said) <= 3, "\n".join(said)
    assert (db.session.scalar(select(func.count()).select_from(LedgerMember)) or 0) > 40


def test_only_who_gave_the_vote_of_a_household_takes_it_back(  # B26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    a_list(village, WANG, "李强,13800138002,3-2-501")
    one, other = (builders.a_resident(village, phone=f"1380013800{number}") for number in (1, 2))
    of_households(round_)
    early = elector_of(round_, builders.actor(other))
    assert early is not None
    cast_vote(builders.actor(one), round_, 1, 1)
    with pytest.raises(Refused, match="Each household"):
        take_back(round_, early)
    builders.signed_in(client, other)
    assert client.post(f"/{village.code}/votes/{round_.id}/back").status_code == 409
    assert (the_choices(), count_voted(round_)) == (["1"], 1)
    builders.signed_in(client, one)
    assert client.post(f"/{village.code}/votes/{round_.id}/back").status_code == 303
    assert (the_choices(), count_voted(round_)) == ([], 0)


def test_nobody_has_seen_more_than_there_is(village: Any, round_: Any) -> None:  # A26
    me = builders.actor(builders.a_resident(village))
    cast_vote(me, round_, 1, 1)
    with pytest.raises(Refused, match="as it stands"):
        cast_vote(me, round_, 1, 0, 1_000_000)
    assert the_choices() == ["1"]


@pytest.mark.parametrize("seen", [1, 4, 1_000_000])
def test_a_vote_taken_back_while_it_is_tapped_is_counted_where_it_is_saved(  # A26, goals G2
    village: Any, round_: Any, elsewhere: Callable[..., Any], seen: int
) -> None:
    me, number = builders.actor(builders.a_resident(village)), round_.id
    cast_vote(me, round_, 1, 1)
    elector = elector_of(round_, me)
    assert elector is not None
    db.session.rollback()
    taken = threading.Event()

    @action
    def back() -> None:
        take_back(db.session.get_one(Round, number), elector)
        db.session.flush()
        taken.set()
        time.sleep(0.3)

    def tap() -> None:
        taken.wait(5)
        with suppress(Refused):
            mark(db.session.get_one(Round, number), elector, Road.PHONE, 2, 1, seen)

    both = [threading.Thread(target=elsewhere, args=(one,)) for one in (back, tap)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    db.session.expire_all()
    assert len(the_choices()) == count_voted(db.session.get_one(Round, number))


def test_a_tap_on_a_line_read_before_it_was_taken_back_marks_it_anew(village: Any, round_: Any) -> None:  # A26
    me = builders.actor(builders.a_resident(village))
    cast_vote(me, round_, 1, 1)
    read = elector_of(round_, me)
    assert read is not None
    take_back(round_, read)
    mark(round_, read, Road.PHONE, 2, 1, 2)
    assert (the_choices(), count_voted(round_)) == (["2"], 1)


def test_who_was_told_is_told_again_where_her_vote_came_in_another_way(village: Any, round_: Any) -> None:  # trust 5
    me = builders.actor(builders.a_resident(village))

    def told() -> bool:
        with builders.at(round_.closes_at):
            tell_voters()
        db.session.expire_all()
        return db.session.scalars(select(LedgerEntry.told).where(LedgerEntry.voted)).one()

    def untold() -> bool:
        db.session.expire_all()
        return not db.session.scalars(select(LedgerEntry.told).where(LedgerEntry.voted)).one()

    ballot = cast_vote(me, round_, 1, 1)
    elector = elector_of(round_, me)
    assert elector is not None
    assert told()
    cast_vote(me, round_, 2, 1, ballot.turn)
    assert not untold()
    ballot = mark(round_, elector, Road.SLIP, 3, 1, 2)
    assert untold()
    assert told()
    replace(round_, elector, Road.PAPER, {2: 1}, ballot.turn)
    assert untold()


def test_a_removal_that_meets_the_freezing_waits_for_it(  # B26
    village: Any, round_: Any, elsewhere: Callable[..., Any]
) -> None:
    a_list(village, WANG)
    who = builders.actor(builders.a_committee(village))
    number, entry_id, home = round_.id, the_entry("王*").id, village.id
    db.session.rollback()
    frozen = threading.Event()

    @action
    def freeze() -> None:
        freeze_round(db.session.get_one(Round, number))
        frozen.set()
        time.sleep(0.3)

    def remove() -> None:
        frozen.wait(5)
        remove_entry(who, db.session.get_one(Region, home), db.session.get_one(RollEntry, entry_id), "搬走了")

    both = [threading.Thread(target=elsewhere, args=(one,)) for one in (freeze, remove)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    db.session.expire_all()
    assert elector_numbered(db.session.get_one(Round, number), entry_id) is not None
    assert the_entry("王*").state == "removed"
