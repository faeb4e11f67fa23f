"""Forms with several rows: budget lines, instalments, bands and targets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import Optional

from portal.contracts.contents import Line as BudgetedLine
from portal.contracts.forms import AMOUNT, COUNT
from portal.contracts.models import Instalment, PerformanceTarget
from portal.rules import N_
from portal.rules.instalments import Part
from portal.rules.payment import Band
from portal.rules.projects import fen_of, yuan_of
from portal.rules.targets import LONGEST_INDICATOR, LONGEST_UNIT, TargetDraft
from portal.web.forms import Form, Line

MOST_LINES, MOST_INSTALMENTS, MOST_TARGETS, MOST_BANDS = 4, 10, 6, 6


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


def _needs(form: Form, row: str, parts: Iterable[str]) -> None:
    """Say of the first of several rows that it cannot be left out."""
    for part in parts:
        form[f"{row}_{part}"].flags.required = True


RESULT: dict[str, Any] = {"inputmode": "decimal", "maxlength": 6, "autocomplete": "off"}
MONEY_PARTS = {
    "line": lambda: SelectField(N_("Budget line"), coerce=int, validate_choice=False, default=0),
    "amount": lambda: Line(N_("Amount in yuan"), render_kw=AMOUNT),
}
INSTALMENT_PARTS = {
    "due": lambda: DateField(N_("Due on"), [Optional()]),
    "amount": lambda: Line(N_("Amount in yuan"), render_kw=AMOUNT),
    "linked": lambda: BooleanField(N_("How much of it is paid follows from the evaluation")),
}
BAND_PARTS = {
    "low": lambda: Line(N_("Result from"), render_kw=RESULT),
    "high": lambda: Line(N_("to"), render_kw=RESULT),
    "share": lambda: IntegerField(N_("Paid, in percent"), [Optional()], render_kw=COUNT),
}
TARGET_PARTS = {
    "indicator": lambda: Line(N_("What is measured"), render_kw={"maxlength": LONGEST_INDICATOR}),
    "unit": lambda: Line(N_("In what it is counted"), render_kw={"maxlength": LONGEST_UNIT}),
    "baseline": lambda: IntegerField(N_("Where it begins"), [Optional()], default=0, render_kw=COUNT),
    "target": lambda: IntegerField(N_("What is to be reached"), [Optional()], render_kw=COUNT),
    "due": lambda: DateField(N_("By which day?"), [Optional()]),
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
