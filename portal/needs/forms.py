import uuid

from wtforms import BooleanField, HiddenField, MultipleFileField, SelectField
from wtforms.validators import InputRequired, Length

from portal.policies.catalogue import EVERYDAY
from portal.rules import N_
from portal.rules.needs import LONGEST, Behalf, NeedDraft
from portal.web.forms import Form, Line, Story


def new_key() -> str:
    return uuid.uuid4().hex


class NeedForm(Form):
    """One required field; the rest helps."""

    key = HiddenField(default=new_key, validators=[Length(min=16, max=40)])
    words = Story(
        N_("What is needed?"),
        render_kw={"rows": 4, "maxlength": LONGEST, "required": True, "minlength": 2, "enterkeyhint": "done"},
    )
    category = SelectField(N_("Subject"), validate_choice=False)
    place = Line(N_("Where?"), render_kw={"maxlength": 100, "autocomplete": "off"})
    photos = MultipleFileField(N_("Photos"), render_kw={"accept": "image/*", "multiple": True})
    behalf = SelectField(
        N_("For whom?"),
        choices={
            Behalf.SELF.value: N_("For myself or all of us"),
            Behalf.FAMILY.value: N_("For someone in my family"),
            Behalf.NEIGHBOUR.value: N_("For a neighbour who asked me"),
        },
        default=Behalf.SELF.value,
    )
    about_child = BooleanField(N_("It is about a child under 14"))
    private = BooleanField(N_("Only the committee may read it"))

    def __init__(self, *, by_committee: bool = False) -> None:
        super().__init__()
        self.category.choices = {"": "", **EVERYDAY}
        if by_committee:
            self.behalf.choices = self.behalf.choices | {Behalf.PAPER.value: N_("Entered from paper or by telephone")}

    def draft(self) -> NeedDraft:
        return NeedDraft(
            self.words.data,
            self.category.data or "",
            self.place.data,
            Behalf(self.behalf.data or Behalf.SELF.value),
            bool(self.about_child.data),
            bool(self.private.data),
        )


class WordsForm(Form):
    """A returned need said anew."""

    words = Story(
        N_("What is needed?"), [InputRequired()], render_kw={"rows": 5, "maxlength": LONGEST, "required": True}
    )


class AnswerForm(Form):
    """What came of a need, for everyone."""

    words = Story(N_("What came of it?"), [InputRequired()], render_kw={"rows": 5, "maxlength": 2000, "required": True})
