"""Which ratings look odd: vectors of our own and of the domain, each flag with what fires it and what does not."""

import json
from datetime import date, timedelta
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.chances import at_least, at_most, burst_p, nb_at_least, shift
from portal.rules.excess import Answers, times_likelier
from portal.rules.flags import Finding, Flag, Seen, Usual, findings, plain_words, same_raters, too_good
from portal.rules.numbers import Numbers
from portal.rules.scoring import Counts

VECTORS = Path(__file__).parents[3] / "shared/data/ratings_vectors.json"
NUMBERS = Numbers()
TODAY = date(2026, 11, 18)
"""A Wednesday."""
MONDAY = date(2026, 11, 16)
LAST_WEEK = date(2026, 11, 9)
USUAL: Counts = (5, 8, 20, 60, 107)
NO_MIX: Counts = (0, 0, 0, 0, 0)
near = pytest.approx


def seen(count: int, **traits: object) -> list[Seen]:
    name = str(traits.pop("name", "k"))
    marks = {"day": LAST_WEEK, "rater": None, **traits}
    rater = marks.pop("rater")
    return [Seen(f"{name}{i}", rater=f"{name}r{i}" if rater is None else str(rater), **marks) for i in range(count)]  # type: ignore[arg-type]


def found(those: list[Seen], on: date = TODAY, **usual: object) -> dict[Flag, Finding]:
    return {one.flag: one for one in findings(those, Usual(**usual), on, NUMBERS)}  # type: ignore[arg-type]


# Chances. F10, F11


@pytest.mark.parametrize(
    ("ratings", "before", "p"),
    [(9, [1] * 28, 3.150556360465296e-06), (8, [0] * 28, 3.9872792551361623e-13), (0, [3] * 28, 1.0)],
)
def test_a_burst_is_as_likely_as_the_formula_says(ratings: int, before: list[int], p: float) -> None:  # F10
    assert burst_p(ratings, before) == near(p, abs=1e-9, rel=1e-6)


def test_grades_shift_as_the_formula_says() -> None:  # F11
    bad = shift((10, 0, 0, 0, 2), USUAL)
    assert (bad.g, bad.df) == (near(53.176570169096586, abs=1e-9), 4)
    assert bad.p == near(7.826709410192276e-11, rel=1e-6)
    assert shift((0, 0, 0, 3, 9), (0, 1, 3, 26, 120)).df == 3
    assert shift((0, 0, 0, 0, 0), USUAL).p == 1


@pytest.mark.skipif(not VECTORS.exists(), reason="the domain's vectors are not here")
def test_the_vectors_of_the_domain_hold_for_flags() -> None:  # F10, F11
    vectors = json.loads(VECTORS.read_text("utf-8"))
    for one in vectors["burst_p"]:
        assert burst_p(*one["input"]) == near(one["output"][0], abs=1e-9, rel=1e-6)
    for one in vectors["burst_nb"]:
        ratings, total, days = one["input"]
        p = nb_at_least(ratings, total + 0.5, (total + 0.5) / days)
        assert p == near(one["output"][0], abs=1e-9, rel=1e-6)
    for one in vectors["g_shift"]:
        made = shift(*one["input"])
        assert [made.g, made.df, made.p] == near(one["output"], abs=1e-9, rel=1e-6)
    assert len(vectors["burst_p"]) + len(vectors["burst_nb"]) + len(vectors["g_shift"]) == 17


@given(st.integers(0, 40), st.integers(1, 40), st.fractions(0, 1, max_denominator=50))
def test_shares_are_as_likely_as_binomials_say(k: int, n: int, share: object) -> None:
    exact = sum(comb(n, j) * share**j * (1 - share) ** (n - j) for j in range(min(k, n) + 1))  # type: ignore[operator]
    assert at_most(k, n, float(share)) == near(float(exact), abs=1e-9)  # type: ignore[arg-type]
    fewer = sum(comb(n, j) * share**j * (1 - share) ** (n - j) for j in range(min(k, n + 1)))  # type: ignore[operator]
    assert at_least(k, n, float(share)) == near(float(1 - fewer), abs=1e-9)  # type: ignore[arg-type]


