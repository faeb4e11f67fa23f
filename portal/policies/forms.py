from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, SelectChoice, SelectField
from wtforms.validators import Optional

from portal.policies.models import PolicyDocument
from portal.policies.rule_sets import RuleSetDraft
from portal.policies.words import FEATURES, IMPLEMENTERS, LEVEL_WORDS, NATURES, numbers_by_subject
from portal.rules import N_
from portal.rules.catalogue import LONGEST_TITLE as LONGEST_ITEM
from portal.rules.catalogue import ItemDraft
from portal.rules.policies import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORDS,
    DocumentDraft,
    MilestoneDraft,
    PilotDraft,
    ReplyDraft,
)
from portal.rules.setting import read_numbers, settable
from portal.store.clock import today
from portal.web.addresses import row_number
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words


def Day(label: str, *, needed: bool = True, **options: Any) -> DateField:  # noqa: N802 (a field, like Line and Story)
    return DateField(
        label, [Optional()], render_kw={"type": "date", **({"required": True} if needed else {})}, **options
    )


def _text(rows: int = 4, most: int = LONGEST_WORDS, *, needed: bool = True) -> dict[str, Any]:
    return {"rows": rows, "maxlength": most, **({"required": True} if needed else {})}


def _line(most: int, *, needed: bool = True) -> dict[str, Any]:
    return {"maxlength": most, "autocomplete": "off", **({"required": True} if needed else {})}


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def _number(typed: str | None) -> int | None:
    try:
        return row_number(typed or "") or None
    except ValueError:
        return None


class _Citing(Form):
    """A form that names a document of this place or one above."""

    document = SelectField(N_("Document"), validate_choice=False)

    def __init__(self, documents: Sequence[Any] = (), **values: Any) -> None:
        super().__init__(**values)
        self.document.choices = [("", ""), *((str(one.id), _titled(one)) for one in documents)]

    def cited(self) -> int | None:
        return _number(self.document.data)


def _titled(document: PolicyDocument) -> str:
    return f"{document.number} {in_words(document, 'title')}".strip()


class ItemForm(Form):
    key = Key()
    code = Line(N_("Code"), render_kw={**_line(4), "inputmode": "numeric"})
    title = Line(N_("Name in Simplified Chinese"), render_kw=_line(LONGEST_ITEM))
    title_hant = Line(N_("Name in Traditional Chinese"), render_kw=_line(LONGEST_ITEM))
    title_en = Line(N_("Name in English"), render_kw=_line(LONGEST_ITEM))
    nature = SelectField(N_("Kind of work"), choices=_choices(NATURES), validate_choice=False)
    resident_visible = BooleanField(N_("Residents can choose it"), default=True)
    implementing_level = SelectField(N_("Who mainly buys it"), choices=_choices(IMPLEMENTERS), validate_choice=False)
    official_code = Line(N_("Its place in your own guidance catalogue"), render_kw=_line(40, needed=False))
    valid_from = Day(N_("Valid from"), default=today)

    def draft(self) -> ItemDraft:
        return ItemDraft(
            self.code.data,
            self.title.data,
            self.title_hant.data,
            self.title_en.data,
            self.nature.data or "",
            bool(self.resident_visible.data),
            self.implementing_level.data or "",
            self.official_code.data,
            self.valid_from.data,
        )


class EndItemForm(Form):
    valid_to = Day(N_("Last day on which it can be chosen"), default=today)


class DocumentForm(_Citing):
    key = Key()
    title = Line(N_("Title"), render_kw=_line(LONGEST_TITLE))
    issuers = Story(N_("Issued by"), render_kw=_text(3, LONGEST_NAME * 20))
    number = Line(N_("Document number"), render_kw=_line(60, needed=False))
    issued_on = Day(N_("Issued on"))
    text = Story(N_("Text"), render_kw=_text(12, LONGEST_TEXT))

    def draft(self) -> DocumentDraft:
        issuers = tuple(line.strip() for line in (self.issuers.data or "").splitlines() if line.strip())
        return DocumentDraft(
            self.title.data, issuers, self.number.data, self.issued_on.data, self.text.data, self.cited()
        )


