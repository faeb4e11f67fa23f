"""What a contract must say before it is signed, and how long it may run."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

LONGEST_WORDS = 4000
LONGEST_EVIDENCE = 300


class Clause(StrEnum):
    """The twelve matters that every contract must settle. Source: B23."""

    CONTENT = "content"
    QUALITY = "quality_standard"
    PRICE = "price"
    CAPACITY = "capacity"
    TERM = "term"
    PLACE = "place"
    MANNER = "manner"
    PAYMENT = "payment"
    BREACH = "breach_liability"
    DISPUTE = "dispute_resolution"
    NO_REASSIGNMENT = "no_reassignment"
    RIGHTS = "rights_and_duties"


GIVEN = (Clause.PRICE, Clause.TERM, Clause.PAYMENT, Clause.NO_REASSIGNMENT)
"""Clauses whose words follow from the figures or from the law, so that nobody types something else."""
NO_REASSIGNMENT = N_(
    "The provider delivers the service itself. It may not pass this contract on to anybody else, "
    "whole or split into parts."
)
"""承接服务不得转包: the same words in every contract. Source: B23."""
TYPED = tuple(clause for clause in Clause if clause not in GIVEN)


def clause_refusals(clauses: Mapping[str, str]) -> Iterator[Refusal]:
    """Why clauses may not be kept so; an empty one is missing, which only a signature minds."""
    for clause in TYPED:
        yield from public_text(clauses.get(clause.value, ""), clause.value, LONGEST_WORDS)


def missing(clauses: Mapping[str, str], *, priced: bool, paid: bool) -> list[Clause]:
    """The clauses that a contract still lacks. Source: B23.

    `priced`: its money adds up to its price; `paid`: its instalments do.
    """
    there = {
        Clause.PRICE: priced,
        Clause.TERM: True,
        Clause.PAYMENT: paid,
        Clause.NO_REASSIGNMENT: True,
        **{clause: bool(clauses.get(clause.value, "").strip()) for clause in TYPED},
    }
    return [clause for clause in Clause if not there[clause]]


MISSING = {
    Clause.PRICE: N_("Price: please say from which budget lines it comes; they must add up to it."),
    Clause.PAYMENT: N_("Payment: please list the instalments; they must add up to the price."),
    Clause.CONTENT: N_("A contract cannot be signed without saying what the service is."),
    Clause.QUALITY: N_("A contract cannot be signed without a quality standard."),
    Clause.CAPACITY: N_("A contract cannot be signed without the capacity that the provider keeps ready."),
    Clause.PLACE: N_("A contract cannot be signed without the place of the service."),
    Clause.MANNER: N_("A contract cannot be signed without saying how the service is delivered."),
    Clause.BREACH: N_("A contract cannot be signed without liability for breach."),
    Clause.DISPUTE: N_("A contract cannot be signed without saying how disputes are resolved."),
    Clause.RIGHTS: N_("A contract cannot be signed without rights and duties of both sides."),
}


def signing_refusals(
    lacking: Collection[Clause],
    *,
    targets: int,
    numbers: Numbers,
    signed_on: date | None,
    earliest: date,
    starts_on: date,
    today: date,
) -> Iterator[Refusal]:
    """Why a contract cannot be signed: a clause or what it is measured by is missing. Source: B23, A61."""
    for clause in lacking:
        yield Refusal(MISSING[clause], clause.value)
    if targets < numbers.fewest_targets:
        yield Refusal(
            N_("Please set performance targets first: at least %(fewest)s."),
            "targets",
            {"fewest": numbers.fewest_targets},
        )
    if signed_on is None or not earliest <= signed_on <= today:
        yield Refusal(
            N_("Please give the day of the signature, from %(first)s until today."),
            "signed_on",
            {"first": earliest.isoformat()},
        )
    elif signed_on > starts_on:
        yield Refusal(N_("A contract is signed before it begins; please move its first day."), "signed_on")


class Condition(StrEnum):
    """What must be shown for a term above a year. Source: A41, 1.4."""

    CONTENT = "content_stable"
    CONTINUOUS = "continuous"
    FUNDING = "funding_stable"
    PRICE = "price_stable"
    BUDGET = "budget_assured"


def term_refusals(
    starts_on: date | None,
    ends_on: date | None,
    conditions: Mapping[str, str],
    numbers: Numbers,
    first_start: date | None = None,
) -> Iterator[Refusal]:
    """At most three years in all, whatever it is called; above a year only with all conditions shown.

    `first_start`: when the first contract of a chain of replacements began. Source: A41, A42, 1.4.
    """
    if starts_on is None or not 2000 <= starts_on.year <= 2100:
        yield Refusal(N_("Please give the first day."), "starts_on")
        return
    if ends_on is None or ends_on < starts_on:
        yield Refusal(N_("The last day must not be before the first."), "ends_on")
        return
    first = min(first_start or starts_on, starts_on)
    latest = latest_end(first, numbers.longest_contract_years)
    if ends_on > latest:
        yield Refusal(
            N_("A contract runs for at most %(years)s years with all that is added to it: here until %(latest)s."),
            "ends_on",
            {"years": numbers.longest_contract_years, "latest": latest.isoformat()},
        )
    if needs_conditions(first, ends_on, numbers):
        yield from condition_refusals(conditions)


def needs_conditions(starts_on: date, ends_on: date, numbers: Numbers) -> bool:
    """Whether a term is above what is usual. Source: A41."""
    return ends_on > latest_end(starts_on, numbers.usual_contract_years)


def condition_refusals(conditions: Mapping[str, str]) -> Iterator[Refusal]:
    """A term above a year needs each condition ticked, and shown in words. Source: A41."""
    for condition in Condition:
        evidence = conditions.get(condition.value, "")
        if len(evidence) < 4:
            yield Refusal(
                N_("A term above a year needs this condition: please tick it and say what shows it."), condition.value
            )
        yield from public_text(evidence, condition.value, LONGEST_EVIDENCE)


def latest_end(start: date, years: int) -> date:
    """The last day that a term of `years` beginning on `start` can have. Source: 1.4 (A42)."""
    return anniversary(start, years) - timedelta(days=1)


def anniversary(start: date, years: int) -> date:
    """The same day `years` later; after 29 February in a common year, 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)