@given(st.integers(0, 60), st.lists(st.integers(0, 40), min_size=28, max_size=28))
def test_more_ratings_on_a_day_are_never_likelier(ratings: int, before: list[int]) -> None:  # F10
    assert 0 <= burst_p(ratings + 1, before) <= burst_p(ratings, before) + 1e-12 <= 1 + 1e-12


# Each flag: what fires it, and what is honest


def test_a_day_with_many_more_ratings_than_before_is_a_burst() -> None:  # F10
    quiet = {TODAY - timedelta(days=back): 1 for back in range(1, 29)}
    today = seen(9, day=TODAY)
    burst = found(today, days={**quiet, TODAY: 9})[Flag.BURST]
    assert burst.about == "2026-11-18"
    assert burst.keys == {one.key for one in today}
    assert not found(today[:7], days={**quiet, TODAY: 7}), "8 at least"
    busy = {TODAY - timedelta(days=back): 5 for back in range(1, 29)}
    assert not found(today, days={**busy, TODAY: 9})


def test_other_grades_than_usual_are_a_shift_in_either_way() -> None:  # F11
    assert found(seen(12, grade=1), grades=USUAL)[Flag.SHIFT].evidence["way"] == "worse"
    assert found(seen(40, grade=5), grades=USUAL)[Flag.SHIFT].evidence["way"] == "better"
    usual = [one for n, grade in enumerate((1, 1, 2, 6, 10), 1) for one in seen(grade, grade=n, name=str(n))]
    assert Flag.SHIFT not in found(usual, grades=USUAL)
    assert not found(seen(9, grade=1), grades=USUAL), "too few wait"
    assert not found(seen(12, grade=1), grades=(1, 1, 2, 5, 10)), "nobody knows what is usual"
    assert not found(seen(12, grade=1, day=TODAY), grades=USUAL), "its week is not over"


A_YEAR = [Answers(42 + 3 * (i % 3), 14 + i % 4, 7 + i % 3) for i in range(40)]
"""Releases of a provider of which every third service is rated, half of them with the best grade."""


def test_more_best_ratings_than_services_explain_are_seen() -> None:
    waits = seen(8, grade=4, name="h") + seen(6, grade=5, name="g")
    ordinary = {"releases": A_YEAR, "served": {"a": 20, "b": 22}}
    assert not found(waits, MONDAY, **ordinary)
    more = {**ordinary, "served": {"a": 30, "b": 32}}
    flag = found(waits + seen(20), MONDAY, **more)[Flag.BEST]
    assert flag.keys == {one.key for one in waits + seen(20)}, "all: which of them are odd, or best, it does not tell"
    assert flag.evidence == {"held": 34, "services": 62, "by_one": 0}
    assert not found(waits + seen(20, grade=4), MONDAY, **more), "good, but not the best"
    assert not found(waits + seen(20), MONDAY, **{**more, "releases": A_YEAR[:1]}), "nobody knows what is usual"
    assert not found(waits + seen(20, day=MONDAY), MONDAY, **more), "its week is not over"
    assert not found(waits + seen(20), **more), "asked on Mondays"
    assert not found(seen(9), MONDAY, releases=A_YEAR, served={"a": 9}), "too few wait"


def test_more_best_ratings_by_one_who_records_are_held_alone() -> None:
    spread = [
        one for who in "abc" for grade in (4, 5) for one in seen(4, grade=grade, inviter=who, name=f"{who}{grade}")
    ]
    served = {"a": 24, "b": 24, "c": 24}
    assert Flag.BEST not in found(spread, MONDAY, releases=A_YEAR, served=served)
    flag = found(spread + seen(16, inviter="a"), MONDAY, releases=A_YEAR, served={**served, "a": 40})[Flag.BEST]
    assert (flag.about, flag.evidence["services"], flag.evidence["by_one"]) == ("2026-11 a", 40, 1)
    assert flag.keys == {one.key for one in spread + seen(16, inviter="a") if one.inviter == "a"}


