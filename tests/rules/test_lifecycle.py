"""The life of a project: which steps there are, and what each asks for."""

from itertools import pairwise

import pytest

from portal.rules.lifecycle import (
    NEXT,
    STAGE_OF,
    STAGES,
    WITH_REASON,
    Stage,
    Way,
    closes,
    may_move,
    participation_refusals,
)
from portal.rules.projects import ProjectState as S

ALL = frozenset(Stage)
LINE = (
    S.DRAFTED, S.CONSULTED, S.VOTED, S.NOTICED, S.APPROVED, S.TENDERED, S.AWARDED,
    S.CONTRACTED, S.SERVING, S.ACCEPTED, S.EVALUATED, S.IMPROVING, S.CLOSED,
)  # fmt: skip
"""Requirements 1.6, as the portal calls the states."""


def texts(state: S, to: S, words: str = "说明原因", people: frozenset[Stage] = ALL) -> list[str]:
    return [one.text for one in may_move(state, to, words=words, stages_with_people=people)]


@pytest.mark.parametrize(("state", "to"), list(pairwise(LINE)))
def test_the_way_of_the_requirements_is_open_from_end_to_end(state: S, to: S) -> None:  # A40
    assert texts(state, to) == []


BESIDE = {
    (S.DRAFTED, S.NOTICED),  # no vote, with a public reason
    (S.CONSULTED, S.DRAFTED),  # the vote was withdrawn before it opened
    (S.VOTED, S.CONSULTED),  # another vote
    (S.NOTICED, S.DRAFTED),
    (S.NOTICED, S.VOTED),  # taken back to be changed
    (S.TENDERED, S.APPROVED),  # the purchase failed
    (S.AWARDED, S.APPROVED),  # no contract was signed
}
STOPPABLE = {S.DRAFTED, S.VOTED, S.NOTICED, S.APPROVED, S.TENDERED, S.AWARDED, S.CONTRACTED, S.SERVING}


def test_there_are_no_other_steps(  # A40
) -> None:
    said = {(state, to) for state in S for to in NEXT[state]}
    line = set(pairwise(LINE))
    assert said == line | BESIDE | {(state, S.STOPPED) for state in STOPPABLE}


@pytest.mark.parametrize("state", [S.CONSULTED, S.ACCEPTED, S.EVALUATED, S.IMPROVING, S.CLOSED, S.STOPPED])
def test_a_project_is_not_given_up_while_residents_vote_or_after_it_was_delivered(state: S) -> None:  # A24, A40
    assert texts(state, S.STOPPED)


@pytest.mark.parametrize(("state", "to"), sorted(WITH_REASON))
def test_a_step_aside_or_back_needs_a_public_reason(state: S, to: S) -> None:  # A24
    assert texts(state, to, words=" ") == ["Please say why; everyone reads it."]


def test_a_reason_names_no_phone_number() -> None:  # B31
    assert texts(S.DRAFTED, S.NOTICED, words="请打 13800138000 问")


@pytest.mark.parametrize(
    ("state", "to", "stage"),
    [
        (S.APPROVED, S.TENDERED, Stage.PUBLISH),
        (S.CONTRACTED, S.SERVING, Stage.MATCH),
        (S.ACCEPTED, S.EVALUATED, Stage.SERVE),
        (S.EVALUATED, S.IMPROVING, Stage.EVALUATE),
        (S.IMPROVING, S.CLOSED, Stage.IMPROVE),
    ],
)
def test_each_stage_closes_only_with_participation_or_a_reason(state: S, to: S, stage: Stage) -> None:  # A23
    assert closes(state, to) is stage
    assert texts(state, to, people=ALL - {stage})
    assert texts(state, to, people=frozenset({stage})) == []


def test_no_other_step_closes_a_stage() -> None:  # A23
    closing = [(state, to) for state in S for to in NEXT[state] if closes(state, to)]
    assert len(closing) == len(STAGES)
    assert {closes(*step) for step in closing} == ALL
    assert all(STAGE_OF[state] is closes(state, to) for state, to in closing)


@pytest.mark.parametrize(
    ("way", "took", "asked", "words", "beside"),
    [
        (Way.MEETING, 12, 30, "", None),
        (Way.CONSULTATION, 1, None, "", None),
        (Way.NONE, None, None, "疫情期间不能聚集", None),
        (Way.NONE, None, None, " ", "words"),
        (Way.NONE, 3, None, "没有人", "took_part"),
        (Way.MEETING, None, 30, "", "took_part"),
        (Way.MEETING, 0, 30, "", "took_part"),
        (Way.MEETING, 31, 30, "", "asked"),
        (Way.MEETING, 10**12, None, "", "took_part"),
        (Way.VOTE, 3, None, "", "way"),
        ("", 3, None, "", "way"),
        (Way.MEETING, 3, None, "联系 13800138000", "words"),
    ],
)
def test_a_note_of_participation_says_how_many_or_why_nobody(  # A23
    way: str, took: int | None, asked: int | None, words: str, beside: str | None
) -> None:
    found = [one.beside for one in participation_refusals(S.SERVING, way, took, asked, words)]
    assert found == ([beside] if beside else [])


@pytest.mark.parametrize("state", [S.CLOSED, S.STOPPED])
def test_nothing_is_added_to_a_project_that_has_ended(state: S) -> None:  # A23
    assert list(participation_refusals(state, Way.MEETING, 3, None, ""))
