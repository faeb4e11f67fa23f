"""Who may rate what, until when, and with which words."""

from collections.abc import Collection, Container, Iterator
from datetime import date, datetime, timedelta

from portal.rules import N_, Refusal
from portal.rules.accounts import phone_number
from portal.rules.clocks import CHINA
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


def reasons_for(grade: int) -> dict[str, str]:
    """What can be ticked beside a grade: what was good from 3 up, what was bad below. Source: B35 (effect only)."""
    return GOOD_REASONS if grade >= 3 else BAD_REASONS


def grade_refusals(grade: int) -> Iterator[Refusal]:
    """Refuse what is none of the five grades."""
    if grade not in GRADES:
        yield Refusal(N_("Please choose one of the five faces."), "grade")


def answerable_until(recorded_at: datetime, rated_at: datetime | None, numbers: Numbers) -> datetime:
    """Until when a service can be rated or, once it is rated, the rating changed.

    Source: B34, issue 2 item 11 (7 days), trust 4.10 (changed in silence).
    """
    if rated_at is None:
        return recorded_at + timedelta(days=numbers.rating_invitation_days)
    return rated_at + timedelta(days=numbers.rating_revision_days)


def too_late(moment: datetime, recorded_at: datetime, rated_at: datetime | None, numbers: Numbers) -> Iterator[Refusal]:
    """Refuse a rating, or a change of it, after its time."""
    if moment > answerable_until(recorded_at, rated_at, numbers):
        if rated_at is None:
            yield Refusal(N_("This link is too old to be used. Thank you all the same."))
        else:
            yield Refusal(N_("Your rating stands; the days in which it could be changed are over."))


def words_refusals(grade: int, reasons: Collection[str], words: str) -> Iterator[Refusal]:
    """Refuse reasons that do not belong to the grade, and words that lead to a person. Source: trust 4.6."""
    if not set(reasons) <= set(reasons_for(grade)):
        yield Refusal(N_("Please choose from the reasons shown."), "reasons")
    yield from public_text(words, "words", LONGEST)


def service_refusals(
    *,
    served_on: date,
    recorded_at: datetime,
    category: str,
    categories: Container[str],
    phone: str,
    serves_here: bool,
    own_staff: bool,
    numbers: Numbers,
) -> Iterator[Refusal]:
    """Why a service may not be recorded; `own_staff`: the phone belongs to the provider itself.

    Source: A11, A27, trust 5 (a provider does not rate itself).
    """
    today = recorded_at.astimezone(CHINA).date()
    if served_on > today:
        yield Refusal(N_("This day is still to come: please record a service after it was given."), "served_on")
    elif served_on < today - timedelta(days=numbers.rating_invitation_days):
        yield Refusal(
            N_("This was too long ago to be rated: at most %(most)s days."),
            "served_on",
            {"most": numbers.rating_invitation_days},
        )
    if len(category) != 4 or category not in categories:
        yield Refusal(N_("Please choose one of the services shown."), "category")
    if phone_number(phone) is None:
        yield Refusal(N_("This does not look like a mobile number. It has 11 digits, such as 138 0013 8000."), "phone")
    if not serves_here:
        yield Refusal(N_("This provider is not registered for this place."), "provider")
    if own_staff:
        yield Refusal(N_("This number belongs to the provider's own staff; nobody rates herself."), "phone")
