"""A community whose roll has people without an account, and three people who work for its committee."""

from typing import Any

import pytest

from portal.rules.permissions import Role
from tests import builders


@pytest.fixture
def desk(village: Any) -> list[Any]:
    """Four people who work for the committee, as those who act."""
    people = [builders._staff(f"desk{number}", Role.COMMITTEE, village) for number in range(4)]
    return [builders.actor(person) for person in people]
