"""What may be said as a need, who reads it, and how it moves on."""

import pytest

from portal.rules import needs
from portal.rules.needs import LISTED, NEXT, OPEN, Behalf, NeedDraft, NeedState
from portal.rules.numbers import Numbers
from portal.rules.wording import personal_numbers

CATEGORIES = ("04", "0401", "09", "0901")
SENSITIVE = Numbers().sensitive_categories


def refused(draft: NeedDraft, *, private: bool = False, open_needs: int = 0) -> list[tuple[str, str]]:
    found = needs.refusals(draft, categories=CATEGORIES, private=private, open_needs=open_needs, limit=5)
    return [(r.beside, r.text % r.values) for r in found]


@pytest.mark.parametrize("words", ["电梯", "楼道灯坏了", "灯" * 8000])
def test_two_characters_are_enough(words: str) -> None:  # A25, A37, B10
    assert not refused(NeedDraft(words))


@pytest.mark.parametrize(
    ("words", "said"), [("", "two characters"), ("灯", "two characters"), ("灯" * 8001, "at most 8000")]
)
def test_too_few_and_too_many_words_are_refused_beside_them(words: str, said: str) -> None:
    [(beside, text)] = refused(NeedDraft(words))
    assert beside == "words"
    assert said in text


def test_a_subject_is_one_of_the_catalogue_or_none() -> None:  # A20
    assert not refused(NeedDraft("电梯坏了", category="0901"))
    assert [beside for beside, _ in refused(NeedDraft("电梯坏了", category="77"))] == ["category"]


def test_a_place_is_short_and_names_no_number() -> None:
    assert [beside for beside, _ in refused(NeedDraft("电梯坏了", place="楼" * 101))] == ["place"]
    assert [beside for beside, _ in refused(NeedDraft("电梯坏了", place="找13800138000"))] == ["place"]


def test_open_needs_have_a_limit() -> None:
    assert not refused(NeedDraft("电梯坏了"), open_needs=4)
    assert [text for _, text in refused(NeedDraft("电梯坏了"), open_needs=5)] == [
        "You have 5 open needs here; please wait until some are answered."
    ]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert {beside for beside, _ in refused(NeedDraft("灯", "77", "找13800138000"), open_needs=5)} == {
        "words",
        "category",
        "",
        "place",
    }


def test_numbers_may_stand_in_what_only_the_committee_reads() -> None:
    assert not refused(NeedDraft("请打13800138000"), private=True)
    assert refused(NeedDraft("请打13800138000"))


@pytest.mark.parametrize(
    ("draft", "private"),
    [
        (NeedDraft("电梯坏了"), False),
        (NeedDraft("电梯坏了", category="0901"), False),
        (NeedDraft("电梯坏了", private=True), True),
        (NeedDraft("孩子没人接", about_child=True), True),  # A7
        (NeedDraft("孩子没人接", category="0501"), True),  # A7
        (NeedDraft("想找人谈谈", category="0301"), True),  # A11
        (NeedDraft("康复训练", category="06"), True),  # A14
        (NeedDraft("低保怎么办", category="01"), True),  # B19
        (NeedDraft("家里吵架", category="0801"), True),  # A15
        (NeedDraft("红白喜事", category="0802"), False),
        (NeedDraft("帮邻居说", behalf=Behalf.NEIGHBOUR), False),  # A8
    ],
)
def test_what_is_private_by_default(draft: NeedDraft, private: bool) -> None:
    assert needs.is_private(draft, SENSITIVE) is private


def test_a_need_about_a_child_is_never_published() -> None:  # A7
    waits = NeedState.SUBMITTED
    assert list(needs.may_publish(waits, about_child=True, private=True))
    assert not list(needs.may_publish(waits, about_child=False, private=True))
    assert list(needs.may_publish(waits, about_child=False, private=False))


@pytest.mark.parametrize("state", NeedState)
def test_only_what_the_committee_will_still_look_at_is_published_by_its_author(state: NeedState) -> None:  # A7, A24
    open_ = state in (NeedState.SUBMITTED, NeedState.RETURNED)
    assert (not list(needs.may_publish(state, about_child=False, private=True))) is open_


@pytest.mark.parametrize("state", NeedState)
def test_every_state_is_reached_and_says_what_comes_next(state: NeedState) -> None:  # A40
    assert state in NEXT
    assert state is NeedState.DRAFT or any(state in after for after in NEXT.values())
    for other in NeedState:
        assert bool(list(needs.moves(state, other))) is (other not in NEXT[state])


def test_only_what_is_accepted_is_listed_and_only_what_is_not_over_is_open() -> None:  # A24
    assert NeedState.SUBMITTED not in LISTED
    assert NeedState.CLOSED not in OPEN
    assert not {NeedState.DRAFT, NeedState.REJECTED, NeedState.MERGED} & {*LISTED, *OPEN}


@pytest.mark.parametrize("state", NeedState)
@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_support_is_for_listed_needs_of_others_that_still_wait(state: NeedState, private: bool, own: bool) -> None:
    over = state in (NeedState.ANSWERED, NeedState.CLOSED)
    allowed = state in LISTED and not over and not private and not own
    assert (not list(needs.may_support(state, private=private, own=own))) is allowed


def test_a_refusal_names_its_field() -> None:
    [refusal] = personal_numbers("13800138000", "words")
    assert refusal.beside == "words"
