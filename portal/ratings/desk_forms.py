"""Forms by which the end of a service is recorded, singly or as a list, and keys are made."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from portal.policies.catalogue import CatalogueItem
from portal.ratings.import_keys import LONGEST_TITLE
from portal.rules import N_
from portal.rules.ratings import GRADES, Channel, Outcome
from portal.rules.services import CHANNELS, OUTCOMES
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, whole
from portal.web.words import gettext, in_words


class ProviderForm(Form):
    """A form whose first question is which of some providers is meant."""

    provider = SelectField(N_("Provider"), [InputRequired()], coerce=int, validate_choice=False)

    def __init__(self, providers: Iterable[Any], **given: Any) -> None:
        super().__init__(data=given)
        offered = {provider.id: in_words(provider, "name") for provider in providers}
        self.offered = frozenset(offered)
        self.provider.choices = [SelectChoice(*choice) for choice in offered.items()]


class ServiceForm(ProviderForm):
    """A service that came to its end: by whom, what, when, how, and how its recipient is asked."""

    key = HiddenField(validators=[Length(min=16, max=40)])
    category = SelectField(N_("Service"), [InputRequired()], validate_choice=False)
    served_on = DateField(N_("Day of the service"), [DataRequired()], default=today, render_kw={"type": "date"})
    outcome = RadioField(N_("How did it end?"), [InputRequired()], choices=OUTCOMES, default=Outcome.DELIVERED.value)
    channel = RadioField(N_("How is she asked?"), [InputRequired()], choices=CHANNELS, default=Channel.SMS.value)
    phone = Line(
        N_("Mobile number of who was served"),
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "off", "maxlength": 20},
    )
    grade = SelectField(N_("What she said by telephone"), validate_choice=False)

    def __init__(self, providers: Iterable[Any], services: Iterable[CatalogueItem], **given: Any) -> None:
        super().__init__(providers, **given)
        self.category.choices = [SelectChoice(item.code, in_words(item, "title")) for item in services]
        self.grade.choices = [SelectChoice("", ""), *(SelectChoice(str(g), words) for g, words in GRADES.items())]

    def ask_without_entering(self) -> None:
        """Offer no telephone answers: a provider's own people enter none."""
        self.channel.choices = [choice for choice in CHANNELS.items() if choice[0] != Channel.PHONE]
        del self.grade

    def said(self) -> int | None:
        """The grade that was chosen; 0 for what is none."""
        return (whole(self.grade.data, 1) or 0) if self.grade and self.grade.data else None


class ListForm(ProviderForm):
    """A list of services, as a spreadsheet saves it."""

    file = FileField(N_("File (CSV)"), render_kw={"accept": ".csv,.txt,text/csv,text/plain", "required": True})

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(gettext(N_("Please choose a file.")))


class KeyForm(Form):
    """Which system of the provider gets a key."""

    key = Key()
    title = Line(
        N_("Which system uses it?"), render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off", "required": True}
    )
