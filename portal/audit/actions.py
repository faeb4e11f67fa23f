"""Write to the log, chain what was written, and find what was changed since."""

import hashlib
import json
from contextlib import closing
from typing import Any

from sqlalchemy import insert, select

from portal.audit.models import AuditEntry, AuditSeal
from portal.rules.permissions import Actor, Deed
from portal.store import Base, action, db, take_turn
from portal.store.clock import now


def record(actor: Actor, deed: Deed, subject: Base, **detail: Any) -> None:
    """Note, inside a deed, that `actor` did `deed` to `subject`. Never personal data in `detail`."""
    db.session.flush()
    entry = {"at": now(), "actor_id": actor.id, "deed": deed.value, "detail": detail}
    told = f"{subject.__tablename__}:{subject.id}"  # type: ignore[attr-defined]
    db.session.execute(insert(AuditEntry).values(**entry, subject=told))


@action
def seal() -> int:
    """Chain every entry that is not yet chained; gives how many."""
    take_turn("audit")
    last = db.session.scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
    number, chained = (last.number, last.hash) if last else (0, "")
    fresh = db.session.scalars(
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.number.is_(None))
        .order_by(AuditEntry.id)
    ).all()
    for entry in fresh:
        number, chained = number + 1, _hash(chained, entry)
        db.session.add(AuditSeal(number=number, entry_id=entry.id, hash=chained))
    return len(fresh)


def first_broken_seal() -> int | None:
    """The number of the first seal whose entry was changed or is gone; None when all is as it was."""
    chained, expected = "", 1
    rows = db.session.execute(
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditSeal.entry_id == AuditEntry.id)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=1000)
    )
    with closing(rows):
        for sealed, entry in rows:
            if sealed.number != expected or entry is None or sealed.hash != _hash(chained, entry):
                return expected
            chained, expected = sealed.hash, expected + 1
    return None


def _hash(chained: str, entry: AuditEntry) -> str:
    told = [chained, entry.id, entry.at.isoformat(), entry.actor_id, entry.deed, entry.subject, entry.detail]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
