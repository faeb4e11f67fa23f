"""What must hold when people act on one project at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from portal.matching.actions import offer_service
from portal.matching.models import ProjectOffer
from portal.projects.actions import draft_project
from portal.projects.improving import Further
from portal.projects.lifecycle import move
from portal.projects.models import ImprovementAction, Project, ProjectObjection, ProjectStep
from portal.projects.noticing import object_to_project, put_on_notice
from portal.rules import Refused
from portal.rules.permissions import NOBODY
from portal.rules.projects import DesignDraft, ProjectDraft, ProjectState
from portal.store import db
from portal.store.clock import today
from tests import builders
from tests.counting import count
from tests.projects.making import a_project_in, an_approved_project, an_improvement

TAPS = 6


def at_once(elsewhere: Any, deed: Any) -> list[str]:
    def done(number: int) -> str:
        try:
            deed(number)
        except Refused as refused:
            return str(refused)
        return "done"

    with ThreadPoolExecutor(TAPS) as pool:
        return sorted(pool.map(lambda number: elsewhere(done, number), range(TAPS)))


def test_a_step_is_taken_once_however_many_take_it(app: Flask, elsewhere: Any) -> None:  # A40
    number = an_approved_project(builders.a_region_tree().villages[0]).id
    before = count(ProjectStep)
    said = at_once(elsewhere, lambda _: move(NOBODY, db.session.get_one(Project, number), ProjectState.TENDERED))
    assert said == ["done"] * TAPS
    assert count(ProjectStep) == before + 1


def test_nobody_has_two_open_objections(app: Flask, elsewhere: Any) -> None:  # A24
    village = builders.a_region_tree().villages[0]
    project = a_project_in(village, ProjectState.DRAFTED)
    put_on_notice(NOBODY, project, village, "不投票")
    number, person = project.id, builders.actor(builders.a_resident(village))

    def objects(tap: int) -> None:
        object_to_project(person, db.session.get_one(Project, number), "灯太亮", f"a-key-of-its-own-{tap}")

    assert at_once(elsewhere, objects).count("done") == 1
    assert count(ProjectObjection) == 1


def test_a_provider_has_one_offer(app: Flask, elsewhere: Any) -> None:  # A30
    village = builders.a_region_tree().villages[0]
    provider, project = builders.a_provider(village), an_approved_project(village)
    staff, number = builders.actor(builders.staff_of(provider)), project.id

    def offers(_: int) -> None:
        offer_service(staff, db.session.get_one(Project, number), village, provider.id, "每天上门", 5, today())

    assert at_once(elsewhere, offers) == ["done"] * TAPS
    assert count(ProjectOffer) == 1


def test_one_project_takes_an_action_up(app: Flask, elsewhere: Any) -> None:  # A40
    village = builders.a_region_tree().villages[0]
    earlier = a_project_in(village, ProjectState.IMPROVING)
    number, action = earlier.id, an_improvement(earlier).id
    needs = [builders.a_need(village).id for _ in range(TAPS)]
    committee = builders.actor(builders.a_committee(village))
    designs = (DesignDraft("甲案", 100), DesignDraft("乙案", 100))

    def drafts(tap: int) -> None:
        taken = Further(db.session.get_one(Project, number), db.session.get_one(ImprovementAction, action))
        draft_project(committee, village, ProjectDraft("照明二期", "0901", 100, (needs[tap],), designs), "", taken)

    said = at_once(elsewhere, drafts)
    assert said.count("done") == 1
    assert count(Project) == 2
