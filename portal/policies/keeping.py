"""One way to keep what this room publishes: once for each form, noted, and refused where its place is taken."""

from typing import Any, TypeVar

from sqlalchemy import select

from portal import audit
from portal.rules import N_, Refusal, enforce
from portal.rules.permissions import Actor, Deed
from portal.store import Base, db, put_once

Row = TypeVar("Row", bound=Base)

TAKEN = Refusal(N_("The same is published here already."))


def put_keyed(
    actor: Actor, deed: Deed, model: type[Row], key: str, *, taken: Refusal = TAKEN, region_id: int, **values: Any
) -> Row:
    """A new row of `model`, inside a deed; the one that the same form made before, if it is sent again."""
    row = put_once(model, key=key, region_id=region_id, **values)
    if row is not None:
        audit.record(actor, deed, row)
        return row
    table: Any = model
    said: Row | None = db.session.scalar(select(model).where(table.key == key, table.region_id == region_id))
    if said is None:
        enforce([taken])
    assert said is not None
    return said
