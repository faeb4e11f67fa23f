"""Whatever is done with a project, in whatever order: its life stays as the rules say."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.projects.lifecycle import move, stages_with_people
from portal.projects.models import Participation, Project, ProjectStep
from portal.projects.stages import note_taking_part
from portal.rules import Refused
from portal.rules.lifecycle import NEXT, STAGE_OF, WITH_REASON, Way, closes
from portal.rules.permissions import NOBODY
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.store.clock import now
from tests import builders

KEYS = st.text("abcdef", min_size=16, max_size=16)


class Life(RuleBasedStateMachine):
    """One project, moved and noted at random; the model knows which steps must have been taken."""

    village: Any

    @initialize()
    def begin(self) -> None:
        self.project = a_bare_project(self.village)
        self.taken = [ProjectState.DRAFTED]
        self.noted: set[str] = set()

    @rule(to=st.sampled_from(ProjectState), words=st.sampled_from(["", "有原因"]))
    def goes(self, to: ProjectState, words: str) -> None:
        state = self.taken[-1]
        closing = closes(state, to)
        open_way = to in NEXT[state] and (words or (state, to) not in WITH_REASON)
        if to is not state and (not open_way or (closing and closing.value not in self.noted)):
            with pytest.raises(Refused):
                move(NOBODY, self.project, to, words)
            return
        move(NOBODY, self.project, to, words)
        if to is not state:
            self.taken.append(to)

    @rule(
        way=st.sampled_from(Way), took=st.sampled_from([None, 0, 5]), words=st.sampled_from(["", "没有人来"]), key=KEYS
    )
    def takes_part(self, way: Way, took: int | None, words: str, key: str) -> None:
        try:
            note_taking_part(NOBODY, self.project, way.value, took, None, words, key)
        except Refused:
            return
        self.noted.add(STAGE_OF[self.taken[-1]].value)

    @invariant()
    def its_steps_are_those_that_were_taken_and_dated_in_order(self) -> None:
        db.session.rollback()
        steps = db.session.scalars(
            db.select(ProjectStep).where(ProjectStep.project_id == self.project.id).order_by(ProjectStep.id)
        ).all()
        assert [step.state for step in steps] == self.taken[1:]
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert db.session.get_one(Project, self.project.id, populate_existing=True).state == self.taken[-1]

    @invariant()
    def no_stage_was_closed_without_people_or_a_reason(self) -> None:
        there = stages_with_people([self.project.id]).get(self.project.id, frozenset())
        for state, to in zip(self.taken, self.taken[1:], strict=False):
            assert to in NEXT[state]
            closed = closes(state, to)
            assert closed is None or closed.value in there
        unsaid = db.select(Participation).where(Participation.way == Way.NONE, Participation.words == "")
        assert db.session.scalars(unsaid).first() is None


@action
def a_bare_project(village: Any) -> Project:
    project = Project(
        region_id=village.id,
        title="照明",
        story="",
        category="0901",
        budget_fen=100,
        drafted_at=now(),
        drafted_by_id=builders.a_committee(village).id,
    )
    db.session.add(project)
    db.session.flush()
    return project


def test_no_order_of_deeds_leads_to_a_state_that_the_rules_do_not_have(app: Flask) -> None:  # A23, A40
    Life.village = builders.a_region_tree().villages[0]
    builders.a_committee(Life.village)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