def test_a_campaign_that_lasts_longer_than_ratings_wait_is_seen_with_the_releases_before_it() -> None:
    slow = [*A_YEAR, Answers(54, 27, 21)]
    waits = seen(8, grade=4, name="h") + seen(16, grade=5)
    assert Flag.BEST not in found(waits, MONDAY, releases=A_YEAR, served={"a": 52})
    assert Flag.BEST in found(waits, MONDAY, releases=slow, served={"a": 52})


def test_where_more_people_answer_than_before_they_are_not_made_up() -> None:
    asked_anew = Answers(42, 28, 14)
    assert times_likelier(asked_anew, A_YEAR, 5) < 10
    assert times_likelier(Answers(42, 28, 26), A_YEAR, 5) > 1000
    assert times_likelier(Answers(30_000, 25_852, 25_852), A_YEAR, 5) > 10**6, "written down however large"
    assert times_likelier(Answers(0, 0, 0), A_YEAR, 5) == 1
    assert times_likelier(Answers(3, 12, 6), [Answers(0, 20, 10), *A_YEAR], 5) >= 1, "answers come later than services"


@given(*[st.integers(0, 30)] * 3)
def test_more_services_never_make_best_ratings_odder(more: int, others: int, best: int) -> None:
    now, again = Answers(60, others + best, best), Answers(60 + more, others + best, best)
    assert times_likelier(again, A_YEAR, 5) <= times_likelier(now, A_YEAR, 5) * (1 + 1e-9)


def test_one_device_behind_many_people_is_seen_and_one_person_s_own_is_not() -> None:
    honest = [one for i in range(20) for one in seen(1, device=f"d{i}", name=f"h{i}")]
    assert found(honest + seen(8, device="d"))[Flag.DEVICE].keys == {f"k{i}" for i in range(8)}
    assert found(seen(6, device="d") + honest[:10])[Flag.DEVICE], "more than 30 %"
    assert not found(honest + seen(7, device="d")), "7 of 27"
    assert not found(seen(30, device="d", rater="her")), "she was served thirty times"
    assert not found(seen(4, device="d"), grades=NO_MIX), "a family"
    assert Flag.DEVICE not in found(honest + seen(9, device="d", by_staff=True)), "marked as entered by staff"
    assert found([*honest, *seen(1, device="d")], suspects={"d"})[Flag.DEVICE].keys == {"k0"}


def test_one_who_invites_many_more_than_before_is_seen_and_a_small_team_is_not() -> None:
    three = {"a": 40, "b": 40, "c": 40}
    ordinary = {"recorded": three, "recorded_now": {"a": 24, "b": 20, "c": 20}, "span": 0.25}
    spread = [one for who in "abc" for one in seen(4, inviter=who, name=who)]
    assert found(spread + seen(20, inviter="a"), **ordinary)[Flag.INVITER].evidence["part"] == 20
    assert not found(spread, **ordinary)
    assert not found(seen(30, inviter="a"), recorded={"a": 90}, recorded_now={"a": 30}, span=0.3), "she is alone"
    away = {"recorded": three, "recorded_now": {"a": 30}, "span": 0.25}
    assert not found(seen(20, inviter="a"), **away), "the two others are on holiday"
    left = {"recorded": three, "recorded_now": {"new": 40, "b": 10}, "span": 0.25}
    assert not found(seen(20, inviter="new") + seen(5, inviter="b", name="b"), **left), (
        "she came in the place of another"
    )
    few = {"recorded": {"a": 3, "b": 20}, "recorded_now": {"a": 20, "b": 4}, "span": 0.25}
    assert not found(seen(20, inviter="a"), **few), "nobody knows what is usual"


