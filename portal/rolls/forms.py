from flask_wtf.file import FileField
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from portal.rules import N_
from portal.rules.rolls import (
    LONGEST_HOUSEHOLD,
    LONGEST_NAME,
    LONGEST_OBJECTION,
    LONGEST_REASON,
    EntryDraft,
    ObjectionKind,
    tidy,
)
from portal.web.addresses import LARGEST
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import gettext


class ImportForm(Form):
    """A list of residents, as a file or pasted."""

    file = FileField(N_("File (CSV)"), render_kw={"accept": ".csv,.txt,text/csv,text/plain"})
    text = Story(
        N_("Or paste the lines here"),
        render_kw={"rows": 8, "autocomplete": "off", "spellcheck": "false", "wrap": "off"},
    )

    def validate_text(self, field: Story) -> None:
        if not (field.data or self.file.data):
            raise ValidationError(gettext(N_("Please choose a file, or paste the lines.")))


class EntryForm(Form):
    """Someone for whom the committee vouches."""

    name = Line(N_("Name"), render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off", "required": True})
    phone = Line(
        N_("Mobile number"), render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "off", "maxlength": 20}
    )
    household = Line(N_("Household"), render_kw={"maxlength": LONGEST_HOUSEHOLD, "autocomplete": "off"})

    def draft(self) -> EntryDraft:
        return tidy(self.name.data or "", self.phone.data or "", self.household.data or "")


class RemoveForm(Form):
    """Why someone is taken off the roll."""

    reason = Line(
        N_("Reason, for everyone to read"),
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off", "required": True},
    )


class ObjectionForm(Form):
    """What a resident says of the roll."""

    key = Key()
    kind = RadioField(
        N_("What is wrong?"),
        [InputRequired()],
        choices={
            ObjectionKind.MISSING.value: N_("Someone is missing on the roll"),
            ObjectionKind.WRONG.value: N_("Someone is on the roll who should not be"),
        },
    )
    words = Story(
        N_("Who is meant, and why?"),
        [InputRequired()],
        render_kw={"rows": 4, "maxlength": LONGEST_OBJECTION, "required": True},
    )


class DecisionForm(Form):
    """What the committee decides on an objection."""

    upheld = RadioField(
        N_("Decision"),
        [InputRequired()],
        choices={"yes": N_("The objection is right"), "no": N_("The objection is not right")},
    )
    entry = IntegerField(
        N_("Number on the roll of who is taken off"),
        [Optional(), NumberRange(1, LARGEST)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    answer = Line(
        N_("Reason, for everyone to read"), [InputRequired()], render_kw={"maxlength": LONGEST_REASON, "required": True}
    )
