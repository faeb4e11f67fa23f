"""Who may rate what, until when, and with which words."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.numbers import Numbers
from portal.rules.wording import public_text

GRADES = {
    5: N_("Very satisfied"),
    4: N_("Satisfied"),
    3: N_("Basically satisfied"),
    2: N_("Not satisfied"),
    1: N_("Not satisfied at all"),
}
"""The five grades of 好差评, best first; 1 and 2 are bad ratings. Source: B34, ratings."""
GOOD_REASONS = {
    "on_time": N_("On time"),
    "polite": N_("Friendly"),
    "skilled": N_("Skilled"),
    "careful": N_("Careful and clean"),
    "as_agreed": N_("All as agreed"),
}
BAD_REASONS = {
    "late": N_("Late, or did not come"),
    "rude": N_("Unfriendly"),
    "unskilled": N_("Not skilled"),
    "careless": N_("Careless or unclean"),
    "incomplete": N_("Not all was done"),
    "asked_money": N_("Asked for money or gifts"),
}
LONGEST = 500


class Outcome(StrEnum):
    """How a service came to its end; who was asked is asked however it ended. Source: ratings (all ends)."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    NOT_SERVED = "not_served"
    NO_SHOW = "no_show"
    ENDED_EARLY = "ended_early"


class Channel(StrEnum):
    """How somebody is asked for her rating."""

    SMS = "sms"
    SLIP = "slip"
    COUNTER = "counter"
    VISIT = "visit"
    PHONE = "phone"
    """Staff ask by telephone and enter the answer; it is marked so."""


def reasons_for(grade: int) -> dict[str, str]:
    """What can be ticked beside a grade: what was good from 3 up, what was bad below. Source: B35 (effect only)."""
    return GOOD_REASONS if grade >= 3 else BAD_REASONS


def grade_refusals(grade: int) -> Iterator[Refusal]:
    """Refuse what is none of the five grades."""
    if grade not in GRADES:
        yield Refusal(N_("Please choose one of the five faces."), "grade")


def answerable_until(until: date, rated_on: date | None, numbers: Numbers) -> date:
    """The last day on which a service can be rated or, once it is rated, the rating changed.

    Source: B34 (7 days), trust 4.10 (changed in silence).
    """
    return until if rated_on is None else rated_on + timedelta(days=numbers.rating_revision_days)


def too_late(
    today: date, until: date, rated_on: date | None, numbers: Numbers, *, spent: bool = False
) -> Iterator[Refusal]:
    """Refuse a rating, or a change of it, after its time; `spent`: it was rated and has gone on."""
    if spent or (rated_on and today > answerable_until(until, rated_on, numbers)):
        yield Refusal(N_("Your rating stands; the days in which it could be changed are over."))
    elif rated_on is None and today > until:
        yield Refusal(N_("This link is too old to be used. Thank you all the same."))


def words_refusals(grade: int, reasons: Collection[str], words: str) -> Iterator[Refusal]:
    """Refuse reasons that do not belong to the grade, and words that lead to a person. Source: trust 4.6."""
    if not set(reasons) <= set(reasons_for(grade)):
        yield Refusal(N_("Please choose from the reasons shown."), "reasons")
    yield from public_text(words, "words", LONGEST)
