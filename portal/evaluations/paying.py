"""How much of an instalment follows from an evaluation. Source: A65."""

from portal.contracts.bands import ADVISING, bands_in
from portal.contracts.models import Contract, Instalment
from portal.evaluations.models import EvaluationPlan, EvaluationResult
from portal.evaluations.queries import plans_of
from portal.rules.payment import Advice, Why, advised

Plans = list[tuple[EvaluationPlan, EvaluationResult | None]]


def advice_for(contract: Contract, instalment: Instalment) -> Advice:
    """What the evaluation that names `instalment` says of it, or why nothing can be said."""
    return advice_among(contract, instalment, plans_of(contract))


def advice_among(contract: Contract, instalment: Instalment, plans: Plans) -> Advice:
    """The same where the plans of the contract are at hand."""
    naming = [(plan, result) for plan, result in plans if instalment.number in plan.instalments]
    for plan, result in naming:
        if result is not None and result.composite is not None:
            return advised(instalment.amount_fen, bands_in(contract), plan.id, result.composite)
    if not naming:
        return Advice(instalment.amount_fen, why=Why.NOT_PLANNED)
    plan, result = naming[-1]
    return Advice(instalment.amount_fen, plan.id, why=Why.FEW_RATINGS if result else Why.NOT_DECIDED)


ADVISING.append(advice_for)
