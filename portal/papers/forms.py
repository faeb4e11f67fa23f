import re
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import DataRequired, Optional, ValidationError

from portal.rules import N_, enforce
from portal.rules.ballots import Terms
from portal.rules.elections import BallotKind
from portal.rules.papers import SERIAL_DIGITS, Entry, Void, digits_of, read, void_refusals
from portal.web.addresses import LARGEST
from portal.web.forms import Form, Line, Story
from portal.web.words import gettext

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "required": True}
VOIDS = {
    Void.TOO_MANY: N_("More is marked than allowed"),
    Void.OVER_BUDGET: N_("Together it costs more than the budget"),
    Void.UNREADABLE: N_("It cannot be read, or does not say what is meant"),
}
NUMBERED = (BallotKind.CUMULATIVE, BallotKind.ORDINAL)
"""Kinds of ballot on which numbers are written instead of crosses."""


class HouseholdsForm(Form):
    """Households whose people get a slip."""

    households = Story(N_("Households"), render_kw={"rows": 2, "maxlength": 4000})

    def names(self) -> list[str]:
        return [name for name in re.split(r"[\s,，、;；]+", self.households.data or "") if name]


class PrintForm(Form):
    count = IntegerField(
        N_("How many?"), [Optional()], default=20, render_kw={"inputmode": "numeric", "required": True}
    )


class SerialForm(Form):
    serial = Line(N_("Number of the paper"), [DataRequired()], render_kw={**DIGITS, "maxlength": 200})

    def validate_serial(self, field: Line) -> None:
        field.data = digits_of(field.data or "")
        if len(field.data) != SERIAL_DIGITS:
            raise ValidationError(gettext(N_("The number of a paper has %(count)s digits."), count=SERIAL_DIGITS))


class EntryForm(Form):
    """What a paper says; its options are fields of the form that `entry_form` makes."""

    void = SelectField(
        N_("Can it be counted?"),
        choices={"": N_("Yes, as entered above")} | {one.value: said for one, said in VOIDS.items()},
        render_kw={"required": True},
    )

    def entry(self, terms: Terms) -> Entry:
        """What was typed. Raises Refused where it contradicts itself."""
        values, void = {number: int(self.of(number).data or 0) for number in terms.costs}, self.void.data or ""
        enforce(void_refusals(terms, values, void))
        return read(terms, values, void)

    def of(self, number: int) -> Any:
        """The field of an option."""
        return self[f"option_{number}"]


def entry_form(terms: Terms) -> EntryForm:
    """The form of a paper with these terms."""
    fields = {f"option_{number}": _field(terms, number) for number in terms.costs}
    return type("PaperForm", (EntryForm,), fields)()


def _field(terms: Terms, number: int) -> Any:
    if terms.kind in NUMBERED:
        return IntegerField(
            str(number), [Optional(), _small], render_kw={"inputmode": "numeric", "autocomplete": "off"}
        )
    return BooleanField(str(number))


def _small(form: Form, field: Any) -> None:
    if field.data is not None and not 0 <= field.data <= LARGEST:
        raise ValidationError(gettext(N_("Please look at this number again.")))
