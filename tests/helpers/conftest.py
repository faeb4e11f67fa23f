"""A community with an open vote, a neighbour and a committee that help, and people on the roll who are helped."""

from typing import Any

import pytest

from tests import builders


@pytest.fixture
def neighbour(village: Any) -> Any:
    return builders.a_resident(village, name="李梅")


@pytest.fixture
def committee(village: Any) -> Any:
    return builders.a_committee(village)
