from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from portal.purchases.models import Purchase, ScoringFactor
from portal.rules import N_
from portal.rules.projects import fen_of, yuan_of
from portal.rules.purchases import (
    LONGEST_BID,
    LONGEST_NAME,
    LONGEST_WORDS,
    Method,
    PurchaseDraft,
    PurchaserKind,
    PurchaseState,
)
from portal.rules.selection import (
    LONGEST_INDICATOR,
    LONGEST_TITLE,
    MOST_FACTORS,
    Basis,
    Factor,
    FactorDraft,
    Scoring,
    Tie,
)
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import gettext

METHODS = {
    Method.OPEN_TENDER.value: N_("Open tendering"),
    Method.CONSULTATION.value: N_("Competitive consultation"),
    Method.NEGOTIATION.value: N_("Competitive negotiation"),
    Method.INQUIRY.value: N_("Inquiry of prices"),
    Method.INVITED_TENDER.value: N_("Invited tendering (closed)"),
    Method.SINGLE_SOURCE.value: N_("Single-source procurement (closed)"),
    Method.DIRECT.value: N_("Direct purchase below the threshold (closed)"),
}
GROUNDS = {
    Method.OPEN_TENDER.value: N_("Government Procurement Law, article 26: the main method"),
    Method.CONSULTATION.value: N_("Rules on competitive consultation (Ministry of Finance 2014, No. 214), article 3"),
    Method.NEGOTIATION.value: N_("Government Procurement Law, article 30"),
    Method.INQUIRY.value: N_("Government Procurement Law, article 32"),
    Method.INVITED_TENDER.value: N_(
        "Government Procurement Law, article 29: few can provide it, or tendering costs more"
    ),
    Method.SINGLE_SOURCE.value: N_("Government Procurement Law, article 31: only one can provide it, or an emergency"),
    Method.DIRECT.value: N_("The procurement catalogue and threshold of the place"),
}
"""Where the law speaks of each method: a help for who types the ground, not the ground itself."""
PURCHASER_KINDS = {
    PurchaserKind.GOVERNMENT.value: N_("Government of a province, city or county"),
    PurchaserKind.CIVIL_AFFAIRS.value: N_("Department of civil affairs"),
    PurchaserKind.TOWNSHIP.value: N_("Township government or sub-district office"),
    PurchaserKind.ORGAN.value: N_("Another state organ"),
    PurchaserKind.CLASS_ONE.value: N_("Class-one public institution"),
    PurchaserKind.MASS.value: N_("Mass organisation paid by the budget"),
    PurchaserKind.COMMITTEE.value: N_("Residents' committee"),
}
SCORINGS = {
    Scoring.COMPREHENSIVE.value: N_("Comprehensive scoring"),
    Scoring.LOWEST.value: N_("The lowest price wins"),
}
FROM_PORTAL = "satisfaction"
"""In the form, reputation whose points the portal computes."""
FACTORS = {
    Factor.PRICE.value: N_("Price"),
    Factor.QUALITY.value: N_("Quality of the service"),
    Factor.CAPACITY.value: N_("Capacity"),
    Factor.REPUTATION.value: N_("Reputation and record"),
    FROM_PORTAL: N_("Reputation: satisfaction on this portal"),
}
TIES = {
    Tie.FAMILY.value: N_("Family or friends work for a bidder"),
    Tie.BUSINESS.value: N_("Business with a bidder"),
    Tie.OTHER.value: N_("Another reason"),
}
NUMBERS = range(1, MOST_FACTORS + 1)
USUAL = (
    (Factor.PRICE.value, N_("Price"), N_("Lowest price ÷ price × points."), "20"),
    (Factor.QUALITY.value, N_("Plan of the service"), "", "30"),
    (Factor.CAPACITY.value, N_("Staff and equipment"), "", "30"),
    (FROM_PORTAL, N_("Satisfaction"), N_("Published satisfaction (0 to 100) ÷ 100 × points."), "20"),
)
"""What an empty form proposes."""
AMOUNT = {"inputmode": "decimal", "maxlength": 20, "autocomplete": "off", "required": True}


