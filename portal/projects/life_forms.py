"""What is typed as a project goes on."""

from typing import Any

from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields import DateField
from wtforms.validators import Optional

from portal.rules import N_
from portal.rules.catalogue import EXCLUSIONS
from portal.rules.improving import LONGEST_ACTION, LONGEST_OWNER
from portal.rules.lifecycle import LONGEST_WORDS, Way
from portal.rules.noticing import LONGEST_OBJECTION
from portal.rules.projects import ProjectState
from portal.web.forms import Form, Key, Line, Story

PEOPLE = {"inputmode": "numeric", "min": 0, "max": 999_999_999}


def _words(label: str, most: int = LONGEST_WORDS, *, required: bool = True) -> Story:
    return Story(label, render_kw={"rows": 3, "maxlength": most, "required": required})


class NoticeForm(Form):
    """A project is put on public notice."""

    words = _words(N_("Why is there no vote on it? Everyone reads this."))


class ObjectionForm(Form):
    """What is wrong with a project."""

    key = Key()
    words = _words(N_("What is wrong with it?"), LONGEST_OBJECTION)


class AnswerForm(Form):
    """The public answer to an objection."""

    upheld = RadioField(
        N_("Is the objection right?"),
        choices={"no": N_("No: the project stays as it is"), "yes": N_("Yes: the project has to be changed")},
        validate_choice=False,
    )
    answer = _words(N_("Answer, for everyone to read"))


class ApproveForm(Form):
    """The checklist of what is never bought, and a word on the approval."""

    words = _words(N_("Ground of the approval, for everyone to read"), required=False)

    def answers(self) -> dict[str, bool]:
        return {name: self[name].data == "yes" for name in EXCLUSIONS if self[name].data in ("yes", "no")}


for exclusion, said in EXCLUSIONS.items():
    answer = RadioField(said, choices={"no": N_("No"), "yes": N_("Yes")}, validate_choice=False)
    setattr(ApproveForm, exclusion.value, answer)


class StepForm(Form):
    """A step by hand."""

    state = RadioField(N_("Where does it go?"), validate_choice=False)
    words = _words(N_("What came of it, or why? Everyone reads this."))

    def __init__(self, possible: dict[ProjectState, str], **values: Any) -> None:
        super().__init__(**values)
        self.state.choices = [(state.value, label) for state, label in possible.items()]


class TakingPartForm(Form):
    """Who took part in a stage, or why nobody did."""

    key = Key()
    way = SelectField(
        N_("How did residents take part?"),
        choices={
            "": "",
            Way.MEETING.value: N_("at a meeting"),
            Way.CONSULTATION.value: N_("asked for their opinion"),
            Way.NONE.value: N_("nobody could take part"),
        },
        validate_choice=False,
        render_kw={"required": True},
    )
    took_part = IntegerField(N_("How many took part"), [Optional()], render_kw=PEOPLE)
    asked = IntegerField(N_("How many were asked"), [Optional()], render_kw=PEOPLE)
    words = _words(N_("What it was about; or why nobody took part. Everyone reads this."), required=False)


class ActionForm(Form):
    """What is to get better."""

    key = Key()
    words = _words(N_("What is to get better?"), LONGEST_ACTION)
    owner = Line(
        N_("Which body sees to it?"), render_kw={"maxlength": LONGEST_OWNER, "required": True, "autocomplete": "off"}
    )
    due_on = DateField(N_("By which day?"), [Optional()], render_kw={"required": True})


class DoneForm(Form):
    """What came of it."""

    result = _words(N_("What came of it?"))
