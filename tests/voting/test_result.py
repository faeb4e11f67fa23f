"""The result: after the end, for everyone, with its reasons; before, for nobody."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from portal.regions.models import Region
from portal.rules.counting import Completion, Method, Rule
from portal.rules.decisions import Body, Share
from portal.rules.elections import BallotKind
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.voting.actions import cast_vote
from portal.voting.models import OptionCount, PlaceCount, Round, RoundOption
from portal.voting.queries import NotClosed, Poll, places_of, result_of
from portal.voting.rounds import freeze_round
from portal.voting.sealing import seal_closed_rounds, seal_round
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def voted(village: Any, round_: Any) -> Any:
    """`round_` with 3 votes for the dearest design, 2 for the middle one, none for the first; 1 of 5 did not vote."""
    people = [builders.actor(builders.a_resident(village)) for _ in range(4)]
    for person in people[:3]:
        cast_vote(person, round_, 3, 1)
    for person in people[1:3]:
        cast_vote(person, round_, 2, 1)
    return round_


def read(client: InspectingClient, region: Region, round: Round, what: str = "result") -> str:
    return " ".join(client.get(f"/{region.code}/votes/{round.id}/{what}", headers=ENGLISH).text.split())


def poll_of(round: Round) -> Poll:
    return Poll(round, db.session.get_one(Region, round.region_id), None)


def test_the_result_says_who_won_and_why_with_cost_and_turnout(  # A26, B26
    village: Any, voted: Any, client: InspectingClient
) -> None:
    text = read(client, village, builders.sealed(voted))
    assert "Residents chose this:" in text
    assert "Number 1; its cost of ¥37,500 fits into the free ¥50,000." in text
    assert "<strong>60.00%</strong><span>turnout: 3 of 5 people" in text
    assert "<strong>¥37,500</strong><span>is the cost of what was chosen, of ¥50,000" in text
    assert "<strong>¥12,500</strong><span>of the budget is left" in text
    assert "This was an opinion vote" in text


def test_it_says_of_each_loser_what_was_missing(village: Any, voted: Any, client: InspectingClient) -> None:  # A26
    text = read(client, village, builders.sealed(voted))
    lost = text[text.index("Why the others were not chosen") :]
    assert "<strong>方案2</strong><br>It costs ¥25,000, and only ¥12,500 was still free." in lost
    assert "<strong>方案1</strong><br>Nobody chose it. Votes that were missing for it to be chosen: 1." in lost


def test_equal_votes_are_settled_by_the_lot_and_the_lot_is_revealed(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    person = builders.actor(builders.a_resident(village))
    for option in (2, 3):
        cast_vote(person, round_, option, 1)
    secret = round_.seed
    text = read(client, village, builders.sealed(round_))
    assert "Equal, so the lot put them in this order:" in text
    assert "the lot put this one first" in text
    assert "the lot put another one first" in text
    assert secret in text
    assert round_.seed_hash in text


def test_both_rules_stand_side_by_side_and_one_decides_as_was_said(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    """Two want the dear one; two others, who hold half of the money together, the two cheap ones."""
    people = [builders.actor(builders.a_resident(village)) for _ in range(4)]
    choices = ((3,), (3,), (3, 1), (1,))
    for person, chosen in zip(people, choices, strict=True):
        for option in chosen:
            cast_vote(person, round_, option, 1)
    builders.sealed(round_)
    result = result_of(poll_of(round_))
    assert result.outcome.winners == ("3", "1")
    assert result.beside is not None
    text = read(client, village, round_)
    assert "This decides, as was said before the vote:</strong> Most votes first" in text
    assert "This is shown beside it and decides nothing:</strong> Equal Shares" in text
    same = set(result.beside.winners) == {"1", "3"}
    assert ("Both ways choose the same." in text) == same
    assert ("Where the two ways differ" in text) != same


def test_a_loser_of_one_rule_who_wins_by_the_other_is_named(village: Any, client: InspectingClient) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village, budget=4_000_000))
    people = [builders.actor(builders.a_resident(village)) for _ in range(5)]
    for person, option in zip(people, (3, 3, 3, 1, 1), strict=True):
        cast_vote(person, round_, option, 1)
    builders.sealed(round_)
    result = result_of(poll_of(round_))
    gain = set(result.beside.winners if result.beside else ()) - set(result.outcome.winners)
    text = read(client, village, round_)
    for key in gain:
        title = result.options[int(key)].title
        assert f'<th scope="row">{title}</th><td>Not chosen</td><td>Chosen</td><td>would help' in text


def test_equal_shares_is_told_step_by_step(village: Any, client: InspectingClient) -> None:  # A26
    method = Method(Rule.EQUAL_SHARES, completion=Completion.ADD1, increment=100)
    round_ = builders.an_open_round(builders.a_project(village), method=method, beside=None)
    for person in [builders.actor(builders.a_resident(village)) for _ in range(3)]:
        cast_vote(person, round_, 1, 1)
    text = read(client, village, builders.sealed(round_))
    assert "Equal Shares, step by step" in text
    assert "3 supporters paid for it together." in text
    assert "Nobody paid more than ¥4,166.67." in text
    assert "Each of the 3 voters held an equal share" in text


def test_points_are_called_points(village: Any, client: InspectingClient) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village), ballot=BallotKind.CUMULATIVE, most=5)
    cast_vote(builders.actor(builders.a_resident(village)), round_, 2, 4)
    text = read(client, village, builders.sealed(round_))
    assert "¥25,000 · 4 points" in text
    assert '<th scope="col" class="num">Points</th>' in text


def test_a_decision_without_its_quorum_does_not_stand(village: Any, client: InspectingClient) -> None:  # A26
    half = Share.read(">1/2")
    body = {"body": Body.RESIDENTS_MEETING, "legal_basis": "居委会组织法", "quorum": half, "majority": half}
    round_ = builders.an_open_round(builders.a_project(village), **body)
    people = [builders.actor(builders.a_resident(village)) for _ in range(4)]
    cast_vote(people[0], round_, 1, 1)
    text = read(client, village, builders.sealed(round_))
    assert "The decision does not stand: 1 took part, and at least 3 had to." in text


def test_who_reads_is_told_why_only_totals_are_published(  # A26
    village: Any, voted: Any, client: InspectingClient
) -> None:
    assert "Only totals are published, because fewer than 20 voted" in read(client, village, builders.sealed(voted))


def test_a_result_before_votes_had_a_log_still_stands(village: Any, client: InspectingClient) -> None:  # A26
    number = an_old_round(village)
    text = read(client, village, db.session.get_one(Round, number))
    assert "Number 1; its cost of ¥25,000" in text
    assert "Only the sums: nobody outside can count the choices again" in text
    assert 'href="log"' not in text
    assert "75.00%" in text


@action
def an_old_round(village: Any) -> int:
    project = builders.a_project(village)
    moment = builders.clock.now()
    round = Round(
        uid="0" * 32,
        region_id=village.id,
        project_id=project.id,
        question=project.title,
        budget_fen=project.budget_fen,
        ballot="approval",
        method={"rule": "greedy", "threshold": 0, "completion": "none", "stop_exhaustive": False, "comparison": False},
        conflicts=[],
        basis="persons",
        body="opinion",
        publish="marks",
        published="aggregate",
        announced_at=moment,
        announced_by_id=project.drafted_by_id,
        opens_at=moment.replace(year=2024),
        closes_at=moment.replace(year=2025),
        sealed_at=moment.replace(year=2025),
        seed="",
        seed_hash="",
        eligible=4,
        voters=3,
    )
    db.session.add(round)
    db.session.flush()
    for place, design in enumerate(builders.designs_of(project), 1):
        facts = {"project_id": project.id, "design_id": design.id, "title": design.title, "cost_fen": design.cost_fen}
        db.session.add(RoundOption(round_id=round.id, number=place, **facts))
        db.session.add(OptionCount(round_id=round.id, number=place, votes=(0, 3, 2)[place - 1]))
    db.session.flush()
    round.frozen_at = round.opens_at
    return round.id


def test_a_closed_vote_shows_its_result_instead_of_a_ballot(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    with builders.at(round_.closes_at):
        seal_round(round_)
        answer = client.get(f"/{village.code}/votes/{round_.id}/")
        assert answer.location == f"/{village.code}/votes/{round_.id}/result"
        assert "Nothing was chosen." in client.get(answer.location, headers=ENGLISH).text
        assert "What was decided" in client.get(f"/{village.code}/votes/", headers=ENGLISH).text


@pytest.mark.parametrize("what", ["result", "result.csv", "card", "card.svg", "votes.pb", "lots.txt"])
def test_nobody_reads_a_count_before_the_sealing(  # A26
    village: Any, voted: Any, client: InspectingClient, what: str
) -> None:
    readers = (None, builders.a_resident(village), builders.a_committee(village), builders.an_official(village))
    with builders.at(voted.closes_at):
        for reader in readers:
            builders.signed_in(client, reader)
            answer = client.get(f"/{village.code}/votes/{voted.id}/{what}", headers=ENGLISH)
            assert answer.status_code == 404
            assert "方案" not in answer.text
    with pytest.raises(NotClosed):
        result_of(poll_of(voted))


def test_other_peoples_votes_change_nothing_on_any_page_of_an_open_vote(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    builders.signed_in(client, builders.a_committee(village))
    here = f"/{village.code}"
    pages = [f"{here}/votes/", f"{here}/votes/{round_.id}/", f"{here}/votes/{round_.id}/result"]
    pages += [f"{here}/projects/", f"{here}/projects/{round_.project_id}/"]

    def seen() -> list[str]:
        return [without_nonce(client.get(page).text) for page in pages]

    resident = builders.actor(builders.a_resident(village))
    freeze_round(round_)
    before = seen()
    cast_vote(resident, round_, 1, 1)
    assert seen() == before


def without_nonce(text: str) -> list[str]:
    return [line for line in text.splitlines() if "nonce" not in line and "csrf_token" not in line]


def test_the_count_is_written_once_and_stays(voted: Any) -> None:  # A26
    with builders.at(voted.closes_at):
        assert [seal_closed_rounds(), seal_closed_rounds()] == [1, 0]
    kept = {row.number: row.votes for row in db.session.scalars(db.select(OptionCount))}
    assert kept == {1: 0, 2: 2, 3: 3}
    assert (voted.eligible, voted.voters) == (5, 3)
    assert db.session.get_one(builders.Project, voted.project_id).state == ProjectState.VOTED


@pytest.fixture
def township(app: Any) -> Any:
    """A vote of a township: of 长桥 7 of 12 name the first design, of 梅园 1 of 6, of 石榴 6 of 11."""
    tree = builders.a_region_tree()
    project = builders.a_project(tree.township, needs=(builders.a_need(tree.villages[0]),))
    round_ = builders.an_open_round(project, publish="marks")
    sizes, named = (12, 6, 11), (7, 1, 6)
    people = [
        [builders.a_resident(village) for _ in range(size)] for village, size in zip(tree.villages, sizes, strict=True)
    ]
    for those, first in zip(people, named, strict=True):
        for place, person in enumerate(those):
            cast_vote(builders.actor(person), round_, 1 if place < first else 2, 1)
    return builders.sealed(round_)


def test_support_by_community_is_shown_where_it_gives_nobody_away(  # A26
    township: Any, client: InspectingClient
) -> None:
    shown = {place.region.name: (place.ballots, place.votes[1]) for place in places_of(township)}
    assert shown == {"长桥社区居委会": (12, 7), "梅园社区居委会": (6, None), "石榴村委会": (11, None)}
    region = db.session.get_one(Region, township.region_id)
    text = read(client, region, township)
    assert "7 of 12" in text
    assert "1 of 6" not in text
    assert "6 of 11" not in text
    assert "Hidden: fewer than 5" in text


def test_what_is_hidden_is_not_kept_either(township: Any) -> None:  # A26
    kept = db.session.scalars(db.select(PlaceCount.votes).where(PlaceCount.number == 1)).all()
    assert sorted(kept, key=str) == [7, None, None]


def test_the_figures_can_be_taken_along_as_a_table(township: Any, client: InspectingClient) -> None:  # A26
    region = db.session.get_one(Region, township.region_id)
    answer = client.get(f"/{region.code}/votes/{township.id}/result.csv", headers=ENGLISH)
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert lines[0] == "Number,Option,Votes for it,Cost in yuan,Result,Why,长桥社区居委会,梅园社区居委会,石榴村委会"
    assert lines[2].startswith("1,方案1,14,12500,Chosen,")
    assert lines[2].endswith(",7,hidden,hidden")
    assert lines[4] == ",Ballots,29,,,,12,6,11"


def test_a_result_is_passed_on_as_picture_and_text(village: Any, voted: Any, client: InspectingClient) -> None:  # A26
    builders.sealed(voted)
    text = read(client, village, voted, "card")
    assert "1. 方案3 3 of 5 took part (60.00%)." in text
    assert f"/{village.code}/votes/{voted.id}/result" in text
    picture = client.get(f"/{village.code}/votes/{voted.id}/card.svg", headers=ENGLISH)
    assert picture.mimetype == "image/svg+xml"
    drawn = ET.fromstring(picture.text)
    assert (drawn.get("width"), drawn.get("height")) == ("1200", "630")
    words = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "1. 方案3" in words


def test_a_vote_in_which_nobody_took_part_has_a_result(village: Any, round_: Any, client: InspectingClient) -> None:
    builders.sealed(round_)  # A23, A26
    text = read(client, village, round_)
    assert "Nothing was chosen." in text
    assert "Nothing was chosen." in read(client, village, round_, "card")


def test_a_vote_on_several_projects_says_before_its_end_when_there_will_be_a_result(  # A26
    village: Any, round_: Any, client: InspectingClient
) -> None:
    other = builders.an_open_round(builders.a_project(village), project_id=None)
    assert "There is no result yet" in read(client, village, other)
    builders.sealed(other)
    assert "Nothing was chosen." in read(client, village, other)
