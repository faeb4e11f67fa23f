"""What a contract says is paid for which result, and what the room above says of a result. Source: A65."""

from collections.abc import Callable

from portal.contracts.models import Contract, Instalment
from portal.rules.payment import Advice, Band, bands_of

ADVISING: list[Callable[[Contract, Instalment], Advice]] = []
"""How much of an instalment that follows from an evaluation is paid by it; evaluations say where they stand."""


def bands_in(contract: Contract) -> tuple[Band, ...]:
    """The bands of a contract, the best first; none where no instalment follows from an evaluation."""
    return bands_of(contract.bands or [])


def advice_of(contract: Contract, instalment: Instalment) -> Advice | None:
    """How much of an instalment is paid by the evaluation; None where it does not follow from one.

    A contract that was signed before bands were fixed has none: its instalments wait for the acceptance only.
    """
    if not (instalment.is_linked and contract.bands):
        return None
    return next(advising(contract, instalment) for advising in ADVISING)
