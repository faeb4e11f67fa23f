"""The demo's county: what it says, how it is loaded, and what it leaves alone."""

import re
import socket
from collections.abc import Iterator
from itertools import pairwise

import opencc
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.audit.actions import first_broken_seal
from portal.audit.models import AuditEntry, AuditSeal
from portal.cases.models import BadRatingCase
from portal.commands import main
from portal.commands.county import content
from portal.commands.county.empty import Found, empty, what_is_here
from portal.commands.county.load import load
from portal.commands.county.people import RESIDENT
from portal.commands.county.services import ticket
from portal.commands.demo import COMMUNITY, COUNTY, _prepare_county
from portal.comments.models import CommentDecision, GroupAnswer
from portal.contracts.bands import bands_in
from portal.contracts.contents import clauses_of, instalments_of
from portal.contracts.models import Contract
from portal.contracts.targets import targets_of
from portal.evaluations.models import EvaluationPlan, EvaluationResult
from portal.needs.models import Need, NeedPhoto, NeedStep, need_search
from portal.projects.models import DesignOption, ImprovementAction, Project, ProjectStep, project_search
from portal.promises.models import Promise
from portal.providers.models import Provider, RatingBatch, StandingEntry, StarLevel
from portal.providers.queries import providers_of
from portal.ratings.models import Rating, RatingComment, RatingHold
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.resources.models import resource_search
from portal.rules.clauses import TYPED
from portal.rules.contracts import ContractState
from portal.rules.evaluation import PlanState
from portal.rules.exits import ExitState
from portal.rules.moderation import REASONS
from portal.rules.needs import NEXT, NeedState
from portal.rules.payment import part_of, share_of
from portal.rules.permissions import Actor
from portal.rules.projects import ProjectState
from portal.rules.providers import is_credit_code
from portal.rules.scoring import Direction
from portal.rules.wording import personal_numbers
from portal.stars.models import CreditPlea
from portal.store import Base, db
from portal.store.clock import now, today
from portal.store.files import photo_path
from portal.supervision.models import ExitCase, ExitRecipient
from portal.voting.electors import elector_of
from portal.voting.models import Ballot, OptionCount, PlaceCount, Round
from tests import builders
from tests.client import InspectingClient

HAN = re.compile("[\u3400-\u9fff]")


def texts() -> Iterator[list[str]]:
    """Everything that the files say in three languages."""
    for place in [*content.county()["region"], *content.county()["provider"], *content.county()["project"]]:
        yield from (place[field] for field in ("title", "story", "place") if field in place)
    for project in content.county()["project"]:
        yield from (design[field] for design in project["design"] for field in ("title", "story"))
    for need in content.needs():
        yield from (need[field] for field in ("words", "place") if field in need)
        yield from (step["words"] for step in need.get("step", []) if "words" in step)
    yield from _in_three(content.story())


def _in_three(told: object) -> Iterator[list[str]]:
    """What the story says in three languages: each list of a text in Chinese, one more, and one in English."""
    if isinstance(told, dict):
        for one in told.values():
            yield from _in_three(one)
    elif isinstance(told, list) and len(told) == 3 and all(isinstance(one, str) for one in told):
        yield told
    elif isinstance(told, list):
        for one in told:
            yield from _in_three(one)


def test_every_text_stands_in_three_languages() -> None:
    for hans, hant, english in texts():
        assert HAN.search(hans), hans
        assert HAN.search(hant), hant
        assert english, hans
        assert not HAN.search(english), english


def test_no_simplified_sign_is_left_in_a_traditional_text() -> None:
    traditional, simplified = opencc.OpenCC("s2tw"), opencc.OpenCC("t2s")
    both = set("台划里干只后了系准占余才并借采托佣向欲症汇纤岳沾游涂卷咨志折局秋布板唄注吃")
    for _, hant, _ in texts():
        left = {s for s in hant if traditional.convert(s) != s and simplified.convert(s) == s} - both
        assert not left, f"{left} in {hant}"


def test_nothing_said_in_public_leads_to_a_person() -> None:
    for words in texts():
        assert not [refusal for text in words for refusal in personal_numbers(text, "")], words


def test_every_need_takes_only_steps_that_the_law_knows() -> None:
    for need in content.needs():
        states = ["submitted", *(step["state"] for step in need.get("step", []))]
        for before, after in pairwise(states):
            assert NeedState(after) in NEXT[NeedState(before)], need["name"]
        days = [need["days"], *(step["days"] for step in need.get("step", []))]
        assert days == sorted(days, reverse=True), need["name"]
        for step in need.get("step", []):
            assert step.get("reason", "unclear") in REASONS
            assert ("reason" in step) == (step["state"] in ("returned", "rejected")), need["name"]


