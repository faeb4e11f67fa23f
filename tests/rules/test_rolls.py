"""A list of residents is read as committees write it, and its faults are named by line."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.rolls import (
    FEWEST_IN_BUILDING,
    EntryDraft,
    answer_due,
    building_of,
    masked,
    public_buildings,
    read_roll,
    refusals,
    removal_refusals,
    roll_text,
    second_refusals,
    tidy,
)
from portal.rules.tables import BadTable
from portal.web.csv import as_csv

TWO = {2: EntryDraft("王芳", "13800138000", "3-2-501"), 3: EntryDraft("Li Na", "", "4-1")}


@pytest.mark.parametrize(
    "text",
    [
        "姓名,手机号,门牌号\n王芳,13800138000,3-2-501\nLi Na,,4-1\n",
        "姓名\t電話\t戶號\r\n王　芳\t138 0013 8000\t3－2－501\r\nLi  Na\t\t4-1",
        "\ufeffNo,Household,Name,Phone\n1,3-2-501,王芳,+86 138-0013-8000\n2, 4-1 ,Li Na,\n",
        "Name;Mobile;Address\n王芳;13800138000.0;3-2-501\nLi Na;;4-1;\n",
        "姓名，电话，住址\n王芳，13800138000，3-2-501\nLi Na，，4-1\n",
    ],
)
def test_the_same_people_are_read_however_the_list_is_written(text: str) -> None:  # A21
    assert read_roll(text) == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_file_of_any_spreadsheet_is_read(encoding: str) -> None:  # A21
    assert read_roll(roll_text("姓名,电话,户号\n王芳,13800138000,3-2-501\nLi Na,,4-1\n".encode(encoding))) == TWO


def test_a_file_of_a_traditional_spreadsheet_is_read() -> None:
    assert read_roll(roll_text("姓名,電話,戶號\n王芳,13800138000,3-2-501\n".encode("big5"))) == {2: TWO[2]}


@pytest.mark.parametrize("data", [b"PK\x03\x04" + bytes(range(256)), b"\xff\xfe\x00"])
def test_a_file_that_is_no_text_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadTable, match="save the table as CSV"):
        roll_text(data)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "The first line has to name the columns: name, phone, household.")]),
        ("王芳,13800138000\n", [(1, "The first line has to name the columns: name, phone, household.")]),
        ("姓名,电话\n", [(1, "There is nobody in this list.")]),
        (
            "姓名,电话,户号\n,13800138000,1\n\n王,0410-123,2\n李,,\n",
            [
                (2, "The name is missing."),
                (4, "This is no mobile number. Please leave it empty if there is none."),
                (
                    5,
                    "Please give a mobile number or a household: else nobody can be told from another of the same name.",
                ),
            ],
        ),
        ("姓名,户号\n王芳,1\n李,1\n王 芳,1\n", [(4, "This is the same person as in line 2.")]),
        ("姓名,电话,户号\n王芳,13800138000,1\n王芳,13800138000,2\n", [(3, "This is the same person as in line 2.")]),
        ("姓名,户号\n" + "王" * 41 + ",1\n", [(2, "The name is too long; 40 characters are possible.")]),
    ],
)
def test_every_fault_is_named_with_its_line(text: str, faults: list[tuple[int, str]]) -> None:
    with pytest.raises(BadTable) as bad:
        read_roll(text)
    assert [(line, fault.text % fault.values) for line, fault in bad.value.faults] == faults


cells = st.text(max_size=30)


@given(st.lists(st.tuples(cells, cells, cells), max_size=5))
def test_no_cell_breaks_the_reading(rows: list[tuple[str, str, str]]) -> None:
    try:
        read = read_roll(as_csv(["姓名", "电话", "户号"], rows).decode("utf-8-sig", "replace"))
    except BadTable:
        return
    for draft in read.values():
        assert not list(refusals(draft))
        assert all(
            value.isprintable() and value == value.strip() for value in (draft.name, draft.phone, draft.household)
        )


@given(cells, cells, cells)
def test_what_is_tidy_stays_as_it_is(name: str, phone: str, household: str) -> None:
    once = tidy(name, phone, household)
    assert tidy(once.name, once.phone, once.household) == once


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reading(data: bytes) -> None:
    with contextlib.suppress(BadTable):
        read_roll(roll_text(data))


@given(st.text(min_size=1, max_size=40))
def test_a_masked_name_shows_one_sign(name: str) -> None:
    shown = masked(name)
    assert len(shown) == len(name.strip())
    assert set(shown[1:]) <= {"*"}
    assert shown[:1] == name.strip()[:1]


def test_two_different_members_vouch_and_nobody_for_herself() -> None:  # A21
    assert not list(second_refusals(1, 2, False))
    assert len(list(second_refusals(1, 1, False))) == 1
    assert len(list(second_refusals(1, 2, True))) == 1


@pytest.mark.parametrize("reason", ["", "x" * 201, "打 13800138000 问"])
def test_a_reason_that_cannot_be_public_is_refused(reason: str) -> None:
    assert list(removal_refusals(reason))
    assert not list(removal_refusals("已搬走"))


def test_an_objection_is_decided_before_the_roll_is_fixed() -> None:  # rules-and-standards 2.3
    worked, sooner = datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    assert answer_due(worked, None) == worked
    assert answer_due(worked, sooner) == sooner
    assert answer_due(sooner, worked) == sooner


@pytest.mark.parametrize(
    ("household", "building"),
    [("3-2-501", "3"), ("7号楼1单元302", "7号楼"), ("甲栋", "甲栋"), ("12/3", "12"), ("501", ""), ("", "")],
)
def test_a_building_is_told_by_the_household(household: str, building: str) -> None:
    assert building_of(household) == building


def test_a_building_of_few_is_hidden_and_cannot_be_worked_out() -> None:  # trust 3
    assert public_buildings({"1-1": 6, "1-2": 6, "2-1": 20}, 32) == {"1": 12, "2": 20}
    assert public_buildings({"1-1": 9, "2-1": 20, "3-1": 30}, 59) == {"3": 30}


@given(st.dictionaries(st.sampled_from([f"{n}-1" for n in range(9)]), st.integers(0, 40)), st.integers(0, 40))
def test_what_is_left_of_the_buildings_is_nobody_or_many(houses: dict[str, int], without: int) -> None:
    total = sum(houses.values()) + without
    shown = public_buildings(houses, total)
    assert all(people >= FEWEST_IN_BUILDING for people in shown.values())
    rest = total - sum(shown.values())
    assert not shown or rest == 0 or rest >= FEWEST_IN_BUILDING
