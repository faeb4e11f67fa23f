"""What is tried out where, and which places have reached what, down to the last community."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.policies.milestones import (
    coverage_of,
    mark_reached,
    marks_of,
    not_reached,
    shares_of,
    take_mark_back,
)
from portal.policies.models import Milestone, MilestoneMark, Pilot
from portal.policies.pilots import end_pilot
from portal.policies.queries import is_piloting
from portal.rules import Refused
from portal.rules.policies import Feature
from portal.store import db
from portal.store.clock import today
from tests import builders as a
from tests.policies.making import a_milestone, a_pilot, reached

ENGLISH = {"Accept-Language": "en"}
DAY = timedelta(days=1)


def test_a_feature_is_tried_out_below_its_division_and_for_its_time(tree):  # B9
    a_pilot(tree.county, Feature.IN_KIND, from_on=today() + DAY, until_on=today() + 3 * DAY)
    days = [today() + n * DAY for n in range(5)]
    assert [is_piloting(tree.villages[0], Feature.IN_KIND, day) for day in days] == [False, True, True, True, False]
    assert not is_piloting(tree.prefecture, Feature.IN_KIND, days[1])
    assert not is_piloting(tree.villages[0], Feature.CREDIT, days[1])


def test_a_pilot_ends_earlier_never_later_and_not_in_the_past(tree):  # B9
    pilot, official = a_pilot(tree.county), a.actor(a.an_official(tree.county))
    with pytest.raises(Refused):
        end_pilot(official, pilot, today() - DAY)
    end_pilot(official, pilot, today() + DAY)
    with pytest.raises(Refused):
        end_pilot(official, pilot, today() + 2 * DAY)
    assert not is_piloting(tree.county, Feature.IN_KIND, today() + 2 * DAY)


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"feature": "anything"}, "feature"),
        ({"from_on": None}, "from_on"),
        ({"from_on": today() - 9 * DAY}, "from_on"),
        ({"until_on": today() - DAY}, "until_on"),
        ({"words": ""}, "words"),
        ({"feature": Feature.CREDIT, "from_on": today() + 300 * DAY}, "from_on"),
    ],
)
def test_a_pilot_that_makes_no_sense_is_refused(tree, changes, beside):  # B9
    a_pilot(tree.county, Feature.CREDIT)
    with pytest.raises(Refused) as refused:
        a_pilot(tree.county, **changes)
    assert [one.beside for one in refused.value.refusals] == [beside]


def test_everyone_sees_what_is_tried_out_here_above_and_below(client, tree):  # B9
    a_pilot(tree.province, Feature.CREDIT)
    a_pilot(tree.villages[0], Feature.IN_KIND)
    text = client.get(f"/{tree.county.code}/policies/pilots/", headers=ENGLISH).text
    assert "Credit and stars of providers" in text
    assert "Premises count as part of the price" in text
    next_door = client.get(f"/{tree.villages[1].code}/policies/pilots/", headers=ENGLISH).text
    assert "Premises count as part of the price" not in next_door


def test_the_map_rolls_up_from_communities_to_the_province(tree):  # B5, B12
    milestone = a_milestone(tree.province)
    reached(milestone, tree.villages[0])
    for region in (tree.province, tree.prefecture, tree.county):
        (row,) = coverage_of(milestone, region)
        assert (row.reached, row.places, row.last) == (1, 3, today())
    rows = {one.region.id: one.reached for one in coverage_of(milestone, tree.township)}
    assert rows == {tree.villages[0].id: 1, tree.villages[1].id: 0, tree.villages[2].id: 0}
    assert shares_of([milestone], tree.county) == {milestone.id: (1, 3)}
    assert {row.Region.id for row in not_reached(milestone, tree.province).rows} == {v.id for v in tree.villages[1:]}


def test_everyone_sees_which_places_have_not_reached_it_and_how_late(client, tree):  # B5, B12
    with a.at("2026-03-02"):
        milestone = a_milestone(tree.county)
        reached(milestone, tree.villages[0])
    with a.at("2026-03-12"):
        text = client.get(f"/{tree.township.code}/policies/milestones/{milestone.id}/", headers=ENGLISH).text
        place = client.get(f"/{tree.villages[1].code}/policies/milestones/{milestone.id}/", headers=ENGLISH).text
    assert "1 of 3 places have reached it" in text
    assert "10 days late" in text
    assert text.count("not yet") == 2
    assert "合同已公开。" in text
    assert "has not reached it yet" in place
    answer = client.get(f"/{tree.township.code}/policies/milestones/{milestone.id}/coverage.csv")
    assert answer.text.count("\r\n") == 4


def test_a_mark_counts_once_and_one_taken_back_stays_on_record(tree):  # B5, B32
    milestone, village = a_milestone(tree.county), tree.villages[0]
    official = a.actor(a.an_official(tree.county))
    for _ in range(2):
        reached(milestone, village)
    take_mark_back(official, milestone, village, "写错了村。")
    assert shares_of([milestone], tree.county) == {milestone.id: (0, 3)}
    reached(milestone, village)
    assert [mark.taken_back_for for mark in marks_of(milestone, village)] == ["写错了村。", ""]
    assert shares_of([milestone], tree.county) == {milestone.id: (1, 3)}


def test_only_a_place_of_the_level_is_marked_with_a_day_that_came_and_evidence(tree):  # B5
    milestone, official = a_milestone(tree.county), a.actor(a.an_official(tree.county))
    for place, day, words in (
        (tree.township, today(), "已公开。"),
        (tree.villages[0], today() + DAY, "已公开。"),
        (tree.villages[0], None, "已公开。"),
        (tree.villages[0], today(), ""),
    ):
        with pytest.raises(Refused):
            mark_reached(official, milestone, place, day, words)
    assert not db.session.scalars(select(MilestoneMark)).all()


def test_a_milestone_is_for_a_level_below_and_for_a_day_to_come(tree):  # B5
    for changes in ({"level": "county"}, {"level": "province"}, {"due_on": today() - DAY}, {"title": ""}):
        with pytest.raises(Refused):
            a_milestone(tree.county, **changes)


def test_a_milestone_is_seen_from_its_division_and_below_only(client, tree):
    milestone = a_milestone(tree.county)
    assert client.get(f"/{tree.villages[0].code}/policies/milestones/{milestone.id}/").status_code == 200
    assert client.get(f"/{tree.province.code}/policies/milestones/{milestone.id}/").status_code == 404


def test_an_official_keeps_pilots_and_milestones_by_the_pages(client, tree):  # B5, B9
    a.signed_in(client, a.an_official(tree.county))
    where = f"/{tree.county.code}/policies"
    pilot = {"key": "p" * 32, "feature": "in_kind", "from_on": today().isoformat(), "words": "先在本地试行。"}
    assert client.post(f"{where}/pilots/begin", data=pilot | {"words": ""}).status_code == 422
    for _ in range(2):
        assert client.post(f"{where}/pilots/begin", data=pilot).status_code == 303
    number = db.session.scalars(select(Pilot.id)).one()
    assert client.post(f"{where}/pilots/{number}/end", data={"until_on": today().isoformat()}).status_code == 303
    wish = {
        "key": "m" * 32,
        "title": "全面推行",
        "words": "已签合同。",
        "level": "village",
        "due_on": today().isoformat(),
    }
    assert client.post(f"{where}/milestones/set", data=wish | {"level": "province"}).status_code == 422
    for _ in range(2):
        assert client.post(f"{where}/milestones/set", data=wish).status_code == 303
    milestone = db.session.scalars(select(Milestone.id)).one()
    there = f"/{tree.villages[0].code}/policies/milestones/{milestone}"
    assert client.post(f"{there}/mark", data={"reached_on": today().isoformat()}).status_code == 422
    done = {"reached_on": today().isoformat(), "evidence": "合同已公开。"}
    assert client.post(f"{there}/mark", data=done).status_code == 303
    assert client.post(f"{there}/take-back", data={"reason": "写错了"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(MilestoneMark)) == 1
    assert client.get(f"{where}/milestones/{milestone}/mark").status_code == 404
