import re
import unicodedata

from wtforms import BooleanField, PasswordField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.rules import N_
from portal.rules.accounts import CODE_DIGITS, phone_number
from portal.web.forms import Form, Line
from portal.web.words import gettext


class PhoneForm(Form):
    phone = Line(
        N_("Your mobile number"),
        [DataRequired()],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": 20},
    )

    def validate_phone(self, field: Line) -> None:
        if phone_number(field.data or "") is None:
            raise ValidationError(
                gettext(N_("This does not look like a mobile number. It has 11 digits, such as 138 0013 8000."))
            )


class CodeForm(Form):
    code = Line(
        N_("The code from the message"),
        [DataRequired()],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12, "autofocus": True},
    )

    def validate_code(self, field: Line) -> None:
        field.data = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", field.data or ""))
        if len(field.data) != CODE_DIGITS:
            raise ValidationError(gettext(N_("The code has %(count)s digits."), count=CODE_DIGITS))


class StaffForm(Form):
    login = Line(N_("Login"), [DataRequired()], render_kw={"autocomplete": "username", "maxlength": 60})
    password = PasswordField(N_("Password"), [DataRequired()], render_kw={"autocomplete": "current-password"})


class PreferencesForm(Form):
    name = Line(
        N_("How you are called here"), [Length(max=40)], render_kw={"autocomplete": "nickname", "maxlength": 40}
    )
    wants_sms = BooleanField(N_("Send me an SMS when something I reported moves on"))
