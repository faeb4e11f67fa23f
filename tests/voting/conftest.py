"""A community with a vote on three designs."""

from typing import Any

import pytest

from portal.projects.models import Project
from portal.store import db
from portal.voting.actions import cast_vote
from portal.voting.models import Round
from portal.voting.sealing import log_waiting_ballots
from tests import builders


@pytest.fixture
def voted(village: Any) -> Round:
    """A vote in which 22 people have voted; the log holds twelve of them."""
    people = [builders.a_resident(village) for _ in range(22)]
    round_ = builders.an_open_round(builders.a_project(village), publish="ballots")
    for number, person in enumerate(people):
        cast_vote(builders.actor(person), round_, number % 3 + 1, 1)
    assert log_waiting_ballots() == 12
    return round_


@pytest.fixture
def designs(round_: Any) -> list[int]:
    """The numbers of the designs of `round_`; they cost ¥12,500, ¥25,000 and ¥37,500 of ¥50,000."""
    return builders.the_designs(db.session.get_one(Project, round_.project_id))
