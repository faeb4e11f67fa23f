"""Some who are marked as having voted are asked whether they did, drawn by a head that nobody could know."""

from typing import Any

from portal.accounts.models import Person
from portal.rules.opencount import digest
from portal.store import db
from portal.voting.actions import cast_vote
from portal.voting.callback import drawn, people_of
from portal.voting.log import newest_head
from portal.voting.models import LedgerEntry
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


def a_sealed_round(village: Any, voters: int) -> Any:
    people = [builders.a_resident(village) for _ in range(voters)]
    builders.a_resident(village)
    round_ = builders.an_open_round(builders.a_project(village))
    for person in people:
        cast_vote(builders.actor(person), round_, 1, 1)
    return builders.sealed(round_)


def test_the_drawn_are_the_smallest_by_the_last_head_and_all_voted(village: Any) -> None:
    round_ = a_sealed_round(village, 12)
    voted = set(db.session.scalars(db.select(LedgerEntry.line).where(LedgerEntry.voted)))
    assert len(voted) == 12
    lines, head = drawn(round_, 5), newest_head(round_)
    assert head
    assert set(lines) <= voted
    assert lines == sorted(voted, key=lambda line: digest(head.root, line))[:5]
    assert len(people_of(round_, lines)) == 5
    assert len(drawn(round_, 30)) == 12


def test_only_who_keeps_the_roll_sees_who_they_are(village: Any, client: InspectingClient) -> None:
    round_ = a_sealed_round(village, 3)
    address = f"/{village.code}/votes/{round_.id}/callback"
    for person in (None, builders.a_resident(village), builders.a_committee(builders.a_region_tree().villages[1])):
        said = builders.signed_in(client, person).get(address, headers=ENGLISH).get_data(as_text=True)
        assert "Ask whether, never what" in said
        assert "Whom to ask" not in said
    said = (
        builders.signed_in(client, builders.a_committee(village)).get(address, headers=ENGLISH).get_data(as_text=True)
    )
    assert said.count('<tr><th scope="row">') == 3
    assert not [phone for phone in db.session.scalars(db.select(Person.phone)) if phone and phone in said]


def test_nobody_is_drawn_before_the_closing(village: Any, client: InspectingClient) -> None:
    round_ = builders.an_open_round(builders.a_project(village))
    builders.signed_in(client, builders.a_committee(village))
    assert client.get(f"/{village.code}/votes/{round_.id}/callback").status_code == 404
