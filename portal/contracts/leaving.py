"""What the room above knows of a provider that leaves."""

from collections.abc import Callable

from portal.contracts.models import Contract
from portal.rules.exits import Leaving

EXITS: list[Callable[[Contract], Leaving | None]] = []
"""Where the exit of the provider of a contract stands; supervision says so."""


def leaving_of(contract: Contract) -> Leaving | None:
    """The exit of the provider of `contract`; None where it does not leave."""
    return next((found for find in EXITS if (found := find(contract))), None)
