from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField
from wtforms.validators import Optional

from portal.contracts.models import Contract, Instalment
from portal.evaluations.models import EvaluationIndicator
from portal.rules import N_
from portal.rules.evaluation import (
    DIMENSIONS,
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_WORDS,
    WEIGHTS,
    Dimension,
    Given,
    Party,
)
from portal.rules.evaluation_plans import Ground, IndicatorDraft, PlanDraft
from portal.rules.projects import fen_of
from portal.web.forms import Form, Key, Line, Story
from portal.web.words import gettext

REQUIRED = {"required": True}
COUNT: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off", "required": True}
MOST_INDICATORS = 4

PARTIES = {
    Party.RECIPIENTS: N_("Recipients"),
    Party.THIRD: N_("Third party"),
    Party.PURCHASER: N_("Purchaser"),
}
DIMENSION_NAMES = {
    Dimension.EFFECT: N_("Effect of the service"),
    Dimension.MANAGEMENT: N_("Project management"),
    Dimension.SOCIAL: N_("Social impact"),
}
PROPOSED = {
    "effect1": (N_("The performance targets are reached"), 60),
    "effect2": (N_("Recipients' difficulties became less"), 40),
    "management1": (N_("Staff, records and money as agreed"), 60),
    "management2": (N_("Checks were answered in time and mended"), 40),
    "social1": (N_("Neighbours and volunteers took part"), 50),
    "social2": (N_("What was learned is shared and goes on"), 50),
}
"""What points are given for, as it is proposed."""


class PlanForm(Form):
    """Who evaluates what, how and when (weights and indicators are added below)."""

    key = Key()
    evaluator = Line(N_("Name of the third party"), render_kw={"maxlength": LONGEST_NAME, **REQUIRED})
    evaluator_body = Line(N_("Where the third party works"), render_kw={"maxlength": LONGEST_BODY})
    account = Line(
        N_("How the third party signs in: phone number or name"),
        render_kw={"maxlength": 60, "autocomplete": "off", **REQUIRED},
    )
    sample = Story(
        N_("How are those who are asked chosen?"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS, **REQUIRED}
    )
    sample_number = IntegerField(N_("How many recipients are asked"), [Optional()], render_kw=COUNT)
    from_on = DateField(N_("Ratings count from"), [Optional()], render_kw=REQUIRED)
    until_on = DateField(N_("until"), [Optional()], render_kw=REQUIRED)
    opens_on = DateField(N_("Points are given from"), [Optional()], render_kw=REQUIRED)
    closes_on = DateField(N_("until"), [Optional()], render_kw=REQUIRED)

    def places(self) -> list[str]:
        return [f"{one}{number}" for one in Dimension for number in range(1, MOST_INDICATORS + 1)]

    def paying(self) -> list[int]:
        """The numbers of the instalments that can be ticked."""
        return [int(name.removeprefix("pays")) for name in self._fields if name.startswith("pays")]

    def draft(self) -> PlanDraft:
        return PlanDraft(
            account=self.account.data,
            evaluator=self.evaluator.data,
            evaluator_body=self.evaluator_body.data,
            weights={party: self[f"weight_{party}"].data for party in Party},
            dimensions={one: self[f"dimension_{one}"].data for one in Dimension},
            sample=self.sample.data,
            sample_number=self.sample_number.data,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            indicators=tuple(self._indicators()),
            instalments=tuple(number for number in self.paying() if self[f"pays{number}"].data),
        )

    def _indicators(self) -> list[IndicatorDraft]:
        rows = [(place, self[f"{place}_title"].data, self[f"{place}_points"].data) for place in self.places()]
        return [
            IndicatorDraft(Dimension(place[:-1]), title or "", points, place)
            for place, title, points in rows
            if title or points is not None
        ]


for party, label in PARTIES.items():
    setattr(PlanForm, f"weight_{party}", IntegerField(label, [Optional()], render_kw=COUNT))
for dimension, label in DIMENSION_NAMES.items():
    setattr(PlanForm, f"dimension_{dimension}", IntegerField(label, [Optional()], render_kw=COUNT))
    for number in range(1, MOST_INDICATORS + 1):
        kw: dict[str, Any] = {"maxlength": LONGEST_TITLE, "autocomplete": "off"}
        setattr(PlanForm, f"{dimension}{number}_title", Line(N_("Points are given for"), render_kw=kw))
        points = IntegerField(N_("Points, at most"), [Optional()], render_kw={"inputmode": "numeric"})
        setattr(PlanForm, f"{dimension}{number}_points", points)


def plan_form(instalments: Sequence[Instalment], values: Mapping[str, Any]) -> PlanForm:
    """A form with a box for each of the instalments that may follow from the evaluation."""
    said = N_("Instalment %(number)s follows from it")
    boxes = {f"pays{one.number}": BooleanField(gettext(said, number=one.number)) for one in instalments}
    made: PlanForm = type("PlanForm", (PlanForm,), boxes)(**values)
    return made


def proposed(contract: Contract, ground: Ground) -> dict[str, Any]:
    """What the form of a new plan begins with."""
    values: dict[str, Any] = {f"weight_{party}": weight for party, weight in WEIGHTS.items()}
    values |= {f"dimension_{one}": weight for one, weight in DIMENSIONS.items()}
    values |= {f"pays{number}": True for number in ground.free}
    for place, (title, points) in PROPOSED.items():
        values |= {f"{place}_title": gettext(title), f"{place}_points": points}
    until_on = max(contract.ends_on, ground.today)
    return values | {"from_on": contract.starts_on, "until_on": until_on, "opens_on": ground.earliest}


def planned(draft: PlanDraft) -> dict[str, Any]:
    """What the form of a plan that is to be changed begins with."""
    named = ("account", "evaluator", "evaluator_body", "sample", "sample_number")
    values: dict[str, Any] = {name: getattr(draft, name) for name in named}
    values |= {name: getattr(draft, name) for name in ("from_on", "until_on", "opens_on", "closes_on")}
    values |= {f"weight_{party}": weight for party, weight in draft.weights.items()}
    values |= {f"dimension_{one}": weight for one, weight in draft.dimensions.items()}
    values |= {f"pays{number}": True for number in draft.instalments}
    for one in draft.indicators:
        values |= {f"{one.beside}_title": one.title, f"{one.beside}_points": one.points}
    return values


class PointsForm(Form):
    """Points and words for each indicator of a plan (`points_form` adds them)."""

    def given(self) -> dict[int, Given]:
        """Points are typed as an amount is, and kept in hundredths as an amount is in fen."""
        numbers = [int(name.removeprefix("points")) for name in self._fields if name.startswith("points")]
        return {n: Given(fen_of(self[f"points{n}"].data or ""), self[f"words{n}"].data or "") for n in numbers}


def points_form(indicators: Sequence[EvaluationIndicator]) -> PointsForm:
    fields: dict[str, Any] = {}
    for one in indicators:
        label = gettext(N_("Points from 0 to %(points)s"), points=one.points)
        kw = {"inputmode": "decimal", "maxlength": 7, "autocomplete": "off", **REQUIRED}
        fields[f"points{one.number}"] = Line(label, render_kw=kw)
        fields[f"words{one.number}"] = Line(N_("Why"), render_kw={"maxlength": LONGEST_WORDS})
    made: PointsForm = type("PointsForm", (PointsForm,), fields)()
    return made


class ReasonForm(Form):
    """Why, for everyone to read."""

    reason = Story(N_("Reason, for everyone to read"), render_kw={"rows": 3, "maxlength": LONGEST_WORDS, **REQUIRED})
