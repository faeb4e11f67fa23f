from collections.abc import Sequence
from typing import Any

from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import Optional

from portal.policies.catalogue import catalogue_for
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.matching import LONGEST_OFFER, MOST_PEOPLE
from portal.web.forms import Form, Story
from portal.web.words import in_words

PEOPLE = {"inputmode": "numeric", "max": MOST_PEOPLE, "required": True}


class _ByProvider(Form):
    """Said for one of the providers for which someone works."""

    provider = SelectField(N_("Provider"), coerce=int, validate_choice=False, render_kw={"required": True})

    def __init__(self, own: Sequence[Provider], **values: Any) -> None:
        super().__init__(**values)
        self.provider.choices = [(one.id, in_words(one, "name")) for one in own]
        self.own = {one.id: one for one in own}

    def chosen(self) -> Provider:
        """The provider that was chosen; the first one, where what was sent names none of one's own."""
        return self.own.get(self.provider.data or 0) or next(iter(self.own.values()))


class SkillForm(_ByProvider):
    """What a provider does."""

    category = SelectField(N_("Kind of service"), validate_choice=False, render_kw={"required": True})
    people_a_month = IntegerField(N_("For how many people a month?"), [Optional()], render_kw=PEOPLE | {"min": 0})

    def __init__(self, own: Sequence[Provider], region: Region, **values: Any) -> None:
        super().__init__(own, **values)
        items = [item for item in catalogue_for(region).values() if len(item.code) == 4]
        self.category.choices = [("", ""), *((item.code, in_words(item, "title")) for item in items)]


class OfferForm(_ByProvider):
    """What a provider would do."""

    words = Story(N_("What would you do?"), render_kw={"rows": 4, "maxlength": LONGEST_OFFER, "required": True})
    people_a_month = IntegerField(N_("For how many people a month?"), [Optional()], render_kw=PEOPLE | {"min": 1})
    start_on = DateField(N_("From which day on?"), [Optional()], render_kw={"required": True})
