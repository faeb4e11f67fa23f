"""The result: after the end, for everyone, with its reasons; before, for nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules.projects import ProjectState
from portal.store import db
from portal.voting.actions import cast_vote, count_closed_rounds, count_round
from portal.voting.models import Round, RoundCount
from portal.voting.queries import NotClosed, find_poll, results_of
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def voted(village: Any, round_: Any, designs: list[int]) -> Any:
    """`round_` with 3 votes for the dearest design, 2 for the middle one, none for the first; 1 of 5 did not vote."""
    people = [builders.actor(builders.a_resident(village)) for _ in range(4)]
    for person in people[:3]:
        cast_vote(person, round_, designs[2], True)
    for person in people[1:3]:
        cast_vote(person, round_, designs[1], True)
    return round_


def poll_of(round_: Any) -> Any:
    return find_poll(round_.id, {"region": db.session.get_one(Region, round_.region_id)})


def test_the_result_says_who_won_and_why_with_counts_and_turnout(  # A26, B26
    village: Any, voted: Any, client: InspectingClient, at: Any
) -> None:
    with at(voted.closes_at):
        text = " ".join(client.get(f"/{village.code}/votes/{voted.id}/result", headers=ENGLISH).text.split())
    assert "Residents chose this design:" in text
    assert "Number 1 by votes; its cost of ¥37,500 fits into the free ¥50,000." in text
    assert "It costs ¥25,000, and only ¥12,500 was still free." in text
    assert "Nobody chose it." in text
    assert "<strong>3</strong><span>people voted" in text
    assert "<strong>60.0%</strong><span>turnout" in text  # 3 of 4 residents and the need's author
    assert "<strong>¥12,500</strong><span>of the budget is left" in text


def test_a_closed_vote_shows_its_result_instead_of_a_ballot(  # A26
    village: Any, round_: Any, client: InspectingClient, at: Any
) -> None:
    with at(round_.closes_at):
        answer = client.get(f"/{village.code}/votes/{round_.id}/")
        assert answer.location == f"/{village.code}/votes/{round_.id}/result"
        assert "No design was chosen." in client.get(answer.location, headers=ENGLISH).text
        assert "What was decided" in client.get(f"/{village.code}/votes/", headers=ENGLISH).text


def test_nobody_reads_a_result_before_the_end(village: Any, voted: Any, client: InspectingClient) -> None:  # A26
    readers = (None, builders.a_resident(village), builders.a_committee(village), builders.an_official(village))
    for reader in readers:
        builders.signed_in(client, reader)
        answer = client.get(f"/{village.code}/votes/{voted.id}/result", headers=ENGLISH)
        assert answer.status_code == 404
        assert "There is no result yet" in answer.text
    with pytest.raises(NotClosed):
        results_of(poll_of(voted))
    assert count_closed_rounds() == 0
    assert not count_round(voted)
    assert db.session.scalars(db.select(RoundCount)).all() == []


def test_other_peoples_votes_change_nothing_on_any_page_of_an_open_vote(  # A26
    village: Any, round_: Any, designs: list[int], client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_committee(village))
    here = f"/{village.code}"
    pages = [f"{here}/votes/", f"{here}/votes/{round_.id}/", f"{here}/votes/{round_.id}/result"]
    pages += [f"{here}/projects/", f"{here}/projects/{round_.project_id}/"]

    def read() -> list[str]:
        return [without_nonce(client.get(page).text) for page in pages]

    resident = builders.actor(builders.a_resident(village))
    before = read()
    cast_vote(resident, round_, designs[0], True)
    assert read() == before


def without_nonce(text: str) -> list[str]:
    return [line for line in text.splitlines() if "nonce" not in line and "csrf_token" not in line]


def test_the_count_is_written_once_and_stays(village: Any, voted: Any, designs: list[int], at: Any) -> None:  # A26
    with at(voted.closes_at):
        live = results_of(poll_of(voted))
        assert [count_closed_rounds(), count_closed_rounds()] == [1, 0]
        db.session.rollback()
        assert results_of(poll_of(voted)) == live
    kept = {row.design_id: row.votes for row in db.session.scalars(db.select(RoundCount))}
    assert kept == {designs[0]: 0, designs[1]: 2, designs[2]: 3}
    assert (voted.eligible, voted.voters) == (5, 3)
    assert db.session.get_one(Project, voted.project_id).state == ProjectState.VOTED


def test_of_two_processes_that_count_at_once_one_counts(  # A26
    voted: Any, elsewhere: Callable[..., Any], at: Any
) -> None:
    number = voted.id

    def count() -> bool:
        return count_round(db.session.get_one(Round, number))

    db.session.rollback()
    with at(voted.closes_at), ThreadPoolExecutor(8) as processes:
        done = [processes.submit(elsewhere, count) for _ in range(8)]
        assert sorted(one.result() for one in done) == [False] * 7 + [True]


def test_those_confirmed_after_the_end_were_not_eligible_and_movers_who_voted_were(  # A23, A26
    village: Any, voted: Any, designs: list[int], at: Any
) -> None:
    mover = builders.a_resident(village)
    cast_vote(builders.actor(mover), voted, designs[0], True)
    builders.accounts.ask_residency(builders.actor(mover), builders.a_region_tree().villages[1])
    with at(voted.closes_at + timedelta(seconds=1)):
        builders.a_resident(village)
        assert count_closed_rounds() == 1
    assert (voted.eligible, voted.voters) == (6, 4)


def test_a_round_nobody_might_vote_in_has_no_turnout(village: Any, client: InspectingClient, at: Any) -> None:  # A23
    need = builders.a_need(village)
    project = builders.a_project(builders.a_region_tree().township, needs=(need,))
    builders.accounts.ask_residency(
        builders.actor(builders.Person(id=need.author_id, name="")), builders.a_region_tree().villages[1]
    )  # where nobody has vouched for her yet
    round_ = builders.an_open_round(project)
    with at(round_.closes_at):
        assert count_closed_rounds() == 1
        text = client.get(f"/{village.code}/votes/{round_.id}/result", headers=ENGLISH).text
    assert "turnout" not in text
