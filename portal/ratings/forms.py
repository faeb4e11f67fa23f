from collections.abc import Iterable
from typing import Any

from wtforms import DateField, HiddenField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.policies.catalogue import CatalogueItem
from portal.ratings.models import Rating
from portal.rules import N_
from portal.rules.ratings import LONGEST, reasons_for
from portal.store.clock import today
from portal.web.forms import Form, Line, Story
from portal.web.words import in_words


class WhyForm(Form):
    """What is said beside a grade."""

    reasons = SelectMultipleField(N_("What was it?"), validate_choice=False)
    words = Story(
        N_("In your own words"),
        render_kw={"rows": 3, "maxlength": LONGEST, "autocomplete": "off", "class": "why-words"},
    )

    def __init__(self, rating: Rating) -> None:
        super().__init__(data={"reasons": rating.reasons, "words": rating.words})
        self.reasons.choices = [SelectChoice(code, label) for code, label in reasons_for(rating.grade).items()]


class ServiceForm(Form):
    """A service that was given: by whom, what, when, and where its private link goes."""

    key = HiddenField(validators=[Length(min=16, max=40)])
    provider = SelectField(N_("Provider"), [InputRequired()], coerce=int, validate_choice=False)
    category = SelectField(N_("Service"), [InputRequired()], validate_choice=False)
    served_on = DateField(N_("Day of the service"), [DataRequired()], default=today, render_kw={"type": "date"})
    phone = Line(
        N_("Mobile number of who was served"),
        [DataRequired()],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "off", "maxlength": 20},
    )

    def __init__(self, providers: Iterable[Any], services: Iterable[CatalogueItem], **given: Any) -> None:
        super().__init__(data=given)
        offered = {provider.id: in_words(provider, "name") for provider in providers}
        self.offered = frozenset(offered)
        self.provider.choices = [SelectChoice(*choice) for choice in offered.items()]
        self.category.choices = [SelectChoice(item.code, in_words(item, "title")) for item in services]
