"""A list of residents comes on the roll: whole, once, and nobody on two."""

import io

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select, text

from portal.accounts.actions import ask_residency
from portal.accounts.models import Residency
from portal.audit.models import AuditEntry
from portal.commands import imports
from portal.rolls.actions import enrol_residents
from portal.rolls.imports import Imported, import_roll
from portal.rolls.keeping import remove_entry
from portal.rolls.models import RollEntry
from portal.rolls.queries import count_voters, members_of
from portal.rules.decisions import Basis
from portal.rules.permissions import NOBODY
from portal.rules.rolls import EntryState, read_roll
from portal.rules.tables import BadTable
from portal.store import db
from tests import builders as a

LIST = "姓名,电话,户号\n王芳,13800138001,3-2-501\n李强,13800138002,3-2-501\n赵敏,,3-2-502\nLi Na,13800138003,\n"


def loaded(region, text=LIST, actor=NOBODY):
    return import_roll(actor, region, read_roll(text))


def entries(region):
    return db.session.scalars(select(RollEntry).where(RollEntry.region_id == region.id).order_by(RollEntry.id)).all()


def everything():
    return [tuple(row) for row in db.session.execute(text("SELECT * FROM roll_entry ORDER BY id"))]


def test_a_list_loaded_twice_changes_nothing(village):  # A21, trust 2.7
    assert loaded(village) == Imported(new=4, known=0, removed=0)
    before, logged = everything(), db.session.scalar(select(db.func.count()).select_from(AuditEntry))
    assert loaded(village) == Imported(new=0, known=4, removed=0)
    assert everything() == before
    assert db.session.scalar(select(db.func.count()).select_from(AuditEntry)) == logged


@pytest.mark.parametrize(
    "again",
    [
        "name;phone;household\n李强;138-0013-8002;3-2-501\n王　芳;+8613800138001;3－2－501\n",
        "姓名,户号\n王芳,3-2-501\n李强,3-2-501\n赵敏,3-2-502\n",
        "姓名,电话\n王芳,13800138001\n李强,13800138002\n",
        "姓名,电话,户号\n王芳,13900139001,3-2-501\n",
    ],
    ids=["other order and signs", "without numbers", "without households", "new number"],
)
def test_the_same_people_in_another_list_are_not_there_twice(village, again):  # trust 2.7
    loaded(village)
    assert loaded(village, again).new == 0
    assert count_voters(village, Basis.PERSONS) == 4


def test_a_number_that_was_not_known_is_added(village):
    loaded(village)
    loaded(village, "姓名,电话,户号\n赵敏,13800138009,3-2-502\n")
    assert {one.phone_end for one in entries(village)} == {"8001", "8002", "8003", "8009"}
    assert loaded(village, "姓名,电话\n赵敏,13800138009\n").new == 0


def test_only_hashes_and_what_the_committee_must_see_are_kept(village):
    loaded(village)
    kept = " ".join(str(value) for row in everything() for value in row)
    for personal in ("王芳", "李强", "赵敏", "Li Na", "13800138001", "芳", "强", "敏"):
        assert personal not in kept
    assert {one.shown for one in entries(village)} == {"王*", "李*", "赵*", "L****"}
    assert {column["name"] for column in inspect(db.engine).get_columns("roll_entry")} >= {"identity_hash", "home_hash"}
    assert all(len(one.identity_hash) == 64 for one in entries(village))


def test_nothing_of_a_list_with_a_bad_line_is_loaded(village):
    with pytest.raises(BadTable):
        loaded(village, LIST + "王芳,12345,9\n")
    assert not entries(village)


def test_the_first_of_a_household_stands_for_it(village):
    loaded(village)
    loaded(village, "姓名,户号\n王小宝,3-2-501\n")
    head = next(one for one in entries(village) if one.shown == "王*")
    assert {one.shown for one in entries(village) if one.head_id == head.id} == {"李*", "王**"}
    assert count_voters(village, Basis.HOUSEHOLDS) == 3
    assert count_voters(village, Basis.PERSONS) == 5


def test_nobody_is_on_two_rolls(village, next_door):  # rules-and-standards 2.3
    loaded(village)
    with pytest.raises(BadTable) as bad:
        loaded(next_door, "姓名,电话,户号\n孙悦,13800138111,1\n王芳,13800138001,1\n李强,13800138002,\n")
    assert [line for line, _ in bad.value.faults] == [3, 4]
    assert "another community" in bad.value.faults[0][1].text
    assert not entries(next_door)


def test_the_database_itself_keeps_anyone_from_two_rolls(village, next_door):
    loaded(village)
    unique = [one["column_names"] for one in inspect(db.engine).get_unique_constraints("roll_entry")]
    assert ["identity_hash"] in unique
    assert ["person_id"] in unique


def test_who_was_taken_off_one_roll_can_come_on_another(village, next_door, first):
    loaded(village)
    remove_entry(a.actor(first), village, entries(village)[0], "已搬走")
    assert loaded(next_door, "姓名,电话,户号\n王芳,13800138001,1\n").new == 1
    with pytest.raises(BadTable):
        loaded(village)


def test_who_was_taken_off_does_not_come_back_with_an_old_list(village, first):
    loaded(village)
    remove_entry(a.actor(first), village, entries(village)[0], "已搬走")
    assert loaded(village) == Imported(new=0, known=3, removed=1)
    assert entries(village)[0].state == EntryState.REMOVED


