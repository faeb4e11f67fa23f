"""What is looked at when, and how a provider leaves without anybody being left alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.contracts import ContractState
from portal.rules.exits import (
    NEXT,
    Cover,
    ExitDraft,
    ExitState,
    Facts,
    Leaving,
    cover_refusals,
    gap_days,
    hold_refusals,
    is_covered,
    may_advance,
    may_replace,
    recipients_refusals,
    refusals,
)
from portal.rules.supervision import PHASES, CheckDraft, Phase, Point, due_points
from portal.rules.supervision import refusals as check_refusals

START, END = date(2026, 1, 1), date(2026, 12, 31)


def late(done: dict[Point, date], today: date) -> dict[Point, int]:
    due = due_points(START, END, done, today, every_days=30, after_days=30)
    return {one.point: one.late_days for one in due if one.late_days}


def test_points_before_delivery_are_late_from_the_day_after_the_start() -> None:  # B30
    assert late({}, START) == {}
    assert late({}, START + timedelta(days=1)) == dict.fromkeys(PHASES[Phase.BEFORE], 1)
    assert late(dict.fromkeys(PHASES[Phase.BEFORE], START), START + timedelta(days=9)) == {}


def test_points_during_delivery_come_again_and_again() -> None:  # B30
    before = dict.fromkeys(PHASES[Phase.BEFORE], START)
    assert late(before, START + timedelta(days=30)) == {}
    assert late(before, START + timedelta(days=31)) == dict.fromkeys(PHASES[Phase.DURING], 1)
    looked = before | dict.fromkeys(PHASES[Phase.DURING], START + timedelta(days=31))
    assert late(looked, START + timedelta(days=61)) == {}
    assert set(late(looked, START + timedelta(days=63))) == set(PHASES[Phase.DURING])


def test_points_after_delivery_wait_thirty_days() -> None:  # B30
    done = dict.fromkeys(PHASES[Phase.BEFORE], START) | dict.fromkeys(PHASES[Phase.DURING], END)
    assert late(done, END + timedelta(days=30)) == {}
    assert late(done, END + timedelta(days=32)) == dict.fromkeys(PHASES[Phase.AFTER], 2)


@pytest.mark.parametrize(
    ("change", "beside"),
    [
        ({"point": "x"}, "point"),
        ({"found_on": None}, "found_on"),
        ({"found_on": date(2026, 6, 2)}, "found_on"),
        ({"found_on": date(2025, 12, 31)}, "found_on"),
        ({"words": "。"}, "words"),
        ({"words": "请打 13812345678"}, "words"),
        ({"present": None}, "present"),
        ({"present": -1}, "present"),
    ],
)
def test_a_check_that_is_typed_wrong_is_refused_beside_its_field(change: dict[str, Any], beside: str) -> None:  # A31
    draft = {"point": "served_as_agreed", "found_on": date(2026, 6, 1), "words": "按约上门。", "mend": False} | change
    found = check_refusals(CheckDraft(**draft), starts_on=START, today=date(2026, 6, 1))
    assert [one.beside for one in found] == [beside]


LAST = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("cover", "today", "days"),
    [
        (Cover(date(2026, 7, 1)), LAST, 0),
        (Cover(date(2026, 6, 20)), LAST, 0),
        (Cover(date(2026, 7, 2)), LAST, 1),
        (Cover(None), LAST, 0),
        (Cover(None), date(2026, 7, 3), 3),
        (Cover(None, "已搬走"), date(2026, 7, 30), 0),
    ],
)
def test_days_without_service_are_counted_from_the_day_after(cover: Cover, today: date, days: int) -> None:  # B33
    assert gap_days(cover, LAST, today) == days


@given(st.integers(-400, 400))
def test_someone_is_covered_if_and_only_if_no_day_is_missing(offset: int) -> None:  # B33
    cover = Cover(LAST + timedelta(days=offset))
    assert is_covered(cover, LAST) == (gap_days(cover, LAST, LAST) == 0)


COVERS = st.lists(
    st.builds(
        Cover,
        st.none() | st.integers(-5, 5).map(lambda days: LAST + timedelta(days=days)),
        st.sampled_from(("", "已搬走")),
    ),
    max_size=4,
).map(tuple)


@given(st.sampled_from(ExitState), st.sampled_from(ExitState), COVERS, st.booleans(), st.integers(-2, 2))
def test_no_exit_is_called_covered_while_anybody_has_a_gap(  # B33
    state: ExitState, to: ExitState, covers: tuple[Cover, ...], replaced: bool, after: int
) -> None:
    today = LAST + timedelta(days=after)
    allowed = not list(may_advance(Facts(state, LAST, "预案", covers, replaced), to, "已办", today))
    if allowed:
        assert NEXT[state] is to
        assert to is not ExitState.LISTED or covers
        assert to is not ExitState.COVERED or all(is_covered(cover, LAST) for cover in covers)
        assert to is not ExitState.SETTLED or (replaced and today > LAST)


@pytest.mark.parametrize(
    ("provider", "day", "beside"),
    [
        (7, LAST, []),
        (8, LAST, ["provider"]),
        (None, LAST, ["provider"]),
        (7, None, ["covered_from"]),
        (7, date(2029, 1, 1), ["covered_from"]),
        (7, date(2020, 1, 1), ["covered_from"]),
    ],
)
def test_only_who_is_allowed_covers_and_from_a_day_that_makes_sense(  # B33
    provider: int | None, day: date | None, beside: list[str]
) -> None:
    assert [one.beside for one in cover_refusals(provider, day, LAST, {7})] == beside


@given(st.sampled_from(ContractState), st.none() | st.builds(Leaving, st.sampled_from(ExitState), st.just(LAST)))
def test_a_contract_is_held_while_its_provider_leaves_and_replaced_once_all_are_covered(  # B33
    state: ContractState, leaving: Leaving | None
) -> None:
    covered = leaving is not None and leaving.state in ("covered", "settled", "closed")
    assert may_replace(state, leaving) == (covered or state == "terminated")
    assert bool(list(hold_refusals(leaving))) == (leaving is not None and leaving.state not in ("settled", "closed"))


def test_an_exit_begins_with_its_reason_its_last_day_and_its_plan() -> None:  # B33
    empty = refusals(ExitDraft("", "", None, ""), starts_on=START, ends_on=END)
    assert [one.beside for one in empty] == ["trigger", "last_day", "words", "plan"]
    late_day = ExitDraft("breach", "多次未上门。", END + timedelta(days=1), "社区接手。")
    assert [one.beside for one in refusals(late_day, starts_on=START, ends_on=END)] == ["last_day"]
    assert not list(recipients_refusals(5000, 0))
    assert list(recipients_refusals(1, 5000))
    assert list(recipients_refusals(0, 0))
