"""The evidence of a payment: everything that an instalment follows from, on one page. Source: A65."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.contracts.bands import advice_of, bands_in
from portal.contracts.contents import history_of
from portal.contracts.models import Instalment
from portal.contracts.queries import Found
from portal.contracts.targets import Target, targets_of
from portal.evaluations.models import EvaluationPlan
from portal.evaluations.queries import Evaluated, evaluated
from portal.evaluations.workings import Step, steps_of
from portal.rules import N_
from portal.rules.payment import WHY, Advice, Band
from portal.store import db
from portal.web.words import gettext

HEAD = (N_("What"), N_("Of what"), N_("Number"), N_("Unit or day"))


@dataclass(frozen=True)
class Pack:
    """What an instalment follows from."""

    found: Found
    instalment: Instalment
    targets: Sequence[Target]
    acceptances: Sequence[Row[Any]]
    bands: tuple[Band, ...]
    advice: Advice | None
    """None where it does not follow from an evaluation."""
    evaluation: Evaluated | None

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.evaluation) if self.evaluation and self.evaluation.result else []


def pack_of(found: Found, instalment: Instalment) -> Pack:
    """The evidence as it stands now."""
    contract = found.contract
    advice = advice_of(contract, instalment)
    plan = db.session.get(EvaluationPlan, advice.plan_id) if advice and advice.plan_id else None
    return Pack(
        found,
        instalment,
        targets_of(contract, found.region),
        [one for one in history_of(contract) if one.kind == "acceptance"],
        bands_in(contract),
        advice,
        evaluated(plan) if plan else None,
    )


def facts_of(pack: Pack) -> dict[str, Any]:
    """The evidence for a program; money in fen, results in hundredths."""
    contract, result = pack.found.contract, pack.evaluation.result if pack.evaluation else None
    return {
        "contract": {
            "number": contract.id,
            "title": contract.title,
            "purchaser": contract.purchaser,
            "provider": pack.found.provider.name,
            "provider_usc_code": pack.found.provider.usc_code,
            "price_fen": contract.price_fen,
            "signed_on": contract.signed_on.isoformat() if contract.signed_on else None,
        },
        "instalment": {
            "number": pack.instalment.number,
            "due_on": pack.instalment.due_on.isoformat(),
            "amount_fen": pack.instalment.amount_fen,
            "follows_from_evaluation": pack.advice is not None,
            "paid_fen": pack.instalment.paid_fen,
            "paid_on": pack.instalment.paid_on.isoformat() if pack.instalment.paid_on else None,
        },
        "targets": [_target(one) for one in pack.targets],
        "acceptances": [
            {
                "held_on": one.day.isoformat(),
                "passed": bool(one.passed),
                "invited": one.invited,
                "took_part": one.took_part,
            }
            for one in pack.acceptances
        ],
        "bands": [{"from": one.low, "to": one.high, "share_percent": one.share} for one in pack.bands],
        "evaluation": None
        if pack.evaluation is None
        else {
            "number": pack.evaluation.plan.id,
            "weights_percent": pack.evaluation.weights,
            "result": result.composite if result else None,
            "sd": result.sd if result else None,
            "working": result.working if result else None,
        },
        "advice": _advice(pack.advice),
    }


def _target(one: Target) -> dict[str, Any]:
    return {
        "indicator": one.target.indicator,
        "unit": one.target.unit,
        "baseline": one.target.baseline,
        "target": one.target.target,
        "due_on": one.target.due_on.isoformat(),
        "readings": [{"read_on": read.read_on.isoformat(), "value": read.value} for read in one.readings],
    }


def _advice(advice: Advice | None) -> dict[str, Any] | None:
    if advice is None:
        return None
    share = advice.band.share if advice.band else None
    return {"fen": advice.fen, "share_percent": share, "result": advice.result, "why_none": advice.why}


def rows_of(pack: Pack) -> Iterator[Sequence[object]]:
    """The evidence as a table."""
    contract, instalment, advice = pack.found.contract, pack.instalment, pack.advice
    yield gettext(N_("Contract")), contract.title, contract.id, contract.signed_on
    yield gettext(N_("Price in yuan")), "", contract.price_fen / 100, ""
    yield gettext(N_("Instalment")), "", instalment.number, instalment.due_on
    yield gettext(N_("Amount in yuan")), "", instalment.amount_fen / 100, ""
    for one in pack.targets:
        yield gettext(N_("Target")), one.target.indicator, one.target.target, one.target.unit
        for reading in one.readings:
            yield gettext(N_("Reading")), one.target.indicator, reading.value, reading.read_on
    for held in pack.acceptances:
        said = N_("Passed with the recipients") if held.passed else N_("Not accepted: it has to be mended")
        yield gettext(N_("Acceptance")), gettext(said), held.took_part, held.day
    for step in pack.steps:
        yield gettext(N_("Score")), step.party.value, None if step.score is None else step.score / 100, step.used
    for band in pack.bands:
        rows = gettext(N_("%(low)s to %(high)s"), low=(band.low or 0) / 100, high=(band.high or 0) / 100)
        yield gettext(N_("Paid, in percent")), rows, band.share, ""
    if advice is not None:
        result = None if advice.result is None else advice.result / 100
        yield gettext(N_("Result")), "", result, ""
        why = gettext(WHY[advice.why]) if advice.why else ""
        yield gettext(N_("Paid by the evaluation, in yuan")), why, None if advice.fen is None else advice.fen / 100, ""
