"""A form that is sent twice is done once."""

from typing import Any, TypeVar

from sqlalchemy import select

from portal.rules import N_, Refusal, enforce
from portal.store import Base, db

Row = TypeVar("Row", bound=Base)


def sent_before(model: type[Row], key: str, **said: Any) -> Row | None:
    """The row that the form with this `key` has made already; refused where the form said something else then."""
    of_key: Any = select(model).where(model.key == key)  # type: ignore[attr-defined]
    found: Row | None = db.session.scalar(of_key)
    if found is not None and any(getattr(found, name) != value for name, value in said.items()):
        enforce([Refusal(N_("This form was sent already with something else in it. Please open it anew."))])
    return found
