"""A project goes on: public notice, objections, approval, steps by hand, and who took part."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.needs.models import Need
from portal.notifications.queries import notices_of
from portal.projects.lifecycle import move, took_part
from portal.projects.models import Participation, Project, ProjectNotice, ProjectObjection, ProjectStep
from portal.rules import Refused
from portal.rules.catalogue import Exclusion
from portal.rules.lifecycle import Way
from portal.rules.needs import NeedState
from portal.rules.permissions import NOBODY
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.voting.actions import cast_vote
from tests import builders
from tests.client import InspectingClient
from tests.projects.making import a_project_in, an_approved_project, gone_on, with_everyone

ENGLISH = {"Accept-Language": "en"}
NOTHING_EXCLUDED = dict.fromkeys((one.value for one in Exclusion), "no")
KEY = "k" * 32


def by(client: InspectingClient, person: Any) -> InspectingClient:
    return builders.signed_in(client, person)  # type: ignore[return-value]


def by_committee(client: InspectingClient, village: Any) -> InspectingClient:
    return by(client, builders.a_committee(village))


def by_official(client: InspectingClient) -> InspectingClient:
    return by(client, builders.an_official(builders.a_region_tree().county))


def at_project(village: Any, project: Project, what: str = "") -> str:
    return f"/{village.code}/projects/{project.id}/{what}"


def state_of(project: Project) -> str:
    return db.session.get_one(Project, project.id, populate_existing=True).state


def steps_of(project: Project) -> list[str]:
    return list(
        db.session.scalars(
            db.select(ProjectStep.state).where(ProjectStep.project_id == project.id).order_by(ProjectStep.id)
        )
    )


def on_notice(client: InspectingClient, village: Any, words: str = "居民会议已经同意") -> Project:
    project = builders.a_project(village)
    by_committee(client, village).post(at_project(village, project, "notice"), data={"words": words})
    return project


def test_a_new_project_begins_with_its_first_step_and_the_people_behind_it(village: Any) -> None:  # A23, A40
    she, he = builders.a_resident(village), builders.a_resident(village)
    one = builders.supported(builders.a_need(village, author=she), he)
    other = builders.supported(builders.a_need(village, "路灯也坏了", author=he), she)
    project = builders.a_project(village, needs=(one, other))
    assert steps_of(project) == ["drafted"]
    behind = db.session.scalars(db.select(Participation)).one()
    assert (behind.stage, behind.way, behind.took_part) == ("publish", "need", 2)  # two people, though four voices


def test_a_vote_notes_how_many_of_how_many_took_part(village: Any) -> None:  # A23, A26
    people = [builders.a_resident(village) for _ in range(3)]
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    for person in people[:2]:
        cast_vote(builders.actor(person), poll, 1, 1)
    builders.sealed(poll)
    voted = db.session.scalars(db.select(Participation).where(Participation.way == Way.VOTE)).one()
    assert (voted.stage, voted.took_part, voted.source) == ("publish", 2, f"round:{poll.id}")
    assert voted.asked == poll.eligible
    assert steps_of(project) == ["drafted", "consulted", "voted"]
    last = db.session.scalars(db.select(ProjectStep).order_by(ProjectStep.id.desc())).first()
    assert last is not None
    assert (last.actor_id, last.evidence) == (None, {"round": poll.id})


def test_a_project_that_has_gone_on_is_not_voted_on_again(village: Any) -> None:  # A24
    project = gone_on(builders.a_project(village), ProjectState.NOTICED)
    with pytest.raises(Refused, match="no longer vote on it"):
        builders.an_open_round(project)
    assert state_of(project) == "noticed"


def test_a_project_given_up_meanwhile_keeps_no_vote_from_being_sealed(village: Any) -> None:  # A26
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    db.session.rollback()
    with pytest.raises(Refused):
        move(NOBODY, project, ProjectState.STOPPED, "不做了")
    builders.sealed(poll)
    assert state_of(project) == "voted"


@pytest.mark.parametrize("to", ["voted", "drafted", "stopped", "noticed"])
def test_nobody_takes_a_project_on_by_hand_while_residents_vote(  # A24, A26
    village: Any, client: InspectingClient, to: str
) -> None:
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    address = at_project(village, project, "go-on")
    for here in (by_committee(client, village), by_official(client)):
        assert here.post(address, data={"state": to, "words": "手动改一下状态。"}).status_code == 422
        text = here.get(address, headers=ENGLISH).text
        assert "The next step of this project is taken elsewhere" in text
        assert 'name="state"' not in text
        assert 'href="go-on"' not in here.get(at_project(village, project)).text
    assert state_of(project) == "consulted"
    builders.sealed(poll)
    assert state_of(project) == "voted"


@pytest.mark.parametrize("over", [False, True])
def test_a_project_that_stands_on_a_ballot_is_not_changed_whatever_its_state(  # A24, A26
    village: Any, client: InspectingClient, over: bool
) -> None:
    project = builders.a_project(village)
    poll = builders.an_open_round(project)
    if over:
        builders.sealed(poll)

    @action
    def back() -> None:
        db.session.get_one(Project, project.id).state = ProjectState.DRAFTED.value

    back()
    data = {
        "title": "别的项目",
        "category": "0901",
        "budget": "90000",
        "design1_title": "新方案一",
        "design1_cost": "1",
        "design2_title": "新方案二",
        "design2_cost": "2",
    }
    answer = by_committee(client, village).post(at_project(village, project, "revise"), data=data, headers=ENGLISH)
    assert answer.status_code == 422
    assert "nothing of it can be changed any more" in answer.text
    assert "新方案一" in answer.text


def test_without_a_vote_the_public_reads_why(village: Any, client: InspectingClient) -> None:  # A24
    project = builders.a_project(village)
    answer = by_committee(client, village).post(
        at_project(village, project, "notice"), data={"words": ""}, headers=ENGLISH
    )
    assert answer.status_code == 422
    assert "Please say why; everyone reads it." in answer.text
    on = on_notice(client, village, "居民会议当面表决过")
    assert "居民会议当面表决过" in by(client, None).get(at_project(village, on)).text


def test_a_public_notice_lasts_so_many_working_days_as_the_place_says(  # A24, A44
    village: Any, client: InspectingClient
) -> None:
    builders.with_numbers(village, project_notice_working_days=3)
    with builders.at("2026-11-19"):  # a Thursday
        on_notice(client, village)
    ends = db.session.scalars(db.select(ProjectNotice.ends_at)).one()
    assert ends == datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)  # the end of Tuesday in China


def test_an_objection_is_public_and_its_author_is_not(village: Any, client: InspectingClient) -> None:  # A24, B31
    project = on_notice(client, village)
    neighbour = builders.a_resident(village, name="王小梅")
    answer = by(client, neighbour).post(at_project(village, project, "object"), data={"words": "灯太亮", "key": KEY})
    assert answer.location == at_project(village, project)
    page = by(client, None).get(at_project(village, project)).text
    assert "灯太亮" in page
    assert "王小梅" not in page


def test_an_objection_sent_twice_is_one_and_nobody_has_two_open(village: Any, client: InspectingClient) -> None:  # A24
    project = on_notice(client, village)
    here = by(client, builders.a_resident(village))
    for _ in range(2):
        sent = here.post(at_project(village, project, "object"), data={"words": "灯太亮", "key": KEY})
        assert sent.status_code == 303
    again = here.post(
        at_project(village, project, "object"), data={"words": "也太贵", "key": "l" * 32}, headers=ENGLISH
    )
    assert again.status_code == 422
    assert "waits for its answer" in again.text
    assert "也太贵" in again.text
    assert db.session.scalars(db.select(ProjectObjection.words)).all() == ["灯太亮"]


@pytest.mark.parametrize("words", ["", "打我电话 13800138000", "很" * 1001])
def test_an_objection_that_says_nothing_or_too_much_is_refused(  # B31
    village: Any, client: InspectingClient, words: str
) -> None:
    project = on_notice(client, village)
    here = by(client, builders.a_resident(village))
    assert here.post(at_project(village, project, "object"), data={"words": words, "key": KEY}).status_code == 422


def test_nobody_objects_before_or_after_the_notice(village: Any, client: InspectingClient) -> None:  # A24
    data = {"words": "灯太亮", "key": KEY}
    neighbour = builders.a_resident(village)
    drafted = builders.a_project(village)
    assert by(client, neighbour).post(at_project(village, drafted, "object"), data=data).status_code == 422
    project = on_notice(client, village)
    with builders.at(datetime.now(UTC) + timedelta(days=30)):
        late = builders.signed_in(client, neighbour).post(at_project(village, project, "object"), data=data)
        assert late.status_code == 422


def objected(client: InspectingClient, village: Any, project: Project) -> ProjectObjection:
    person = builders.a_resident(village)
    by(client, person).post(at_project(village, project, "object"), data={"words": "灯太亮", "key": KEY})
    return db.session.scalars(db.select(ProjectObjection)).one()


def test_an_answer_is_public_and_who_objected_is_told(village: Any, client: InspectingClient) -> None:  # A24
    project = on_notice(client, village)
    objection = objected(client, village, project)
    address = at_project(village, project, f"objections/{objection.id}")
    said = {"upheld": "no", "answer": "改用暖光，十点后变暗。"}
    assert by_committee(client, village).post(address, data=said).status_code == 303
    assert client.post(address, data=said).status_code == 303  # the same again is once
    assert client.post(address, data={**said, "answer": "另一个回答"}).status_code == 422
    assert "改用暖光" in by(client, None).get(at_project(village, project)).text
    told = notices_of(builders.actor(db.session.get_one(builders.Person, objection.person_id)))
    assert "project_objection" in [notice.template for notice in told]


def test_nobody_answers_her_own_objection(village: Any, client: InspectingClient) -> None:  # A24
    project = on_notice(client, village)
    committee = by_committee(client, village)
    committee.post(at_project(village, project, "object"), data={"words": "灯太亮", "key": KEY})
    objection = db.session.scalars(db.select(ProjectObjection)).one()
    address = at_project(village, project, f"objections/{objection.id}")
    assert committee.post(address, data={"upheld": "no", "answer": "没有问题"}).status_code == 422


def after_notice() -> Any:
    return builders.at(datetime.now(UTC) + timedelta(days=30))


def approve(client: InspectingClient, village: Any, project: Project, **answers: str) -> Any:
    data = {**NOTHING_EXCLUDED, "words": "符合目录", **answers}
    return client.post(at_project(village, project, "approve"), data=data, headers=ENGLISH)


def test_an_official_approves_after_the_notice(village: Any, client: InspectingClient) -> None:  # A21, A24
    project = on_notice(client, village)
    assert "has not ended yet" in approve(by_official(client), village, project).text
    with after_notice():
        assert "Only an official" in approve(by_committee(client, village), village, project).text
        assert approve(by_official(client), village, project).status_code == 303
        assert approve(client, village, project).status_code == 303  # twice is once
    assert steps_of(project) == ["drafted", "noticed", "approved"]


def test_nothing_is_approved_before_every_objection_is_answered(  # A24
    village: Any, client: InspectingClient
) -> None:
    project = on_notice(client, village)
    objection = objected(client, village, project)
    with after_notice():
        assert "Objections that wait for an answer: 1" in approve(by_official(client), village, project).text
        address = at_project(village, project, f"objections/{objection.id}")
        by_committee(client, village).post(address, data={"upheld": "yes", "answer": "您说得对"})
        assert "was found right" in approve(by_official(client), village, project).text
        back = {"state": "drafted", "words": "改用暖光后再公示"}
        assert by_committee(client, village).post(at_project(village, project, "go-on"), data=back).status_code == 303
        client.post(at_project(village, project, "notice"), data={"words": "已按意见修改"})
    assert steps_of(project) == ["drafted", "noticed", "drafted", "noticed"]
    heard = db.session.scalar(db.select(ProjectNotice.id).order_by(ProjectNotice.id.desc()).limit(1))
    assert heard != objection.notice_id  # the new notice hears objections of its own


@pytest.mark.parametrize("exclusion", list(Exclusion))
def test_what_may_not_be_bought_is_not_approved(  # A20, rules-and-standards 2.1 (article 10)
    village: Any, client: InspectingClient, exclusion: Exclusion
) -> None:
    project = on_notice(client, village)
    with after_notice():
        answer = approve(by_official(client), village, project, **{exclusion.value: "yes"})
    assert answer.status_code == 422
    assert f'href="#{exclusion.value}"' in answer.text
    assert state_of(project) == "noticed"


def test_a_question_of_the_checklist_left_open_is_asked_again(village: Any, client: InspectingClient) -> None:  # A20
    project = on_notice(client, village)
    with after_notice():
        assert approve(by_official(client), village, project, financing="").status_code == 422


def test_objections_count_as_participation(village: Any, client: InspectingClient) -> None:  # A23
    project = on_notice(client, village)
    objection = objected(client, village, project)
    address = at_project(village, project, f"objections/{objection.id}")
    by_committee(client, village).post(address, data={"upheld": "no", "answer": "已核对"})
    with after_notice():
        approve(by_official(client), village, project)
    noted = db.session.scalars(db.select(Participation).where(Participation.way == Way.NOTICE)).one()
    assert (noted.stage, noted.took_part) == ("publish", 1)


def test_why_nobody_took_part_is_public_and_lets_the_stage_close(  # A23
    village: Any, client: InspectingClient
) -> None:
    project = imported(village)
    with pytest.raises(Refused, match="nobody is noted as having taken part"):
        move(NOBODY, project, ProjectState.TENDERED)
    here = by_committee(client, village)
    said = {"way": "none", "words": "汛期紧急，来不及征求意见", "key": KEY}
    assert here.post(at_project(village, project, "taking-part"), data={**said, "words": ""}).status_code == 422
    for _ in range(2):
        assert here.post(at_project(village, project, "taking-part"), data=said).status_code == 303
    assert "汛期紧急" in by(client, None).get(at_project(village, project)).text
    assert len(db.session.scalars(db.select(Participation)).all()) == 1
    move(NOBODY, project, ProjectState.TENDERED)
    assert state_of(project) == "tendered"


def imported(village: Any) -> Project:
    """A project without anyone behind it that has come to its approval."""

    @action
    def write() -> Project:
        project = Project(
            region_id=village.id,
            title="应急照明",
            story="",
            category="0901",
            budget_fen=100,
            state="approved",
            drafted_at=datetime.now(UTC),
            drafted_by_id=builders.a_committee(village).id,
        )
        db.session.add(project)
        db.session.flush()
        return project

    builders.a_committee(village)
    return write()


def test_nobody_voted_is_no_participation(village: Any) -> None:  # A23
    project = imported(village)
    took_part(project, Way.VOTE, "round:1", 0, asked=120)
    with pytest.raises(Refused):
        move(NOBODY, project, ProjectState.TENDERED)


def test_the_public_reads_who_took_part_in_each_stage(village: Any, client: InspectingClient) -> None:  # A23
    project = an_approved_project(village)
    text = client.get(at_project(village, project), headers=ENGLISH).text
    for said in ("Publish", "said that they need it", "came to a meeting", ">30<", ">12<"):
        assert said in text


def test_a_step_sent_again_is_taken_once(village: Any) -> None:  # A40
    project = an_approved_project(village)
    for _ in range(3):
        move(NOBODY, project, ProjectState.TENDERED, purchase=7)
    assert steps_of(project).count("tendered") == 1


def test_a_failed_purchase_brings_the_project_back_with_a_public_reason(village: Any) -> None:  # A40
    project = a_project_in(village, ProjectState.TENDERED)
    with pytest.raises(Refused):
        move(NOBODY, project, ProjectState.APPROVED)
    move(NOBODY, project, ProjectState.APPROVED, "没有合格的投标")
    move(NOBODY, project, ProjectState.TENDERED)
    assert steps_of(project)[-3:] == ["tendered", "approved", "tendered"]


def test_needs_are_in_service_from_the_day_on_which_their_project_is(village: Any) -> None:  # A22, A40
    need = builders.a_need(village)
    a_project_in(village, ProjectState.SERVING, needs=(need,))
    assert db.session.get_one(Need, need.id, populate_existing=True).state == NeedState.IN_SERVICE


def test_a_project_is_given_up_with_a_public_reason(village: Any, client: InspectingClient) -> None:  # A40
    project = an_approved_project(village)
    here = by_committee(client, village)
    address = at_project(village, project, "go-on")
    assert here.post(address, data={"state": "stopped", "words": ""}).status_code == 422
    assert here.post(address, data={"state": "tendered", "words": "跳过"}).status_code == 422
    assert here.post(address, data={"state": "stopped", "words": "资金取消"}).status_code == 303
    page = by(client, None).get(at_project(village, project), headers=ENGLISH).text
    assert "资金取消" in page
    assert "Given up" in page
    assert "not come to yet" in page


def test_with_a_contract_only_an_official_gives_a_project_up(village: Any, client: InspectingClient) -> None:  # A40
    project = a_project_in(village, ProjectState.SERVING)
    data = {"state": "stopped", "words": "服务方退出"}
    assert by_committee(client, village).post(at_project(village, project, "go-on"), data=data).status_code == 422
    assert by_official(client).post(at_project(village, project, "go-on"), data=data).status_code == 303


def test_the_five_stages_are_said_in_words_and_the_present_one_is_marked(  # A40
    village: Any, client: InspectingClient
) -> None:
    project = a_project_in(village, ProjectState.SERVING)
    text = client.get(at_project(village, project), headers=ENGLISH).text
    marked = text.split('aria-current="step"')
    assert len(marked) == 2
    assert marked[1].startswith(">Serve")
    places = [text.index(f">{name}<br>") for name in ("Publish", "Match", "Serve", "Evaluate", "Improve")]
    assert places == sorted(places)
    for way in (f"/{village.code}/purchases/project/{project.id}", f"/{village.code}/contracts/project/{project.id}"):
        assert f'href="{way}"' in text


@pytest.mark.parametrize("what", ["notice", "approve", "go-on", "taking-part", "improve"])
def test_residents_take_no_project_further(village: Any, client: InspectingClient, what: str) -> None:  # A24
    project = builders.a_project(village)
    assert by(client, builders.a_resident(village)).get(at_project(village, project, what)).status_code == 403


def test_a_way_to_the_end_by_real_deeds(village: Any, client: InspectingClient) -> None:  # A40
    project = with_everyone(a_project_in(village, ProjectState.ACCEPTED))
    here = by_committee(client, village)
    for state, words in (("evaluated", "八成满意"), ("improving", "开始改进"), ("closed", "全部完成")):
        sent = here.post(at_project(village, project, "go-on"), data={"state": state, "words": words})
        assert sent.status_code == 303
    moments = db.session.scalars(db.select(ProjectStep.at).order_by(ProjectStep.id)).all()
    assert list(moments) == sorted(moments)