def test_a_confirmed_resident_is_not_on_the_roll_twice(village):
    a.a_resident(village, phone="13800138001")
    assert enrol_residents(village) == 1
    assert loaded(village) == Imported(new=3, known=1, removed=0)
    assert count_voters(village, Basis.PERSONS) == 4
    assert count_voters(village, Basis.HOUSEHOLDS) == 3
    assert loaded(village) == Imported(new=0, known=4, removed=0)


def test_a_confirmed_resident_of_another_community_is_not_put_on_the_roll(village, next_door):
    a.a_resident(next_door, phone="13800138001")
    enrol_residents(next_door)
    with pytest.raises(BadTable) as bad:
        loaded(village)
    assert [line for line, _ in bad.value.faults] == [2]


def test_a_family_with_one_telephone_gives_its_owner_one_vote(village):
    loaded(village, "姓名,电话,户号\n王芳,13800138001,1\n李强,13800138001,1\n")
    owner = a.a_resident(village, name="李强", phone="13800138001")
    assert enrol_residents(village) == 0
    assert [one.person_id for one in entries(village)] == [None, owner.id]
    assert count_voters(village, Basis.PERSONS) == 2


def test_who_moves_leaves_her_old_roll(village, next_door):
    she = a.a_resident(village, phone="13800138001")
    enrol_residents(village)
    ask_residency(a.actor(she), next_door)
    a.accounts.vouch(a.actor(a.a_committee(next_door)), next_door, she.id)
    enrol_residents(next_door)
    assert count_voters(village, Basis.PERSONS) == 0
    assert count_voters(next_door, Basis.PERSONS) == 1


def test_the_head_of_a_household_moves_and_it_keeps_its_vote(village, next_door):
    loaded(village)
    she = a.a_resident(village, phone="13800138001")
    enrol_residents(village)
    ask_residency(a.actor(she), next_door)
    a.accounts.vouch(a.actor(a.a_committee(next_door)), next_door, she.id)
    enrol_residents(a.a_region_tree().township)
    everywhere = db.session.execute(members_of(a.a_region_tree().township, Basis.HOUSEHOLDS))
    assert len({one.number for one in everywhere}) == 4
    assert [count_voters(one, Basis.HOUSEHOLDS) for one in (village, next_door)] == [3, 1]


def test_whose_number_is_on_the_roll_need_not_wait(village, next_door):
    loaded(village)
    she = a.a_resident(village, verified=False, phone="13800138001")
    assert db.session.get(Residency, she.id).verified_at
    stranger = a.a_resident(village, verified=False, phone="13800138777")
    assert not db.session.get(Residency, stranger.id).verified_at
    elsewhere = a.a_resident(next_door, verified=False, phone="13800138002")
    assert not db.session.get(Residency, elsewhere.id).verified_at


def test_who_waits_is_confirmed_when_the_list_comes(village):
    she = a.a_resident(village, verified=False, phone="13800138001")
    loaded(village)
    db.session.expire_all()
    assert db.session.get(Residency, she.id).verified_at
    assert count_voters(village, Basis.PERSONS) == 4


def test_the_committee_loads_a_file_in_the_encoding_of_windows(client, village, first):
    a.signed_in(client, first)
    data = {"file": (io.BytesIO(LIST.encode("gbk")), "名单.csv")}
    answer = client.post(f"/{village.code}/roll/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert len(entries(village)) == 4


def test_a_list_that_was_not_given_is_asked_for_beside_the_field(village, first, client):
    a.signed_in(client, first)
    answer = client.post(f"/{village.code}/roll/import", data={"text": " "}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert 'id="text-error">Please choose a file, or paste the lines.' in answer.text


def test_a_bad_list_is_shown_again_with_its_lines(client, village, first):
    a.signed_in(client, first)
    data = {"file": (io.BytesIO((LIST + "王芳,12345,9\n,,7\n").encode("gbk")), "名单.csv")}
    answer = client.post(
        f"/{village.code}/roll/import",
        data=data,
        content_type="multipart/form-data",
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 422
    assert "Line 6: This is no mobile number." in answer.text
    assert "Line 7: The name is missing." in answer.text
    assert "赵敏,,3-2-502" in answer.text  # the list is kept, to be mended in place
    assert "data-draft" not in answer.text
    assert not entries(village)


def test_a_pasted_list_is_loaded(client, village, first):
    a.signed_in(client, first)
    answer = client.post(f"/{village.code}/roll/import", data={"text": LIST.replace(",", "\t")})
    assert answer.status_code == 303
    assert len(entries(village)) == 4


def test_a_list_is_loaded_from_the_terminal(app, village, tmp_path):
    command = click.Command("roll", params=imports.roll.params, callback=imports.roll.callback.__wrapped__)
    file = tmp_path / "roll.csv"
    file.write_bytes(LIST.encode("gbk"))

    def run(*given):
        return CliRunner().invoke(command, [*map(str, given)])

    done = run(file, "--region", village.code)
    assert "4 new, 0 known already" in done.output, done.output
    assert "4 known" in run(file, "--region", village.code).output
    file.write_text(LIST + "王芳,1,9\n")
    bad = run(file, "--region", village.code)
    assert bad.exit_code == 2
    assert "line 6: This is no mobile number" in bad.output
    assert run(file, "--region", "990121000000").exit_code == 2
