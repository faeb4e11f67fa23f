from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.contracts.models import Contract, ContractParty, Instalment, PerformanceTarget
from portal.contracts.queries import Award, Rest
from portal.contracts.queries import Line as BudgetedLine
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.contracts import (
    LONGEST_EVIDENCE,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_WORDS,
    AcceptanceDraft,
    ChangeDraft,
    Clause,
    Condition,
    ContractDraft,
    Part,
    Party,
    PartyRole,
)
from portal.rules.payment import Band
from portal.rules.projects import fen_of, yuan_of
from portal.rules.targets import LONGEST_INDICATOR, LONGEST_UNIT, TargetDraft
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words

AMOUNT: dict[str, Any] = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"}
COUNT: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off"}
WORDS: dict[str, Any] = {"rows": 3, "maxlength": LONGEST_WORDS}
REQUIRED = {"required": True}
MOST_LINES, MOST_INSTALMENTS, MOST_TARGETS, MOST_BANDS = 4, 10, 6, 6

CONDITIONS = {
    Condition.CONTENT: N_("What is bought stays much the same"),
    Condition.CONTINUOUS: N_("The service must not be interrupted"),
    Condition.FUNDING: N_("The money comes from a stable source"),
    Condition.PRICE: N_("The price hardly changes"),
    Condition.BUDGET: N_("The budget of all years is assured"),
}
CLAUSES = {
    Clause.CONTENT: N_("Content of the service"),
    Clause.QUALITY: N_("Quality standard"),
    Clause.PRICE: N_("Price"),
    Clause.CAPACITY: N_("Service capacity"),
    Clause.TERM: N_("Term"),
    Clause.PLACE: N_("Place"),
    Clause.MANNER: N_("Manner"),
    Clause.PAYMENT: N_("Payment"),
    Clause.BREACH: N_("Liability for breach"),
    Clause.DISPUTE: N_("Resolution of disputes"),
    Clause.NO_REASSIGNMENT: N_("No reassignment"),
    Clause.RIGHTS: N_("Rights and duties"),
}
ROLES = {
    PartyRole.PURCHASER.value: N_("Purchaser"),
    PartyRole.PROVIDER.value: N_("Provider"),
    PartyRole.ASSISTING.value: N_("Assisting unit"),
}


class Conditions(Form):
    """The conditions of a term above a year, each to tick and to show in words (the fields are added below)."""

    def conditions(self) -> dict[str, str]:
        return {one.value: self[one.value].data or "" for one in Condition if self[f"tick_{one.value}"].data}


for condition, label in CONDITIONS.items():
    setattr(Conditions, f"tick_{condition.value}", BooleanField(label))
    setattr(
        Conditions,
        condition.value,
        Line(N_("What shows it?"), render_kw={"maxlength": LONGEST_EVIDENCE, "autocomplete": "off"}),
    )


