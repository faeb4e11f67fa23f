from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from portal.rules import N_
from portal.rules.burden import LONGEST_TITLE, LONGEST_WORDS, TaskDraft
from portal.rules.projects import fen_of
from portal.web.forms import Form, Key, Line, Story, whole

NUMBER = {"inputmode": "numeric", "maxlength": 12, "autocomplete": "off", "required": True}


class TaskForm(Form):
    key = Key()
    title = Line(N_("What is to be done?"), render_kw={"maxlength": LONGEST_TITLE, "required": True})
    story = Story(N_("How, and what for?"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS})
    matter = SelectField(N_("Matter on the list"), coerce=int, validate_choice=False)
    due_on = DateField(N_("By when?"), [Optional()], render_kw={"required": True})
    minutes = Line(N_("Minutes that it takes"), render_kw=NUMBER)
    budget = Line(N_("Money that comes with it, in yuan"), default="0", render_kw={**NUMBER, "inputmode": "decimal"})
    helpers = Line(N_("People who come with it"), default="0", render_kw=NUMBER)

    def __init__(self, matters: Any) -> None:
        super().__init__()
        self.matter.choices = {0: N_("On no list: the committee may refuse it"), **{m.id: m.title for m in matters}}

    def draft(self) -> TaskDraft:
        return TaskDraft(
            self.title.data or "",
            self.story.data or "",
            self.matter.data or None,
            self.due_on.data,
            whole(self.minutes.data, 9),
            fen_of(self.budget.data or ""),
            whole(self.helpers.data, 9),
        )


class ReasonForm(Form):
    reason = Story(N_("Why not?"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS, "required": True})


class MatterForm(Form):
    key = Key()
    title = Line(N_("Matter"), render_kw={"maxlength": LONGEST_TITLE, "required": True})
    cites = Line(N_("Document that says so"), render_kw={"maxlength": 200, "required": True})