def test_every_provider_has_a_right_credit_code() -> None:
    codes = [provider["usc_code"] for provider in content.county()["provider"]]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert is_credit_code(code), code
        assert code[2:8] == "990121", "its place exists nowhere"


def test_no_design_costs_more_than_its_project_may() -> None:
    for project in content.county()["project"]:
        assert len(project["design"]) == 3
        assert all(design["cost"] <= project["budget"] for design in project["design"])


def count(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]


def test_the_county_is_full_of_life(app: Flask, client: InspectingClient) -> None:
    load()
    states = {row[0]: row[1] for row in db.session.execute(select(Need.state, func.count()).group_by(Need.state))}
    assert set(states) == {state.value for state in NeedState} - {"draft"}
    assert sum(states.values()) >= 60
    assert count(Need, Need.private) >= 5
    assert count(Need, Need.due_at < now()) >= 3, "some answers are overdue"
    assert count(Need, Need.reported_at > now()) == count(NeedStep, NeedStep.at > now()) == 0
    assert count(Rating, Rating.rated_on > today()) == 0
    _votes_are_as_described()
    _providers_are_as_described()
    assert first_broken_seal() is None
    assert count(AuditSeal) == count(AuditEntry) > 100
    for name in db.session.scalars(select(DesignOption.picture).where(DesignOption.picture.is_not(None))):
        assert photo_path(str(name), 320).stat().st_size < 25_000
    _pages_show_it(client)


def _votes_are_as_described() -> None:
    oldest, older, newer, running, coming = db.session.scalars(select(Round).order_by(Round.closes_at)).all()
    for closed in (oldest, older, newer):
        assert closed.voters is not None
        assert closed.eligible is not None
        assert closed.voters < closed.eligible
        assert closed.outcome
        assert closed.outcome["winners"]
    assert count(OptionCount) == 3 + 3 + 6
    assert count(PlaceCount) > 0
    assert running.sealed_at is None
    assert running.opens_at < now() < running.closes_at
    assert count(Ballot) == 97
    assert coming.frozen_at is None
    mei = db.session.scalars(select(Person.id).where(Person.name == RESIDENT)).one()
    elector = elector_of(running, Actor(mei))
    assert elector
    assert not elector.voted, "she has still to choose"


def _providers_are_as_described() -> None:
    county = find_region(COUNTY)
    assert county is not None
    listed = providers_of(county)
    scored = [one.standing.score for one in listed if one.standing.score]
    assert scored[0].mean > 85
    assert scored[-1].mean < 60
    assert len(scored) == len(listed) - 1, "one is too new to have a score"
    poorest = next(one.provider.id for one in listed if one.standing.score is scored[-1])
    from portal.policies.queries import rules_for
    from portal.providers.queries import standing_of

    trend = standing_of(db.session.get_one(Provider, poorest), rules_for(county)).trend
    assert trend is not None
    assert trend.direction is Direction.UP


def _pages_show_it(client: InspectingClient) -> None:
    home = f"/{COMMUNITY}"
    for tag in ("zh-CN", "zh-TW", "en"):
        for path in (f"{home}/", f"{home}/needs/", f"{home}/votes/", f"{home}/providers/", f"/rate/{ticket()}"):
            answer = client.get(path, headers={"Accept-Language": tag})
            assert answer.status_code == 200, path
    shown = client.get(f"{home}/needs/?sort=support", headers={"Accept-Language": "en"}).text
    assert "The music for the square dancing" in shown


SHOWN = {
    "needs/groups/": "老人看病：没人陪、不会挂号",
    "projects/": "看病有人陪，挂号有人教",
    "matching/": "旧车棚，派个新用场",
    "purchases/": "看病有人陪，挂号有人教",
    "contracts/": "河畔社区老年陪诊与手机课服务合同",
    "supervision/": "东园社区居家康复服务合同",
    "projects/improving": "手机课添一个傍晚班",
    "funds/": "福利彩票公益金",
    "funds/shares": "27.10%",
    "funds/report": "困难群众兜底保障",
    "funds/grants/": "邻里小活动资助",
    "resources/": "银发志愿队",
    "resources/use": "河畔社区活动室",
    "resources/incubators/": "柳河街道社区社会组织孵化园",
    "policies/documents/": "加强基层社会救助经办服务能力的实施细则",
    "policies/replies/": "关于为独居老人就医提供陪同服务的建议的答复",
    "policies/pilots/": "项目怎么办由居民投票选方案",
    "policies/milestones/": "每个村（社区）都有一份公开的服务合同",
    "policies/rules/": "清民发",
    "catalogue/": "老年助浴",
    "staffing/": "一名经办人员休产假",
    "burden/": "替银行核对社保卡",
    "disclosure/": "看病有人陪，挂号有人教",
    "evaluations/": "东园社区老年助餐服务合同",
    "evaluations/1/": "唐文慧",
    "bad-ratings/": "临溪市安康居家养老服务有限公司",
    "promises/": "看病有人陪，挂号有人教",
    "providers/1/credit/": "临溪市优秀社会服务案例名单",
    "providers/1/stars/": "5星",
    "providers/3/held/": "同一部",
}
"""What the rooms of the county's story show, by address under the county."""


