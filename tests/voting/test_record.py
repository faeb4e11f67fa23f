"""The legal record: who might vote, who did, the exact share, and whether a decision stands."""

import csv
import io
from typing import Any

import pytest

from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules.decisions import Body, Share
from portal.store import clock
from portal.voting.actions import cast_vote
from portal.voting.models import Round
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}
HALF, TWO_THIRDS = Share.read(">1/2"), Share.read(">=2/3")


def a_project(village: Any) -> Project:
    """A project whose need comes from the next community, so that nobody here is on the roll for it."""
    neighbour = builders.a_resident(builders.a_region_tree().villages[1])
    return builders.a_project(village, needs=(builders.a_need(village, author=neighbour),))


def a_vote(village: Region, people: int, yes: int, other: int = 0, **changes: Any) -> Round:
    """A vote of so many `people`: `yes` of them for the first option, `other` more for the second."""
    residents = [builders.a_resident(village) for _ in range(people)]
    round_ = builders.an_open_round(a_project(village), **changes)
    for number, person in enumerate(residents[: yes + other]):
        cast_vote(builders.actor(person), round_, 1 if number < yes else 2, 1)
    return round_


def a_decision(village: Region, people: int, yes: int, other: int = 0, **changes: Any) -> Round:
    decides = {
        "body": Body.RESIDENTS_MEETING,
        "quorum": HALF,
        "majority": HALF,
        "legal_basis": "城市居民委员会组织法第十条",
    }
    return builders.sealed(a_vote(village, people, yes, other, **decides | changes))


def record_of(client: InspectingClient, village: Region, round_: Round) -> str:
    answer = client.get(f"/{village.code}/votes/{round_.id}/record", headers=ENGLISH)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_decision_that_held_its_quorum_and_its_majority_stands(  # 2.3
    village: Region, client: InspectingClient
) -> None:
    said = record_of(client, village, a_decision(village, 7, 3, 1))
    assert "The decision stands for every option that is marked as decided." in said
    assert "4/7, 57.14 percent, rounded down" in said
    assert "more than 1/2 of those who may vote (4): reached" in said
    assert "more than 1/2 of those who take part (3)" in said
    assert "城市居民委员会组织法第十条" in said
    first, second = said.split("<tr>")[2:4]
    assert "3/4, 75.00%" in first
    assert first.count("Yes") == 3
    assert second.count("No") == 2  # chosen by the rule, for the money lasts, but not agreed


def test_a_decision_with_too_few_people_does_not_stand(village: Region, client: InspectingClient) -> None:  # 2.3
    said = record_of(client, village, a_decision(village, 8, 4))
    assert "does not stand: 4 took part, and at least 5 had to" in said
    assert "(5): not reached" in said
    assert said.split("<tr>")[2].count("Yes") == 2  # agreed and chosen, not decided


def test_a_decision_that_nobody_agreed_on_enough_does_not_stand(  # 2.3
    village: Region, client: InspectingClient
) -> None:
    said = record_of(client, village, a_decision(village, 4, 2, 2))
    assert "of those who took part, at least 3 had to agree" in said


def test_an_opinion_vote_is_called_so_and_decides_nothing(village: Region, client: InspectingClient) -> None:  # 2.3
    said = record_of(client, village, builders.sealed(a_vote(village, 3, 2)))
    assert "It decides nothing" in said
    assert "2/3, 66.66 percent, rounded down" in said
    assert "Decided" not in said


def test_where_nobody_might_vote_nothing_stands(village: Region, client: InspectingClient) -> None:  # 2.3
    said = record_of(client, village, a_decision(village, 0, 0))
    assert "does not stand: 0 took part, and at least 1 had to" in said


def test_the_days_of_notice_are_those_that_were_given(  # 2.3
    village: Region, client: InspectingClient, at: Any
) -> None:
    with at("2026-11-01"):
        project = a_project(village)
        opens = clock.now() + builders.timedelta(days=12, hours=5)
        round_ = builders.an_open_round(project, opens_at=opens, closes_at=opens + builders.timedelta(days=3))
    builders.sealed(round_)
    assert "12 full days before it opened" in record_of(client, village, round_)


def test_the_record_is_a_table_too(village: Region, client: InspectingClient) -> None:  # 2.3
    round_ = a_decision(village, 7, 3, 1, quorum=TWO_THIRDS)
    answer = client.get(f"/{village.code}/votes/{round_.id}/record.csv", headers=ENGLISH)
    assert answer.mimetype == "text/csv"
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))}
    assert rows["Might vote"] == ["7"]
    assert [cell.strip() for cell in rows["Took part"]] == ["4", "4/7", "57.14", "5", "No"]
    assert [cell.strip() for cell in rows["方案1"]] == ["3", "3/4", "75.00", "3", "Yes"]
    assert "does not stand" in rows["Statement"][0]


@pytest.mark.parametrize("part", ["record", "record.csv"])
def test_there_is_no_record_before_the_vote_is_counted(  # A26
    village: Region, client: InspectingClient, part: str, at: Any
) -> None:
    round_ = a_vote(village, 2, 2)
    address = f"/{village.code}/votes/{round_.id}/{part}"
    builders.signed_in(client, builders.a_committee(village))
    assert client.get(address).status_code == 404
    with at(round_.closes_at):
        assert client.get(address).status_code == 404
