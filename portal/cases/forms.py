from typing import Any

from wtforms import BooleanField, HiddenField, RadioField

from portal.rules import N_
from portal.rules.cases import CaseState, Finding
from portal.rules.redress import LONGEST, LONGEST_CONTACT, CaseDraft, Way
from portal.web.forms import Form, Line, Story

WORDS = {"rows": 4, "maxlength": LONGEST, "required": True}
WAYS = {Way.PHONE.value: N_("By telephone"), Way.COMMITTEE.value: N_("Through my committee")}
FOUND = {
    Finding.UPHELD.value: N_("The rating is right: it has to be repaired"),
    Finding.MISTAKEN.value: N_("It is a mistake"),
    Finding.MALICIOUS.value: N_("It is malicious: another office has to look at it"),
}


class OpenForm(Form):
    """Do you want somebody to put it right?"""

    way = RadioField(N_("How can you be reached?"), choices=WAYS, validate_choice=False)
    contact = Line(
        N_("Telephone number, or for whom to ask"),
        render_kw={"maxlength": LONGEST_CONTACT, "autocomplete": "off", "required": True},
    )
    words = Story(N_("What should be put right?"), render_kw={"rows": 3, "maxlength": LONGEST, "autocomplete": "off"})
    agrees = BooleanField(N_("Those who handle my case may know how to reach me"))
    to_provider = BooleanField(N_("The provider may know it, too"))

    def draft(self) -> CaseDraft:
        return CaseDraft(
            self.way.data or "",
            self.contact.data or "",
            self.words.data or "",
            self.agrees.data,
            self.to_provider.data,
        )


class StepForm(Form):
    """What takes a case on; `state` is where it stood when the page was made."""

    state = HiddenField()
    words = Story(N_("What was found?"), render_kw=WORDS)

    def __init__(self, state: str) -> None:
        super().__init__(data={"state": state})


class ContactForm(StepForm):
    words = Story(N_("What was said, without names?"), render_kw=WORDS)
    reached = RadioField(
        N_("Was she reached?"),
        choices={"yes": N_("She was reached"), "no": N_("She was not reached")},
        validate_choice=False,
    )


class FindForm(StepForm):
    finding = RadioField(N_("What is true of it?"), choices=FOUND, validate_choice=False)
    complex = BooleanField(N_("The repair is not simple and needs the longer time"))
    evidence = Story(N_("Evidence, if it is malicious"), render_kw={"rows": 3, "maxlength": LONGEST})

    def __init__(self, state: str, *, named: bool) -> None:
        super().__init__(state)
        if not named:
            del self.evidence
            self.finding.choices = [(k, v) for k, v in FOUND.items() if k != Finding.MALICIOUS]


class ReviewForm(StepForm):
    agrees = RadioField(
        N_("Is it malicious?"),
        choices={"yes": N_("Yes, the evidence shows it"), "no": N_("No")},
        validate_choice=False,
    )


class CheckForm(StepForm):
    passes = RadioField(
        N_("Is the answer true and enough?"),
        choices={"yes": N_("Yes: close the case"), "no": N_("No: back to work")},
        validate_choice=False,
    )


class RepairForm(StepForm):
    words = Story(N_("What was repaired?"), render_kw=WORDS)


class AnswerForm(Form):
    answer = Story(N_("What was repaired?"), render_kw=WORDS)


def form_for(state: CaseState, *, named: bool) -> Any:
    """What is asked of those who handle a case as it stands; None while others are to act."""
    match state:
        case CaseState.RECEIVED:
            return ContactForm(state)
        case CaseState.VERIFYING:
            return FindForm(state, named=named)
        case CaseState.REVIEWING:
            return ReviewForm(state)
        case CaseState.REPAIRING:
            return RepairForm(state)
        case CaseState.CHECKING:
            return CheckForm(state)
    return None
