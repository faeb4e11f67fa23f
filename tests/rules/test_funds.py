import pytest

from portal.rules.funds import (
    EntryDraft,
    FundDraft,
    FundKind,
    Way,
    entry_refusals,
    fund_refusals,
    may_allocate,
    may_commit,
    may_correct,
    may_resize,
)


def beside(refusals: object) -> list[str]:
    return [one.beside for one in refusals]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [*FundKind])
def test_money_comes_from_one_of_five_sources(kind: str) -> None:  # A18, A47, A57, A59, B24
    assert beside(fund_refusals(FundDraft("年度资金", kind, 2026))) == []


def test_a_fund_has_a_name_a_source_a_year_and_a_known_channel() -> None:  # A18, A49
    assert beside(fund_refusals(FundDraft("", "gifts", None, "anyone"))) == ["name", "kind", "year", "channel"]
    assert beside(fund_refusals(FundDraft("年度资金", "budget", 2026, "party_org"))) == []


@pytest.mark.parametrize(
    ("amount", "free", "refused"),
    [
        (100, 100, False),
        (101, 100, True),
        (0, 100, True),
        (-1, 100, True),
        (None, 100, True),
        (1, 0, True),
        (1, -5, True),
    ],
)
def test_no_more_than_is_free_goes_out_or_is_given_on(amount: int | None, free: int, refused: bool) -> None:  # B24, B26
    expected = ["amount"] if refused else []
    assert beside(entry_refusals(EntryDraft(Way.DIRECT, amount, "办公用品"), free)) == expected
    assert beside(may_allocate(amount, free, above="1.", below="1.2.", first=False)) == expected
    assert beside(may_commit(amount or 0, free)) == expected


def test_income_is_not_limited_by_what_is_free() -> None:  # A59
    assert beside(entry_refusals(EntryDraft(Way.INCOME, 5, "捐款"), 0)) == []
    assert beside(entry_refusals(EntryDraft("purchase", 5, "捐款"), 10)) == ["way"]


@pytest.mark.parametrize(
    ("above", "below", "first", "refused"),
    [
        ("1.2.", "1.2.3.", False, False),
        ("1.2.", "1.2.", False, True),
        ("1.2.", "1.2.", True, False),
        ("1.2.", "1.", True, True),
        ("1.2.", "1.22.", True, True),
        ("1.2.", "1.3.", False, True),
    ],
)
def test_money_goes_down_only(above: str, below: str, first: bool, refused: bool) -> None:  # B26
    assert beside(may_allocate(1, 10, above=above, below=below, first=first)) == (["place"] if refused else [])


def test_no_line_is_made_smaller_than_what_is_promised() -> None:  # B24
    assert beside(may_resize(50, used_fen=50, room_fen=80)) == []
    assert beside(may_resize(49, used_fen=50, room_fen=80)) == ["amount"]
    assert beside(may_resize(81, used_fen=50, room_fen=80)) == ["amount"]


def test_an_entry_is_corrected_once_and_only_while_its_money_is_free() -> None:  # A59
    usual = {"corrected": False, "is_counter": False, "free_fen": 100}
    assert beside(may_correct("income", 100, **usual)) == []
    assert beside(may_correct("income", 101, **usual)) == [""]
    assert beside(may_correct("direct", -500, **usual)) == []
    assert beside(may_correct("income", 1, **(usual | {"corrected": True}))) == [""]
    assert beside(may_correct("income", 1, **(usual | {"is_counter": True}))) == [""]
    assert beside(may_correct("purchase", -1, **usual)) == [""]


def test_what_everyone_reads_holds_no_telephone_number() -> None:  # A59, B31
    assert beside(entry_refusals(EntryDraft(Way.INCOME, 5, "捐款人电话 13812345678"), 0)) == ["words"]
