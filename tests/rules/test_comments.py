"""What may be done with words, whatever they are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.comments import (
    KINDS,
    LONGEST_NAME,
    MASK,
    CommentState,
    Verdict,
    answer_refusals,
    appeal_refusals,
    hiding_refusals,
    in_drawn_order,
    mask_in_effect,
    masked,
    masking_refusals,
    may_decide,
    names_in,
    state_after,
)
from portal.rules.raising import best_grades_to, carried, mark_below, next_mark
from portal.rules.scoring import DEFAULT_MIX, provider_score
from portal.rules.wording import without_numbers

TEXT = st.text("王小红李明态度差好，。 〔〕staffperson1", max_size=60)
NAME = st.text("王小红李明态度差", min_size=2, max_size=4)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@given(st.lists(st.sampled_from(Verdict), max_size=12))
def test_no_row_of_verdicts_hides_with_fewer_than_two_who_want_it(verdicts: list[Verdict]) -> None:  # point 10
    state, hides = CommentState.WAITING, 0
    for verdict in verdicts:
        hides += verdict is Verdict.HIDE
        state = state_after(state, verdict, hides)
        if state is CommentState.HIDDEN:
            break
    assert (state is CommentState.HIDDEN) == (hides >= 2)


@given(st.lists(st.sampled_from("abc"), max_size=8))
def test_a_mask_is_shown_once_a_second_said_exactly_the_same_since_the_last(texts: list[str]) -> None:  # trust 4.6
    at = mask_in_effect(texts)
    assert (at is None) == (len(set(texts)) == len(texts))
    if at is not None:
        assert texts[:at].count(texts[at]) >= 1
        assert mask_in_effect(texts[: at + 1]) == at
        assert mask_in_effect(texts[at + 1 :]) is None


def test_one_mask_changes_nothing_and_the_second_lets_the_words_go() -> None:
    waiting = CommentState.WAITING
    assert state_after(waiting, Verdict.MASK, 0) is waiting
    assert state_after(waiting, Verdict.MASK, 0, confirmed=True) is CommentState.CLEARED


@given(TEXT, st.lists(NAME, max_size=3, unique=True))
def test_a_mask_replaces_these_characters_and_no_other(words: str, names: list[str]) -> None:  # point 10
    names = names_in("\n".join(names))
    shown = masked(words, names, "staff")
    kept = MASK.split(shown)
    at = 0
    for part in kept:
        at = words.index(part, at) + len(part)
    assert not any(name in part for name in names for part in kept)
    assert masked(shown, names, "person") == shown


@given(TEXT, st.lists(NAME, min_size=1, max_size=4))
def test_whatever_is_masked_half_stays_to_be_read(words: str, names: list[str]) -> None:
    if not list(masking_refusals(words, words, names, "person")):
        assert 2 * len("".join(MASK.split(masked(words, names, "person")))) >= len(words)


@pytest.mark.parametrize("name", ["差", "长" * (LONGEST_NAME + 1), "不在里面"])
def test_what_is_no_name_or_is_not_there_is_not_masked(name: str) -> None:
    assert list(masking_refusals("王小红态度差。", "王小红态度差。", [name], "staff"))


def test_words_are_hidden_for_the_four_kinds_only() -> None:
    assert set(KINDS) == {"names", "abuse", "advert", "personal"}
    for kind in KINDS:
        assert not list(hiding_refusals(kind, "有辱骂。"))
    for kind, reason in (("bad", "不好。"), ("abuse", ""), ("abuse", "请打13800138000"), ("", "有辱骂。")):
        assert list(hiding_refusals(kind, reason))


@pytest.mark.parametrize("kept_out", ["tied", "decided", "appealed"])
def test_who_is_tied_or_has_decided_or_comes_too_late_may_not(kept_out: str) -> None:
    facts = {"tied": False, "decided": False, "appealed": False}
    for state in (CommentState.WAITING, CommentState.CLEARED, CommentState.PUBLISHED):
        assert not list(may_decide(state, **facts))
        assert list(may_decide(state, **facts | {kept_out: True}))
    assert list(may_decide(CommentState.HIDDEN, **facts))


def test_an_appeal_is_made_once_in_time_about_something() -> None:
    fine = {"touched": True, "appealed": False, "now": NOW, "until": NOW}
    assert not list(appeal_refusals("我说的是事实。", **fine))  # type: ignore[arg-type]
    late = NOW + timedelta(seconds=1)
    for change in ({"touched": False}, {"appealed": True}, {"now": late}):
        assert list(appeal_refusals("我说的是事实。", **fine | change))  # type: ignore[arg-type]
    assert list(appeal_refusals("", **fine))  # type: ignore[arg-type]


@given(st.text(), st.sets(st.integers(1, 99), min_size=1, max_size=9))
def test_a_draw_can_be_done_again_and_forgets_nobody(seed: str, people: set[int]) -> None:
    drawn = in_drawn_order(seed, people)
    assert drawn == in_drawn_order(seed, sorted(people, reverse=True))
    assert set(drawn) == people


def test_a_draw_favours_nobody() -> None:
    first = [in_drawn_order(str(seed), range(4))[0] for seed in range(2000)]
    assert all(400 < first.count(person) < 600 for person in range(4))


def test_an_answer_is_given_once() -> None:
    assert not list(answer_refusals("谢谢提醒，已改进。", answered=False))
    assert list(answer_refusals("谢谢提醒，已改进。", answered=True))
    assert list(answer_refusals("请打13800138000", answered=False))


@given(st.text(max_size=80))
def test_masking_numbers_adds_nothing_but_masks(words: str) -> None:  # trust 4.6
    assert without_numbers(words, "", "") == words or len(without_numbers(words, "", "")) < len(words)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("打13800138000", "打#"),
        ("打 138-0013-8000 或 0431-8888-1234", "打 # 或 #"),
        ("１３８００１３８０００", "#"),
        ("身份证11010519491231002X号", "身份证#号"),
        ("卡6222 0200 1234 5678 901。", "卡#。"),
        ("写给a.b-c@mail.example.cn吧", "写给@吧"),
        ("来了3次，2026年11月20日", "来了3次，2026年11月20日"),
    ],
)
def test_numbers_that_lead_to_a_person_are_masked(words: str, shown: str) -> None:  # trust 4.6
    assert without_numbers(words, "#", "@") == shown


@given(st.tuples(*[st.integers(0, 60)] * 5).filter(lambda counts: sum(counts) >= 10), st.sampled_from((60, 70, 80, 90)))
def test_so_many_best_grades_lift_the_lower_bound_and_one_fewer_does_not(
    counts: tuple[int, int, int, int, int], mark: int
) -> None:  # point 11
    further = best_grades_to(mark, counts, DEFAULT_MIX, weight=5)
    if further is None:
        return
    lows = [
        round(provider_score((*counts[:4], counts[4] + more), DEFAULT_MIX, weight=5).low, 2)
        for more in (further, further - 1)
        if more >= 0
    ]
    assert lows[0] >= mark
    assert further == 0 or lows[1] < mark


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)), max_size=8))
def test_reasons_are_shown_five_at_a_time_and_none_is_lost(releases: list[dict[str, int]]) -> None:
    waiting: dict[str, int] = {}
    told = dict.fromkeys("abc", 0)
    for ticked in releases:
        shown, waiting = carried(waiting, ticked, 5)
        assert all(count >= 5 for count in shown.values())
        assert all(0 < count < 5 for count in waiting.values())
        for reason, count in shown.items():
            told[reason] += count
    for reason in "abc":
        assert told[reason] + waiting.get(reason, 0) == sum(one.get(reason, 0) for one in releases)


def test_marks_are_decided_on_hundredths() -> None:
    assert (mark_below(79.994, (80,)), mark_below(79.996, (80,))) == (0, 80)
    assert (next_mark(80.0, (60, 80)), next_mark(59.999, (60, 80))) == (None, 80)
