"""A community with an open vote, a neighbour and a committee that help, and people on the roll who are helped."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import builders


@pytest.fixture
def village(app: Flask) -> Any:
    return builders.a_region_tree().villages[0]


@pytest.fixture
def round_(village: Any) -> Any:
    """A vote on three designs that is open now; its roll is frozen by the first vote, or the first help."""
    return builders.an_open_round(builders.a_project(village))


@pytest.fixture
def enrolled(village: Any) -> Callable[..., int]:
    """Put somebody without an account on the roll: `enrolled("3-2-501")` gives her number."""

    def enrol(household: str = "", head_id: int | None = None, region: Any = None) -> int:
        return builders.an_entry(region or village, household, head_id)

    return enrol


@pytest.fixture
def neighbour(village: Any) -> Any:
    return builders.a_resident(village, name="李梅")


@pytest.fixture
def committee(village: Any) -> Any:
    return builders.a_committee(village)