def test_the_county_tells_its_story_in_every_room(app: Flask, client: InspectingClient) -> None:
    load()
    for path, title in SHOWN.items():
        answer = client.get(f"/{COUNTY}/{path}", headers={"Accept-Language": "zh-CN"})
        assert answer.status_code == 200, path
        assert title in answer.text, path
    _lights_are_as_described(client)
    _the_thread_leads_from_the_need_to_the_contract(client)
    _who_leaves_leaves_nobody_alone_or_is_shown_in_red(client)
    _people_can_believe_it()
    _all_of_it_happened_in_its_time()


def _people_can_believe_it() -> None:
    """What recipients said became figures of contracts, a payment, stars, cases, public words, kept promises."""
    escort = db.session.scalars(select(Contract).where(Contract.title.contains("陪诊与手机课"))).one()
    of_contract = select(func.sum(RatingBatch.raters)).where(RatingBatch.contract_id == escort.id)
    assert (db.session.scalar(of_contract) or 0) >= 30
    result = db.session.scalars(select(EvaluationResult)).one()
    assert result.composite is not None
    (paid,) = [one for one in instalments_of(escort) if one.is_linked]
    assert 0 < paid.paid_fen == part_of(paid.amount_fen, share_of(bands_in(escort), result.composite).share or 0)
    assert count(EvaluationPlan, EvaluationPlan.state == PlanState.PUBLISHED) == 1, "one waits for points"
    assert len(set(db.session.scalars(select(StarLevel.quarter)))) >= 4, "of the last year"
    assert {one.verdict for one in db.session.scalars(select(Promise))} >= {"", "kept"}
    assert {one.verdict for one in db.session.scalars(select(RatingHold))} == {"", "left_out"}
    assert {one.state for one in db.session.scalars(select(RatingComment))} >= {"published", "hidden", "waiting"}
    assert count(CommentDecision, CommentDecision.verdict == "mask") == 2
    assert count(GroupAnswer) == 1
    assert count(CreditPlea, CreditPlea.granted.is_(None)) == 1
    assert count(StandingEntry) == 2
    assert count(BadRatingCase, BadRatingCase.risen > 0) > 0
    named = db.session.scalars(select(BadRatingCase.state).where(BadRatingCase.token_hash.is_not(None))).all()
    assert sorted(named) == ["closed", "received"]


def _lights_are_as_described(client: InspectingClient) -> None:
    register = client.get(f"/{COUNTY}/disclosure/", headers={"Accept-Language": "en"}).text
    assert all(f'class="light {light}"' in register for light in ("green", "amber", "red"))
    contract = db.session.scalars(select(Contract).where(Contract.title.contains("陪诊与手机课"))).one()
    assert {one.standing.light for one in targets_of(contract)} == {"green", "amber"}
    assert contract.state == ContractState.ENDED
    assert len(clauses_of(contract)) == len(TYPED)


def _the_thread_leads_from_the_need_to_the_contract(client: InspectingClient) -> None:
    need = db.session.scalars(select(Need).where(Need.key == "county-escort")).one()
    assert need.id == 3, "README.md names it"
    thread = client.get(f"/t/{need.id}", follow_redirects=True).text
    contract = db.session.scalars(select(Contract.id).where(Contract.title.contains("陪诊与手机课"))).one()
    assert f'href="/{COUNTY}/contracts/{contract}/"' in thread
    assert client.get(f"/{COUNTY}/contracts/{contract}/").status_code == 200
    earlier = db.session.scalars(select(Project).where(Project.title == "陪诊试一试")).one()
    later = db.session.scalars(select(Project).where(Project.follows_id == earlier.id)).one()
    fed = select(ImprovementAction.fed_project_id).where(ImprovementAction.project_id == earlier.id)
    assert db.session.scalars(fed).all() == [later.id]
    assert earlier.state == ProjectState.CLOSED


