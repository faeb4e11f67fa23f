"""What a project must say."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.projects import DesignDraft, ProjectDraft, ProjectState, fen_of, may_revise, refusals

GOOD = ProjectDraft(
    title="照明",
    category="0901",
    budget_fen=5_000_000,
    needs=(7,),
    designs=(DesignDraft("声控灯", 5_000_000, number=1), DesignDraft("太阳能灯", 0, number=3)),
)


def beside(draft: ProjectDraft) -> list[str]:
    return [refusal.beside for refusal in refusals(draft, categories=["0901", "0902"], needs=[7, 8])]


def test_a_project_with_a_need_and_two_designs_within_its_budget_is_taken() -> None:  # A20, A21, A22
    assert beside(GOOD) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": "灯"}, ["title"]),
        ({"title": "灯" * 61}, ["title"]),
        ({"story": "请打 13800138000"}, ["story"]),
        ({"place": "路" * 101}, ["place"]),
        ({"needs": ()}, ["needs"]),
        ({"needs": (7, 9)}, ["needs"]),
        ({"category": ""}, ["category"]),
        ({"category": "0101"}, ["category"]),
        ({"budget_fen": None}, ["budget"]),
        ({"budget_fen": 0}, ["budget", "design1_cost"]),
        ({"budget_fen": 4_999_999}, ["design1_cost"]),
        ({"designs": GOOD.designs[:1]}, ["design2_title"]),
        ({"designs": ()}, ["design1_title"]),
        ({"designs": GOOD.designs * 4}, [""]),
        ({"designs": (GOOD.designs[0], DesignDraft("", None, number=2))}, ["design2_title", "design2_cost"]),
    ],
)
def test_what_is_missing_is_said_beside_its_field(change: dict[str, Any], expected: list[str]) -> None:  # A20-A22, B26
    assert beside(replace(GOOD, **change)) == expected


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("12000", 1_200_000),
        ("12000.50", 1_200_050),
        ("12000.5", 1_200_050),
        (" 12,000.05 元", 1_200_005),
        ("¥1,234,567", 123_456_700),
        ("１２０００．５０", 1_200_050),
        ("0", 0),
        ("0.29", 29),
        ("", None),
        ("12,00", None),
        ("1,2000", None),
        ("12.345", None),
        ("-5", None),
        ("1e5", None),
        ("一万", None),
        ("12345678901", None),
    ],
)
def test_amounts_are_read_exactly_or_not_at_all(typed: str, fen: int | None) -> None:  # B26
    assert fen_of(typed) == fen


@given(st.integers(0, 10**12 - 1))
def test_every_amount_is_read_as_it_is_written(fen: int) -> None:  # B26
    assert fen_of(f"{fen // 100}.{fen % 100:02}") == fen
    assert fen_of(f"{fen // 100:,}.{fen % 100:02}") == fen


def test_a_project_is_frozen_once_its_vote_is_announced() -> None:  # A26
    assert not list(may_revise(ProjectState.DRAFTED))
    assert list(may_revise(ProjectState.CONSULTED))
    assert list(may_revise(ProjectState.VOTED))
