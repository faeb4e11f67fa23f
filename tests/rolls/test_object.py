"""Residents ask whether they are on the roll, object to it, and are answered in time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.notifications.models import Notice
from portal.rolls.actions import enrol_residents
from portal.rolls.imports import import_roll
from portal.rolls.keeping import remove_entry
from portal.rolls.models import RollEntry, RollObjection
from portal.rolls.objecting import decide_objection, object_to_roll
from portal.rolls.queries import answer_due, next_opening
from portal.rules import Refused
from portal.rules.permissions import NOBODY
from portal.rules.rolls import MOST_OPEN_OBJECTIONS, ObjectionKind, read_roll
from portal.store import clock, db
from portal.voting.announcing import designs_draft
from portal.voting.rounds import announce_round
from tests import builders as a

ENGLISH = {"Accept-Language": "en"}
KEY = "k" * 32


@pytest.fixture
def she(village):
    return a.a_resident(village, phone="13800138001")


def the_objection():
    return db.session.scalars(select(RollObjection)).one()


def announced(region, opens_at):
    project = a.a_project(region)
    draft = designs_draft(project, opens_at, opens_at + timedelta(days=7))
    return announce_round(a.actor(a.a_committee(region)), region, draft)


def objected(she, village, kind=ObjectionKind.MISSING, words="三号楼的李强不在名册上", key=KEY):
    object_to_roll(a.actor(she), village, kind, words, key)
    return the_objection()


def test_an_objection_sent_twice_is_one(village, she):
    objected(she, village)
    objected(she, village)


def test_only_those_who_live_here_object(village, next_door, she):
    with pytest.raises(Refused, match="Only those who live here"):
        object_to_roll(a.actor(she), next_door, ObjectionKind.MISSING, "李强", KEY)


def test_nobody_floods_the_committee(village, she):
    for number in range(MOST_OPEN_OBJECTIONS):
        object_to_roll(a.actor(she), village, ObjectionKind.MISSING, "李强", f"{number:032}")
    with pytest.raises(Refused, match="wait"):
        object_to_roll(a.actor(she), village, ObjectionKind.MISSING, "李强", KEY)


def test_the_committee_has_three_working_days(village, she):  # rules-and-standards 2.3
    with a.at("2026-11-20"):  # a Friday
        objection = objected(she, village)
        assert answer_due(objection, village) == datetime.fromisoformat("2026-11-25T23:59:59+08:00")
    a.with_numbers(village, objection_working_days=5)
    assert answer_due(objection, village) == datetime.fromisoformat("2026-11-27T23:59:59+08:00")


def test_it_is_decided_before_the_next_vote_fixes_its_roll(village, she):
    with a.at("2026-11-20"):
        round_ = announced(village, datetime.fromisoformat("2026-11-22T08:00:00+08:00"))
        assert next_opening(village) == round_.opens_at
        objection = objected(she, village)
        assert answer_due(objection, village) == round_.opens_at
    with a.at("2026-11-23"):
        assert next_opening(village) is None
        late = object_to_roll(a.actor(she), village, ObjectionKind.MISSING, "李强", "l" * 32)
        late = db.session.scalars(select(RollObjection).where(RollObjection.key == "l" * 32)).one()
        assert answer_due(late, village) == datetime.fromisoformat("2026-11-26T23:59:59+08:00")


def test_a_vote_of_the_township_is_one_of_the_community(village, she):
    township = a.a_region_tree().township
    project = a.a_project(village)
    opens_at = clock.now() + timedelta(days=3)
    draft = designs_draft(project, opens_at, opens_at + timedelta(days=7))
    announce_round(a.actor(a.an_official(township)), township, draft)
    assert next_opening(village) == opens_at
    assert next_opening(a.a_region_tree().villages[1]) == opens_at


def test_who_should_not_be_on_the_roll_is_taken_off(village, she, first):
    import_roll(NOBODY, village, read_roll("姓名,户号\n李强,3-1\n"))
    objection = objected(she, village, ObjectionKind.WRONG, "李强早就搬走了")
    with pytest.raises(Refused, match="number"):
        decide_objection(a.actor(first), village, objection, upheld=True, answer="查实已搬走")
    entry = db.session.scalars(select(RollEntry).where(RollEntry.shown == "李*")).one()
    decide_objection(a.actor(first), village, objection, upheld=True, answer="查实已搬走", entry=entry)
    assert (entry.state, entry.removed_for, objection.upheld) == ("removed", "查实已搬走", True)
    assert db.session.scalars(select(Notice.template).where(Notice.person_id == she.id)).all() == ["roll_objection"]


def test_an_objection_is_decided_once_with_a_public_reason(village, she, first, second):
    objection = objected(she, village)
    for answer in ("", "问 13800138002"):
        with pytest.raises(Refused):
            decide_objection(a.actor(first), village, objection, upheld=False, answer=answer)
    decide_objection(a.actor(first), village, objection, upheld=False, answer="不住本社区")
    decide_objection(a.actor(first), village, objection, upheld=False, answer="不住本社区")
    with pytest.raises(Refused, match="meanwhile"):
        decide_objection(a.actor(second), village, objection, upheld=True, answer="住本社区")
    assert len(db.session.scalars(select(Notice).where(Notice.person_id == she.id)).all()) == 1


def test_nobody_decides_on_her_own_objection(village, she):
    objection = objected(she, village)
    a.accounts.grant(she, a.Role.COMMITTEE, village)
    with pytest.raises(Refused, match="own objection"):
        decide_objection(a.actor(she), village, objection, upheld=True, answer="是")


def test_an_objection_goes_its_way_by_the_pages(client, village, she, first):
    where = f"/{village.code}/roll"
    announced(village, clock.now() + timedelta(days=2))
    a.signed_in(client, she)
    page = client.get(f"{where}/objection", headers=ENGLISH)
    assert "within 3 working days" in page.text
    assert "The next vote opens on" in page.text
    bad = client.post(f"{where}/objection", data={"key": KEY, "words": "李强住三号楼"}, headers=ENGLISH)
    assert bad.status_code == 422
    assert "李强住三号楼" in bad.text
    sent = {"key": KEY, "kind": "missing", "words": "李强住三号楼"}
    assert client.post(f"{where}/objection", data=sent).status_code == 303
    assert "The committee decides by" in client.get(f"{where}/mine", headers=ENGLISH).text
    a.signed_in(client, first)
    assert "李强住三号楼" in client.get(f"{where}/objections/", headers=ENGLISH).text
    number = the_objection().id
    bad = client.post(f"{where}/objections/{number}/", data={"upheld": "yes"}, headers=ENGLISH)
    assert bad.status_code == 422
    done = client.post(f"{where}/objections/{number}/", data={"upheld": "yes", "answer": "会补上"})
    assert done.headers["Location"].endswith("/roll/add")
    a.signed_in(client, she)
    assert "会补上" in client.get(f"{where}/mine", headers=ENGLISH).text
    a.signed_in(client, None)
    public = client.get(f"{where}/", headers=ENGLISH)
    assert "会补上" in public.text
    assert "李强" not in public.text


def test_she_sees_how_she_stands(client, village, she, first):
    where = f"/{village.code}/roll/mine"
    a.signed_in(client, she)
    assert "come on it by yourself" in client.get(where, headers=ENGLISH).text
    import_roll(NOBODY, village, read_roll("姓名,电话,户号\n李强,,3-1\n王芳,13800138001,3-1\n"))
    enrol_residents(village)
    entry = db.session.scalars(select(RollEntry).where(RollEntry.person_id == she.id)).one()
    seen = client.get(where, headers=ENGLISH).text
    assert f"Your number on the roll: {entry.id}" in seen
    assert "Your household has 2 people" in seen
    assert f"under the number {entry.head_id}" in seen
    remove_entry(a.actor(first), village, entry, "查无此人")
    assert "查无此人" in client.get(where, headers=ENGLISH).text
    a.signed_in(client, a.a_resident(village, verified=False))
    assert "has to confirm" in client.get(where, headers=ENGLISH).text


def test_one_tap_confirms_whose_number_is_on_the_roll(client, village):
    import_roll(NOBODY, village, read_roll("姓名,电话,户号\n王芳,13800138005,3-1\n"))
    person = a.accounts.welcome("13800138005", "en")
    a.signed_in(client, person)
    where = f"/{village.code}/roll/mine"
    assert "You have not said that you live here" in client.get(where, headers=ENGLISH).text
    assert client.post(f"/{village.code}/residency", data={"back": where}, headers=ENGLISH).status_code == 303
    seen = client.get(where, headers=ENGLISH).text
    assert "You are on the roll here" in seen
    assert "Yes. You may vote here." in seen
