"""One person, one vote for each design: saved at once, changeable until the end, once however often it is sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from portal.audit.models import AuditEntry
from portal.rules import Refused
from portal.store import clock, db
from portal.voting.actions import cast_vote
from portal.voting.models import Round, Vote
from tests import builders
from tests.client import InspectingClient


def votes() -> list[tuple[int, int]]:
    return sorted(tuple(row) for row in db.session.execute(db.select(Vote.person_id, Vote.design_id)))


def test_three_taps_are_votes_for_three_designs(
    village: Any, round_: Any, client: InspectingClient, designs: list[int]
) -> None:  # A26
    person = builders.a_resident(village)
    builders.signed_in(client, person)
    for design in designs:
        answer = client.post(f"/{village.code}/votes/{round_.id}/vote", data={"design": design, "approve": "1"})
        assert answer.status_code == 303
        assert answer.location == f"/{village.code}/votes/{round_.id}/?tapped={design}#design-{design}"
    assert votes() == [(person.id, design) for design in designs]


def test_a_choice_is_taken_back_and_made_anew_until_the_end(
    village: Any, round_: Any, designs: list[int]
) -> None:  # A26
    person = builders.a_resident(village)
    first, second, _ = designs
    for design, approve in ((first, True), (second, True), (first, False), (first, False), (second, True)):
        cast_vote(builders.actor(person), round_, design, approve)
    assert votes() == [(person.id, second)]


def test_24_simultaneous_taps_of_one_person_are_one_vote(  # A26
    village: Any, round_: Any, elsewhere: Callable[..., Any], designs: list[int]
) -> None:
    actor = builders.actor(builders.a_resident(village))
    number = round_.id
    db.session.rollback()

    def tap() -> None:
        cast_vote(actor, db.session.get_one(Round, number), designs[0], True)

    with ThreadPoolExecutor(24) as taps:
        done = [taps.submit(elsewhere, tap) for _ in range(24)]
    assert [one.result() for one in done] == [None] * 24
    assert votes() == [(actor.id, designs[0])]


@pytest.mark.parametrize("days", [-2, 8])
def test_nothing_is_counted_before_the_opening_or_after_the_end(  # A26
    village: Any, round_: Any, designs: list[int], days: int, at: Any
) -> None:
    actor = builders.actor(builders.a_resident(village))
    with at(clock.now() + timedelta(days=days)), pytest.raises(Refused):
        cast_vote(actor, round_, designs[0], True)
    assert votes() == []


def test_a_saved_vote_cannot_be_taken_back_after_the_end(
    village: Any, round_: Any, at: Any, designs: list[int]
) -> None:  # A26
    actor = builders.actor(builders.a_resident(village))
    cast_vote(actor, round_, designs[0], True)
    with at(round_.closes_at), pytest.raises(Refused):
        cast_vote(actor, round_, designs[0], False)
    assert len(votes()) == 1


def test_strangers_neighbours_and_the_unconfirmed_do_not_vote(
    round_: Any, village: Any, designs: list[int]
) -> None:  # A26
    tree = builders.a_region_tree()
    unconfirmed = builders.a_resident(village, verified=False)
    neighbour = builders.a_resident(tree.villages[1])
    committee = builders.a_committee(village)
    for person in (None, unconfirmed, neighbour, committee):
        with pytest.raises(Refused):
            cast_vote(builders.actor(person), round_, designs[0], True)
    assert votes() == []


def test_a_design_of_another_project_is_refused(village: Any, round_: Any) -> None:  # A26
    other = builders.the_designs(builders.a_project(village))
    with pytest.raises(Refused):
        cast_vote(builders.actor(builders.a_resident(village)), round_, other[0], True)


def test_a_villager_votes_in_the_round_of_her_township_from_her_own_page(client: InspectingClient) -> None:  # A26
    tree = builders.a_region_tree()
    project = builders.a_project(tree.township, needs=(builders.a_need(tree.villages[0]),))
    round_ = builders.an_open_round(project)
    design = builders.the_designs(project)[0]
    person = builders.a_resident(tree.villages[2])
    builders.signed_in(client, person)
    client.post(f"/{tree.villages[2].code}/votes/{round_.id}/vote", data={"design": design})
    assert votes() == [(person.id, design)]
    assert client.get(f"/{tree.county.code}/votes/{round_.id}/").status_code == 404


def test_a_vote_leaves_no_trace_of_its_content_in_the_log(village: Any, round_: Any, designs: list[int]) -> None:  # A26
    person = builders.a_resident(village)
    before = db.session.scalar(db.select(db.func.count()).select_from(AuditEntry))
    cast_vote(builders.actor(person), round_, designs[0], True)
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditEntry)) == before


def test_a_guests_tap_is_cast_once_she_has_signed_in(
    village: Any, round_: Any, client: InspectingClient, designs: list[int]
) -> None:  # A26
    person = builders.a_resident(village)
    for design in designs[:2]:
        answer = client.post(f"/{village.code}/votes/{round_.id}/vote", data={"design": design, "approve": "1"})
        assert answer.location == f"/sign-in?next=/{village.code}/votes/{round_.id}/"
    assert votes() == []
    sign_in(client, person)
    assert votes() == [(person.id, design) for design in designs[:2]]


@pytest.mark.parametrize("design", ["", "abc", "9" * 40, "-1"])
def test_nonsense_is_refused_and_hinders_nobody_from_signing_in(  # A26
    village: Any, round_: Any, client: InspectingClient, design: str
) -> None:
    address = f"/{village.code}/votes/{round_.id}/vote"
    client.post(address, data={"design": design})
    assert sign_in(client, builders.a_resident(village)).status_code == 303
    assert client.post(address, data={"design": design}).status_code == 409
    assert client.get(f"/{village.code}/votes/{'9' * 30}/").status_code == 404
    assert votes() == []


def sign_in(client: InspectingClient, person: Any) -> Any:
    """Sign in by telephone, as a resident does; the code is the demo's."""
    from portal.accounts.actions import send_code

    with client.session_transaction() as session:
        session["phone"] = person.phone
    code = send_code(person.phone, "", "zh-Hans")
    return client.post("/sign-in/code?next=/", data={"code": code})
