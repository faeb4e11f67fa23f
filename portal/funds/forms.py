from datetime import datetime, time, timedelta
from typing import Any

from wtforms import BooleanField, DateField, DateTimeLocalField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from portal.policies.catalogue import catalogue
from portal.rules import N_
from portal.rules.funds import LONGEST_NAME, LONGEST_WORDS, PARTY_ORG, EntryDraft, FundDraft, FundKind, Way
from portal.rules.grants import CallDraft, RequestDraft
from portal.rules.projects import fen_of
from portal.rules.rounds import LONGEST_QUESTION
from portal.store.clock import CHINA, now, today
from portal.voting.forms import MINUTES
from portal.web.addresses import row_number
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words

KINDS = {
    FundKind.BUDGET.value: N_("Fiscal budget"),
    FundKind.ASSISTANCE.value: N_("Earmarked social-assistance fund"),
    FundKind.LOTTERY.value: N_("Welfare-lottery public-benefit fund"),
    FundKind.INCUBATION.value: N_("Incubation fund"),
    FundKind.COMMUNITY.value: N_("Community development fund"),
}
WAYS = {
    Way.INCOME.value: N_("Came in"),
    Way.DIRECT.value: N_("Spent directly"),
    Way.PURCHASE.value: N_("Paid for a purchase"),
    Way.GRANT.value: N_("Paid as a grant"),
}
CHANNELS = {"": N_("The administration itself"), PARTY_ORG: N_("Grassroots Party organisation")}
AMOUNT: dict[str, Any] = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off", "required": True}
NAME: dict[str, Any] = {"maxlength": LONGEST_NAME, "autocomplete": "off", "required": True}
WORDS: dict[str, Any] = {"rows": 3, "maxlength": LONGEST_WORDS, "required": True}


class Keyed(Form):
    """A form that makes one row, however often it is sent."""

    key = Key()


class Amounts(Form):
    """A form with an amount in yuan."""

    amount = Line(N_("Amount in yuan"), render_kw=AMOUNT)

    @property
    def fen(self) -> int | None:
        return fen_of(self.amount.data or "")


class FundForm(Keyed):
    name = Line(N_("Name of the fund"), render_kw=NAME)
    kind = SelectField(N_("Where the money comes from"), choices=KINDS, validate_choice=False)
    year = IntegerField(N_("Fiscal year"), [Optional()], render_kw={"inputmode": "numeric", "required": True})
    channel = SelectField(N_("Through whom it reaches people"), choices=CHANNELS, validate_choice=False)

    def draft(self) -> FundDraft:
        return FundDraft(self.name.data or "", self.kind.data or "", self.year.data, self.channel.data or "")


def subjects() -> dict[str, str]:
    """The groups of the catalogue in the reader's language, and none of them."""
    groups = {code: in_words(item, "title") for code, item in catalogue().items() if len(code) == 2}
    return {"": "", **groups}


class EntryForm(Keyed, Amounts):
    way = RadioField(
        N_("What happened?"),
        [InputRequired()],
        choices={Way.INCOME.value: WAYS[Way.INCOME], Way.DIRECT.value: N_("Spent without a purchase")},
    )
    words = Story(N_("What for, for everyone to read"), render_kw=WORDS)
    category = SelectField(N_("Subject"), validate_choice=False)

    def __init__(self) -> None:
        super().__init__()
        self.category.choices = subjects()

    def draft(self) -> EntryDraft:
        return EntryDraft(self.way.data or "", self.fen, self.words.data or "", self.category.data or "")


class CorrectForm(Keyed):
    words = Story(N_("What was wrong, for everyone to read"), render_kw=WORDS)


class AllocateForm(Keyed, Amounts):
    place = SelectField(N_("To which place"), validate_choice=False, render_kw={"required": True})

    def __init__(self, places: dict[str, str]) -> None:
        super().__init__()
        self.place.choices = places


class LineForm(Keyed, Amounts):
    title = Line(N_("What is to be bought"), render_kw=NAME)
    category = SelectField(N_("Subject"), validate_choice=False)
    is_new = BooleanField(N_("It is new public-service spending"))

    def __init__(self) -> None:
        super().__init__()
        self.category.choices = subjects()

    def kind(self) -> dict[str, Any]:
        return {"category": self.category.data or "", "is_new": bool(self.is_new.data)}


class ResizeForm(Amounts):
    """A new amount."""


class ReasonForm(Keyed):
    words = Story(N_("Why is the share lower? Everyone reads this."), render_kw=WORDS)


class CallForm(Keyed):
    title = Line(N_("What the grants are for"), render_kw=NAME)
    words = Story(N_("Who may ask, and what is expected"), render_kw=WORDS)
    budget = Line(N_("Budget in yuan"), render_kw=AMOUNT)
    closes_on = DateField(N_("Last day to ask"), [DataRequired()], render_kw={"required": True})
    for_startups = BooleanField(N_("Only for organisations that are still young"))

    def draft(self) -> CallDraft:
        return CallDraft(
            self.title.data or "",
            self.words.data or "",
            fen_of(self.budget.data or ""),
            self.closes_on.data,
            bool(self.for_startups.data),
        )


class AskForm(Keyed, Amounts):
    provider = SelectField(N_("Organisation"), coerce=row_number, validate_choice=False, render_kw={"required": True})
    title = Line(N_("Name of the activity"), render_kw=NAME)
    purpose = Story(N_("What the money is for, for everyone to read"), render_kw=WORDS)
    founded_on = DateField(
        N_("Day on which the organisation was registered"), [DataRequired()], render_kw={"required": True}
    )

    def draft(self) -> RequestDraft:
        return RequestDraft(self.title.data or "", self.purpose.data or "", self.fen, self.founded_on.data)


class DecideForm(Amounts):
    reason = Story(N_("Why, for everyone to read"), render_kw=WORDS)


class VoteForm(Form):
    """When residents choose among the requests of a call."""

    question = Line(N_("What is asked?"), render_kw={"maxlength": LONGEST_QUESTION, "required": True})
    opens_at = DateTimeLocalField(N_("The vote opens"), [Optional()], format=MINUTES, render_kw={"required": True})
    closes_at = DateTimeLocalField(N_("The vote closes"), [Optional()], format=MINUTES, render_kw={"required": True})

    @classmethod
    def proposed(cls, question: str) -> "VoteForm":
        """A vote that opens now and closes in two weeks, in the evening."""
        closes = datetime.combine(today() + timedelta(days=14), time(20))
        return cls(question=question, opens_at=now().astimezone(CHINA), closes_at=closes)

    @property
    def opens(self) -> datetime | None:
        return _in_china(self.opens_at.data)

    @property
    def closes(self) -> datetime | None:
        return _in_china(self.closes_at.data)


def _in_china(typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=CHINA) if typed else None
