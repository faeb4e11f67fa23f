"""What makes a group of similar needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.groups import GroupDraft, may_put_in, refusals, words_in_common

GOOD = GroupDraft("楼道照明", (1, 2), "0901", "三号楼")


def said(draft: GroupDraft, listed: tuple[int, ...] = (1, 2), taken: tuple[int, ...] = ()) -> list[str]:
    return [refusal.beside for refusal in refusals(draft, categories=["0901"], listed=listed, taken=taken)]


def test_two_listed_needs_with_a_name_are_a_group() -> None:  # A37
    assert said(GOOD) == []
    assert said(GroupDraft("楼道", (1, 2))) == []


@pytest.mark.parametrize(
    ("draft", "beside"),
    [
        (GroupDraft("灯", (1, 2)), "title"),
        (GroupDraft("灯" * 61, (1, 2)), "title"),
        (GroupDraft("请打13812345678", (1, 2)), "title"),
        (GroupDraft("楼道", (1, 2), place="三" * 101), "place"),
        (GroupDraft("楼道", (1, 2), category="0101"), "category"),
        (GroupDraft("楼道", (1,)), "needs"),
        (GroupDraft("楼道", (1, 1)), "needs"),
        (GroupDraft("楼道", (1, 2, 3)), "needs"),
    ],
)
def test_what_is_no_group_is_refused_beside_its_field(draft: GroupDraft, beside: str) -> None:  # A37
    assert said(draft) == [beside]


def test_a_need_is_in_one_group_only() -> None:  # A37
    assert said(GOOD, taken=(2,)) == ["needs"]
    assert not list(may_put_in(1, listed=True, taken=False))
    assert list(may_put_in(1, listed=True, taken=True))
    assert list(may_put_in(1, listed=False, taken=False))


@given(st.text(), st.text())
def test_words_in_common_stand_in_both(one: str, other: str) -> None:  # A37
    for word in words_in_common(one, other):
        assert word in one
        assert word in other
        assert len(word) > 1


def test_the_longest_word_in_common_comes_first() -> None:  # A37
    assert words_in_common("小区电梯坏了", "小区里电梯坏了三天") == ["电梯坏了", "小区"]
    assert words_in_common("电梯", "食堂") == []