class PurchaseForm(Form):
    """How a project is purchased and, below, by which factors bids are scored."""

    key = Key()
    purchaser = Line(N_("Name of the purchaser"), render_kw={"maxlength": LONGEST_NAME, "required": True})
    purchaser_kind = SelectField(N_("Kind"), choices=PURCHASER_KINDS, validate_choice=False)
    level_reason = Line(N_("Why another level than usual purchases"), render_kw={"maxlength": LONGEST_WORDS})
    method = SelectField(N_("Method"), choices=METHODS, validate_choice=False)
    ground = Line(N_("Legal ground of the method"), render_kw={"maxlength": LONGEST_WORDS, "required": True})
    invited = SelectMultipleField(N_("Who is invited"), coerce=int, validate_choice=False)
    budget = Line(N_("Budget in yuan"), render_kw=AMOUNT)
    scoring = RadioField(
        N_("How are bids scored?"), choices=SCORINGS, default=Scoring.COMPREHENSIVE.value, validate_choice=False
    )
    scoring_reason = Line(N_("Why not by comprehensive scoring"), render_kw={"maxlength": LONGEST_WORDS})
    factors = Line("")
    """Stands for all factors together, so that what is wrong with their sum has its place."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.purchaser_kind.flags.required = self.method.flags.required = True
        for row in self.rows()[: len(USUAL)]:
            for part in PARTS:
                row[part].flags.required = True

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each factor by their short names."""
        return [{part: self[f"factor{n}_{part}"] for part in PARTS} | {"number": n} for n in NUMBERS]

    def draft(self) -> PurchaseDraft:
        return PurchaseDraft(
            purchaser=self.purchaser.data or "",
            purchaser_kind=self.purchaser_kind.data or "",
            method=self.method.data or "",
            ground=self.ground.data or "",
            budget_fen=fen_of(self.budget.data or ""),
            scoring=self.scoring.data or "",
            scoring_reason=self.scoring_reason.data or "",
            level_reason=self.level_reason.data or "",
            factors=tuple(_factor(row) for row in self.rows() if row["title"].data or row["points"].data),
            invited=tuple(dict.fromkeys(self.invited.data or ())),
        )


PARTS = {
    "factor": lambda: SelectField(N_("What is scored"), choices={"": "", **FACTORS}, validate_choice=False),
    "title": lambda: Line(N_("Name of the factor"), render_kw={"maxlength": LONGEST_TITLE}),
    "indicator": lambda: Line(
        N_("What is measured, and how many points follow"), render_kw={"maxlength": LONGEST_INDICATOR}
    ),
    "points": lambda: Line(
        N_("Points"), render_kw={"inputmode": "numeric", "maxlength": 3, "size": 3, "autocomplete": "off"}
    ),
}
for number in NUMBERS:
    for part, field in PARTS.items():
        setattr(PurchaseForm, f"factor{number}_{part}", field())


def _factor(row: dict[str, Any]) -> FactorDraft:
    chosen, points = row["factor"].data or "", row["points"].data or ""
    basis = {Factor.PRICE.value: Basis.PRICE, FROM_PORTAL: Basis.SATISFACTION}.get(chosen, Basis.JUDGES)
    return FactorDraft(
        factor=Factor.REPUTATION.value if chosen == FROM_PORTAL else chosen,
        title=row["title"].data or "",
        indicator=row["indicator"].data or "",
        points=int(points) if points.isascii() and points.isdecimal() else None,
        basis=basis,
        number=row["number"],
    )


def proposed(budget_fen: int) -> dict[str, Any]:
    """What the form of a new purchase begins with."""
    values: dict[str, Any] = {"budget": yuan_of(budget_fen)}
    for n, (factor, title, indicator, points) in enumerate(USUAL, 1):
        words = {"title": gettext(title), "indicator": gettext(indicator) if indicator else ""}
        values |= _row(n, factor=factor, points=points, **words)
    return values


