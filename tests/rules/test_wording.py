"""Numbers that lead to a person do not stand in public text, however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.wording import personal_numbers, title_of

PHONES = [
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "138.0013.8000",
    "138—0013—8000",
    "+8613800138000",
    "+86 138 0013 8000",
    "86-13800138000",
    "１３８００１３８０００",
    "请打电话13800138000找我",
    "电话：0551-6360 1234",
    "024-72658888",
    "0410 72658888",
]
IDENTITY = [
    "11010519491231002X",
    "11010519491231002x",
    "440524188001010014",
    "110105 19491231 002X",
    "１１０１０５１９４９１２３１００２Ｘ",
]
CARDS = ["4111111111111111", "6222 0212 3456 7890 128", "4111-1111-1111-1111"]
HARMLESS = [
    "三号楼二单元102室",
    "2026年11月22日下午3点",
    "预算12345678元",
    "编号 20261122001",
    "12345热线没有回音",
    "楼里有1380个人",
    "第138号、第0013号",
    "110105194912310021",
    "4111111111111112",
    "990121100001",
]


@pytest.mark.parametrize("number", PHONES)
def test_a_phone_number_is_refused(number: str) -> None:  # B31, A24
    assert [("phone" in r.text, r.beside) for r in personal_numbers(f"老人在{number}等", "story")] == [(True, "story")]


@pytest.mark.parametrize("number", IDENTITY)
def test_an_identity_card_number_is_refused(number: str) -> None:  # B31
    assert ["identity-card" in r.text for r in personal_numbers(f"身份证{number}，谢谢", "story")] == [True]


@pytest.mark.parametrize("number", CARDS)
def test_a_bank_card_number_is_refused(number: str) -> None:  # B31
    assert ["bank-card" in r.text for r in personal_numbers(f"卡号 {number} 。", "story")] == [True]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_may_stand(text: str) -> None:
    assert not list(personal_numbers(text, "story"))


@given(st.text(alphabet="楼道灯坏了 0123456789-", max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    assert len(list(personal_numbers(text, "story"))) <= 1


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["", " ", "-", "—", "."]))
def test_every_mobile_number_is_seen(number: int, gap: str) -> None:
    digits = str(number)
    assert list(personal_numbers(f"找{digits[:3]}{gap}{digits[3:7]}{gap}{digits[7:]}", ""))


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("楼道灯坏了", "楼道灯坏了"),
        ("楼道灯坏了。晚上看不见。", "楼道灯坏了"),
        ("  \n 电梯\n坏了", "电梯"),
        ("The lift is broken. Please mend it.", "The lift is broken"),
        ("灯" * 60, "灯" * 39 + "…"),
        ("。", "。"),
    ],
)
def test_a_title_is_the_first_sentence(words: str, title: str) -> None:
    assert title_of(words) == title


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_a_title_is_never_empty_nor_long(words: str) -> None:
    assert 1 <= len(title_of(words)) <= 40
