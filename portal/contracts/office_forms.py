"""Forms for a signed contract: what was done, changed, accepted, paid and read."""

from collections.abc import Sequence

from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.contracts.contents import Line as BudgetedLine
from portal.contracts.forms import AMOUNT, COUNT, REQUIRED, WORDS, Conditions
from portal.contracts.row_forms import line_choices
from portal.rules import N_
from portal.rules.changes import ChangeDraft
from portal.rules.contracts import AcceptanceDraft
from portal.rules.projects import fen_of
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, Story


class DayForm(Form):
    """A day on which something was done."""

    day = DateField(N_("Day"), [Optional()], default=today, render_kw=REQUIRED)


class EmptyForm(Form):
    """Nothing but the deed."""


class ReasonForm(Form):
    """Why, for everyone to read."""

    reason = Story(N_("Reason, for everyone to read"), render_kw=WORDS)


class ChangeForm(Conditions):
    """An extension, a supplement, or both."""

    key = Key()
    words = Story(N_("What changes, and why? Everyone reads this."), render_kw={**WORDS, **REQUIRED})
    signed_on = DateField(N_("Day of the signature"), [Optional()], default=today, render_kw=REQUIRED)
    ends_on = DateField(N_("New last day"), [Optional()])
    amount = Line(N_("Supplement in yuan"), render_kw=AMOUNT)
    line = SelectField(N_("Budget line"), coerce=int, validate_choice=False, default=0)
    due_on = DateField(N_("The supplement is due on"), [Optional()])

    def __init__(self, lines: Sequence[BudgetedLine]) -> None:
        super().__init__()
        self.line.choices = line_choices(lines)

    def draft(self) -> ChangeDraft:
        return ChangeDraft(
            words=self.words.data,
            ends_on=self.ends_on.data,
            amount_fen=fen_of(self.amount.data or "0"),
            line_id=self.line.data or None,
            due_on=self.due_on.data,
            conditions=self.conditions() or None,
            signed_on=self.signed_on.data,
        )


class AcceptanceForm(Form):
    """What came of an acceptance with the recipients."""

    key = Key()
    held_on = DateField(N_("Day of the acceptance"), [Optional()], default=today, render_kw=REQUIRED)
    invited = IntegerField(N_("How many recipients were invited"), [Optional()], render_kw={**COUNT, **REQUIRED})
    took_part = IntegerField(N_("How many of them took part"), [Optional()], render_kw={**COUNT, **REQUIRED})
    passed = RadioField(
        N_("Result"), [InputRequired()], choices={"yes": N_("Accepted"), "no": N_("Not accepted: it has to be mended")}
    )
    words = Story(N_("What the recipients said. Everyone reads this."), render_kw={**WORDS, **REQUIRED})

    def draft(self) -> AcceptanceDraft:
        return AcceptanceDraft(
            self.held_on.data, self.invited.data, self.took_part.data, self.passed.data == "yes", self.words.data
        )


class PaymentForm(Form):
    """What was paid of an instalment."""

    amount = Line(N_("Amount in yuan"), render_kw={**AMOUNT, **REQUIRED})


class ReadingForm(Form):
    """How far a target was reached on a day."""

    value = IntegerField(N_("How much is reached in all"), [Optional()], render_kw={**COUNT, **REQUIRED})
    read_on = DateField(N_("Day"), [Optional()], default=today, render_kw=REQUIRED)
    words = Line(N_("What is to be said about it"), render_kw={"maxlength": 1000})