def typed_before(purchase: Purchase, factors: Sequence[ScoringFactor], invited: Sequence[int]) -> dict[str, Any]:
    """What the form of a purchase that is to be changed begins with."""
    names = ("purchaser", "purchaser_kind", "method", "ground", "scoring", "scoring_reason", "level_reason")
    values: dict[str, Any] = {name: getattr(purchase, name) for name in names}
    values |= {"budget": yuan_of(purchase.budget_fen), "invited": list(invited)}
    for n, one in enumerate(factors, 1):
        chosen = FROM_PORTAL if one.basis == Basis.SATISFACTION else one.factor
        values |= _row(n, factor=chosen, title=one.title, indicator=one.indicator, points=str(one.points))
    return values


def _row(number: int, **parts: str) -> dict[str, str]:
    return {f"factor{number}_{part}": value for part, value in parts.items()}


class PublishForm(Form):
    """Until when providers may bid."""

    due = DateField(N_("Last day for bids"), [Optional()], render_kw={"required": True})


class EndForm(Form):
    """That nothing comes of a purchase."""

    state = RadioField(
        N_("What happened?"),
        [InputRequired()],
        choices={
            PurchaseState.FAILED.value: N_("It failed: too few bids, or none that can be taken"),
            PurchaseState.CANCELLED.value: N_("It is cancelled"),
        },
    )
    words = Story(
        N_("Reason, for everyone to read"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS, "required": True}
    )


class JudgeForm(Form):
    """Who is to score the bids."""

    login = Line(
        N_("Name for signing in"),
        render_kw={"maxlength": 60, "autocomplete": "off", "autocapitalize": "none", "required": True},
    )
    name = Line(N_("Name, as it is published with the result"), render_kw={"maxlength": 60, "required": True})
    body = Line(N_("Where she works"), render_kw={"maxlength": 100})


class RefuseForm(Form):
    """Why a bid is not let in."""

    words = Story(
        N_("Reason, for everyone to read"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS, "required": True}
    )


class AwardForm(Form):
    """Which bid is chosen."""

    bid = RadioField(N_("Which bid is chosen?"), [InputRequired()], coerce=int, validate_choice=False)
    words = Story(N_("If not the first: why?"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS})


class BidForm(Form):
    """What a provider offers."""

    provider = SelectField(N_("Provider"), coerce=int, validate_choice=False)
    price = Line(N_("Price in yuan"), render_kw=AMOUNT)
    words = Story(N_("What you offer"), render_kw={"rows": 10, "maxlength": LONGEST_BID, "required": True})


class ChallengeForm(Form):
    """What a bidder says against a result."""

    provider = SelectField(N_("Provider"), coerce=int, validate_choice=False)
    words = Story(N_("What is wrong, and why?"), render_kw={"rows": 6, "maxlength": LONGEST_WORDS, "required": True})


class AnswerForm(Form):
    """What an official decides on a challenge."""

    upheld = RadioField(
        N_("Decision"),
        [InputRequired()],
        choices={"yes": N_("The challenge is right: the award falls"), "no": N_("The challenge is not right")},
    )
    answer = Story(
        N_("Answer, for everyone to read"), render_kw={"rows": 4, "maxlength": LONGEST_WORDS, "required": True}
    )


class RecuseForm(Form):
    """Why a judge steps back."""

    tie = RadioField(N_("Why?"), [InputRequired()], choices=TIES)


def scores_form(cells: Mapping[tuple[int, int], ScoringFactor]) -> Form:
    """A form with points and words for each bid and factor that a judge has to score."""
    fields: dict[str, Any] = {}
    for (bid, factor_id), factor in cells.items():
        label = gettext(N_("%(title)s: 0 to %(points)s points"), title=factor.title, points=factor.points)
        kw = {"inputmode": "decimal", "maxlength": 6, "autocomplete": "off", "required": True}
        fields[f"s{bid}_{factor_id}"] = Line(label, render_kw=kw)
        fields[f"w{bid}_{factor_id}"] = Line(N_("Why"), render_kw={"maxlength": 500})
    return type("ScoresForm", (Form,), fields)()
