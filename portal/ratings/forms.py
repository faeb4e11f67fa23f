from wtforms import BooleanField, MultipleFileField, SelectChoice, SelectMultipleField

from portal.ratings.models import Rating
from portal.rules import N_
from portal.rules.ratings import LONGEST, reasons_for
from portal.web.forms import Form, Story


class WhyForm(Form):
    """What is said beside a grade. Its token is that of the link (`queries.form_key`)."""

    class Meta(Form.Meta):
        csrf = False

    reasons = SelectMultipleField(N_("What was it?"), validate_choice=False)
    words = Story(
        N_("In your own words"),
        render_kw={"rows": 3, "maxlength": LONGEST, "autocomplete": "off", "class": "why-words"},
    )
    photos = MultipleFileField(N_("Photo"), render_kw={"accept": "image/*"})
    no_photo = BooleanField(N_("Remove the photo"))

    def __init__(self, rating: Rating, has_own_words: bool) -> None:
        super().__init__(data={"reasons": rating.reasons, "words": rating.words if has_own_words else ""})
        self.reasons.choices = [SelectChoice(code, label) for code, label in reasons_for(rating.grade).items()]
