"""What the room above knows of a provider that leaves."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, null, select

from portal.contracts.models import Contract
from portal.rules.exits import ExitState, Leaving
from portal.store import db

EXITS: list[tuple[ColumnElement[Any], ColumnElement[Any]]] = []
"""Of a `Contract`: the state and the last day in the exit of its provider; supervision says where they stand."""


def leaving_of(contract: Contract) -> Leaving | None:
    """The exit of the provider of `contract`; None where it does not leave."""
    return leaving(*db.session.execute(select(*exit_columns()).where(Contract.id == contract.id)).one())


def exit_columns() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return EXITS[0] if EXITS else (null(), null())


def leaving(state: str | None, last_day: date | None) -> Leaving | None:
    """What these two columns say."""
    return Leaving(ExitState(state), last_day) if state and last_day else None
