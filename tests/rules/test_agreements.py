"""Terms of use, and the ledger of hours owed and delivered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from portal.rules.agreements import (
    AgreementDraft,
    Mode,
    Term,
    end_refusals,
    entry_refusals,
    hours_of,
    minutes_of,
    refusals,
)
from portal.rules.resources import ResourceKind

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
TERM = Term(FIRST, LAST)
TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("mode", "owed", "stands"),
    [
        (Mode.FREE_USE, 0, True),
        (Mode.FREE_USE, 60, False),
        (Mode.SERVICE_EXCHANGE, 60, True),
        (Mode.SERVICE_EXCHANGE, 0, False),
        (Mode.ENTRUSTED_OPERATION, 0, True),
        (Mode.ENTRUSTED_OPERATION, 60, True),
        (Mode.AGREED_EXCHANGE, 60, True),
        (Mode.AGREED_EXCHANGE, 0, False),
        (Mode.AGREED_EXCHANGE, None, False),
        (Mode.AGREED_EXCHANGE, -60, False),
        ("gift", 60, False),
    ],
)
def test_each_mode_owes_what_it_may(mode: str, owed: int | None, stands: bool) -> None:  # A51, A53
    draft = AgreementDraft(mode, FIRST, LAST, owed)
    found = list(refusals(draft, kind=ResourceKind.PREMISES, listed=True, serves=True, running=[]))
    assert bool(found) is not stands


@pytest.mark.parametrize(
    ("value", "valuation", "beside"),
    [
        (0, "", None),
        (100, "评估报告", None),
        (100, "", "valuation"),
        (0, "评估报告", "value"),
        (None, "", "value"),
        (-1, "x", "value"),
    ],
)
def test_a_value_in_kind_says_how_it_was_found(value: int | None, valuation: str, beside: str | None) -> None:  # A54
    draft = AgreementDraft(Mode.FREE_USE, FIRST, LAST, 0, value, valuation)
    found = list(refusals(draft, kind=ResourceKind.GOODS, listed=True, serves=True, running=[]))
    assert [one.beside for one in found] == ([beside] if beside else [])


days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
terms = st.tuples(days, days).filter(lambda pair: pair[0] <= pair[1]).map(lambda pair: Term(*pair))


@given(terms, terms)
def test_two_terms_overlap_if_a_day_is_in_both(one: Term, other: Term) -> None:  # A51
    def of(term: Term) -> set[date]:
        return {term.from_on + timedelta(days=n) for n in range((term.until_on - term.from_on).days + 1)}

    assert one.overlaps(other) is bool(of(one) & of(other))


class Ledger(RuleBasedStateMachine):
    """Any sequence of entries: what stands is never below zero nor above what is owed, and nothing is lost."""

    owed = 600

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[int] = []

    @rule(minutes=st.integers(-400, 700), day=st.integers(-5, 400))
    def enter(self, minutes: int, day: int) -> None:
        delivered = sum(self.entries)
        served_on = FIRST + timedelta(days=day)
        refused = list(
            entry_refusals(minutes, served_on, "义诊", term=TERM, today=TODAY, owed=self.owed, delivered=delivered)
        )
        possible = minutes != 0 and 0 <= delivered + minutes <= self.owed and FIRST <= served_on <= TODAY
        assert bool(refused) is not possible
        if not refused:
            self.entries.append(minutes)

    @invariant()
    def hours_are_conserved(self) -> None:  # A53
        given_, back = sum(one for one in self.entries if one > 0), -sum(one for one in self.entries if one < 0)
        assert 0 <= given_ - back <= self.owed


TestLedger = Ledger.TestCase


@given(st.integers(0, 10**6))
def test_hours_are_read_as_they_are_written(minutes: int) -> None:  # A53
    assert minutes_of(hours_of(minutes)) == minutes


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("12", 720), ("12.5", 750), ("１２", 720), ("0.05", 3), ("2 小时", 120), ("", 0)]
    + [(odd, None) for odd in ("0.33", "1:60", "-1", "9" * 30, "养")],
)
def test_hours_are_whole_minutes_or_refused(typed: str, minutes: int | None) -> None:  # A53
    assert minutes_of(typed) == minutes


@pytest.mark.parametrize(
    ("ended_on", "reason", "ended", "beside"),
    [
        (TODAY, "搬走了", False, []),
        (LAST, "搬走了", False, []),
        (TODAY - timedelta(days=1), "搬走了", False, ["ended_on"]),
        (LAST + timedelta(days=1), "搬走了", False, ["ended_on"]),
        (TODAY, "", False, ["reason"]),
        (TODAY, "搬走了", True, [""]),
    ],
)
def test_an_agreement_ends_early_on_one_of_its_days_with_a_reason(  # A51
    ended_on: date, reason: str, ended: bool, beside: list[str]
) -> None:
    found = end_refusals(ended_on, reason, term=TERM, ended=ended, today=TODAY)
    assert [one.beside for one in found] == beside
