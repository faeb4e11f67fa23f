"""What officials see is counted from what happened, and a place is the sum of its parts."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.insights.actions import refresh_summary
from portal.insights.models import ProviderStanding, Refresh, Summary, Turnout
from portal.insights.queries import overview
from portal.regions.models import Region
from portal.rules.needs import NeedState
from portal.rules.numbers import Numbers
from portal.store import db
from portal.store.clock import now
from portal.voting import actions as voting
from tests import builders as a
from tests.counting import statements
from tests.insights.rated import rated


def kept(region: Region) -> Summary:
    return db.session.get_one(Summary, region.id)


def test_a_place_is_the_sum_of_its_parts(app):  # A2
    tree = a.a_region_tree()
    with a.at("2026-11-20"):
        author = a.a_resident(tree.villages[0])
        for place, states in zip(tree.villages, (("submitted", "accepted"), ("submitted", "matched"), ()), strict=True):
            for state in states:
                a.a_need(place, author=author, state=NeedState(state))
        a.a_need(tree.township, author=author, state=NeedState.SUBMITTED)
        rated(a.a_provider(tree.county), tree.villages[0], {5: 12, 1: 1})
        rated(a.a_provider(tree.county), tree.villages[1], {4: 20})
        a.an_open_round(a.a_project(tree.villages[2]))
        refresh_summary()
        seen = overview(tree.township, Numbers())
    parts = [kept(place) for place in tree.villages]
    for place in (tree.province, tree.county, tree.township):
        whole = kept(place)
        assert whole.grades == [sum(found) for found in zip(*(part.grades for part in parts), strict=True)]
        for state in ("matched", "accepted"):
            assert whole.states.get(state, 0) == sum(part.states.get(state, 0) for part in parts) > 0
        assert sum(whole.waiting) == sum(sum(part.waiting) for part in parts) + 1  # the one told to the township itself
        assert whole.open_rounds == sum(part.open_rounds for part in parts) == 1
    assert seen.waiting == sum(place.waiting for place in seen.places) == 3
    assert seen.places[-1].region is None


def test_waiting_needs_have_an_age_and_become_overdue(app):  # A24, expectation 40
    tree = a.a_region_tree()
    village = tree.villages[0]
    author = a.a_resident(village)
    for day in ("2026-11-20", "2026-11-13", "2026-11-12", "2026-10-21", "2026-10-20", "2026-08-22", "2026-08-21"):
        with a.at(day):
            a.a_need(village, author=author, state=NeedState.SUBMITTED)
    with a.at("2026-11-20"):
        refresh_summary()
    assert kept(village).waiting == [2, 2, 2, 1]
    assert kept(village).overdue == 5  # five working days: those of the 13th and the 20th still have time
    with a.at("2026-11-21"):
        refresh_summary()
    assert kept(village).overdue == 6


def test_what_goes_away_leaves_the_figures(app):
    tree = a.a_region_tree()
    village = tree.villages[0]
    with a.at("2026-11-20"):
        need = a.a_need(village, state=NeedState.SUBMITTED)
        a.an_open_round(a.a_project(village), days=1)
        refresh_summary()
        assert (sum(kept(village).waiting), kept(village).open_rounds) == (1, 1)
        assert db.session.scalar(select(Turnout.eligible)) is not None
        a.stepped(need, NeedState.ACCEPTED, village)
    with a.at("2026-11-23"):
        refresh_summary()
    db.session.expire_all()
    assert (sum(kept(village).waiting), kept(village).open_rounds) == (0, 0)
    assert db.session.scalar(select(Turnout.round_id)) is None


def test_turnout_counts_people_once_and_who_may_vote(app):  # A26
    tree = a.a_region_tree()
    village = tree.villages[0]
    people = [a.a_resident(village) for _ in range(3)]
    a.a_resident(tree.villages[1])
    a.a_resident(village, verified=False)
    project = a.a_project(village, needs=(a.a_need(village, author=people[0]),))
    round_ = a.an_open_round(project)
    for option in (1, 2):
        voting.cast_vote(a.actor(people[0]), round_, option, 1)
    refresh_summary()
    turnout = db.session.scalars(select(Turnout)).one()
    assert (turnout.voters, turnout.eligible) == (1, 3)


def test_what_was_published_for_several_places_stands_elsewhere_here(app):  # F9, expectation 37
    tree = a.a_region_tree()
    provider = a.a_provider(tree.county)
    with a.at("2026-11-20"):
        rated(provider, tree.township, {5: 13})
        rated(provider, tree.villages[1], {5: 20})
        rated(provider, tree.villages[2], {5: 40, 2: 2})
        refresh_summary()
        seen = overview(tree.township, Numbers())
    shown = [
        (place.region and place.region.name, place.satisfaction and place.satisfaction.ratings) for place in seen.places
    ]
    assert shown == [
        (tree.villages[0].name, None),
        (tree.villages[1].name, 20),
        (tree.villages[2].name, 40),
        (None, 10),
    ]
    assert seen.satisfaction
    assert seen.satisfaction.ratings == 75
    stands = set(db.session.scalars(select(ProviderStanding.region_id)))
    assert tree.villages[0].id not in stands
    assert {tree.villages[2].id, tree.township.id, tree.province.id} <= stands


def test_the_worst_come_first_and_share_a_rank_where_they_cannot_be_told_apart(app):  # F9, expectation 40
    tree = a.a_region_tree()
    good, poor, bad, few = (a.a_provider(tree.county, name=name) for name in ("甲社", "乙社", "丙社", "丁社"))
    with a.at("2026-11-20"):
        rated(good, tree.villages[0], {5: 90})
        rated(poor, tree.villages[0], {2: 30, 3: 10})
        rated(bad, tree.villages[0], {2: 31, 3: 9})
        rated(few, tree.villages[0], {1: 9, 5: 0})
        refresh_summary()
        worst = overview(tree.province, Numbers()).worst
    assert [(one.rank, one.provider.name) for one in worst] == [(1, "丙社"), (1, "乙社"), (3, "甲社")]


def test_of_few_ratings_every_figure_is_in_whole_points_and_its_interval_in_fives(app):  # F9
    tree = a.a_region_tree()
    with a.at("2026-11-20"):
        rated(a.a_provider(tree.county), tree.villages[0], {1: 1, 3: 1, 4: 3, 5: 5})
        refresh_summary()
        seen = overview(tree.villages[0], Numbers())
        above = overview(tree.township, Numbers())
    told = (seen.satisfaction, seen.worst[0].satisfaction, *(one.satisfaction for one in above.places))
    scores = [one.score for one in told if one] + [one for one in seen.months.values() if one]
    assert len(scores) == 4
    for score in scores:
        assert score.mean == round(score.mean)
        assert score.low % 5 == score.high % 5 == 0
        assert score.low < score.mean < score.high


def test_an_arrow_only_where_the_difference_is_tested(app):  # B13, F8
    tree = a.a_region_tree()
    provider = a.a_provider(tree.county)
    with a.at("2026-11-20"):
        rated(provider, tree.villages[0], {3: 30, 4: 30}, "2026-08")
        rated(provider, tree.villages[0], {4: 30, 5: 30}, "2026-10")
        rated(provider, tree.villages[1], {4: 30}, "2026-08")
        rated(provider, tree.villages[1], {4: 29, 5: 1}, "2026-10")
        refresh_summary()
        directions = [overview(place, Numbers()).trend.direction for place in tree.villages]
    assert directions == ["up", "unclear", "unknown"]


def test_nothing_is_counted_again_while_nothing_changed(app):
    tree = a.a_region_tree()
    a.a_need(tree.villages[0], state=NeedState.SUBMITTED)
    refresh_summary()
    first = db.session.scalar(select(func.min(Refresh.at)))
    with statements() as said:
        refresh_summary()
    db.session.expire_all()
    assert db.session.scalar(select(func.min(Refresh.at))) > first
    assert not [one for one in said if "INTO summary" in one or "GROUP BY need" in one]
    assert len(said) <= 6
    assert now() - first < timedelta(minutes=1)
