"""The way of a bad rating: which steps there are, who may take them, and how long each may last."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import portal
from portal.rules.case_rates import shown_rates
from portal.rules.cases import (
    BY_OTHER_BODY,
    BY_RESIDENT,
    HANDLED,
    RISING,
    CaseState,
    Finding,
    Move,
    Standing,
    begun,
    due_on,
    move_refusals,
    moved,
    rises_on,
    working_days,
)
from portal.rules.clocks import works
from portal.rules.numbers import Numbers
from portal.rules.permissions import Actor, Grant, Role
from portal.rules.redress import (
    CaseDraft,
    bodies_of,
    body_of,
    instead_refusals,
    opening_refusals,
    other_body_refusals,
    reopening_refusals,
    tied_refusals,
)

S, M = CaseState, Move
NUMBERS = Numbers()


def the_calendar() -> dict[date, bool]:
    """The working days of 2025 and 2026 as the State Council announced them."""
    path = Path(portal.__file__).parent / "policies" / "working_calendar.csv"
    with path.open(encoding="utf-8") as file:
        return {date.fromisoformat(row["day"]): row["works"] == "1" for row in csv.DictReader(file)}


CALENDAR = the_calendar()
TWO_YEARS = [date(2025, 1, 1) + timedelta(days=day) for day in range(730 - 31)]
"""Without the last month, whose deadlines lie in a year that has no calendar yet."""


def follow(*moves: Move, named: bool = True) -> Standing:
    standing = begun(named=named)
    for move in moves:
        assert not list(move_refusals(standing, move)), (standing, move)
        standing = moved(standing, move)
    return standing


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ((M.CONTACT, M.UPHOLD, M.REPAIR, M.CONFIRM), S.CLOSED),
        ((M.CONTACT, M.UPHOLD, M.REPAIR, M.SILENCE, M.ACCEPT), S.CLOSED),
        ((M.CONTACT, M.UPHOLD, M.REPAIR, M.SILENCE, M.RETURN), S.REPAIRING),
        ((M.CONTACT, M.UPHOLD, M.REPAIR, M.REJECT), S.REPAIRING),
        ((M.CONTACT, M.UPHOLD, M.REPAIR, M.REJECT, M.REPAIR, M.REJECT), S.CHECKING),
        ((M.CONTACT, M.MISTAKE, M.CONFIRM), S.CLOSED),
        ((M.CONTACT, M.MISTAKE, M.REJECT), S.VERIFYING),
        ((M.CONTACT, M.ACCUSE, M.AGREE), S.CLOSED),
        ((M.CONTACT, M.ACCUSE, M.AGREE, M.REOPEN), S.VERIFYING),
        ((M.CONTACT, M.ACCUSE, M.CLEAR, M.UPHOLD), S.REPAIRING),
        ((M.WITHDRAW, M.REOPEN), S.VERIFYING),
        ((M.CONTACT, M.UPHOLD, M.REPAIR, M.CONFIRM, M.REOPEN, M.REPAIR, M.CONFIRM), S.CLOSED),
    ],
)
def test_the_ways_of_a_case_with_a_name(moves: tuple[Move, ...], state: CaseState) -> None:  # 1.6
    assert follow(*moves).state is state


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ((M.UPHOLD, M.REPAIR, M.ACCEPT), S.CLOSED),
        ((M.UPHOLD, M.REPAIR, M.RETURN, M.REPAIR), S.CHECKING),
        ((M.MISTAKE, M.ACCEPT), S.CLOSED),
    ],
)
def test_the_ways_of_a_batch(moves: tuple[Move, ...], state: CaseState) -> None:
    assert follow(*moves, named=False).state is state


def test_nobody_calls_ratings_without_names_malicious() -> None:  # issue 5, 6
    assert list(move_refusals(begun(named=False), M.ACCUSE))


def test_what_another_body_cleared_is_not_called_malicious_again() -> None:
    assert list(move_refusals(follow(M.CONTACT, M.ACCUSE, M.CLEAR), M.ACCUSE))


def test_a_case_is_opened_again_once() -> None:  # 1.6
    again = follow(M.CONTACT, M.UPHOLD, M.REPAIR, M.CONFIRM, M.REOPEN, M.REPAIR, M.CONFIRM)
    assert list(move_refusals(again, M.REOPEN))
    assert list(move_refusals(follow(M.CONTACT, M.UPHOLD, M.REPAIR, M.REJECT, M.REPAIR, M.CONFIRM), M.REOPEN))


PLACE = "1.2.3."
HANDLERS = [
    Actor(number, "", (grant,))
    for number, grant in enumerate(
        [Grant(Role.COMMITTEE, PLACE)] * 2 + [Grant(Role.OFFICIAL, "1.2.")] * 2 + [Grant(Role.OFFICIAL, "1.")], 1
    )
]
"""Two of a committee, two of the office above it, and one of the next."""


class Cases(RuleBasedStateMachine):
    """Everyone tries every step in any order."""

    @initialize(named=st.booleans())
    def begin(self, named: bool) -> None:
        self.standing = begun(named=named)
        self.done: list[Move] = []
        self.people: list[Actor] = []
        self.reopenings = 0

    @rule(move=st.sampled_from(Move), complex=st.booleans(), who=st.sampled_from(HANDLERS))
    def take(self, move: Move, complex: bool, who: Actor) -> None:
        before = self.standing
        if list(move_refusals(before, move)):
            return
        steps = [
            (one.id, body_of(one, PLACE)) for step, one in zip(self.done, self.people, strict=True) if step in HANDLED
        ]
        if move in BY_OTHER_BODY and list(other_body_refusals(who, PLACE, *map(set, zip(*steps, strict=True)))):
            return
        self.standing = moved(before, move, complex=complex)
        self.done.append(move)
        self.people.append(who)
        self.reopenings += self.standing.reopened and not before.reopened

    @precondition(lambda self: self.standing.state is S.CLOSED)
    @invariant()
    def only_she_or_another_body_closes(self) -> None:
        assert self.done[-1] in BY_RESIDENT | BY_OTHER_BODY

    @invariant()
    def who_looks_at_others_work_is_of_a_body_that_had_no_part_in_it(self) -> None:
        if self.done and self.done[-1] in BY_OTHER_BODY:
            part = {one.grants for step, one in zip(self.done, self.people, strict=True) if step in HANDLED}
            assert part
            assert self.people[-1].grants not in part

    @invariant()
    def malicious_is_what_two_bodies_say(self) -> None:
        if self.standing.finding is Finding.MALICIOUS:
            assert self.standing.named
            last = max(at for at, move in enumerate(self.done) if move is M.AGREE)
            assert self.done[last - 1] is M.ACCUSE

    @invariant()
    def a_batch_is_never_asked_nor_accused(self) -> None:
        if not self.standing.named:
            assert self.standing.state not in (S.RECEIVED, S.REVIEWING, S.ASKING)
            assert not BY_RESIDENT & set(self.done)

    @invariant()
    def what_is_repaired_was_upheld(self) -> None:
        if self.standing.state is S.REPAIRING:
            assert self.standing.finding is Finding.UPHELD

    @invariant()
    def it_is_opened_again_at_most_once(self) -> None:
        assert self.reopenings <= 1

    @invariant()
    def it_can_always_go_on_and_has_a_clock_until_it_is_closed(self) -> None:
        somewhere = any(not list(move_refusals(self.standing, move)) for move in self.standing.moves)
        assert somewhere or self.standing.state is S.CLOSED
        assert (working_days(self.standing, NUMBERS) is None) == (self.standing.state is S.CLOSED)


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("standing", "days"),
    [
        (Standing(S.RECEIVED, True), 1),  # Anyang, art. 52
        (Standing(S.REPAIRING, True, Finding.UPHELD), 5),  # Dezhou
        (Standing(S.REPAIRING, True, Finding.UPHELD, complex=True), 15),  # a city of Sichuan
        (Standing(S.VERIFYING, True), 3),
    ],
)
def test_the_clock_is_that_of_the_rule_set(standing: Standing, days: int) -> None:  # rules-and-standards 2.4
    assert working_days(standing, NUMBERS) == days


@pytest.mark.parametrize(
    ("start", "standing", "due"),
    [
        ("2025-01-26", Standing(S.RECEIVED, True), "2025-01-27"),  # a Sunday that is worked, before Spring Festival
        ("2025-01-27", Standing(S.RECEIVED, True), "2025-02-05"),  # over Spring Festival 2025
        ("2025-01-27", Standing(S.REPAIRING, True), "2025-02-10"),  # with the make-up Saturday 8 February
        ("2025-09-30", Standing(S.RECEIVED, True), "2025-10-09"),  # National Day and Mid-Autumn 2025
        ("2025-10-10", Standing(S.RECEIVED, True), "2025-10-11"),  # to a Saturday that is worked
        ("2025-12-31", Standing(S.RECEIVED, True), "2026-01-04"),  # New Year, to a Sunday that is worked
        ("2026-02-13", Standing(S.RECEIVED, True), "2026-02-14"),  # to the Saturday before Spring Festival
        ("2026-02-14", Standing(S.RECEIVED, True), "2026-02-24"),  # over Spring Festival 2026
        ("2026-02-14", Standing(S.REPAIRING, True), "2026-02-28"),  # to a Saturday that is worked
        ("2026-02-14", Standing(S.REPAIRING, True, complex=True), "2026-03-13"),
        ("2026-09-30", Standing(S.RECEIVED, True), "2026-10-08"),  # National Day 2026
        ("2026-09-30", Standing(S.REPAIRING, True), "2026-10-13"),
    ],
)
def test_the_clock_over_holidays(start: str, standing: Standing, due: str) -> None:
    assert due_on(standing, date.fromisoformat(start), NUMBERS, CALENDAR) == date.fromisoformat(due)


@pytest.mark.parametrize("state", [state for state in CaseState if state is not S.CLOSED])
def test_on_every_day_of_two_years_the_clock_gives_exactly_its_working_days(state: CaseState) -> None:
    for complex in (False, True):
        standing = Standing(state, True, complex=complex)
        days, last = working_days(standing, NUMBERS), date.min
        for start in TWO_YEARS:
            due = due_on(standing, start, NUMBERS, CALENDAR)
            assert due
            between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
            assert sum(works(day, CALENDAR) for day in between) == days
            assert works(due, CALENDAR)
            assert due >= last, "who begins later is not due earlier"
            last = due


def test_what_is_overdue_rises_again_after_two_working_days() -> None:
    assert rises_on(date(2026, 9, 30), NUMBERS, CALENDAR) == date(2026, 10, 9)
    assert S.ASKING not in RISING  # the resident is nobody's subordinate


COMMITTEE = Actor(1, "委员会", (Grant(Role.COMMITTEE, "1.2.3."),))
OFFICE = Actor(2, "街道", (Grant(Role.OFFICIAL, "1.2."),))
BOTH = Actor(3, "两头", (Grant(Role.COMMITTEE, "1.2.3."), Grant(Role.OFFICIAL, "1.2.")))
STAFF = Actor(4, "承接方", (Grant(Role.PROVIDER, "1.2.", 7), Grant(Role.COMMITTEE, "1.2.3.")))


def test_a_body_is_a_role_in_a_place() -> None:
    assert bodies_of(BOTH, "1.2.3.") == {"committee:1.2.3.", "official:1.2."}
    assert body_of(OFFICE, "1.2.3.") == "official:1.2."
    assert bodies_of(COMMITTEE, "1.2.4.") == frozenset()


def test_who_is_tied_to_the_provider_is_refused() -> None:  # A28, 1.4
    assert list(tied_refusals(STAFF, 7, ()))
    assert not list(tied_refusals(STAFF, 8, ()))
    assert list(tied_refusals(COMMITTEE, 7, {"1.2.3."}))
    assert list(tied_refusals(BOTH, 7, {"1.2.3."})), "a second role unties nobody"
    assert not list(tied_refusals(OFFICE, 7, {"1.2.3."}))


def test_another_body_is_neither_the_person_nor_her_office() -> None:  # 1.6
    path = "1.2.3."
    found = {"committee:1.2.3.", ""}
    assert not list(other_body_refusals(OFFICE, path, {1}, found))
    assert list(other_body_refusals(COMMITTEE, path, {9}, found))
    assert list(other_body_refusals(OFFICE, path, {2}, found))
    assert list(other_body_refusals(BOTH, path, {1}, found)), "a second role is no second body"
    assert list(other_body_refusals(OFFICE, path, {1, 9}, {*found, "official:1.2."})), "whoever had it in hand last"


GOOD = CaseDraft("phone", "13612340000", "", True, False)


@pytest.mark.parametrize(
    ("draft", "grade", "beside"),
    [
        (GOOD, None, [""]),
        (GOOD, 3, [""]),
        (CaseDraft("", "x" * 3, "", True, False), 1, ["way"]),
        (CaseDraft("phone", "12", "", True, False), 1, ["contact"]),
        (CaseDraft("committee", "", "", True, False), 1, ["contact"]),
        (CaseDraft("committee", "三号楼王阿姨", "长" * 501, False, False), 2, ["words", "agrees"]),
        (GOOD, 2, []),
    ],
)
def test_what_a_case_needs_to_be_opened(draft: CaseDraft, grade: int | None, beside: list[str]) -> None:
    assert [one.beside for one in opening_refusals(draft, grade)] == beside


def test_others_answer_for_the_provider_only_when_it_is_late() -> None:
    day = date(2026, 3, 2)
    assert list(instead_refusals(day, day))
    assert not list(instead_refusals(day, day + timedelta(days=1)))


def test_a_closed_case_is_opened_again_within_its_days() -> None:
    closed = date(2026, 3, 2)
    assert not list(reopening_refusals(closed, closed + timedelta(days=30), NUMBERS))
    assert list(reopening_refusals(closed, closed + timedelta(days=31), NUMBERS))


def test_a_rate_of_fewer_than_five_is_not_shown_nor_to_be_worked_out() -> None:  # F9
    found = shown_rates({"": (9, 12, 0, 0, 0, 0), "7": (6, 9, 0, 0, 0, 0), "8": (3, 3, 0, 0, 0, 0)}, 5)
    assert found[""].response.shown
    assert not found["8"].response.shown
    assert not found["7"].response.shown, "12 - 9 would be the three of the other"
    assert not found[""].solved.shown
