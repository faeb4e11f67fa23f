"""The parts in which a contract is paid."""

from datetime import date, timedelta

import pytest

from portal.rules.contracts import ContractState
from portal.rules.instalments import Owed, Part, instalment_refusals, payment_refusals
from portal.rules.numbers import Numbers

LAW = Numbers()


def beside(refusals):
    return {refusal.beside for refusal in refusals}


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
