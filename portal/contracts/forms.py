from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import Optional

from portal.contracts.chains import Rest
from portal.contracts.models import Contract, ContractParty
from portal.contracts.queries import Award
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.clauses import LONGEST_EVIDENCE, LONGEST_WORDS, Clause, Condition
from portal.rules.contracts import LONGEST_TITLE, ContractDraft
from portal.rules.parties import LONGEST_NAME, Party, PartyRole
from portal.rules.projects import fen_of, yuan_of
from portal.store.clock import today
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import in_words

REQUIRED = {"required": True}
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
AMOUNT: dict[str, Any] = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off"}
COUNT: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off"}
WORDS: dict[str, Any] = {"rows": 3, "maxlength": LONGEST_WORDS}


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


def shown(conditions: Mapping[str, str]) -> dict[str, Any]:
    """What the fields of the conditions begin with."""
    return {f"tick_{name}": True for name in conditions} | dict(conditions)
