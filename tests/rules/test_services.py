"""Which services may be recorded, on which contract, and what may stand in a list of them. A11, A27, trust 5."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import Refusal
from portal.rules.numbers import Numbers
from portal.rules.ratings import Channel, Outcome
from portal.rules.service_lists import (
    HEADINGS,
    MOST_LINES,
    OUTCOME_WORDS,
    TEMPLATE,
    ServiceLine,
    doubles,
    draft_of,
    line_of,
    numbered,
    read_services,
    service_text,
)
from portal.rules.services import (
    CODE_LENGTH,
    CODE_SIGNS,
    OUTCOMES,
    ServiceDraft,
    Term,
    code_typed,
    contract_for,
    quarter_of,
    service_refusals,
)
from portal.rules.tables import BadTable, columns_of

TODAY = date(2026, 11, 22)
TERM = Term(7, "0401", "1.2.", date(2026, 1, 1), date(2026, 12, 31))


def beside(**given: Any) -> list[str]:
    draft = {"category": "0401", "served_on": TODAY, "phone": "13800138000"}
    draft |= {name: given.pop(name) for name in list(given) if name in ServiceDraft.__dataclass_fields__}
    values: dict[str, Any] = {
        "today": TODAY,
        "categories": {"04", "0401"},
        "serves_here": True,
        "own_staff": False,
        "by_provider": False,
        "needs_contract": False,
        "contract_id": None,
        "numbers": Numbers(),
    } | given
    return [refusal.beside for refusal in service_refusals(ServiceDraft(**draft), **values)]  # type: ignore[arg-type]


def test_a_service_is_recorded_after_it_ended_and_not_long_after() -> None:
    assert beside() == []
    assert beside(served_on=TODAY + timedelta(days=1)) == ["served_on"]
    assert beside(served_on=TODAY - timedelta(days=90)) == []
    assert beside(served_on=TODAY - timedelta(days=91)) == ["served_on"]


def test_a_service_has_a_kind_an_outcome_and_a_provider_of_the_place() -> None:
    assert beside(category="04") == ["category"]
    assert beside(category="0499") == ["category"]
    assert beside(outcome="fine") == ["outcome"]
    assert beside(channel="pigeon") == ["channel"]
    assert beside(serves_here=False) == ["provider"]
    assert beside(serves_here=False, contract_id=7) == []


def test_a_message_needs_a_number_and_paper_does_not() -> None:
    assert beside(phone="12345") == ["phone"]
    assert beside(phone="") == ["phone"]
    for channel in (Channel.SLIP, Channel.COUNTER, Channel.VISIT):
        assert beside(channel=channel.value, phone="") == []
        assert beside(channel=channel.value, phone="12345") == ["phone"]


def test_a_grade_is_entered_for_her_after_a_telephone_call_only() -> None:
    assert beside(channel="phone") == ["grade"]
    assert beside(channel="phone", grade=6) == ["grade"]
    assert beside(channel="phone", grade=1) == []
    assert beside(channel="sms", grade=5) == ["grade"]
    assert beside(channel="phone", grade=5, by_provider=True) == ["channel"]


def test_a_provider_neither_rates_itself_nor_asks_outside_of_its_contracts() -> None:
    assert beside(own_staff=True) == ["phone"]
    assert beside(needs_contract=True) == ["category"]
    assert beside(needs_contract=True, contract_id=7) == []


def test_a_contract_covers_its_kind_its_place_and_its_days() -> None:
    assert contract_for([TERM], "0401", "1.2.3.", TODAY) == 7
    assert contract_for([TERM], "0402", "1.2.3.", TODAY) is None
    assert contract_for([TERM], "0401", "1.20.", TODAY) is None
    assert contract_for([TERM], "0401", "1.2.", date(2027, 1, 1)) is None
    assert contract_for([TERM], "0401", "1.2.", date(2025, 12, 31)) is None


def test_of_several_contracts_the_one_of_exactly_this_kind_counts_then_the_newest() -> None:
    group, newer = Term(9, "04", "1.", TERM.first, TERM.last), Term(8, "0401", "1.", TERM.first, TERM.last)
    assert contract_for([group, TERM, newer], "0401", "1.2.", TODAY) == 8
    assert contract_for([group, TERM], "0402", "1.2.", TODAY) == 9


@given(st.text(CODE_SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.sampled_from(" -–."))
def test_the_code_of_a_slip_is_found_however_it_is_typed(code: str, between: str) -> None:
    typed = between.join(code[at : at + 4] for at in range(0, len(code), 4))
    assert code_typed(typed.lower()) == code_typed(f"https://x.cn/rate/{code}/") == code


@given(st.text())
def test_what_is_no_code_breaks_nothing(typed: str) -> None:
    code_typed(typed)


def test_no_sign_of_a_code_looks_like_another() -> None:
    assert not set(CODE_SIGNS) & set("0O1IL")
    assert len(CODE_SIGNS) ** CODE_LENGTH > 2**79


def test_a_quarter_has_three_months() -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert [quarter_of(day) for day in days] == [f"2026Q{number}" for number in (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)]


# Lists


@pytest.mark.parametrize("heading", TEMPLATE.values())
def test_the_empty_list_names_every_column_as_it_is_read(heading: tuple[str, ...]) -> None:
    assert columns_of(heading, HEADINGS) == {name: place for place, name in enumerate(HEADINGS)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_list_is_read_as_spreadsheets_save_it(encoding: str) -> None:  # A21's style
    text = "手机号;编号;日期;结果;合同编号\n13800138000;A-1;2026/11/3;未上门;12\n"
    line = ServiceLine("A-1", "12", "", "", "2026/11/3", "未上门", "", "13800138000")
    assert read_services(service_text(text.encode(encoding))) == {2: line}


def test_a_list_without_its_columns_or_too_long_is_refused_whole() -> None:
    for text in ("", "编号,日期\n", "a,b\n1,2\n", "编号,日期\n" + "1,2026-11-01\n" * (MOST_LINES + 1)):
        with pytest.raises(BadTable):
            read_services(text)
    assert len(read_services("编号,日期\n" + "1,2026-11-01\n" * MOST_LINES)) == MOST_LINES


@pytest.mark.parametrize("sent", [None, {}, "x", [1], [], [None]])
def test_what_another_system_sends_is_a_list_of_services(sent: object) -> None:
    with pytest.raises(BadTable):
        numbered(sent)


def test_odd_cells_of_another_system_count_as_empty_or_as_text() -> None:
    assert line_of({"contract": 12, "reference": ["x"], "phone": None, "place": {"a": 1}, "odd": 3}) == ServiceLine(
        contract="12"
    )


def test_a_reference_is_there_and_used_once() -> None:
    lines = {
        2: ServiceLine("A"),
        3: ServiceLine("A"),
        4: ServiceLine(""),
        5: ServiceLine("x" * 61),
        6: ServiceLine("B"),
    }
    assert sorted(doubles(lines)) == [3, 4, 5]


def test_every_outcome_can_be_written_in_a_list_and_nothing_else() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome) == {Outcome(code) for code in OUTCOMES}
    for outcome in Outcome:
        draft = draft_of(ServiceLine(day="2026-11-22", outcome=outcome.value), "0401")
        assert isinstance(draft, ServiceDraft)
        assert draft.outcome == outcome
    refused = [
        draft_of(ServiceLine(day="2026-02-30"), "0401"),
        draft_of(ServiceLine(day="2026-11-22", outcome="well"), "0401"),
        draft_of(ServiceLine(day="2026-11-22", channel="slip"), "0401"),
    ]
    assert [one.beside for one in refused if isinstance(one, Refusal)] == ["day", "outcome", "channel"]


@given(st.text())
def test_no_text_breaks_the_reading_of_a_list(text: str) -> None:
    try:
        lines = read_services(f"编号,日期,结果,方式,手机号\n{text}")
    except BadTable:
        return
    for line in lines.values():
        draft_of(line, "0401")
