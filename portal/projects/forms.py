from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, SelectMultipleField

from portal.policies.catalogue import catalogue
from portal.projects.models import DesignOption, Project
from portal.rules import N_
from portal.rules.projects import (
    LONGEST_PLACE,
    LONGEST_STORY,
    LONGEST_TITLE,
    MOST_DESIGNS,
    DesignDraft,
    ProjectDraft,
    fen_of,
    yuan_of,
)
from portal.web.forms import Form, Line, Story
from portal.web.words import in_words

NUMBERS = range(1, MOST_DESIGNS + 1)
AMOUNT = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"}


class ProjectForm(Form):
    """A project and, below, up to six designs: title, cost, words and picture of each."""

    title = Line(N_("Name of the project"), render_kw={"maxlength": LONGEST_TITLE, "required": True})
    story = Story(N_("What is it about?"), render_kw={"rows": 3, "maxlength": LONGEST_STORY})
    needs = SelectMultipleField(N_("Which needs does it answer?"), coerce=int, validate_choice=False)
    category = SelectField(N_("Subject"), validate_choice=False)
    place = Line(N_("Where?"), render_kw={"maxlength": LONGEST_PLACE, "autocomplete": "off"})
    budget = Line(N_("Budget in yuan"), render_kw={**AMOUNT, "required": True})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        items = [item for item in catalogue().values() if len(item.code) == 4 and item.resident_visible]
        for name in ("category", "design1_title", "design1_cost", "design2_title", "design2_cost"):
            self[name].flags.required = True
        self.category.choices = [("", ""), *((item.code, in_words(item, "title")) for item in items)]

    def designs(self) -> list[dict[str, Any]]:
        """The fields of each design by their short names."""
        found = [{part: self[f"design{n}_{part}"] for part in PARTS} for n in NUMBERS]
        return [{**fields, "number": n, "filled": _is_filled(fields)} for n, fields in enumerate(found, 1)]

    def draft(self) -> ProjectDraft:
        return ProjectDraft(
            title=self.title.data,
            category=self.category.data or "",
            budget_fen=fen_of(self.budget.data),
            needs=tuple(dict.fromkeys(self.needs.data or ())),
            designs=tuple(_design(fields) for fields in self.designs() if fields["filled"]),
            story=self.story.data,
            place=self.place.data,
        )


PARTS = {
    "title": lambda: Line(N_("Name of the design"), render_kw={"maxlength": LONGEST_TITLE}),
    "cost": lambda: Line(N_("Cost in yuan"), render_kw=AMOUNT),
    "story": lambda: Story(N_("What residents get"), render_kw={"rows": 3, "maxlength": LONGEST_STORY}),
    "picture": lambda: FileField(N_("Picture"), render_kw={"accept": "image/*"}),
    "kept": lambda: HiddenField(),
}
"""`kept` names a picture that was sent already, so that an error elsewhere does not lose it."""
for number in NUMBERS:
    for part, field in PARTS.items():
        setattr(ProjectForm, f"design{number}_{part}", field())


def _is_filled(fields: dict[str, Any]) -> bool:
    return any(fields[part].data for part in ("title", "cost", "story", "kept"))


def _design(fields: dict[str, Any]) -> DesignDraft:
    return DesignDraft(
        title=fields["title"].data,
        cost_fen=fen_of(fields["cost"].data),
        story=fields["story"].data,
        picture=fields["kept"].data or None,
        number=fields["number"],
    )


def typed_before(project: Project, designs: Sequence[DesignOption]) -> dict[str, Any]:
    """What the form of a project that is to be changed begins with."""
    values: dict[str, Any] = {
        "title": project.title,
        "story": project.story,
        "category": project.category,
        "place": project.place,
        "budget": yuan_of(project.budget_fen),
    }
    for number, design in enumerate(designs, 1):
        values |= {
            f"design{number}_title": design.title,
            f"design{number}_cost": yuan_of(design.cost_fen),
            f"design{number}_story": design.story,
            f"design{number}_kept": design.picture or "",
        }
    return values
