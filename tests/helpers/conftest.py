"""A community with an open vote, a neighbour and a committee that help, and people on the roll who are helped."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.rolls.models import RollEntry
from portal.rules.rolls import EntrySource, EntryState
from portal.store import action, clock, db
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

    @action
    def enrol(household: str = "", head_id: int | None = None, region: Any = None) -> int:
        entry = RollEntry(
            region_id=(region or village).id,
            shown="王**",
            household=household,
            head_id=head_id,
            phone_end="8000",
            identity_hash=secrets.token_hex(32),
            state=EntryState.ACTIVE.value,
            source=EntrySource.IMPORT.value,
            added_at=clock.now(),
        )
        db.session.add(entry)
        db.session.flush()
        return entry.id

    return enrol


@pytest.fixture
def neighbour(village: Any) -> Any:
    return builders.a_resident(village, name="李梅")


@pytest.fixture
def committee(village: Any) -> Any:
    return builders.a_committee(village)