def _who_leaves_leaves_nobody_alone_or_is_shown_in_red(client: InspectingClient) -> None:
    closed, running = db.session.scalars(select(ExitCase).order_by(ExitCase.id)).all()
    assert closed.state == ExitState.CLOSED
    assert count(ExitRecipient, ExitRecipient.exit_id == closed.id) == 6
    assert count(Contract, Contract.replaces_id == closed.contract_id) == 1
    assert running.state == ExitState.LISTED
    page = client.get(f"/{COUNTY}/supervision/{running.contract_id}/exit/").text
    assert 'class="alarm"' in page
    assert 'class="late"' in page


def _all_of_it_happened_in_its_time() -> None:
    told = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()
    assert told == sorted(told)
    assert told[-1] <= now()
    assert count(ProjectStep, ProjectStep.at > now()) == count(Contract, Contract.drafted_at > now()) == 0


@pytest.mark.parametrize("day", ["2026-03-07", "2028-02-29"])
def test_the_story_can_be_told_on_a_weekend_and_on_a_leap_day(app: Flask, day: str) -> None:
    with builders.at(day):
        load()
        assert count(Contract) == 5
        assert count(AuditEntry, AuditEntry.at > now()) == 0


def test_nothing_of_the_county_is_left_when_it_is_emptied(app: Flask) -> None:
    load()
    empty()
    left = [table.name for table in Base.metadata.sorted_tables if db.session.execute(select(table).limit(1)).first()]
    assert left == ["calendar_day"]
    assert all(index.is_empty() for index in (need_search, project_search, resource_search))


def test_a_second_time_changes_nothing(app: Flask) -> None:
    _prepare_county(reset=False)
    before = _everything()
    _prepare_county(reset=False)
    assert _everything() == before
    pictures = {str(name) for name in db.session.scalars(select(NeedPhoto.name))}
    _prepare_county(reset=True)
    assert _everything() == before, "the same county each time"
    assert not any(photo_path(name, 320).exists() for name in pictures)


def _everything() -> list[object]:
    ratings = select(func.count(), func.sum(Rating.grade)).select_from(Rating)
    needs = select(Need.id, Need.title, Need.state, Need.supporters).order_by(Need.id)
    votes = select(Ballot.choices, func.count()).group_by(Ballot.choices).order_by(Ballot.choices)
    return [db.session.execute(query).all() for query in (needs, ratings, votes)] + [count(AuditEntry), count(Person)]


@pytest.mark.parametrize("reset", [False, True])
def test_real_data_is_never_touched(app: Flask, reset: bool) -> None:
    tree = builders.a_region_tree()
    builders.a_need(tree.villages[0])
    with pytest.raises(ValueError, match="not the demo's"):
        _prepare_county(reset=reset)
    assert count(Need) == 1


def test_people_alone_are_real_data(app: Flask) -> None:
    from portal.accounts.actions import welcome

    assert what_is_here() is Found.NOTHING
    welcome("13800138000", "zh-Hans")
    assert what_is_here() is Found.OTHER


def test_the_county_with_other_places_beside_it_is_not_emptied(app: Flask) -> None:
    load()
    builders.import_places([("340000000000", "province", "安徽省", "")])
    _prepare_county(reset=False)
    with pytest.raises(ValueError, match="not the demo's"):
        _prepare_county(reset=True)
    with pytest.raises(ValueError, match="not the demo's"):
        empty()
    assert count(Region) == len(content.region_names()) + 1


def test_the_command_prints_links_that_sign_in_with_one_tap(tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = {"PORTAL_DATA_DIR": str(tmp_path_factory.mktemp("demo")), "PORTAL_DATABASE_URL": "", "PORT": "8123"}
    done = CliRunner().invoke(main, ["demo", "--no-serve"], env=environment, catch_exceptions=False)
    assert done.exit_code == 0
    assert len(re.findall(r"http://localhost:8123/enter/\S+", done.output)) == 7
    assert len(re.findall(r"http://localhost:8123/rate/\S+", done.output)) == 1
    again = CliRunner().invoke(main, ["demo", "--no-serve"], env=environment, catch_exceptions=False)
    assert again.output == done.output


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = CliRunner().invoke(main, ["demo", "--port", port])
    assert done.exit_code == 1
    assert done.output == f"Error: port {port} is in use; try PORT={int(port) + 1}\n"
