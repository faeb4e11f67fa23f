import re
from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField

from portal.policies.catalogue import catalogue_for
from portal.projects import bundling
from portal.projects.models import DesignOption, Project
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.bundles import Bundle, Partner, PartnerKind
from portal.rules.levels import LONGEST_REASON, Level
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
from portal.web.addresses import LARGEST
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words

NUMBERS = range(1, MOST_DESIGNS + 1)
AMOUNT = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"}


KINDS = {
    PartnerKind.COMMUNITY: N_("Community"),
    PartnerKind.SOCIAL_ORGANISATION: N_("Social organisations"),
    PartnerKind.SOCIAL_WORKER: N_("Social workers"),
    PartnerKind.VOLUNTEER: N_("Volunteers"),
    PartnerKind.CHARITY: N_("Charity"),
}
LEVELS = {
    "": N_("The level of its subject"),
    Level.PROVINCE: N_("Province"),
    Level.PREFECTURE: N_("City"),
    Level.COUNTY: N_("County or district"),
    Level.TOWNSHIP: N_("Township or sub-district"),
}


class ProjectForm(Form):
    """A project and, below, up to six designs: title, cost, words and picture of each; and what else can be said."""

    key = Key()
    follows = HiddenField()
    action = HiddenField()
    title = Line(N_("Name of the project"), render_kw={"maxlength": LONGEST_TITLE, "required": True})
    story = Story(N_("What is it about?"), render_kw={"rows": 3, "maxlength": LONGEST_STORY})
    needs = SelectMultipleField(N_("Which needs does it answer?"), coerce=int, validate_choice=False)
    category = SelectField(N_("Subject"), validate_choice=False)
    place = Line(N_("Where?"), render_kw={"maxlength": LONGEST_PLACE, "autocomplete": "off"})
    budget = Line(N_("Budget in yuan"), render_kw={**AMOUNT, "required": True})

    items = SelectMultipleField(N_("Further items that are bought with it"), validate_choice=False)
    places = SelectMultipleField(N_("Where else is it delivered?"), coerce=int, validate_choice=False)
    more_places = Story(N_("Other places"), render_kw={"rows": 2, "maxlength": 2000})
    resources = SelectMultipleField(N_("What is used of the resource list?"), coerce=int, validate_choice=False)
    level = SelectField(N_("Which level buys it?"), choices=LEVELS, validate_choice=False)
    level_reason = Story(N_("Why another level than usual?"), render_kw={"rows": 2, "maxlength": LONGEST_REASON})
    by_party = BooleanField(N_("Brought to residents by the grassroots Party organisation"))

    def __init__(self, region: Region, **values: Any) -> None:
        super().__init__(**values)
        self.region = region
        for name in ("category", "design1_title", "design1_cost", "design2_title", "design2_cost"):
            self[name].flags.required = True
        items = [one for one in catalogue_for(region).values() if len(one.code) == 4 and one.resident_visible]
        self.items.choices = [(item.code, in_words(item, "title")) for item in items]
        self.category.choices = [("", ""), *self.items.choices]
        places = bundling.places_around(region, _numbers(self.places.data))
        self.places.choices = [(place.id, in_words(place, "name")) for place in places]
        resources = bundling.resources_near(region, _numbers(self.resources.data))
        self.resources.choices = [(one.id, in_words(one, "title")) for one in resources]

    def partners(self) -> list[Any]:
        """The field of each kind of partner."""
        return [self[f"partner_{kind.value}"] for kind in PartnerKind]

    def says_more(self) -> bool:
        """Whether anything was said below "More", or refused there."""
        fields = [self[name] for name in MORE] + self.partners()
        return any(field.data or field.errors for field in fields)

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
            bundle=self.bundle(),
        )

    def bundle(self) -> Bundle:
        """What was said below "More"."""
        named, unknown = bundling.places_named(self.region, _names(self.more_places.data))
        return Bundle(
            items=tuple(dict.fromkeys(self.items.data or ())),
            places=tuple(dict.fromkeys((*_numbers(self.places.data), *named))),
            unknown_places=tuple(unknown),
            partners=tuple(Partner(kind, name) for kind in PartnerKind for name in self._named(kind)),
            resources=tuple(dict.fromkeys(_numbers(self.resources.data))),
            level=self.level.data or "",
            level_reason=self.level_reason.data,
            by_party=self.by_party.data,
        )

    def _named(self, kind: PartnerKind) -> list[str]:
        return _names(self[f"partner_{kind.value}"].data)


MORE = ("items", "places", "more_places", "resources", "level", "level_reason", "by_party")
for kind, label in KINDS.items():
    setattr(ProjectForm, f"partner_{kind.value}", Line(label, render_kw={"maxlength": 500, "autocomplete": "off"}))


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


def _names(typed: str | None) -> list[str]:
    """Names as they were typed one after the other."""
    names = (name.strip() for name in re.split(r"[、，,；;\n]", typed or ""))
    return list(dict.fromkeys(name for name in names if name))


def _numbers(chosen: Sequence[int] | None) -> list[int]:
    """Numbers that a key of the database can be; what cannot is 0, which is none."""
    return [number if 0 < number <= LARGEST else 0 for number in chosen or ()]


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


def typed_before(project: Project, designs: Sequence[DesignOption], bundle: Bundle) -> dict[str, Any]:
    """What the form of a project that is to be changed begins with."""
    values: dict[str, Any] = {
        "title": project.title,
        "story": project.story,
        "category": project.category,
        "place": project.place,
        "budget": yuan_of(project.budget_fen),
        "items": list(bundle.items),
        "places": list(bundle.places),
        "resources": list(bundle.resources),
        "level": bundle.level,
        "level_reason": bundle.level_reason,
        "by_party": bundle.by_party,
    }
    for kind in PartnerKind:
        values[f"partner_{kind.value}"] = "、".join(one.name for one in bundle.partners if one.kind is kind)
    for number, design in enumerate(designs, 1):
        values |= {
            f"design{number}_title": design.title,
            f"design{number}_cost": yuan_of(design.cost_fen),
            f"design{number}_story": design.story,
            f"design{number}_kept": design.picture or "",
        }
    return values