class ReplyForm(Form):
    key = Key()
    number = Line(N_("Number of the proposal"), render_kw=_line(20))
    session = Line(N_("Session"), render_kw=_line(80))
    title = Line(N_("Title"), render_kw=_line(LONGEST_TITLE))
    proposer = Line(N_("Proposer, as the public document writes it"), render_kw=_line(80))
    issuer = Line(N_("Answered by"), render_kw=_line(LONGEST_NAME))
    received_on = Day(N_("Received on"))
    answered_on = Day(N_("Answered on"))
    text = Story(N_("Text"), render_kw=_text(12, LONGEST_TEXT))

    def draft(self) -> ReplyDraft:
        return ReplyDraft(
            number=self.number.data,
            session=self.session.data,
            title=self.title.data,
            proposer=self.proposer.data,
            issuer=self.issuer.data,
            received_on=self.received_on.data,
            answered_on=self.answered_on.data,
            text=self.text.data,
        )


class RuleSetForm(_Citing):
    """A day, a document and, below, a field for each number; an empty one leaves it as it is."""

    key = Key()
    valid_from = Day(N_("Holds from"))
    cites = Line(N_("Or another document, in words"), render_kw=_line(200, needed=False))

    def draft(self) -> RuleSetDraft:
        typed = {name: field.data or "" for name, field in self._fields.items() if name in settable(top=True)}
        return RuleSetDraft(self.valid_from.data, read_numbers(typed), self.cites.data, self.cited())

    def subjects(self) -> dict[str, list[Any]]:
        """The fields of the numbers, by what they are about."""
        found = {
            subject: [self[name] for name in names if name in self._fields]
            for subject, names in numbers_by_subject().items()
        }
        return {subject: fields for subject, fields in found.items() if fields}


def rule_set_form(documents: Sequence[Any], *, top: bool) -> RuleSetForm:
    """The form of a division; `top`: of the one above all others."""
    words = {name: label for names in numbers_by_subject().values() for name, label in names.items()}
    fields = {name: Line(words[name], render_kw=_line(200, needed=False)) for name in settable(top=top)}
    made: type[RuleSetForm] = type("RuleSetForm", (RuleSetForm,), fields)
    return made(documents)


class PilotForm(Form):
    key = Key()
    feature = SelectField(N_("What is tried out"), choices=_choices(FEATURES), validate_choice=False)
    from_on = Day(N_("First day"), default=today)
    until_on = Day(N_("Last day, if it is known"), needed=False)
    words = Story(N_("What everyone should know of it"), render_kw=_text())

    def draft(self) -> PilotDraft:
        return PilotDraft(self.feature.data or "", self.from_on.data, self.until_on.data, self.words.data)


class EndPilotForm(Form):
    until_on = Day(N_("Last day"), default=today)


class MilestoneForm(_Citing):
    key = Key()
    title = Line(N_("What is to be reached"), render_kw=_line(120))
    words = Story(N_("How it is seen that a place has reached it"), render_kw=_text())
    level = SelectField(N_("By whom"), validate_choice=False)
    due_on = Day(N_("By when"))

    def __init__(self, documents: Sequence[Any], levels: Sequence[str]) -> None:
        super().__init__(documents)
        self.level.choices = [SelectChoice(level, LEVEL_WORDS[level]) for level in levels]

    def draft(self) -> MilestoneDraft:
        return MilestoneDraft(self.title.data, self.words.data, self.level.data or "", self.due_on.data)


class MarkForm(Form):
    reached_on = Day(N_("Reached on"), default=today)
    evidence = Story(N_("What shows it"), render_kw=_text())


class TakeBackForm(Form):
    reason = Line(N_("Why it is taken back"), render_kw=_line(200))


class DaysForm(Form):
    first = Day(N_("First day"))
    last = Day(N_("Last day, if there are several"), needed=False)
    works = SelectField(
        N_("These days are"),
        choices=_choices({"off": N_("not worked"), "on": N_("worked"), "usual": N_("as the weekday says")}),
        validate_choice=False,
    )

    def days(self) -> tuple[date | None, date | None, bool | None]:
        return self.first.data, self.last.data, {"off": False, "on": True}.get(self.works.data)
