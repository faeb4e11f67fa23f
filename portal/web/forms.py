"""What is typed: shapes and labels, and a refused deed turned into words beside the field."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from portal.rules import N_, Refused
from portal.web.words import FormWords, gettext

WTFORMS_SAYS = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Not a valid integer value."),
    N_("Not a valid date value."),
)

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff\ud800-\udfff]")


def cleaned(text: str | None) -> str:
    """`text` without control characters and outer blanks, lines ending in a plain newline."""
    return _UNPRINTABLE.sub("", (text or "").replace("\r\n", "\n")).strip()


def whole(typed: str | None, digits: int) -> int | None:
    """A whole number of at most so many `digits` as it was typed; None if it is none."""
    plain = (typed or "").strip()
    return int(plain) if plain.isdecimal() and len(plain) <= digits else None


class Line(StringField):
    """One line of text."""

    def __init__(self, label: str, validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, filters=[cleaned], **options)


class Story(TextAreaField):
    """Several lines of text."""

    def __init__(self, label: str, validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, filters=[cleaned], **options)


@contextmanager
def flashed_refusals() -> Iterator[None]:
    """Turn a refused deed of a single button, which has no fields, into words above the next page."""
    try:
        yield
    except Refused as refused:
        for refusal in refused.refusals:
            flash(gettext(refusal.text, **refusal.values), "refusal")


class Key(HiddenField):
    """The idempotency key of a form: sent twice, done once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[Length(min=16, max=40)], default=lambda: uuid.uuid4().hex, **options)


class Form(FlaskForm):
    """Every form: labels and errors in the reader's words."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> type[FormWords]:
            return FormWords

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether a good form was sent; a switch of language or display only shows it again."""
        if not self.is_submitted() or "_language" in request.form or "_display" in request.form:
            return False
        return bool(self.validate(extra_validators))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a refused deed into errors beside its fields; what was typed stays."""
        try:
            yield
        except Refused as refused:
            for refusal in refused.refusals:
                field = self._fields.get(refusal.beside)
                said = gettext(refusal.text, **refusal.values)
                if field is None:
                    self.form_errors: list[str] = [*self.form_errors, said]
                else:
                    field.errors = [*field.errors, said]
