"""Help between neighbours, made by their deeds."""

from typing import Any

from portal.helpers.actions import begin_help
from portal.helpers.models import Assistance
from tests import builders


def of_neighbour(village: Any, neighbour: Any, round_: Any, number: int, **said: Any) -> Assistance:
    """`neighbour` begins to help the one with this `number` on the roll, who consents and is known to her."""
    words = {"consents": True, "known_by": "8000"} | said
    return begin_help(builders.actor(neighbour), round_, village, number, **words)
