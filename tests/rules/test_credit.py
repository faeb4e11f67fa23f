"""What is written down counts until it expires, a repeated breach starts the clock anew, and effects follow."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.credit import (
    Effect,
    Event,
    EventKind,
    counting,
    credit_on,
    effects_of,
    levels_of,
    levels_refusals,
    points_of,
    points_refusals,
)
from portal.rules.numbers import Numbers
from portal.rules.outside import Entry, EntryKind, listed_on, years_after
from portal.rules.pleas import PleaKind, plea_refusals
from portal.rules.setting import number_refusals, read_numbers
from portal.rules.standings import read_entries

N = Numbers()
D = date(2026, 1, 10)
TODAY = date(2026, 11, 22)


def event(number: int, kind: EventKind, day: date, ended_on: date | None = None) -> Event:
    counts = points_of(N)[kind]
    return Event(number, kind, counts.points, day, years_after(day, counts.years), ended_on)


def test_an_event_counts_until_it_expires() -> None:  # A67
    one = event(1, EventKind.BREACH, D)
    assert credit_on([one], [], D - timedelta(days=1), N).score == 100
    assert credit_on([one], [], D, N).score == 80
    assert credit_on([one], [], date(2029, 1, 9), N).score == 80
    assert credit_on([one], [], date(2029, 1, 10), N).score == 100


def test_a_repeated_breach_restarts_the_clock_of_the_first() -> None:  # 2.5
    first, again = event(1, EventKind.BREACH, D), event(2, EventKind.BREACH, date(2028, 6, 1))
    found = counting([again, first], date(2029, 6, 1))
    assert [(one.event.id, one.until) for one in found] == [(1, date(2031, 6, 1)), (2, date(2031, 6, 1))]
    late = event(3, EventKind.BREACH, date(2029, 2, 1))
    assert [one.event.id for one in counting([first, late], date(2029, 3, 1))] == [3], "the first had expired"
    other = event(4, EventKind.FALSE_RATINGS, date(2028, 6, 1))
    assert counting([first, other], date(2028, 7, 1))[0].until == date(2029, 1, 10), "another kind"


def test_what_was_made_good_restarts_nothing_any_more() -> None:  # A67
    first = event(1, EventKind.BREACH, D)
    again = event(2, EventKind.BREACH, date(2028, 6, 1), ended_on=date(2028, 12, 1))
    assert [one.event.id for one in counting([first, again], date(2028, 11, 30))] == [1, 2]
    assert not counting([first, again], date(2029, 1, 10))


events = st.builds(
    event, st.integers(1, 99), st.sampled_from(EventKind), st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.none() | st.dates(date(2024, 1, 1), date(2029, 1, 1)),
)  # fmt: skip


@given(st.lists(events, max_size=12, unique_by=lambda one: one.id), st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_the_order_in_which_events_are_read_changes_nothing_and_bounds_hold(found: list[Event], day: date) -> None:
    one, other = credit_on(found, [], day, N), credit_on(found[::-1], [], day, N)
    assert one == other
    assert 0 <= one.score <= 120
    assert all(counted.until > day for counted in one.counted)
    if one.barred_until:
        assert one.barred_until > day
        assert credit_on(found, [], one.barred_until, N).barred_until is None, "the day that was said is the day"


@pytest.mark.parametrize(
    ("score", "effects"),
    [
        (120, (Effect.PRIORITY, Effect.FEWER_CHECKS)),
        (105, (Effect.PRIORITY, Effect.FEWER_CHECKS)),
        (104, ()),
        (80, ()),
        (79, (Effect.MORE_CHECKS,)),
        (60, (Effect.MORE_CHECKS,)),
        (59, (Effect.MORE_CHECKS, Effect.EXIT_REVIEW, Effect.BARRED)),
        (0, (Effect.MORE_CHECKS, Effect.EXIT_REVIEW, Effect.BARRED)),
    ],
)
def test_effects_follow_from_the_level(score: int, effects: tuple[Effect, ...]) -> None:  # A69
    assert effects_of(score, levels_of(N)) == effects


def test_who_falls_too_low_is_barred_until_enough_has_expired() -> None:  # A69
    found = [event(1, EventKind.FALSE_RATINGS, D)]
    credit = credit_on(found, [], TODAY, N)
    assert (credit.score, credit.barred_until) == (50, date(2029, 1, 10))


def entry(kind: EntryKind, from_on: date, until_on: date | None = None, grade: str = "") -> Entry:
    return Entry(kind, from_on, until_on, grade)


def test_two_years_on_the_abnormal_list_lead_to_the_serious_one_for_two_years() -> None:  # 2.5
    on = [entry(EntryKind.ABNORMAL, D)]
    assert listed_on(on, [], date(2028, 1, 9), N).serious_since is None
    listed = listed_on(on, [], date(2028, 1, 10), N)
    assert (listed.abnormal_since, listed.serious_since, listed.serious_until) == (
        D,
        date(2028, 1, 10),
        date(2030, 1, 10),
    )
    assert listed.serious_open
    left = [entry(EntryKind.ABNORMAL, D, date(2027, 1, 1))]
    assert listed_on(left, [], date(2028, 5, 1), N) == listed_on([], [], date(2028, 5, 1), N)


def test_the_serious_list_lasts_two_years_and_a_repeated_breach_restarts_them() -> None:  # 2.5
    on = [entry(EntryKind.SERIOUS, D, date(2026, 3, 1))]
    assert listed_on(on, [], date(2028, 1, 9), N).serious_until == date(2028, 1, 10), "two years at least"
    assert listed_on(on, [], date(2028, 1, 10), N).serious_since is None
    assert listed_on(on, [date(2027, 5, 1)], date(2029, 4, 30), N).serious_until == date(2029, 5, 1)
    credit = credit_on([], on, TODAY, N)
    assert (credit.score, credit.barred_until, credit.effects) == (
        100,
        date(2028, 1, 10),
        (Effect.MORE_CHECKS, Effect.BARRED),
    )


def test_a_grade_that_has_expired_is_none() -> None:  # 2.5
    on = [entry(EntryKind.ASSESSMENT, date(2020, 5, 1), date(2025, 4, 30), "5A")]
    assert listed_on(on, [], date(2025, 4, 30), N).grade == "5A"
    assert listed_on(on, [], date(2025, 5, 1), N).grade == ""


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        (PleaKind.APPEAL, {}, ""),
        (PleaKind.APPEAL, {"waits": True}, "not decided yet"),
        (PleaKind.APPEAL, {"appealed": True}, "decided already"),
        (PleaKind.APPEAL, {"until": TODAY - timedelta(days=1)}, "possible until"),
        (PleaKind.APPEAL, {"words": ""}, "few words"),
        (PleaKind.APPEAL, {"evidence": "电话13912345678"}, "phone"),
        (PleaKind.APPEAL, {"event": event(1, EventKind.PASSED, D)}, "nothing to put right"),
        (PleaKind.APPEAL, {"event": event(1, EventKind.BREACH, D, ended_on=D)}, "any more"),
        (PleaKind.REPAIR, {"appealed": True}, ""),
        (PleaKind.REPAIR, {"event": event(1, EventKind.BREACH, TODAY - timedelta(days=89))}, "made good from"),
        (PleaKind.REPAIR, {"event": event(1, EventKind.BREACH, TODAY - timedelta(days=90))}, ""),
    ],
)
def test_a_plea_is_taken_in_time_once_and_with_evidence(kind: PleaKind, changes: dict, said: str) -> None:  # A67
    values = {
        "words": "道路封闭，无法上门。",
        "evidence": "交通公告8号",
        "event": event(1, EventKind.BREACH, D),
        "waits": False,
        "appealed": False,
        "until": TODAY,
        "today": TODAY,
        "numbers": N,
    } | changes
    refused = [one.text for one in plea_refusals(kind, **values)]
    assert any(said in one for one in refused) if said else not refused


@pytest.mark.parametrize("rows", [("breach:-20",), ("breach:-20:3",), (*N.credit_points, "breach:-1:1"), ("x:1:1",)])
def test_a_table_of_points_names_each_kind_once(rows: tuple[str, ...]) -> None:  # A67
    assert list(points_refusals(rows, "credit_points"))
    assert not list(points_refusals(N.credit_points, "credit_points"))


@pytest.mark.parametrize("rows", [("10:",), ("0:", "0:more_checks"), ("0:flogged",), ("zero",), ("0:", "-5:")])
def test_a_table_of_effects_has_no_hole(rows: tuple[str, ...]) -> None:  # A69
    assert list(levels_refusals(rows, "credit_effects"))
    assert not list(levels_refusals(N.credit_effects, "credit_effects"))


def test_a_place_types_these_tables_as_it_types_other_numbers() -> None:  # A44
    typed = {"star_cuts": "55 70，80, 90", "credit_effects": "0:more_checks 90:", "star_weights": "70 20 10"}
    read = read_numbers({name: words.replace("，", ",") for name, words in typed.items()})
    assert read["star_cuts"] == (55, 70, 80, 90)
    assert not list(number_refusals(read, top=False, codes=()))
    assert list(number_refusals({"star_cuts": ("a", "b")}, top=False, codes=()))
    assert levels_of(replace(N, **read))[-1].effects == (Effect.MORE_CHECKS,)


def test_lines_of_an_outside_list_are_read_or_refused_by_number() -> None:  # 2.5
    text = "52990121MJ0000001X,assessment,4A,2026-03-01,,公告3号\n\n52990121MJ0000001X,活动异常名录,,2026-04-01,2026-05-01,公告4号"
    drafts, refusals = read_entries(text, today=TODAY)
    assert [(one.number, one.kind, one.grade, one.until_on) for one in drafts] == [
        (1, EntryKind.ASSESSMENT, "4A", None),
        (3, EntryKind.ABNORMAL, "", date(2026, 5, 1)),
    ]
    assert not refusals
    for bad in ("", "x,assessment,4A", "x,assessment,6A,2026-03-01,,公告", "x,serious,5A,2026-03-01,,公告",
                "x,serious,,2027-03-01,,公告", "x,serious,,2026-03-01,2026-02-01,公告", "x,serious,,2026-03-01,,"):  # fmt: skip
        assert read_entries(bad, today=TODAY)[1], bad


def test_a_table_from_before_a_kind_was_known_counts_it_as_everywhere_else():
    older = replace(N, credit_points=tuple(row for row in N.credit_points if not row.startswith("broken")))
    assert points_of(older)[EventKind.BROKEN].points == -5
