"""What must hold when many officials press at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.policies.models import MilestoneMark, OwnItem, Pilot, PolicyDocument, RuleSet
from portal.policies.pilots import end_pilot
from portal.regions.models import Region
from portal.rules import Refused
from portal.store import db
from portal.store.clock import today
from tests import builders as a
from tests.counting import count
from tests.policies import making

TAPS = 8


def at_once(elsewhere: Callable[..., Any], deed: Callable[[int], Any]) -> int:
    """How many of TAPS simultaneous deeds were done; each of the others was refused."""

    def one(number: int) -> bool:
        try:
            deed(number)
        except Refused:
            return False
        return True

    db.session.rollback()
    with ThreadPoolExecutor(TAPS) as pool:
        done = list(pool.map(lambda number: elsewhere(one, number), range(TAPS)))
    db.session.rollback()
    db.session.expire_all()
    return sum(done)


@pytest.fixture
def places(tree) -> dict[str, int]:
    a.an_official(tree.county)
    a.an_official(tree.villages[0])
    return {"county": tree.county.id, "village": tree.villages[0].id}


def here(places, name="county") -> Region:
    return db.session.get_one(Region, places[name])


def test_one_rule_set_holds_from_a_day(places, elsewhere):  # A43
    assert at_once(elsewhere, lambda n: making.a_rule_set(here(places), undo_days=n + 1)) == 1
    assert count(RuleSet) == 1


def test_a_code_is_taken_once_on_a_way_down(places, elsewhere):  # A20
    names = ("county", "village")
    assert at_once(elsewhere, lambda n: making.an_item(here(places, names[n % 2]))) == 1
    assert count(OwnItem) == 1


def test_the_same_form_makes_one_of_everything(places, elsewhere):  # A3
    assert at_once(elsewhere, lambda n: making.a_document(here(places), "清市民发〔2018〕1号", key="k" * 32)) == TAPS
    assert at_once(elsewhere, lambda n: making.a_rule_set(here(places), key="r" * 32, undo_days=9)) == TAPS
    assert at_once(elsewhere, lambda n: making.an_item(here(places), key="i" * 32)) == TAPS
    assert at_once(elsewhere, lambda n: making.a_pilot(here(places), key="p" * 32)) == TAPS
    assert [count(one) for one in (PolicyDocument, RuleSet, OwnItem, Pilot)] == [1, 1, 1, 1]


def test_a_feature_is_tried_out_once_at_a_time(places, elsewhere):  # B9
    assert at_once(elsewhere, lambda n: making.a_pilot(here(places))) == 1
    number = db.session.scalars(select(Pilot.id)).one()
    official = a.actor(a.an_official(here(places)))
    ended = at_once(
        elsewhere,
        lambda n: end_pilot(official, db.session.get_one(Pilot, number), today() + timedelta(days=3)),
    )
    assert ended == 1


def test_a_place_is_marked_once(places, elsewhere):  # B5
    number = making.a_milestone(here(places)).id
    mark = making.Milestone
    assert (
        at_once(elsewhere, lambda n: making.reached(db.session.get_one(mark, number), here(places, "village"))) == TAPS
    )
    assert count(MilestoneMark) == 1
