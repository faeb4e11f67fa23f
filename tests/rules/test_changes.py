"""What may still be added to a signed contract."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.changes import ChangeDraft, Terms, change_refusals
from portal.rules.clauses import Condition, latest_end, term_refusals
from portal.rules.contracts import ContractState
from portal.rules.numbers import Numbers

LAW = Numbers()
SHOWN = {condition.value: "有三年预算与服务记录" for condition in Condition}
DAYS = st.dates(date(2004, 1, 1), date(2090, 12, 31))


def beside(refusals):
    return {refusal.beside for refusal in refusals}


@given(DAYS, st.lists(st.tuples(st.integers(1, 1500), st.booleans()), max_size=8))
def test_no_path_of_extensions_and_replacements_goes_beyond_three_years(first, steps):  # A42
    terms = Terms(ContractState.SERVING, 100, 0, first, latest_end(first, 1), first, first)
    for days, replaces in steps:
        ends_on = terms.ends_on + timedelta(days=days)
        if replaces:
            starts_on = terms.ends_on
            if not list(term_refusals(starts_on, ends_on, SHOWN, LAW, first)):
                terms = replace(terms, starts_on=starts_on, ends_on=ends_on)
            continue
        draft = ChangeDraft("继续服务一段时间", ends_on=ends_on, conditions=SHOWN, signed_on=first)
        if not list(change_refusals(draft, terms, LAW, first)):
            terms = replace(terms, ends_on=ends_on)
    assert terms.ends_on <= latest_end(first, 3)


@given(st.integers(1, 10**12), st.lists(st.integers(1, 10**11), max_size=8))
def test_supplements_are_never_above_a_tenth_of_the_first_price(price, amounts):  # 2.2 (Law 49)
    day = date(2026, 1, 1)
    terms = Terms(ContractState.SERVING, price, 0, day, latest_end(day, 1), day, day)
    for amount in amounts:
        draft = ChangeDraft("补充服务内容", amount_fen=amount, line_id=1, due_on=day, signed_on=day)
        if not list(change_refusals(draft, terms, LAW, day)):
            terms = replace(terms, supplements_fen=terms.supplements_fen + amount)
    assert terms.supplements_fen * 10 <= price


@pytest.mark.parametrize(("amount", "refused"), [(10_000, False), (10_001, True)])
def test_ten_percent_exactly_is_allowed(amount, refused):  # 2.2
    day = date(2026, 1, 1)
    terms = Terms(ContractState.SIGNED, 100_009, 0, day, latest_end(day, 1), day, day)
    draft = ChangeDraft("补充服务内容", amount_fen=amount, line_id=1, due_on=day, signed_on=day)
    assert beside(change_refusals(draft, terms, LAW, day)) == ({"amount"} if refused else set())


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.ENDED, ContractState.TERMINATED])
def test_only_a_running_contract_is_changed(state):
    day = date(2026, 1, 1)
    terms = Terms(state, 100, 0, day, latest_end(day, 1), day, day)
    draft = ChangeDraft("延期一个月", ends_on=terms.ends_on + timedelta(days=1), conditions=SHOWN, signed_on=day)
    assert "" in beside(change_refusals(draft, terms, LAW, day))


@pytest.mark.parametrize(("today", "refused"), [(date(2026, 12, 31), set()), (date(2027, 1, 1), {"ends_on"})])
def test_what_is_over_is_not_extended(today, refused):  # A42
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    terms = Terms(ContractState.SERVING, 100, 0, start, end, start, start)
    draft = ChangeDraft("再做一年。", date(2027, 12, 31), conditions=SHOWN, signed_on=today)
    assert beside(change_refusals(draft, terms, LAW, today)) == refused
