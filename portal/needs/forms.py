from typing import Any

from wtforms import BooleanField, MultipleFileField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.policies.catalogue import EVERYDAY, catalogue, subjects_for
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.groups import LONGEST_PLACE, LONGEST_TITLE, GroupDraft
from portal.rules.needs import LONGEST, Behalf, NeedDraft
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words


class NeedForm(Form):
    """One required field; the rest helps."""

    key = Key()
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

    def __init__(self, region: Region, *, by_committee: bool = False) -> None:
        super().__init__()
        own = {code: in_words(item, "title") for code, item in subjects_for(region).items()}
        self.category.choices = {"": "", **EVERYDAY, **own}
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


class GroupForm(Form):
    """Similar needs, gathered under one name."""

    key = Key()
    title = Line(N_("What do they have in common?"), render_kw={"maxlength": LONGEST_TITLE, "required": True})
    needs = SelectMultipleField(N_("Which needs belong together?"), coerce=int, validate_choice=False)
    category = SelectField(N_("Subject"), validate_choice=False)
    place = Line(N_("Where?"), render_kw={"maxlength": LONGEST_PLACE, "autocomplete": "off"})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        items = [item for item in catalogue().values() if item.resident_visible]
        self.category.choices = [("", ""), *((item.code, in_words(item, "title")) for item in items)]

    def draft(self) -> GroupDraft:
        needs = tuple(dict.fromkeys(self.needs.data or ()))
        return GroupDraft(self.title.data, needs, self.category.data or "", self.place.data)
