"""The forms of agreements and incubators."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired

from portal.resources.forms import a_day
from portal.resources.words import MODES
from portal.rules import N_
from portal.rules.agreements import LONGEST_WORDS, AgreementDraft, minutes_of
from portal.rules.incubators import LONGEST_NAME, LONGEST_STORY, IncubatorDraft
from portal.rules.projects import fen_of
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words

AMOUNT = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"}


class AgreementForm(Form):
    """Who may use a resource, and on what terms."""

    key = Key()
    provider = SelectField(N_("Provider"), validate_choice=False)
    mode = SelectField(N_("Terms"), choices={"": "", **MODES}, validate_choice=False)
    from_on = a_day(N_("First day"), InputRequired())
    until_on = a_day(N_("Last day"), InputRequired())
    hours = Line(N_("Hours of service owed"), render_kw=AMOUNT)
    value = Line(N_("Value in kind, in yuan"), render_kw=AMOUNT)
    valuation = Story(N_("How this value was found"), render_kw={"rows": 2, "maxlength": LONGEST_WORDS})
    words = Story(N_("What else was agreed"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS})

    def __init__(self, providers: Any, **values: Any) -> None:
        super().__init__(**values)
        self.provider.choices = [("", ""), *((str(one.id), in_words(one, "name")) for one in providers)]
        self.provider.flags.required = self.mode.flags.required = True

    def provider_id(self) -> int:
        """The provider that was chosen; 0, which is none, if none of those shown was."""
        chosen = [value for value, _ in self.provider.choices if value and value == self.provider.data]
        return int(chosen[0]) if chosen else 0

    def draft(self) -> AgreementDraft:
        return AgreementDraft(
            mode=self.mode.data or "",
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            minutes_owed=minutes_of(self.hours.data),
            value_fen=fen_of(self.value.data) if self.value.data else 0,
            valuation=self.valuation.data,
            words=self.words.data,
        )


class HoursForm(Form):
    """Hours of service that were delivered; with a minus, hours that are taken back."""

    key = Key()
    hours = Line(N_("Hours"), [InputRequired()], render_kw={"maxlength": 12, "autocomplete": "off"})
    served_on = a_day(N_("Day"), InputRequired(), default=today)
    words = Line(N_("What was done?"), render_kw={"maxlength": 200, "required": True, "autocomplete": "off"})

    def minutes(self) -> int | None:
        typed = self.hours.data.replace("−", "-").replace("－", "-")
        minutes = minutes_of(typed.removeprefix("-"))
        return minutes if minutes is None or not typed.startswith("-") else -minutes


class EndForm(Form):
    """When an agreement ends, and why."""

    ended_on = a_day(N_("Last day"), InputRequired(), default=today)
    reason = Line(
        N_("Reason, for everyone to read"), render_kw={"maxlength": 200, "required": True, "autocomplete": "off"}
    )


class IncubatorForm(Form):
    """A place where young organisations are raised."""

    key = Key()
    name = Line(
        N_("Name of the organisation"), render_kw={"maxlength": LONGEST_NAME, "required": True, "autocomplete": "off"}
    )
    story = Story(N_("What it offers"), render_kw={"rows": 3, "maxlength": LONGEST_STORY})
    opened_on = a_day(N_("Opened on"), InputRequired())
    premises = SelectField(N_("Premises"), validate_choice=False)

    def __init__(self, premises: Any) -> None:
        super().__init__()
        self.premises.choices = [("", ""), *((str(one.id), in_words(one, "title")) for one in premises)]

    def premises_id(self) -> int | None:
        """The premises that were chosen; 0, which are none, if none of those shown were."""
        shown = [value for value, _ in self.premises.choices]
        return (int(self.premises.data) if self.premises.data in shown else 0) if self.premises.data else None

    def draft(self) -> IncubatorDraft:
        return IncubatorDraft(self.name.data, self.opened_on.data, self.story.data)


class OrganisationForm(Form):
    """An organisation that comes into an incubator."""

    key = Key()
    name = Line(
        N_("Name of the organisation"),
        render_kw={"maxlength": LONGEST_NAME, "required": True, "autocomplete": "organization"},
    )
    provider = SelectField(N_("Registered as provider"), validate_choice=False)
    entered_on = a_day(N_("Came in on"), InputRequired(), default=today)

    def __init__(self, providers: Any) -> None:
        super().__init__()
        self.provider.choices = [("", ""), *((str(one.id), in_words(one, "name")) for one in providers)]

    def provider_id(self) -> int | None:
        """The provider that was chosen; 0, which is none, if none of those shown was."""
        shown = [value for value, _ in self.provider.choices]
        return (int(self.provider.data) if self.provider.data in shown else 0) if self.provider.data else None


class GraduationForm(Form):
    """When an organisation left to stand by itself."""

    graduated_on = a_day(N_("Graduated on"), InputRequired(), default=today)
