"""A community, and who serves it."""

from typing import Any

import pytest

from tests import builders


@pytest.fixture
def place(app: Any) -> Any:
    return builders.a_region_tree().villages[0]


@pytest.fixture
def provider(place: Any) -> Any:
    return builders.a_provider(place)
