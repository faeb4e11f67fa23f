"""The term, the parties and the sums of a contract."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.contracts import (
    GIVEN,
    NEXT,
    TYPED,
    ChangeDraft,
    Clause,
    Condition,
    ContractState,
    Owed,
    Part,
    Party,
    PartyRole,
    Terms,
    change_refusals,
    instalment_refusals,
    latest_end,
    missing,
    needs_conditions,
    next_refusals,
    payment_refusals,
    refusals_of_parties,
    term_refusals,
    termination_refusals,
    unheld_refusals,
)
from portal.rules.numbers import Numbers

LAW = Numbers()
SHOWN = {condition.value: "有三年预算与服务记录" for condition in Condition}
DAYS = st.dates(date(2004, 1, 1), date(2090, 12, 31))


def beside(refusals):
    return {refusal.beside for refusal in refusals}


@pytest.mark.parametrize(
    ("start", "latest"),
    [
        (date(2024, 1, 1), date(2026, 12, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2024, 3, 1), date(2027, 2, 28)),
        (date(2025, 12, 31), date(2028, 12, 30)),
    ],
)
def test_the_latest_end_is_that_of_the_table(start, latest):  # A42, 1.4
    assert latest_end(start, 3) == latest
    assert not list(term_refusals(start, latest, SHOWN, LAW))
    assert beside(term_refusals(start, latest + timedelta(days=1), SHOWN, LAW)) == {"ends_on"}


@given(DAYS)
def test_no_day_belongs_to_four_years(start):  # A42
    latest = latest_end(start, 3)
    assert 3 * 365 - 1 <= (latest - start).days <= 3 * 365
    assert latest_end(latest + timedelta(days=1), 3) > latest


@pytest.mark.parametrize(
    ("start", "end", "asks"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), False),
        (date(2026, 1, 1), date(2027, 1, 1), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_above_a_year_all_conditions_are_asked(start, end, asks):  # A41
    assert needs_conditions(start, end, LAW) == asks
    assert beside(term_refusals(start, end, {}, LAW)) == ({one.value for one in Condition} if asks else set())


@pytest.mark.parametrize("lacking", list(Condition))
def test_four_conditions_of_five_are_not_enough(lacking):  # A41
    shown = {name: words for name, words in SHOWN.items() if name != lacking.value}
    assert beside(term_refusals(date(2026, 1, 1), date(2027, 6, 30), shown, LAW)) == {lacking.value}


def test_a_place_may_set_the_years():  # A44
    strict = replace(LAW, longest_contract_years=2)
    assert beside(term_refusals(date(2026, 1, 1), date(2028, 1, 1), SHOWN, strict)) == {"ends_on"}


def test_a_term_does_not_end_before_it_begins():
    assert beside(term_refusals(date(2026, 1, 2), date(2026, 1, 1), {}, LAW)) == {"ends_on"}
    assert beside(term_refusals(None, None, {}, LAW)) == {"starts_on"}


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


BUYER = Party(PartyRole.PURCHASER, "柳溪县民政局", region_id=3)
SERVER = Party(PartyRole.PROVIDER, "晨光社会工作服务中心", provider_id=7)


@pytest.mark.parametrize(
    ("parties", "evaluators", "where"),
    [
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "长桥社区居委会", region_id=5)], ["第三方评估公司"], set()),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "晨光 社会工作服务中心")], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "别的名字", provider_id=7)], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "柳溪县民政局")], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "别的名字", region_id=3)], [], {"assisting"}),
        ([BUYER, Party(PartyRole.PROVIDER, "柳溪县民政局", provider_id=9)], [], {"purchaser"}),
        ([BUYER, SERVER, *[Party(PartyRole.ASSISTING, "志愿者协会")] * 2], [], {"assisting"}),
        ([BUYER, SERVER, Party(PartyRole.ASSISTING, "明察评估公司")], ["明察评估公司"], {"assisting"}),
        ([BUYER, SERVER], ["晨光社会工作服务中心"], {"provider"}),
    ],
)
def test_nobody_stands_on_two_sides(parties, evaluators, where):  # A28, 1.5
    assert beside(refusals_of_parties(parties, evaluators)) == where


def test_there_are_twelve_clauses_and_four_of_them_nobody_types():  # B23
    assert len(Clause) == 12
    assert len(TYPED) == 8
    assert set(GIVEN) | set(TYPED) == set(Clause)


@given(st.sets(st.sampled_from(TYPED)), st.booleans(), st.booleans())
def test_what_is_missing_is_exactly_what_is_not_there(written, priced, paid):  # B23
    found = set(missing({clause.value: "写明" for clause in written}, priced=priced, paid=paid))
    expected = set(TYPED) - written
    expected |= set() if priced else {Clause.PRICE}
    expected |= set() if paid else {Clause.PAYMENT}
    assert found == expected


def test_instalments_follow_each_other_within_the_term_and_some_days():  # B23
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    last = end + timedelta(days=LAW.payment_days)

    def refused(*days):
        parts = [Part(50, day, number=n) for n, day in enumerate(days, 1)]
        return beside(instalment_refusals(parts, 50 * len(days), start, end, LAW))

    assert refused(start, last) == set()
    assert refused(start, last + timedelta(days=1)) == {"part2_due"}
    assert refused(start - timedelta(days=1)) == {"part1_due"}
    assert refused(end, start) == {"part2_due"}


@pytest.mark.parametrize(
    ("amount", "earlier_open", "today", "where"),
    [
        (100, False, date(2026, 3, 1), set()),
        (70, False, date(2026, 3, 2), set()),
        (101, False, date(2026, 3, 1), {"amount"}),
        (0, False, date(2026, 3, 1), {"amount"}),
        (None, False, date(2026, 3, 1), {"amount"}),
        (100, False, date(2026, 2, 28), {"amount"}),
        (100, True, date(2026, 3, 1), {""}),
    ],
)
def test_an_instalment_is_paid_in_its_turn_when_due_and_never_above(amount, earlier_open, today, where):  # B23
    owed = Owed(100, 100, date(2026, 3, 1), earlier_open=earlier_open)
    assert beside(payment_refusals(amount, owed, ContractState.SERVING, today)) == where


def test_what_follows_from_the_evaluation_or_was_promised_to_another_is_not_paid():  # A65, B33
    day = date(2026, 3, 1)
    assert beside(payment_refusals(100, Owed(100, 100, day, waits=True), ContractState.SERVING, day)) == {""}
    assert beside(payment_refusals(61, Owed(100, 60, day), ContractState.SERVING, day)) == {"amount"}
    assert not list(payment_refusals(60, Owed(100, 60, day), ContractState.SERVING, day))


@pytest.mark.parametrize(("today", "refused"), [(date(2026, 12, 31), set()), (date(2027, 1, 1), {"ends_on"})])
def test_what_is_over_is_not_extended(today, refused):  # A42
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    terms = Terms(ContractState.SERVING, 100, 0, start, end, start, start)
    draft = ChangeDraft("再做一年。", date(2027, 12, 31), conditions=SHOWN, signed_on=today)
    assert beside(change_refusals(draft, terms, LAW, today)) == refused


def test_the_year_of_the_conditions_counts_from_the_first_contract_of_a_chain():  # A41
    start, end = date(2026, 7, 1), date(2027, 1, 1)
    assert not list(term_refusals(start, end, {}, LAW))
    assert beside(term_refusals(start, end, {}, LAW, date(2026, 1, 1))) == {one.value for one in Condition}


def test_what_was_accepted_is_not_broken_off_and_who_is_served_only_by_an_exit():  # B33
    assert not list(termination_refusals(ContractState.SERVING, accepted=False))
    assert list(termination_refusals(ContractState.SERVING, accepted=True))
    assert [state for state in ContractState if list(unheld_refusals(state))] == [ContractState.SERVING]


@given(st.lists(st.sampled_from(ContractState), max_size=12))
def test_a_contract_ends_once_and_for_all(wanted):
    state, way = ContractState.DRAFT, []
    for to in wanted:
        if not list(next_refusals(state, to)):
            state = to
            way.append(to)
    assert len(way) == len(set(way))
    assert ContractState.SERVING not in way or way[0] is ContractState.SIGNED
    assert not {ContractState.ENDED, ContractState.TERMINATED} <= set(way)
    assert all(not NEXT[over] for over in (ContractState.ENDED, ContractState.TERMINATED))
