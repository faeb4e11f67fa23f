from wtforms import DateField, SelectField
from wtforms.validators import Optional

from portal.policies.rule_sets import RuleSetDraft
from portal.rules import N_
from portal.rules.staffing import CountDraft, Counted, Reading, read_table, rows_of
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, Story, whole

NUMBER = {"inputmode": "numeric", "maxlength": 12, "autocomplete": "off", "required": True}
COUNTED = {
    Counted.PEOPLE.value: N_("People served"),
    Counted.HOUSEHOLDS.value: N_("Households served"),
    Counted.POPULATION.value: N_("Inhabitants"),
}
READINGS = {
    Reading.FULL.value: N_("Each further step counts when it is full."),
    Reading.STARTED.value: N_("Each further step counts when it has begun."),
}


class CountForm(Form):
    key = Key()
    served = Line(N_("How many people are served?"), render_kw=NUMBER)
    staff = Line(N_("How many full-time people work on it?"), render_kw=NUMBER)
    reason = Story(N_("Why is it not as the standard asks?"), render_kw={"rows": 3, "maxlength": 1000})

    def draft(self) -> CountDraft:
        return CountDraft(_whole(self.served.data or ""), _whole(self.staff.data or ""), self.reason.data or "")


def _whole(typed: str) -> int | None:
    return whole(typed.replace(",", "").replace("\u3000", "").replace(" ", ""), 12)


class TableForm(Form):
    """The standard of a place, from a day on: a line of the table for each row."""

    key = Key()
    staffing_table = Story(N_("The rows of the table"), render_kw={"rows": 6, "maxlength": 4000, "required": True})
    staffing_counts = SelectField(N_("Whom the table counts"), choices=COUNTED, validate_choice=False)
    staffing_reading = SelectField(N_("What counts as a further step of the table"), choices=READINGS)
    valid_from = DateField(N_("Holds from"), [Optional()], default=today, render_kw={"required": True})
    cites = Line(N_("Document that says so"), render_kw={"maxlength": 200, "required": True})

    def draft(self) -> RuleSetDraft:
        numbers = {
            "staffing_table": rows_of(read_table(self.staffing_table.data or "")),
            "staffing_counts": self.staffing_counts.data or "",
            "staffing_reading": self.staffing_reading.data or "",
        }
        return RuleSetDraft(self.valid_from.data, numbers, self.cites.data or "", None)
