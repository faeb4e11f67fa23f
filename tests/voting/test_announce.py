"""A committee announces a vote; then everything that decides is fixed."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from markupsafe import Markup

from portal.audit.models import AuditEntry
from portal.projects.models import Project
from portal.rules import Refused
from portal.rules.counting import Method, Rule
from portal.rules.elections import BallotKind
from portal.rules.projects import ProjectState
from portal.store import clock, db
from portal.voting.announcing import designs_draft
from portal.voting.models import Round, RoundOption
from portal.voting.queries import Poll, options_of
from portal.voting.rounds import announce_round, withdraw_round
from portal.web.words import reading
from tests import builders
from tests.client import InspectingClient
from tests.projects.making import gone_on

ENGLISH = {"Accept-Language": "en"}
TIMES = {"opens_at": "2026-11-23T08:00", "closes_at": "2026-12-06T20:00"}


def by_committee(client: InspectingClient, village: Any) -> InspectingClient:
    return builders.signed_in(client, builders.a_committee(village))


def the_round() -> Round:
    return db.session.scalars(db.select(Round).order_by(Round.id.desc()).limit(1)).one()


def test_two_times_are_enough_for_a_vote_on_the_designs_of_a_project(  # A26
    village: Any, client: InspectingClient, at: Any
) -> None:
    project = builders.a_project(village)
    address = f"/{village.code}/votes/announce/{project.id}"
    by_committee(client, village)
    with at("2026-11-22"):
        shown = client.get(address).text
        assert 'value="2026-12-06T20:00"' in shown
        assert f'value="{project.title}"' in shown
        answer = client.post(address, data={**TIMES, "beside": "y"})
    round_ = the_round()
    assert answer.location == f"/{village.code}/votes/{round_.id}/"
    assert round_.opens_at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert round_.closes_at == datetime(2026, 12, 6, 12, 0, tzinfo=UTC)
    assert (round_.question, round_.budget_fen, round_.body) == (project.title, project.budget_fen, "opinion")
    assert (round_.ballot, round_.method["rule"], round_.publish) == ("approval", "greedy", "ballots")
    assert round_.beside is not None
    assert (round_.beside["rule"], round_.beside["completion"], round_.beside["increment"]) == (
        "equalshares",
        "add1",
        100,
    )
    assert client.get(f"/{village.code}/votes/project/{project.id}").location == answer.location


def test_every_setting_can_be_chosen(village: Any, client: InspectingClient, at: Any) -> None:  # A26, 2.3
    project = builders.a_project(village)
    chosen = {
        **TIMES,
        "question": "楼道灯怎么装？",
        "budget": "40,000.50",
        "ballot": "choose-k",
        "most": "2",
        "rule": "equalshares",
        "threshold": "3",
        "completion": "add1u",
        "stop_exhaustive": "y",
        "comparison": "y",
        "beside": "y",
        "body": "residents_households",
        "legal_basis": "城市居民委员会组织法第十条",
        "quorum": "≥ 2/3",
        "majority": "",
        "publish": "aggregate",
    }
    with at("2026-11-22"):
        by_committee(client, village).post(f"/{village.code}/votes/announce/{project.id}", data=chosen)
    round_ = the_round()
    assert round_.method == {
        "rule": "equalshares",
        "threshold": 3,
        "completion": "add1u",
        "stop_exhaustive": True,
        "comparison": True,
        "increment": 100,
    }
    assert round_.beside is not None
    assert round_.beside["rule"] == "greedy"
    assert (round_.question, round_.translations, round_.budget_fen) == ("楼道灯怎么装？", None, 4_000_050)
    assert (round_.ballot, round_.most, round_.publish) == ("choose-k", 2, "aggregate")
    assert (round_.basis, round_.body) == ("households", "residents_households")
    assert (round_.quorum, round_.majority) == (">=2/3", ">1/2")
    assert round_.legal_basis == "城市居民委员会组织法第十条"


@pytest.mark.parametrize("like", ["opinion", "meeting", "shares", "odd"])
def test_a_proposal_is_accepted_as_it_is(village: Any, client: InspectingClient, at: Any, like: str) -> None:  # 2.3
    place = builders.a_region_tree().villages[2]
    project = builders.a_project(place)
    address = f"/{place.code}/votes/announce/{project.id}"
    by_committee(client, place)
    with at("2026-11-22"):
        form = client.get(f"{address}?like={like}").text
        assert "<details" in form
        answer = client.post(f"{address}?like={like}", data={"beside": "y"})
    assert answer.status_code == 303, answer.text
    round_ = the_round()
    if like == "meeting":
        assert (round_.body, round_.quorum, round_.majority) == ("villagers_meeting", ">1/2", ">1/2")
        assert "村民委员会组织法" in round_.legal_basis
        assert (round_.opens_at - round_.announced_at).days >= 10
    assert round_.method["rule"] == ("equalshares" if like == "shares" else "greedy")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("opens_at", "", "when the vote opens"),
        ("opens_at", "soon", "Not a valid"),
        ("opens_at", "0001-01-01T00:00", "in the past"),
        ("closes_at", "", "when the vote closes"),
        ("closes_at", "2026-11-22T08:00", "in the future"),
        ("closes_at", "2026-11-23T08:00", "open before it closes"),
        ("closes_at", "9999-12-31T23:59", "a year at most"),
        ("question", " ", "write the question"),
        ("question", "字" * 121, "too long"),
        ("question", "请打 13812345678", "phone numbers"),
        ("budget", "much", "an amount in yuan"),
        ("budget", "0", "No option costs as little"),
        ("budget", "100", "No option costs as little"),
        ("most", "x", "Not a valid integer"),
        ("most", "0", "a number from 1"),
        ("most", "9" * 12, "a number from 1"),
        ("threshold", "-1", "0 or a larger"),
        ("threshold", "9" * 12, "a number from 1"),
        ("conflicts", "1+2", "numbers like this"),
        ("conflicts", "1,9", "no number 9"),
        ("conflicts", "2", "two options"),
        ("quorum", "1/2", "share like this"),
        ("majority", ">1/0", "share like this"),
        ("quorum", ">2/3", "no quorum"),
        ("ballot", "x", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(  # A26
    village: Any, client: InspectingClient, at: Any, field: str, typed: str, said: str
) -> None:
    project = builders.a_project(village)
    by_committee(client, village)
    data = {**TIMES, "ballot": "choose-k" if field == "most" else "approval", field: typed}
    with at("2026-11-22"):
        answer = client.post(f"/{village.code}/votes/announce/{project.id}", data=data, headers=ENGLISH)
    assert answer.status_code == 422
    assert said in answer.text
    if field not in ("question", "ballot") and typed:
        assert f'value="{typed.replace(">", "&gt;")}"' in answer.text
    assert db.session.scalar(db.select(Round)) is None


def test_all_that_is_wrong_is_said_at_once_and_its_place_stays_open(
    village: Any, client: InspectingClient, at: Any
) -> None:
    project = builders.a_project(village)
    data = {"question": "", "opens_at": "2026-11-24T08:00", "closes_at": "2026-11-23T20:00", "quorum": "0/0"}
    with at("2026-11-22"):
        answer = by_committee(client, village).post(
            f"/{village.code}/votes/announce/{project.id}",
            data=data | {"body": "villagers_meeting", "legal_basis": "村规民约"},
            headers=ENGLISH,
        )
    assert answer.status_code == 422
    for said in ("write the question", "open before it closes", "share like this", "10 days before it opens"):
        assert said in answer.text, said
    assert re.search(r"<details open>\s*<summary>When it is a decision under the law", answer.text)


@pytest.mark.parametrize(("language", "name"), [("zh-TW", "村民委員會組織法"), ("en", "Organic Law of the Villagers")])
def test_a_law_that_was_proposed_is_named_in_the_readers_language(
    village: Any, client: InspectingClient, at: Any, language: str, name: str
) -> None:
    project = builders.a_project(village)
    form = {"opens_at": "2026-12-03T08:00", "closes_at": "2026-12-16T20:00", "body": "villagers_meeting"}
    form |= {"quorum": ">1/2", "majority": ">1/2", "legal_basis": "《村民委员会组织法》第二十一条、第二十二条"}
    with at("2026-11-22"):
        answer = by_committee(client, village).post(f"/{village.code}/votes/announce/{project.id}", data=form)
    assert name in client.get(answer.location, headers={"Accept-Language": language}).text


def test_a_decision_without_ground_notice_or_enough_people_is_refused_beside_each(  # 2.3
    village: Any, client: InspectingClient, at: Any
) -> None:
    project = builders.a_project(village)
    data = {**TIMES, "body": "villagers_households", "quorum": ">1/2", "majority": ">1/3", "ballot": "ordinal"}
    with at("2026-11-22"):
        answer = by_committee(client, village).post(
            f"/{village.code}/votes/announce/{project.id}", data=data, headers=ENGLISH
        )
    for said in (
        "name the legal basis",
        "at least 2/3 here",
        "more than 1/2 here",
        "10 days before it opens",
        "without points and ranks",
    ):
        assert said in answer.text


def test_designs_that_exclude_each_other_leave_no_equal_shares_beside(  # A26
    village: Any, client: InspectingClient, at: Any
) -> None:
    project = builders.a_project(village, designs=4)
    with at("2026-11-22"):
        answer = by_committee(client, village).post(
            f"/{village.code}/votes/announce/{project.id}",
            data={**TIMES, "beside": "y", "conflicts": "１、2；4，3"},
            follow_redirects=True,
            headers=ENGLISH,
            inspect=False,
        )
    round_ = the_round()
    assert round_.conflicts == [[1, 2], [3, 4]]
    assert round_.beside is None
    assert "Equal Shares is not shown beside it" in answer.text


def test_equal_shares_does_not_decide_among_designs_that_exclude_each_other(  # A26
    village: Any, client: InspectingClient, at: Any
) -> None:
    project = builders.a_project(village)
    with at("2026-11-22"):
        answer = by_committee(client, village).post(
            f"/{village.code}/votes/announce/{project.id}",
            data={**TIMES, "rule": "equalshares", "one_each": "y"},
            headers=ENGLISH,
        )
    assert "does not know options that exclude each other" in answer.text
    assert db.session.scalar(db.select(Round)) is None


@pytest.fixture
def two(village: Any) -> list[Project]:
    """A project of 长桥, ¥20,000, and one of the next community, ¥30,000."""
    beside = builders.a_region_tree().villages[1]
    return [builders.a_project(village, budget=2_000_000), builders.a_project(beside, 2, budget=3_000_000)]


def options() -> list[tuple[int, int | None, int]]:
    rows = db.session.scalars(db.select(RoundOption).order_by(RoundOption.number))
    return [(one.project_id, one.design_id, one.cost_fen) for one in rows]


def test_an_official_puts_several_projects_to_one_vote(  # A26
    two: list[Project], client: InspectingClient, at: Any
) -> None:
    town = builders.a_region_tree().township
    builders.signed_in(client, builders.an_official(town))
    address = f"/{town.code}/votes/announce"
    with at("2026-11-22"):
        shown = client.get(address).text
        assert all(f'name="options" value="{one.id}"' in shown for one in two)
        data = {
            **TIMES,
            "question": "先做哪一个？",
            "budget": "45000",
            "options": [one.id for one in two],
            "beside": "y",
        }
        answer = client.post(address, data=data)
    round_ = the_round()
    assert answer.location == f"/{town.code}/votes/{round_.id}/"
    assert options() == [(two[0].id, None, 2_000_000), (two[1].id, None, 3_000_000)]
    assert (round_.region_id, round_.project_id, round_.budget_fen) == (town.id, None, 4_500_000)
    assert {db.session.get_one(Project, one.id).state for one in two} == {"consulted"}


def test_only_drafted_projects_are_offered_for_a_vote_besides_those_that_are_named(  # A24, A26
    village: Any, client: InspectingClient
) -> None:
    drafted, voted, approved = (builders.a_project(village) for _ in range(3))
    builders.sealed(builders.an_open_round(voted))
    gone_on(approved, ProjectState.APPROVED)
    address = f"/{village.code}/votes/announce"

    def offered(asked: str = "") -> set[int]:
        text = by_committee(client, village).get(address + asked).text
        return {one.id for one in (drafted, voted, approved) if f'name="options" value="{one.id}"' in text}

    assert offered() == {drafted.id}
    assert offered(f"?project={voted.id}&project={approved.id}") == {drafted.id, voted.id}


def test_the_designs_of_several_projects_are_one_vote_with_one_design_each(  # A26
    two: list[Project], client: InspectingClient, at: Any
) -> None:
    town = builders.a_region_tree().township
    builders.signed_in(client, builders.an_official(town))
    data = {**TIMES, "question": "怎么做？", "budget": "45000", "options": [one.id for one in two], "among": "designs"}
    with at("2026-11-22"):
        client.post(f"/{town.code}/votes/announce", data=data | {"one_each": "y", "beside": "y"})
    assert [design for _, design, _ in options()] == builders.the_designs(two[0]) + builders.the_designs(two[1])
    assert the_round().conflicts == [[1, 2, 3], [4, 5]]


def test_projects_exclude_each_other_by_their_numbers(two: list[Project], client: InspectingClient, at: Any) -> None:
    town = builders.a_region_tree().township
    builders.signed_in(client, builders.an_official(town))
    data = {**TIMES, "question": "先做哪一个？", "budget": "45000", "options": [one.id for one in two]}
    with at("2026-11-22"):
        client.post(f"/{town.code}/votes/announce", data=data | {"conflicts": f"{two[1].id},{two[0].id}"})
    assert the_round().conflicts == [[1, 2]]


@pytest.mark.parametrize("chosen", [(), ("x",), ("0",), ("9" * 30,), ("-1",)])
def test_no_projects_are_refused_beside_the_list_and_what_was_typed_stays(  # A26
    two: list[Project], client: InspectingClient, at: Any, chosen: tuple[str, ...]
) -> None:
    town = builders.a_region_tree().township
    builders.signed_in(client, builders.an_official(town))
    data = {**TIMES, "question": "先做哪一个？", "budget": "45000", "options": list(chosen)}
    with at("2026-11-22"):
        answer = client.post(f"/{town.code}/votes/announce", data=data, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'id="options-error"' in answer.text
    assert "先做哪一个？" in answer.text


def test_a_project_from_elsewhere_is_not_put_to_the_vote(two: list[Project], client: InspectingClient, at: Any) -> None:
    here = builders.a_region_tree().villages[0]
    data = {**TIMES, "question": "？？", "budget": "45000", "options": [one.id for one in two]}
    with at("2026-11-22"):
        answer = by_committee(client, here).post(f"/{here.code}/votes/announce", data=data, headers=ENGLISH)
    assert "at least two options" in answer.text
    draft = designs_draft(two[1], clock.now(), clock.now() + timedelta(days=1))
    with pytest.raises(Refused, match="not from here"):
        announce_round(builders.actor(builders.a_committee(here)), here, draft)


def test_a_project_with_a_vote_under_way_gets_no_second_one_until_that_is_counted(  # A26
    village: Any, client: InspectingClient, at: Any
) -> None:
    project = builders.a_project(village)
    round_ = builders.an_open_round(project)
    draft = designs_draft(project, clock.now(), clock.now() + timedelta(days=1))
    actor = builders.actor(builders.a_committee(village))
    with pytest.raises(Refused, match="under way"):
        announce_round(actor, village, draft)
    answer = by_committee(client, village).get(f"/{village.code}/votes/announce")
    assert f'name="options" value="{project.id}"' not in answer.text
    builders.sealed(round_)
    with at(round_.closes_at):
        later = replace(draft, opens_at=clock.now(), closes_at=clock.now() + timedelta(days=1))
        assert announce_round(actor, village, later).id != round_.id


def test_of_two_who_announce_at_once_one_is_refused(village: Any, elsewhere: Any) -> None:  # A26
    project = builders.a_project(village).id
    committee = builders.actor(builders.a_committee(village))
    code = village.id

    def announce(_: int) -> bool:
        draft = designs_draft(db.session.get_one(Project, project), clock.now(), clock.now() + timedelta(days=1))
        try:
            announce_round(committee, db.session.get_one(type(village), code), draft)
        except Refused:
            return False
        return True

    db.session.rollback()
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda n: elsewhere(announce, n), range(6)))
    assert done.count(True) == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(Round)) == 1


def test_who_may_not_run_votes_there_announces_and_withdraws_none(  # A24
    village: Any, client: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    project = builders.a_project(village)
    round_ = _coming(builders.a_project(village))
    for person in (
        builders.a_resident(village),
        builders.a_committee(tree.villages[1]),
        builders.an_official(tree.villages[2]),
    ):
        builders.signed_in(client, person)
        for where in (f"announce/{project.id}", "announce", f"{round_.id}/withdraw"):
            assert client.get(f"/{village.code}/votes/{where}").status_code == 403
            assert client.post(f"/{village.code}/votes/{where}").status_code == 403
    builders.signed_in(client, builders.an_official(tree.county))
    assert client.get(f"/{village.code}/votes/announce/{project.id}").status_code == 200
    assert client.get(f"/{tree.villages[1].code}/votes/announce/{project.id}").status_code == 404


def _coming(project: Project, **changes: Any) -> Round:
    moment = clock.now() + timedelta(days=2)
    return builders.an_open_round(project, opens_at=moment, closes_at=moment + timedelta(days=7), **changes)


def test_a_committee_below_cannot_withdraw_the_vote_of_those_above(  # A24
    two: list[Project], client: InspectingClient
) -> None:
    tree = builders.a_region_tree()
    moment = clock.now() + timedelta(days=1)
    draft = replace(designs_draft(two[0], moment, moment + timedelta(days=1)), project_id=None)
    round_ = announce_round(builders.actor(builders.an_official(tree.township)), tree.township, draft)
    answer = by_committee(client, tree.villages[0]).post(
        f"/{tree.villages[0].code}/votes/{round_.id}/withdraw", data={"reason": "不喜欢"}
    )
    assert answer.status_code == 403
    assert the_round().id == round_.id


def test_a_coming_vote_is_withdrawn_with_a_reason_and_announced_anew(  # A26
    village: Any, client: InspectingClient
) -> None:
    project = builders.a_project(village)
    round_ = _coming(project)
    address = f"/{village.code}/votes/{round_.id}/withdraw"
    by_committee(client, village)
    assert client.post(address, data={"reason": " "}, headers=ENGLISH).status_code == 422
    answer = client.post(address, data={"reason": "费用写错了"}, follow_redirects=True, inspect=False, headers=ENGLISH)
    assert "费用写错了" in answer.text
    assert db.session.scalar(db.select(Round)) is None
    assert db.session.scalar(db.select(RoundOption)) is None
    assert db.session.get_one(Project, project.id).state == "drafted"
    told = db.session.scalars(db.select(AuditEntry).where(AuditEntry.deed == "round:run").order_by(AuditEntry.id)).all()
    assert told[-1].detail["withdrawn"] == "费用写错了"
    _coming(db.session.get_one(Project, project.id))


def test_a_vote_is_withdrawn_once(village: Any, elsewhere: Any) -> None:  # A26
    round_ = _coming(builders.a_project(village))
    db.session.expunge(round_)
    committee = builders.actor(builders.a_committee(village))

    def withdraw(_: int) -> str:
        try:
            withdraw_round(committee, db.session.merge(round_, load=False), "两人同时")
        except Refused as refused:
            return str(refused)
        return "done"

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(lambda n: elsewhere(withdraw, n), range(4)))
    assert done == ["This vote is withdrawn already."] * 3 + ["done"]


def test_everyone_reads_the_terms_of_a_coming_vote_and_the_committee_can_withdraw_it(  # A26
    village: Any, client: InspectingClient
) -> None:
    round_ = _coming(builders.a_project(village))
    address = f"/{village.code}/votes/{round_.id}/"
    shown = client.get(address, headers=ENGLISH).text
    assert "1 by now; the roll is fixed when the vote opens" in shown
    assert round_.seed_hash in shown
    assert round_.seed not in shown
    assert 'href="withdraw"' not in shown
    assert 'href="withdraw"' in by_committee(client, village).get(address).text


def test_a_project_that_was_voted_on_before_stays_so_when_a_new_vote_is_withdrawn(village: Any, at: Any) -> None:
    project = builders.a_project(village)
    first = builders.sealed(builders.an_open_round(project))
    with at(first.closes_at):
        second = _coming(project)
        withdraw_round(builders.actor(builders.a_committee(village)), second, "重新来过")
    db.session.expire_all()
    assert db.session.get_one(Project, project.id).state == "voted"


def test_an_open_vote_cannot_be_withdrawn(village: Any, round_: Any, client: InspectingClient) -> None:  # A26
    by_committee(client, village)
    address = f"/{village.code}/votes/{round_.id}/withdraw"
    for ask in (client.get, client.post):
        answer = ask(address, data={"reason": "结果不好"}, headers=ENGLISH, follow_redirects=True, inspect=False)
        assert "has opened" in answer.text
    with pytest.raises(Refused, match="has opened"):
        withdraw_round(builders.actor(builders.a_committee(village)), round_, "结果不好")
    assert the_round().id == round_.id


def test_before_a_vote_is_announced_a_project_leads_back_to_itself(village: Any, client: InspectingClient) -> None:
    project = builders.a_project(village)
    way = client.get(f"/{village.code}/votes/project/{project.id}")
    assert way.location == f"/{village.code}/projects/{project.id}/"
    by_committee(client, village)
    way = client.get(f"/{village.code}/votes/project/{project.id}")
    assert way.location == f"/{village.code}/votes/announce/{project.id}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Everyone marks all they like"),
        ({"ballot": BallotKind.CUMULATIVE, "most": 10}, "10 points each"),
        ({"ballot": BallotKind.ORDINAL}, "puts options in order"),
        ({"method": Method(Rule.EQUAL_SHARES, increment=100), "beside": Method()}, "supporters pay together"),
        ({"method": Method(Rule.THRESHOLD, 7)}, "at least 7 votes"),
        ({"conflicts": ((1, 3),), "beside": None}, "“方案1”, “方案3”"),
    ],
)
def test_the_terms_say_before_opening_what_decides(  # A26, domain/voting
    village: Any, app: Any, changes: dict[str, Any], said: str
) -> None:
    round_ = _coming(builders.a_project(village), **changes)
    with app.test_request_context(headers=ENGLISH):
        environment = app.extensions["templates"][reading()]
        words = Markup(
            environment.globals["ui"].terms.terms(Poll(round_, village, None), options_of(round_), 1234)
        ).striptags()
    assert said in words
    assert round_.seed_hash in words
    assert round_.seed not in words
    assert "1,234 by now" in words
    assert "nobody can change any of this" in words
