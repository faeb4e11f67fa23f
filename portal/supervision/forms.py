from typing import Any

from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.validators import Optional

from portal.rules import N_
from portal.rules.exits import ExitDraft, Trigger
from portal.rules.supervision import LONGEST_WORDS, CheckDraft, Point
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, Story, whole

WORDS = {"rows": 4, "maxlength": LONGEST_WORDS, "required": True}
MOST_DIGITS = 6
NUMBER = {"inputmode": "numeric", "maxlength": MOST_DIGITS, "autocomplete": "off", "required": True}

POINTS = {
    Point.NEEDS_ASKED: N_("Residents were asked what they need"),
    Point.OPEN_CHOICE: N_("The provider was chosen openly"),
    Point.QUALIFIED: N_("The provider is qualified"),
    Point.PLAN_READY: N_("The plan of the service is ready, with a plan for emergencies"),
    Point.SERVED_AS_AGREED: N_("The service is delivered as agreed"),
    Point.STAFF_AS_AGREED: N_("The staff is there as agreed"),
    Point.DATA_KEPT: N_("Recipients' data are kept safe"),
    Point.MONEY_AS_AGREED: N_("Money is used as agreed"),
    Point.RECIPIENTS_HEARD: N_("Recipients were heard"),
    Point.ACCEPTED: N_("The service was accepted with the recipients"),
    Point.PUBLISHED: N_("The result is public"),
    Point.LEARNED: N_("What is to get better was written down"),
}
TRIGGERS = {
    Trigger.CANNOT: N_("It cannot deliver any more"),
    Trigger.BREACH: N_("It broke the contract"),
    Trigger.LICENCE: N_("It lost its registration or qualification"),
    Trigger.BAD_RESULT: N_("The evaluation was too bad"),
    Trigger.OWN_WISH: N_("It wants to leave, by agreement"),
}


class CheckForm(Form):
    key = Key()
    point = SelectField(
        N_("What was looked at?"),
        choices={p.value: said for p, said in POINTS.items()},
        render_kw={"required": True},
    )
    found_on = DateField(N_("When?"), [Optional()], default=today, render_kw={"required": True})
    words = Story(N_("What was found?"), render_kw=WORDS)
    present = Line(N_("Residents who took part"), default="0", render_kw=NUMBER)
    mend = BooleanField(N_("The provider has something to mend and must answer"))

    def draft(self) -> CheckDraft:
        return CheckDraft(
            self.point.data,
            self.found_on.data,
            self.words.data or "",
            self.mend.data,
            whole(self.present.data, MOST_DIGITS),
        )


class AnswerForm(Form):
    answer = Story(N_("What was done about it?"), render_kw=WORDS)


class ExitForm(Form):
    trigger = RadioField(N_("Why?"), choices={t.value: said for t, said in TRIGGERS.items()}, validate_choice=False)
    words = Story(N_("What happened?"), render_kw=WORDS)
    last_day = DateField(N_("Last day of service"), [Optional()], render_kw={"required": True})
    plan = Story(N_("Contingency plan: who does what so that nobody is left alone?"), render_kw=WORDS)

    def draft(self) -> ExitDraft:
        return ExitDraft(self.trigger.data or "", self.words.data or "", self.last_day.data, self.plan.data or "")


class CountForm(Form):
    count = Line(N_("How many people are affected?"), render_kw=NUMBER)


class CoverForm(Form):
    """For the recipients from `first` to `last`: who serves them from when, or why nobody needs to."""

    first = Line(N_("From number"), render_kw=NUMBER)
    last = Line(N_("To number"), render_kw=NUMBER)
    provider = SelectField(N_("Who serves them instead?"), coerce=int, validate_choice=False)
    covered_from = DateField(N_("From which day?"), [Optional()])
    released = Line(N_("Or why they need nobody"), render_kw={"maxlength": 200})

    def __init__(self, providers: Any) -> None:
        super().__init__()
        self.provider.choices = {0: "", **{one.id: one.name for one in providers}}


class StepForm(Form):
    words = Story(N_("What was done?"), render_kw=WORDS)
