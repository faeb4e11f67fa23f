"""Two members of the committee vouch, one takes off, and nobody else touches the roll."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.notifications.models import Notice
from portal.rolls.actions import enrol_residents
from portal.rolls.imports import import_roll
from portal.rolls.keeping import add_entry, remove_entry, vouch_entry
from portal.rolls.models import RollEntry
from portal.rolls.queries import count_voters, doubles_of, entries_of, facts_of
from portal.rules import Refused
from portal.rules.decisions import Basis
from portal.rules.permissions import NOBODY, Deed
from portal.rules.rolls import EntryDraft, EntryState, read_roll
from portal.store import action, clock, db
from portal.voting.actions import cast_vote
from portal.voting.electors import elector_numbered, elector_of
from portal.voting.models import LedgerEntry
from portal.voting.rounds import freeze_round
from tests import builders as a

WANG = EntryDraft("王芳", "13800138001", "3-2-501")
ENGLISH = {"Accept-Language": "en"}


def a_list(region, *lines):
    return import_roll(NOBODY, region, read_roll("姓名,电话,户号\n" + "\n".join(lines) + "\n"))


def the_entry(shown="王*"):
    return db.session.scalars(select(RollEntry).where(RollEntry.shown == shown)).one()


@action
def of_households(project):
    """A vote of households that is open and frozen."""
    round_ = a.an_open_round(project)
    round_.basis = Basis.HOUSEHOLDS.value
    freeze_round(round_)
    return round_


def ledger(round_):
    rows = select(LedgerEntry.number, LedgerEntry.region_id, LedgerEntry.line).where(LedgerEntry.round_id == round_.id)
    return sorted(map(tuple, db.session.execute(rows)))


def test_it_takes_two_different_members_to_vouch(village, first, second):  # A21
    entry = add_entry(a.actor(first), village, WANG)
    assert (entry.state, count_voters(village, Basis.PERSONS)) == (EntryState.VOUCHED, 0)
    with pytest.raises(Refused, match="a second member"):
        vouch_entry(a.actor(first), village, entry)
    with pytest.raises(Refused, match="a second member"):
        add_entry(a.actor(first), village, WANG)
    assert vouch_entry(a.actor(second), village, entry).state == EntryState.ACTIVE
    assert (entry.added_by_id, entry.vouched_by_id) == (first.id, second.id)
    assert count_voters(village, Basis.PERSONS) == 1


def test_the_same_person_typed_by_a_second_member_is_the_second_word(village, first, second):
    add_entry(a.actor(first), village, WANG)
    assert add_entry(a.actor(second), village, WANG).state == EntryState.ACTIVE
    with pytest.raises(Refused, match="already"):
        add_entry(a.actor(first), village, WANG)


def test_nobody_vouches_for_herself(village, first, second):
    member = a.a_resident(village, phone="13800138001")
    a.accounts.grant(member, a.Role.COMMITTEE, village)
    with pytest.raises(Refused, match="for herself"):
        add_entry(a.actor(member), village, WANG)
    entry = add_entry(a.actor(first), village, WANG)
    with pytest.raises(Refused, match="for herself"):
        vouch_entry(a.actor(member), village, entry)


def test_nobody_of_another_roll_is_vouched_for(village, next_door, first):
    a_list(next_door, "王芳,13800138001,1")
    with pytest.raises(Refused, match="another community"):
        add_entry(a.actor(first), village, WANG)


def test_who_is_vouched_for_belongs_to_her_household(village, first, second):
    a_list(village, "李强,,3-2-501")
    entry = vouch_entry(a.actor(second), village, add_entry(a.actor(first), village, WANG))
    assert entry.head_id == the_entry("李*").id
    assert count_voters(village, Basis.HOUSEHOLDS) == 1


def test_a_removed_person_comes_back_by_two_words(village, first, second):
    a_list(village, "王芳,13800138001,3-2-501")
    remove_entry(a.actor(first), village, the_entry(), "搬走了")
    entry = add_entry(a.actor(first), village, WANG)
    assert entry.state == EntryState.VOUCHED
    vouch_entry(a.actor(second), village, entry)
    assert (the_entry().state, the_entry().removed_at, count_voters(village, Basis.PERSONS)) == ("active", None, 1)


def test_a_removal_has_a_public_reason_and_is_told(village, first):
    she = a.a_resident(village, phone="13800138001")
    enrol_residents(village)
    entry = db.session.scalars(select(RollEntry)).one()
    for reason in ("", "问 13800138001"):
        with pytest.raises(Refused):
            remove_entry(a.actor(first), village, entry, reason)
    remove_entry(a.actor(first), village, entry, "已搬到外地")
    remove_entry(a.actor(first), village, entry, "又一次")
    assert [(what, count, reason) for _, what, count, reason in facts_of(village).latest] == [
        ("removed", 1, "已搬到外地"),
        ("confirmed", 1, ""),
    ]
    assert db.session.scalars(select(Notice.template).where(Notice.person_id == she.id)).all() == ["roll_removed"]
    assert (enrol_residents(village), count_voters(village, Basis.PERSONS)) == (0, 0)


def test_a_frozen_round_keeps_its_roll(village, first, second):  # trust 5, B26
    she = a.a_resident(village, phone="13800138001")
    a_list(village, "王芳,13800138001,3-2-501", "李强,13800138002,3-2-501", "赵敏,,4-1")
    project, other = a.a_project(village), a.a_project(village)
    frozen = a.an_open_round(project)
    freeze_round(frozen)
    before = ledger(frozen)
    remove_entry(a.actor(first), village, the_entry(), "搬走了")
    vouch_entry(a.actor(second), village, add_entry(a.actor(first), village, EntryDraft("孙悦", "", "5-1")))
    a_list(village, "周杰,,6-1")
    assert ledger(frozen) == before
    assert frozen.eligible == len(before)
    assert cast_vote(a.actor(she), frozen, 1, 1)
    later = a.an_open_round(other)
    freeze_round(later)
    assert later.eligible == frozen.eligible + 1
    assert elector_of(later, a.actor(she)) is None


@pytest.mark.parametrize("state", [EntryState.REMOVED, EntryState.VOUCHED])
def test_only_those_on_the_roll_vote_for_a_household(village, first, state):
    a_list(village, "李强,,3-2-501")
    if state is EntryState.REMOVED:
        a_list(village, "王芳,13800138001,3-2-501")
        a.a_resident(village, phone="13800138001")
        remove_entry(a.actor(first), village, the_entry(), "搬走了")
    else:
        add_entry(a.actor(first), village, WANG)
    round_ = of_households(a.a_project(village))
    assert elector_numbered(round_, the_entry().id) is None
    assert elector_numbered(round_, the_entry("李*").id)


def test_who_comes_into_a_household_keeps_her_line_in_a_frozen_round(village):
    she = a.a_resident(village, phone="13800138001")
    a_list(village, "李强,,3-2-501")
    project, other = a.a_project(village), a.a_project(village)
    round_ = of_households(project)
    number = elector_of(round_, a.actor(she)).number
    a_list(village, "王芳,13800138001,3-2-501")
    assert elector_of(round_, a.actor(she)).number == number
    assert of_households(other).eligible == round_.eligible - 1


def test_deeds_are_logged_without_personal_data(village, first, second):
    a_list(village, "李强,13800138002,3-2-501")
    vouch_entry(a.actor(second), village, add_entry(a.actor(first), village, WANG))
    remove_entry(a.actor(first), village, the_entry(), "搬走了")
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == Deed.KEEP_ROLL.value)).all()
    said = json.dumps([[one.subject, one.detail] for one in logged], ensure_ascii=False)
    assert len(logged) == 4
    for personal in ("王", "李", "8001", "8002", "501"):
        assert personal not in said


def test_everyone_sees_the_size_of_the_roll_and_nobody_on_it(client, village, first):  # trust 3
    a_list(village, *(f"王{n},,{1 if n < 10 else 2}-{n}" for n in range(24)), "李强,13800138002,9-1")
    answer = client.get(f"/{village.code}/roll/", headers=ENGLISH)
    assert facts_of(village).buildings == {"2": 14}
    assert "people on the roll" in answer.text
    for personal in ("王*", "李*", "8002", "9-1"):
        assert personal not in answer.text


def test_changes_of_the_last_30_days_are_counted(village, first):
    with a.at(clock.now() - timedelta(days=31)):
        a_list(village, "王芳,13800138001,3-2-501", "李强,,1")
    assert facts_of(village).changes == {}
    remove_entry(a.actor(first), village, the_entry(), "搬走了")
    assert facts_of(village).changes == {"removed": 1}
    assert (facts_of(village).people, facts_of(village).by_source) == (1, {"import": 1})


def test_the_committee_pages_through_the_roll_by_household(client, village, first):
    a_list(village, *(f"王{n},,{n % 3 + 1}-{n:02}" for n in range(60)))
    seen, after = [], ""
    while True:
        page = entries_of(village, after=after)
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 60
    assert len(entries_of(village, household="2-", size=50).rows) == 20
    assert not entries_of(village, household="%").rows
    a.signed_in(client, first)
    answer = client.get(f"/{village.code}/roll/entries?household=2-4", headers=ENGLISH)
    assert "2-40" in answer.text or "2-43" in answer.text
    assert "1-0" not in answer.text


def test_the_committee_keeps_the_roll_by_its_pages(client, village, first, second):
    a.signed_in(client, first)
    where = f"/{village.code}/roll"
    bad = client.post(f"{where}/add", data={"name": "王芳", "phone": "123"}, headers=ENGLISH)
    assert bad.status_code == 422
    assert 'value="王芳"' in bad.text
    assert "This is no mobile number" in bad.text
    assert client.post(f"{where}/add", data={"name": "王芳", "household": "3-1"}).status_code == 303
    number = the_entry().id
    assert "a colleague has to follow" in client.get(f"{where}/entries", headers=ENGLISH).text
    assert client.post(f"{where}/entries/{number}/vouch", headers=ENGLISH).status_code == 409
    a.signed_in(client, second)
    assert "I vouch, too" in client.get(f"{where}/entries", headers=ENGLISH).text
    assert client.post(f"{where}/entries/{number}/vouch").status_code == 303
    assert the_entry().state == EntryState.ACTIVE
    assert client.post(f"{where}/entries/{number}/remove", data={"reason": ""}, headers=ENGLISH).status_code == 422
    assert client.post(f"{where}/entries/{number}/remove", data={"reason": "搬走了"}).status_code == 303
    assert "搬走了" in client.get(f"{where}/", headers=ENGLISH).text
    assert client.get(f"{where}/entries?state=removed", headers=ENGLISH).status_code == 200


ROUTES = [
    ("GET", "entries"),
    ("GET", "add"),
    ("POST", "add"),
    ("GET", "import"),
    ("POST", "import"),
    ("POST", "entries/{}/vouch"),
    ("GET", "entries/{}/remove"),
    ("POST", "entries/{}/remove"),
    ("GET", "objections/"),
]


@pytest.mark.parametrize("who", ["stranger", "resident", "next door", "official", "provider"])
def test_only_the_committee_of_the_community_sees_or_changes_its_roll(client, village, next_door, who):  # trust 2.10
    a_list(village, "王芳,13800138001,3-2-501")
    county = a.a_region_tree().county
    person = {
        "stranger": lambda: None,
        "resident": lambda: a.a_resident(village),
        "next door": lambda: a.a_committee(next_door),
        "official": lambda: a.an_official(county),
        "provider": lambda: a.staff_of(a.a_provider(county)),
    }[who]()
    a.signed_in(client, person)
    number = the_entry().id
    for method, path in ROUTES:
        data = (
            {"reason": "x", "name": "李", "household": "1", "text": "姓名,户号\n李,1\n"} if method == "POST" else None
        )
        answer = client.open(f"/{village.code}/roll/{path.format(number)}", method=method, data=data)
        turned = answer.status_code == 403 or answer.headers.get("Location", "").startswith("/sign-in")
        assert turned, f"{method} {path} as {who}: {answer.status_code}"
    assert [one.state for one in db.session.scalars(select(RollEntry))] == [EntryState.ACTIVE]


def test_an_entry_of_another_community_is_not_found(client, village, next_door):  # trust 2.11
    a_list(village, "王芳,13800138001,3-2-501")
    a.signed_in(client, a.a_committee(next_door))
    assert client.post(f"/{next_door.code}/roll/entries/{the_entry().id}/vouch").status_code == 404
    assert client.get(f"/{next_door.code}/roll/entries/{the_entry().id}/remove").status_code == 404


def test_who_may_be_twice_on_the_roll_is_shown_to_the_committee(village, first, client):  # B26
    she = a.a_resident(village, name="王芳")
    enrol_residents(village)
    a_list(village, "王芳,,3-2-501", "王强,13800138009,4-1", "李强,,5-1")
    resident = db.session.scalars(select(RollEntry.id).where(RollEntry.person_id == she.id)).one()
    double = select(RollEntry.id).where(RollEntry.household == "3-2-501")
    assert doubles_of(village) == [("王*", resident, [db.session.scalars(double).one()])]
    a.signed_in(client, first)
    text = client.get(f"/{village.code}/roll/entries", headers=ENGLISH).text
    assert "May be the same person" in text
    remove_entry(a.actor(first), village, db.session.get_one(RollEntry, resident), "重复")
    assert doubles_of(village) == []
