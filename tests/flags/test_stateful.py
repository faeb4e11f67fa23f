"""No reachable state lets fewer than two distinct people without ties release held ratings, or leave them out."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.flags.models import HoldDecision
from portal.flags.raising import raise_flags
from portal.ratings.inviting import inviter_mark
from portal.ratings.models import Rating, RatingHold
from portal.ratings.releasing import release_ratings
from portal.ratings.settling import settle_ratings
from portal.rules import Refused
from portal.rules.permissions import Role
from portal.rules.reviews import Verdict
from portal.store import clock, db
from tests import builders
from tests.flags.making import decided, waiting

DEVICES = ("d1", "d2")
FREE_PEOPLE = 5
PEOPLE = ("committee", "official", "second", "county", "prefecture", "staff", "recorder")
"""The last two are tied to the ratings."""


class Reviews(RuleBasedStateMachine):
    """Ratings come, are flagged, judged, settled and released in any order; the model remembers who said what."""

    app: Any

    @initialize()
    def begin(self) -> None:
        tree = builders.a_region_tree()
        village = tree.villages[0]
        self.day = clock.now()
        self.provider = builders.a_provider(village)
        self.people = {
            "committee": builders.a_committee(village),
            "official": builders.an_official(village),
            "second": builders._staff("second.official", Role.OFFICIAL, village),
            "county": builders.an_official(tree.county),
            "prefecture": builders.an_official(tree.prefecture),
            "staff": builders.staff_of(self.provider),
            "recorder": builders._staff("recorder", Role.COMMITTEE, village),
        }
        grants = {grant.region_id for grant in db.session.scalars(db.select(builders.accounts.RoleGrant))}
        assert len(grants) >= 3
        if not builders.actor(self.people["staff"]).holds(Role.OFFICIAL, village.path):
            builders.accounts.grant(self.people["staff"], Role.OFFICIAL, village)
        self.said: dict[int, dict[str, Verdict]] = {}

    @rule(count=st.integers(1, 12), device=st.sampled_from(DEVICES))
    def ratings_come(self, count: int, device: str) -> None:
        with builders.at(self.day):
            mark = inviter_mark(self.people["recorder"].id, f"{clock.today():%Y-%m}")
            waiting(self.provider, count, device=f"{device}-{self.day:%Y%m}", inviter=mark)

    @rule()
    def flags_are_raised(self) -> None:
        with builders.at(self.day):
            raise_flags()

    @rule(days=st.integers(1, 9))
    def time_goes_on(self, days: int) -> None:
        self.day += timedelta(days=days)
        with builders.at(self.day):
            settle_ratings()
            raise_flags()
            release_ratings()

    @rule(which=st.integers(0, 3), who=st.sampled_from(PEOPLE), verdict=st.sampled_from(Verdict))
    def somebody_decides(self, which: int, who: str, verdict: Verdict) -> None:
        there = db.session.scalars(db.select(RatingHold).order_by(RatingHold.id)).all()
        if which >= len(there):
            return
        hold = there[which]
        with builders.at(self.day):
            try:
                decided(hold, self.people[who], verdict)
            except Refused:
                return
        said = self.said.setdefault(hold.id, {})
        assert said.get(who, verdict) is verdict, "nobody changes her mind unseen"
        said[who] = verdict

    @invariant()
    def what_is_decided_was_decided_by_two_who_are_not_tied(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        for hold in db.session.scalars(db.select(RatingHold)):
            said = self.said.get(hold.id, {})
            rows = db.session.scalars(db.select(HoldDecision.person_id).where(HoldDecision.hold_id == hold.id)).all()
            assert len(rows) == len(set(rows)) == len(said)
            assert not {"staff", "recorder"} & set(said)
            agreed = [verdict for verdict in Verdict if list(said.values()).count(verdict) >= 2]
            assert [hold.verdict] == (agreed or [""])
            if len(said) > 2:
                assert list(said)[2] in ("county", "prefecture"), "the third comes from above"

    @invariant()
    def what_is_held_is_kept_and_not_published(self) -> None:
        rows = db.session.scalars(db.select(Rating)).all()
        kept = {hold.id: hold for hold in db.session.scalars(db.select(RatingHold))}
        for number, hold in kept.items():
            its = [one for one in rows if one.hold_id == number]
            assert len(its) == (0 if hold.verdict == "counted" else hold.held)
            assert all(one.batch_id is None for one in its)
        cleared = sum(one.held for one in kept.values() if one.verdict == "counted")
        assert sum(one.cleared for one in rows) == cleared


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_no_fewer_than_two_people_release_or_leave_out(app: Flask) -> None:
    from tests.conftest import clean

    class Here(Reviews):
        def __init__(self) -> None:
            super().__init__()
            clean(app)

    Here.app = app
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Here, settings=settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    )
