"""How much of what was accepted is met."""

import pytest

from portal.rules.coverage import ACCEPTED, RUNNING, Share
from portal.rules.needs import NeedState
from portal.rules.projects import ProjectState


@pytest.mark.parametrize(
    ("part", "whole", "hundredths"),
    [(0, 0, None), (0, 3, 0), (1, 3, 3333), (2, 3, 6666), (3, 3, 10_000), (999_999, 1_000_000, 9999)],
)
def test_a_share_is_exact_and_all_means_all(part: int, whole: int, hundredths: int | None) -> None:  # 1.4, A22
    assert Share(part, whole).hundredths == hundredths


def test_a_plan_or_a_stopped_project_covers_nothing() -> None:  # 1.4
    assert set(ProjectState) - set(RUNNING) == {
        ProjectState.DRAFTED,
        ProjectState.CONSULTED,
        ProjectState.VOTED,
        ProjectState.NOTICED,
        ProjectState.CLOSED,
        ProjectState.STOPPED,
    }


def test_a_joined_need_is_not_counted_besides_the_other() -> None:  # 1.4
    assert NeedState.MERGED not in ACCEPTED
    assert set(ACCEPTED) == {NeedState.ACCEPTED, NeedState.MATCHED, NeedState.IN_SERVICE}
