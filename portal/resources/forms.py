from typing import Any

from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.policies.catalogue import catalogue
from portal.resources.models import Resource
from portal.resources.queries import Detail
from portal.resources.words import CHANNELS, OWNERSHIPS, RESOURCE_KINDS
from portal.rules import N_
from portal.rules.bookings import DAY, clock_of, week_of
from portal.rules.projects import fen_of, yuan_of
from portal.rules.resources import (
    COUNTED,
    LONGEST_STORY,
    LONGEST_TITLE,
    LONGEST_UNIT,
    PremisesDraft,
    ResourceDraft,
    ResourceKind,
    area_of,
    count_of,
    metres_of,
)
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words

CLOCK = {"type": "time", "maxlength": 8}
DAYS = range(7)


def a_day(label: str, *validators: Any, **options: Any) -> DateField:
    return DateField(label, validators or [Optional()], render_kw={"type": "date"}, **options)


class ResourceForm(Form):
    """Something that can be used; the fields of its kind only are shown."""

    key = Key()
    kind = SelectField(N_("Kind"), choices=RESOURCE_KINDS, validate_choice=False)
    title = Line(
        N_("Name of the resource"), render_kw={"maxlength": LONGEST_TITLE, "required": True, "autocomplete": "off"}
    )
    story = Story(N_("What it is"), render_kw={"rows": 3, "maxlength": LONGEST_STORY})
    category = SelectField(N_("Subject"), validate_choice=False)
    amount = Line(N_("How much"), render_kw={"maxlength": 20, "autocomplete": "off"})
    unit = Line(N_("Unit"), render_kw={"maxlength": LONGEST_UNIT, "autocomplete": "off"})
    conditions = Story(N_("Conditions"), render_kw={"rows": 2, "maxlength": LONGEST_STORY})
    from_on = a_day(N_("From"))
    until_on = a_day(N_("Until"))
    channel = SelectField(N_("Brought to people through"), choices=CHANNELS, validate_choice=False)
    provider = SelectField(N_("For whom do you offer it?"), validate_choice=False)
    ownership = SelectField(N_("Whose premises"), choices={"": "", **OWNERSHIPS}, validate_choice=False)
    accessible = BooleanField(N_("Accessible: without steps, or with a ramp or lift"))
    idle_since = a_day(N_("Idle since"))
    hours = Line(N_("Opening hours"))
    """What is wrong with the opening hours as a whole stands beside it."""

    def __init__(self, providers: Any = (), **values: Any) -> None:
        super().__init__(**values)
        items = [item for item in catalogue().values() if len(item.code) == 4 and item.resident_visible]
        self.category.choices = [("", ""), *((item.code, in_words(item, "title")) for item in items)]
        self.provider.choices = [("", N_("For myself")), *((str(one.id), in_words(one, "name")) for one in providers)]
        if self.sort in COUNTED:
            self.amount.flags.required = True
        self.ownership.flags.required = True

    @property
    def sort(self) -> ResourceKind | None:
        """The kind that is offered, once it is chosen."""
        return ResourceKind(self.kind.data) if self.kind.data in list(ResourceKind) else None

    def week(self) -> list[tuple[Any, Any]]:
        """The fields of each day's opening hours."""
        return [(self[f"opens{day}"], self[f"closes{day}"]) for day in DAYS]

    def provider_id(self) -> int | None:
        chosen = [value for value, _ in self.provider.choices if value and value == self.provider.data]
        return int(chosen[0]) if chosen else None

    def draft(self, kind: ResourceKind) -> ResourceDraft:
        is_premises = kind is ResourceKind.PREMISES
        said = PremisesDraft(
            self.ownership.data or "",
            bool(self.accessible.data),
            self.idle_since.data,
            week_of([(opens.data, closes.data) for opens, closes in self.week()]),
        )
        return ResourceDraft(
            kind=kind,
            title=self.title.data,
            story=self.story.data,
            category=self.category.data or "",
            amount=_READ[kind](self.amount.data),
            unit="" if kind in (ResourceKind.PREMISES, ResourceKind.MONEY) else self.unit.data,
            conditions=self.conditions.data,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            channel=self.channel.data or "",
            premises=said if is_premises else None,
        )


for day in DAYS:
    setattr(ResourceForm, f"opens{day}", Line(N_("opens"), render_kw=CLOCK))
    setattr(ResourceForm, f"closes{day}", Line(N_("closes"), render_kw=CLOCK))

_READ = {
    ResourceKind.PREMISES: area_of,
    ResourceKind.MONEY: fen_of,
    ResourceKind.PEOPLE: count_of,
    ResourceKind.GOODS: count_of,
    ResourceKind.SKILL: count_of,
}


def typed_before(resource: Resource, detail: Detail) -> dict[str, Any]:
    """What the form of a resource that is to be changed begins with."""
    plain = ("kind", "title", "story", "category", "unit", "conditions", "from_on", "until_on", "channel")
    values: dict[str, Any] = {name: getattr(resource, name) for name in plain}
    written = {ResourceKind.PREMISES: metres_of, ResourceKind.MONEY: yuan_of}.get(ResourceKind(resource.kind), str)
    values["amount"] = "" if resource.amount is None else written(resource.amount)
    if detail.premises:
        values |= {name: getattr(detail.premises, name) for name in ("ownership", "accessible", "idle_since")}
    hours = max(detail.available.hours, key=lambda one: one.from_on, default=None)
    for day, span in enumerate(hours.week if hours else ()):
        if span:
            values |= {f"opens{day}": clock_of(span[0]), f"closes{day}": clock_of(span[1] % DAY)}
    return values


class WithdrawForm(Form):
    """Why a resource is taken off the list."""

    reason = Line(N_("Reason, for everyone to read"), render_kw={"maxlength": 200, "autocomplete": "off"})


class BookingForm(Form):
    """A time of one day, for a body."""

    key = Key()
    body = SelectField(N_("Booked for"), validate_choice=False)
    day = a_day(N_("Day"), InputRequired())
    starts = Line(N_("From"), [InputRequired()], render_kw=CLOCK)
    ends = Line(N_("To"), [InputRequired()], render_kw=CLOCK)
    purpose = Line(N_("What for?"), render_kw={"maxlength": 100, "required": True, "autocomplete": "off"})

    def __init__(self, bodies: Any) -> None:
        super().__init__()
        self.body.choices = bodies
        self.body.flags.required = True
