"""Who may vote and when; what a round needs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.ballots import Stage, Standing, may_vote, round_refusals, stage, standing

OPENS, CLOSES = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - MOMENT, Stage.COMING),
        (OPENS, Stage.OPEN),
        (CLOSES - MOMENT, Stage.OPEN),
        (CLOSES, Stage.CLOSED),
    ],
)
def test_a_round_is_open_from_its_first_moment_up_to_its_last(at: datetime, expected: Stage) -> None:  # A26
    assert stage(OPENS, CLOSES, at) is expected


@pytest.mark.parametrize(
    ("signed_in", "home", "verified", "expected"),
    [
        (False, None, False, Standing.GUEST),
        (True, None, False, Standing.STRANGER),
        (True, "1.2.3.", False, Standing.WAITING),
        (True, "1.2.3.", True, Standing.VOTER),
        (True, "1.2.3.9.", True, Standing.VOTER),
        (True, "1.2.", True, Standing.ELSEWHERE),
        (True, "1.2.30.", True, Standing.ELSEWHERE),
        (True, "1.2.4.", True, Standing.ELSEWHERE),
        (True, "1.2.4.", False, Standing.ELSEWHERE),
    ],
)
def test_only_confirmed_residents_of_the_region_or_below_it_are_voters(  # A26
    signed_in: bool, home: str | None, verified: bool, expected: Standing
) -> None:
    assert standing(signed_in=signed_in, home=home, verified=verified, region="1.2.3.") is expected


@given(st.sampled_from(Standing), st.sampled_from(Stage), st.integers(1, 5))
def test_a_vote_is_taken_only_from_a_voter_in_time_for_a_design_of_the_round(  # A26
    voter: Standing, when: Stage, design: int
) -> None:
    allowed = not list(may_vote(voter, when, design=design, designs=[1, 2, 3]))
    assert allowed == (voter is Standing.VOTER and when is Stage.OPEN and design <= 3)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "designs", "announced", "beside"),
    [
        (OPENS, CLOSES, 2, False, []),
        (OPENS - timedelta(days=30), CLOSES, 6, False, []),
        (None, CLOSES, 2, False, ["opens_at"]),
        (OPENS, None, 2, False, ["closes_at"]),
        (CLOSES, CLOSES, 2, False, ["closes_at"]),
        (CLOSES, CLOSES - MOMENT, 2, False, ["closes_at"]),
        (OPENS - timedelta(days=9), OPENS, 2, False, ["closes_at"]),
        (OPENS, CLOSES, 1, False, [""]),
        (OPENS, CLOSES, 2, True, [""]),
    ],
)
def test_a_round_needs_two_designs_a_future_and_a_project_without_one(  # A21, A26
    opens_at: datetime | None, closes_at: datetime | None, designs: int, announced: bool, beside: list[str]
) -> None:
    found = round_refusals(opens_at, closes_at, at=OPENS, designs=designs, announced=announced)
    assert [refusal.beside for refusal in found] == beside
