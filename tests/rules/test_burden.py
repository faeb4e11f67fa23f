"""How work is reckoned, and what a committee may refuse."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.burden import NEXT, TaskDraft, TaskState, first_state, is_matched, may_move, refusals, seconds_spent

DRAFT = TaskDraft("入户登记", "", None, date(2026, 12, 1), 60, 0, 0)
START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def at(*seconds: int) -> list[datetime]:
    return [START + timedelta(seconds=one) for one in seconds]


@pytest.mark.parametrize(
    ("moments", "spent"),
    [((), 0), ((0,), 60), ((0, 30), 90), ((0, 600), 660), ((0, 601), 120), ((30, 0, 45), 105), ((0, 0, 0), 60)],
)
def test_pauses_do_not_count_as_work(moments: tuple[int, ...], spent: int) -> None:  # A17
    assert seconds_spent(at(*moments), pause=600, first=60) == spent


@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_work_is_never_more_than_the_time_that_passed_and_the_first_deeds(moments: list[int]) -> None:  # A17
    spent = seconds_spent(at(*moments), pause=600, first=60)
    assert 0 <= spent <= (max(moments) - min(moments) if moments else 0) + 60 * len(moments)


def test_what_is_on_no_list_waits_for_the_committee() -> None:  # A29
    assert first_state(DRAFT) is TaskState.ASKED
    assert first_state(TaskDraft("入户登记", "", 3, date(2026, 12, 1), 60, 0, 0)) is TaskState.TAKEN


def test_a_task_that_was_taken_or_refused_is_not_refused_again() -> None:  # A29
    assert not list(may_move(TaskState.ASKED, TaskState.REFUSED, "人手不够"))
    assert [one.beside for one in may_move(TaskState.ASKED, TaskState.REFUSED, "")] == ["reason"]
    for state in set(TaskState) - {TaskState.ASKED}:
        assert list(may_move(state, TaskState.REFUSED, "人手不够"))
    assert not any(NEXT[state] for state in (TaskState.REFUSED, TaskState.DONE, TaskState.WITHDRAWN))


@pytest.mark.parametrize(
    ("change", "beside"),
    [
        ({"title": "x"}, "title"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2026, 11, 21)}, "due_on"),
        ({"minutes": None}, "minutes"),
        ({"budget_fen": -1}, "budget"),
        ({"helpers": 5000}, "helpers"),
        ({"matter_id": 9}, "matter"),
        ({"story": "请打 13812345678"}, "story"),
    ],
)
def test_a_task_that_is_typed_wrong_is_refused_beside_its_field(change: dict[str, Any], beside: str) -> None:  # A29
    draft = TaskDraft(**(DRAFT.__dict__ | change))
    assert [one.beside for one in refusals(draft, matters=[3], today=date(2026, 11, 22))] == [beside]


def test_a_duty_without_money_and_people_is_unmatched() -> None:  # A48
    assert not is_matched(0, 0)
    assert is_matched(1, 0)
    assert is_matched(0, 1)
