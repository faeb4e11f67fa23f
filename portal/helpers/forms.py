from wtforms import BooleanField
from wtforms.validators import DataRequired, ValidationError

from portal.rules import N_
from portal.rules.helpers import UNWANTED
from portal.rules.rolls import LONGEST_HOUSEHOLD
from portal.web.addresses import LARGEST
from portal.web.forms import Form, Line
from portal.web.words import gettext

TYPED = {"autocomplete": "off", "required": True}


class ConsentForm(Form):
    """The word of the voter, as her helper passes it on."""

    consents = BooleanField(N_("She is with me, and she wants this."), render_kw={"required": True})

    def validate_consents(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(gettext(UNWANTED.text))


class NeighbourForm(ConsentForm):
    """Whom a neighbour helps, as only those who know her can say."""

    number = Line(
        N_("Her number on the roll"), [DataRequired()], render_kw={**TYPED, "inputmode": "numeric", "maxlength": 10}
    )
    known_by = Line(
        N_("The last four digits of her telephone number, or her household"),
        [DataRequired()],
        render_kw={**TYPED, "maxlength": LONGEST_HOUSEHOLD},
    )

    def voter(self) -> int:
        """The number on the roll; 0 where it cannot be one."""
        typed = self.number.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and int(typed) <= LARGEST else 0