class FactsForm(Conditions):
    """Who, what, for how much and how long."""

    key = Key()
    title = Line(N_("Title of the contract"), render_kw={"maxlength": LONGEST_TITLE, **REQUIRED})
    purchaser = Line(N_("Purchaser"), render_kw={"maxlength": LONGEST_NAME, **REQUIRED})
    purchaser_duties = Story(N_("What the purchaser does"), render_kw=WORDS)
    provider_duties = Story(N_("What the provider does"), render_kw=WORDS)
    price = Line(N_("Price in yuan"), render_kw={**AMOUNT, **REQUIRED})
    in_kind = Line(N_("Value of what is given in kind, in yuan"), render_kw=AMOUNT)
    in_kind_basis = Story(N_("How this value was found, and by whom"), render_kw=WORDS)
    starts_on = DateField(N_("First day"), [Optional()], render_kw=REQUIRED)
    ends_on = DateField(N_("Last day"), [Optional()], render_kw=REQUIRED)
    assisting = Line(N_("Assisting unit"), render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"})
    assisting_place = SelectField(N_("If it is a committee: whose?"), coerce=int, validate_choice=False, default=0)
    assisting_duties = Story(N_("What the assisting unit does"), render_kw=WORDS)
    assisting_fee = Line(N_("Its fee in yuan, out of the price"), render_kw=AMOUNT)

    def __init__(self, places: Sequence[Region], **values: Any) -> None:
        super().__init__(**values)
        self.assisting_place.choices = [(0, ""), *((place.id, in_words(place, "name")) for place in places)]

    def draft(self) -> ContractDraft:
        return ContractDraft(
            title=self.title.data,
            purchaser=self.purchaser.data,
            price_fen=fen_of(self.price.data),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            in_kind_fen=fen_of(self.in_kind.data or "0"),
            in_kind_basis=self.in_kind_basis.data,
            conditions=self.conditions() or None,
            purchaser_duties=self.purchaser_duties.data,
            provider_duties=self.provider_duties.data,
            assisting=self._assisting(),
        )

    def _assisting(self) -> Party | None:
        place_id = self.assisting_place.data if self.assisting_place.data in dict(self.assisting_place.choices) else 0
        if not (self.assisting.data or place_id or self.assisting_duties.data):
            return None
        named = self.assisting.data or dict(self.assisting_place.choices)[place_id]
        return Party(
            PartyRole.ASSISTING,
            named,
            region_id=place_id or None,
            duties=self.assisting_duties.data,
            fee_fen=fen_of(self.assisting_fee.data or "0"),
        )


def awarded(award: Award) -> dict[str, Any]:
    """What the form of a new contract begins with."""
    return {
        "title": award.project.title,
        "purchaser": award.purchase.purchaser,
        "price": yuan_of(award.bid.price_fen),
    }


def drafted(contract: Contract, parties: Sequence[ContractParty]) -> dict[str, Any]:
    """What the form of a contract that is to be revised begins with."""
    by_role = {party.role: party for party in parties}
    values: dict[str, Any] = {
        name: getattr(contract, name) for name in ("title", "purchaser", "in_kind_basis", "starts_on", "ends_on")
    }
    values |= {
        "price": yuan_of(contract.price_fen),
        "in_kind": yuan_of(contract.in_kind_fen) if contract.in_kind_fen else "",
        "purchaser_duties": by_role[PartyRole.PURCHASER].duties,
        "provider_duties": by_role[PartyRole.PROVIDER].duties,
    }
    assisting = by_role.get(PartyRole.ASSISTING)
    if assisting:
        values |= {
            "assisting": assisting.name,
            "assisting_place": assisting.region_id or 0,
            "assisting_duties": assisting.duties,
            "assisting_fee": yuan_of(assisting.fee_fen),
        }
    return values | shown(contract.conditions or {})


def shown(conditions: Mapping[str, str]) -> dict[str, Any]:
    """What the fields of the conditions begin with."""
    return {f"tick_{name}": True for name in conditions} | dict(conditions)


class ClausesForm(Form):
    """The clauses that somebody has to write; the others follow from the figures and from the law."""

    content = Story(CLAUSES[Clause.CONTENT], render_kw=WORDS)
    quality_standard = Story(CLAUSES[Clause.QUALITY], render_kw=WORDS)
    capacity = Story(CLAUSES[Clause.CAPACITY], render_kw=WORDS)
    place = Story(CLAUSES[Clause.PLACE], render_kw=WORDS)
    manner = Story(CLAUSES[Clause.MANNER], render_kw=WORDS)
    breach_liability = Story(CLAUSES[Clause.BREACH], render_kw=WORDS)
    dispute_resolution = Story(CLAUSES[Clause.DISPUTE], render_kw=WORDS)
    rights_and_duties = Story(CLAUSES[Clause.RIGHTS], render_kw=WORDS)

    def clauses(self) -> dict[str, str]:
        return {clause.value: self[clause.value].data or "" for clause in Clause if clause.value in self}


class SignForm(ClausesForm):
    """The whole text once more, and the day of the signature."""

    signed_on = DateField(N_("Day of the signature"), [Optional()], default=today, render_kw=REQUIRED)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for clause in Clause:
            if clause.value in self:
                self[clause.value].flags.required = True


class MoneyForm(Form):
    """From which budget lines the price comes (the fields are added below)."""

    def __init__(self, lines: Sequence[BudgetedLine], **values: Any) -> None:
        super().__init__(**values)
        for number in range(1, MOST_LINES + 1):
            self[f"part{number}_line"].choices = line_choices(lines)
        _needs(self, "part1", MONEY_PARTS)

    def parts(self) -> list[Part]:
        return [
            Part(fen_of(self[f"part{n}_amount"].data), line_id=self[f"part{n}_line"].data or None, number=n)
            for n in range(1, MOST_LINES + 1)
            if self[f"part{n}_amount"].data or self[f"part{n}_line"].data
        ]


def line_choices(lines: Sequence[BudgetedLine]) -> list[tuple[int, str]]:
    return [(0, ""), *((line.id, f"{line.id}. {line.title} (¥{yuan_of(line.free_fen)})") for line in lines)]


def money_said(money: Mapping[int, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, (line_id, amount_fen) in enumerate(money.items(), 1):
        values |= {f"part{number}_line": line_id, f"part{number}_amount": yuan_of(amount_fen)}
    return values


class InstalmentsForm(Form):
    """In which parts the price is paid, and when (the fields are added below)."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        _needs(self, "part1", ("due", "amount"))

    def parts(self) -> list[Part]:
        return [
            Part(
                fen_of(self[f"part{n}_amount"].data),
                due_on=self[f"part{n}_due"].data,
                is_linked=bool(self[f"part{n}_linked"].data),
                number=n,
            )
            for n in range(1, MOST_INSTALMENTS + 1)
            if self[f"part{n}_amount"].data or self[f"part{n}_due"].data
        ]


def _needs(form: Form, row: str, parts: Iterable[str]) -> None:
    """Say of the first of several rows that it cannot be left out."""
    for part in parts:
        form[f"{row}_{part}"].flags.required = True


def instalments_said(instalments: Sequence[Instalment]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in instalments:
        name = f"part{one.number}"
        values |= {
            f"{name}_due": one.due_on,
            f"{name}_amount": yuan_of(one.amount_fen),
            f"{name}_linked": one.is_linked,
        }
    return values


class BandsForm(Form):
    """Which result brings which share (the fields are added below)."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        _needs(self, "band1", BAND_PARTS)

    def bands(self) -> list[Band]:
        rows = ([self[f"band{n}_{part}"].data for part in BAND_PARTS] for n in range(1, MOST_BANDS + 1))
        return [
            Band(fen_of(low or ""), fen_of(high or ""), share, number)
            for number, (low, high, share) in enumerate(rows, 1)
            if low or high or share is not None
        ]


def bands_said(bands: Sequence[Band]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, one in enumerate(bands, 1):
        said = (yuan_of(one.low or 0), yuan_of(one.high or 0), one.share)
        values |= {f"band{number}_{part}": value for part, value in zip(BAND_PARTS, said, strict=True)}
    return values


class TargetsForm(Form):
    """What is to be reached (the fields are added below)."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        _needs(self, "target1", TARGET_PARTS)

    def drafts(self) -> list[TargetDraft]:
        rows = ([self[f"target{n}_{part}"].data for part in TARGET_PARTS] for n in range(1, MOST_TARGETS + 1))
        return [
            TargetDraft(indicator or "", unit or "", baseline, target, due_on, number)
            for number, (indicator, unit, baseline, target, due_on) in enumerate(rows, 1)
            if indicator or unit or target is not None or due_on
        ]


def targets_said(targets: Sequence[PerformanceTarget]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, one in enumerate(targets, 1):
        said = (one.indicator, one.unit, one.baseline, one.target, one.due_on)
        values |= {f"target{number}_{part}": value for part, value in zip(TARGET_PARTS, said, strict=True)}
    return values


TARGET_PARTS = {
    "indicator": lambda: Line(N_("What is measured"), render_kw={"maxlength": LONGEST_INDICATOR}),
    "unit": lambda: Line(N_("In what it is counted"), render_kw={"maxlength": LONGEST_UNIT}),
    "baseline": lambda: IntegerField(N_("Where it begins"), [Optional()], default=0, render_kw=COUNT),
    "target": lambda: IntegerField(N_("What is to be reached"), [Optional()], render_kw=COUNT),
    "due": lambda: DateField(N_("By which day?"), [Optional()]),
}
RESULT: dict[str, Any] = {"inputmode": "decimal", "maxlength": 6, "autocomplete": "off"}
BAND_PARTS = {
    "low": lambda: Line(N_("Result from"), render_kw=RESULT),
    "high": lambda: Line(N_("to"), render_kw=RESULT),
    "share": lambda: IntegerField(N_("Paid, in percent"), [Optional()], render_kw=COUNT),
}
INSTALMENT_PARTS = {
    "due": lambda: DateField(N_("Due on"), [Optional()]),
    "amount": lambda: Line(N_("Amount in yuan"), render_kw=AMOUNT),
    "linked": lambda: BooleanField(N_("How much of it is paid follows from the evaluation")),
}
MONEY_PARTS = {
    "line": lambda: SelectField(N_("Budget line"), coerce=int, validate_choice=False, default=0),
    "amount": lambda: Line(N_("Amount in yuan"), render_kw=AMOUNT),
}
for form, word, most, made in (
    (MoneyForm, "part", MOST_LINES, MONEY_PARTS),
    (InstalmentsForm, "part", MOST_INSTALMENTS, INSTALMENT_PARTS),
    (TargetsForm, "target", MOST_TARGETS, TARGET_PARTS),
    (BandsForm, "band", MOST_BANDS, BAND_PARTS),
):
    for number in range(1, most + 1):
        for name, field in made.items():
            setattr(form, f"{word}{number}_{name}", field())


class ReplacementForm(Conditions):
    """Who goes on in the place of a provider who left, for how much and how long."""

    key = Key()
    provider = SelectField(N_("Who serves them instead?"), coerce=int, validate_choice=False, default=0)
    price = Line(N_("Price in yuan"), render_kw={**AMOUNT, **REQUIRED})
    starts_on = DateField(N_("First day"), [Optional()], render_kw=REQUIRED)
    ends_on = DateField(N_("Last day"), [Optional()], render_kw=REQUIRED)

    def __init__(self, others: Iterable[Any], rest: Rest, conditions: Mapping[str, str]) -> None:
        super().__init__(
            price=yuan_of(rest.price_fen),
            starts_on=rest.starts_on,
            ends_on=rest.ends_on,
            **shown(conditions),
        )
        self.provider.choices = [(0, ""), *((one.id, in_words(one, "name")) for one in others)]


class DayForm(Form):
    """A day on which something was done."""

    day = DateField(N_("Day"), [Optional()], default=today, render_kw=REQUIRED)


class EmptyForm(Form):
    """Nothing but the deed."""


class ReasonForm(Form):
    """Why, for everyone to read."""

    reason = Story(N_("Reason, for everyone to read"), render_kw=WORDS)


class ChangeForm(Conditions):
    """An extension, a supplement, or both."""

    key = Key()
    words = Story(N_("What changes, and why? Everyone reads this."), render_kw={**WORDS, **REQUIRED})
    signed_on = DateField(N_("Day of the signature"), [Optional()], default=today, render_kw=REQUIRED)
    ends_on = DateField(N_("New last day"), [Optional()])
    amount = Line(N_("Supplement in yuan"), render_kw=AMOUNT)
    line = SelectField(N_("Budget line"), coerce=int, validate_choice=False, default=0)
    due_on = DateField(N_("The supplement is due on"), [Optional()])

    def __init__(self, lines: Sequence[BudgetedLine]) -> None:
        super().__init__()
        self.line.choices = line_choices(lines)

    def draft(self) -> ChangeDraft:
        return ChangeDraft(
            words=self.words.data,
            ends_on=self.ends_on.data,
            amount_fen=fen_of(self.amount.data or "0"),
            line_id=self.line.data or None,
            due_on=self.due_on.data,
            conditions=self.conditions() or None,
            signed_on=self.signed_on.data,
        )


class AcceptanceForm(Form):
    """What came of an acceptance with the recipients."""

    key = Key()
    held_on = DateField(N_("Day of the acceptance"), [Optional()], default=today, render_kw=REQUIRED)
    invited = IntegerField(N_("How many recipients were invited"), [Optional()], render_kw={**COUNT, **REQUIRED})
    took_part = IntegerField(N_("How many of them took part"), [Optional()], render_kw={**COUNT, **REQUIRED})
    passed = RadioField(
        N_("Result"), [InputRequired()], choices={"yes": N_("Accepted"), "no": N_("Not accepted: it has to be mended")}
    )
    words = Story(N_("What the recipients said. Everyone reads this."), render_kw={**WORDS, **REQUIRED})

    def draft(self) -> AcceptanceDraft:
        return AcceptanceDraft(
            self.held_on.data, self.invited.data, self.took_part.data, self.passed.data == "yes", self.words.data
        )


class PaymentForm(Form):
    """What was paid of an instalment."""

    amount = Line(N_("Amount in yuan"), render_kw={**AMOUNT, **REQUIRED})


class ReadingForm(Form):
    """How far a target was reached on a day."""

    value = IntegerField(N_("How much is reached in all"), [Optional()], render_kw={**COUNT, **REQUIRED})
    read_on = DateField(N_("Day"), [Optional()], default=today, render_kw=REQUIRED)
    words = Line(N_("What is to be said about it"), render_kw={"maxlength": 1000})