def test_many_entered_by_staff_are_seen_unless_that_is_usual() -> None:
    those = seen(6, by_staff=True, name="s") + seen(8)
    assert found(those)[Flag.STAFF].evidence == {"held": 6, "of": 14, "part": 0}
    assert found(those, grades=USUAL, by_staff=4)[Flag.STAFF]
    assert not found(those, grades=USUAL, by_staff=80)
    assert not found(seen(6, by_staff=True, name="s") + seen(15)), "under 30 %"


def test_a_rating_before_the_service_had_ended_is_seen() -> None:
    assert found([*seen(3), *seen(1, early=True, name="e", day=TODAY)])[Flag.EARLY].keys == {"e0"}


def test_three_comments_in_nearly_the_same_words_are_seen() -> None:
    words = (
        "服务态度非常好，非常专业，值得信赖和推荐",
        "服务态度 非常好！非常专业，值得信赖和推荐。",
        "服务态度特别好，非常专业，值得信赖和推荐",
    )
    those = [one for i, said in enumerate(words) for one in seen(1, words=said, name=f"w{i}", day=TODAY)]
    other = seen(1, words="送餐的小伙子迟到了一会儿，饭菜有点凉", name="o", day=TODAY)
    assert found(those + other)[Flag.ALIKE].keys == {"w00", "w10", "w20"}
    assert not found(those[:2] + other)
    assert not found(seen(9, words="服务很好，谢谢", day=TODAY)), "so short that many say it"


def test_the_same_devices_at_three_providers_on_one_day_are_seen() -> None:
    def at(provider: int, devices: int, day: date = TODAY) -> list[Seen]:
        return [one for i in range(devices) for one in seen(1, device=f"d{i}", name=f"{provider}-{i}-", day=day)]

    several = dict(same_raters({1: at(1, 5), 2: at(2, 6), 3: at(3, 5), 4: at(4, 1)}, NUMBERS))
    assert set(several) == {1, 2, 3}
    assert several[2].keys == {f"2-{i}-0" for i in range(5)}
    assert several[1].evidence == {"day": "2026-11-18", "people": 5, "providers": 3}
    assert not list(same_raters({1: at(1, 4), 2: at(2, 6), 3: at(3, 5)}, NUMBERS))
    assert not list(same_raters({1: at(1, 5), 2: at(2, 5), 3: at(3, 5, LAST_WEEK)}, NUMBERS)), "on another day"


def test_a_county_and_a_city_are_too_good_to_be_true_and_a_good_provider_is_not() -> None:
    def flagged(n: int, bad: int, invited: int) -> bool:
        return too_good((bad, 0, 0, 0, n - bad), invited, NO_MIX, TODAY, NUMBERS) is not None

    assert flagged(25_852, 0, 25_852), "a county published 25,852 of 25,852"
    assert flagged(2_039_662, 204, 5_000_000), "a city, 99.99 %"
    assert flagged(300, 0, 900)
    assert flagged(300, 15, 302), "nearly everybody answered"
    assert not flagged(199, 0, 199), "not hundreds"
    for n in (200, 300, 1000, 10_000, 1_000_000):
        assert not flagged(n, n * 4 // 100, 3 * n)
    assert not flagged(10_000, 100, 30_000), "1 % bad"


def test_places_in_which_everybody_cheats_do_not_take_each_other_for_usual() -> None:
    assert too_good((1, 0, 0, 0, 9999), 50_000, (10, 10, 0, 0, 1_000_000), TODAY, NUMBERS)


@given(st.text(max_size=40))
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert plain_words(plain_words(words)) == plain_words(words)


@given(st.lists(st.builds(Seen, st.uuids().map(str), st.dates(LAST_WEEK, TODAY), st.integers(1, 5), early=st.booleans(), words=st.text(max_size=20)), max_size=20))  # fmt: skip
def test_evidence_is_counts_and_never_a_grade(those: list[Seen]) -> None:
    for one in findings(those, Usual(grades=USUAL), TODAY, NUMBERS):
        assert one.keys <= {each.key for each in those}
        assert not {"grade", "grades", "rater", "device", "inviter", "words"} & set(one.evidence)
