"""A community whose roll has people without an account, and three people who work for its committee."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.rules.permissions import Role
from tests import builders


@pytest.fixture
def village(app: Flask) -> Any:
    return builders.a_region_tree().villages[0]


@pytest.fixture
def round_(village: Any) -> Any:
    """A vote on three designs that is open now; its roll is frozen by the first vote."""
    return builders.an_open_round(builders.a_project(village))


@pytest.fixture
def enrolled(village: Any) -> Callable[..., int]:
    """Put somebody without an account on the roll: `enrolled("3-2-501")` gives her number."""

    def enrol(household: str = "", head_id: int | None = None, region: Any = None) -> int:
        return builders.an_entry(region or village, household, head_id)

    return enrol


@pytest.fixture
def desk(village: Any) -> list[Any]:
    """Four people who work for the committee, as those who act."""
    people = [builders._staff(f"desk{number}", Role.COMMITTEE, village) for number in range(4)]
    return [builders.actor(person) for person in people]
