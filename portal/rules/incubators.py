"""Incubators: where young organisations are raised, and when each comes and graduates. Source: A56."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.rules import N_, Refusal
from portal.rules.wording import personal_numbers, public_text

LEVEL = "township"
"""A56: at a sub-district, that is at the level of towns and townships."""
LONGEST_NAME = 100
LONGEST_STORY = 2000


@dataclass(frozen=True)
class IncubatorDraft:
    name: str
    opened_on: date
    story: str = ""


def refusals(draft: IncubatorDraft, *, level: str, today: date, premises_there: bool) -> Iterator[Refusal]:
    """Why no incubator can be set up; `premises_there`: its premises are listed in the sub-district. Source: A56."""
    if level != LEVEL:
        yield Refusal(N_("Incubators are set up by sub-districts, towns and townships."))
    yield from _named(draft.name, "name")
    yield from public_text(draft.story, "story", LONGEST_STORY)
    if draft.opened_on > today:
        yield Refusal(N_("This day has not come yet."), "opened_on")
    if not premises_there:
        yield Refusal(N_("Please choose premises on the list of this place."), "premises")


def entry_refusals(
    name: str, entered_on: date, *, opened_on: date, today: date, is_in: bool, serves: bool
) -> Iterator[Refusal]:
    """Why an organisation cannot come in. Source: A56."""
    yield from _named(name, "name")
    if entered_on < opened_on:
        yield Refusal(N_("The incubator was not open on this day yet."), "entered_on")
    if entered_on > today:
        yield Refusal(N_("This day has not come yet."), "entered_on")
    if is_in:
        yield Refusal(N_("This organisation is in the incubator already."), "name")
    if not serves:
        yield Refusal(N_("This provider is not registered for this place."), "provider")


def graduation_refusals(graduated_on: date, *, entered_on: date, today: date, already: bool) -> Iterator[Refusal]:
    """Why an organisation cannot graduate on that day. Source: A56."""
    if already:
        yield Refusal(N_("This organisation has graduated already."))
    if graduated_on < entered_on:
        yield Refusal(N_("It ends before it begins."), "graduated_on")
    if graduated_on > today:
        yield Refusal(N_("This day has not come yet."), "graduated_on")


def _named(name: str, beside: str) -> Iterator[Refusal]:
    if not 2 <= len(name) <= LONGEST_NAME:
        most = {"most": LONGEST_NAME}
        yield Refusal(N_("Please give it a name of two to %(most)s characters."), beside, most)
    yield from personal_numbers(name, beside)
