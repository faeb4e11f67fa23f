"""Residents object to a roll, and its committee decides."""

from sqlalchemy import func, select

from portal import audit
from portal.accounts.models import Residency
from portal.notifications.actions import tell
from portal.regions.models import Region
from portal.rolls.keeping import remove_entry
from portal.rolls.models import RollEntry, RollObjection
from portal.rules import N_, Refusal, enforce
from portal.rules.permissions import Actor, Deed
from portal.rules.rolls import EntryState, ObjectionKind, objection_refusals, removal_refusals
from portal.store import action, db, locked, put_once, take_turn
from portal.store.clock import now


@action
def object_to_roll(actor: Actor, region: Region, kind: ObjectionKind, words: str, key: str) -> None:
    """A resident says that someone is missing on the roll of her community, or should not be on it; once by `key`."""
    take_turn(f"objections of {actor.id}")
    if db.session.scalar(select(RollObjection.id).where(RollObjection.key == key)):
        return
    waiting = select(func.count()).where(RollObjection.person_id == actor.id, RollObjection.decided_at.is_(None))
    enforce(objection_refusals(words, db.session.scalar(waiting) or 0, _lives_in(actor, region)))
    objection = put_once(
        RollObjection,
        by="key",
        key=key,
        region_id=region.id,
        person_id=actor.id,
        kind=kind.value,
        words=words,
        made_at=now(),
        answer="",
    )
    if objection is not None:
        audit.record(actor, Deed.OBJECT_TO_ROLL, objection, kind=kind.value)


def _lives_in(actor: Actor, region: Region) -> bool:
    """Whether someone says that she lives in `region`, or is or was on its roll."""
    said = select(Residency.person_id).where(Residency.person_id == actor.id, Residency.region_id == region.id)
    listed = select(RollEntry.id).where(RollEntry.person_id == actor.id, RollEntry.region_id == region.id)
    return db.session.scalar(said) is not None or db.session.scalar(listed) is not None


@action
def decide_objection(
    actor: Actor, region: Region, objection: RollObjection, *, upheld: bool, answer: str, entry: RollEntry | None = None
) -> None:
    """A member of the committee decides on an objection, with an answer that all can read.

    Upheld, that someone should not be on the roll takes `entry` off it. Decided twice in the same way, it is once.
    """
    locked(objection)
    if objection.decided_at is not None and (objection.upheld, objection.answer) == (upheld, answer):
        return
    enforce(_refusals(actor, objection, answer, upheld, entry))
    if upheld and entry is not None:
        remove_entry(actor, region, entry, answer)
        objection.entry_id = entry.id
    objection.upheld, objection.answer = upheld, answer
    objection.decided_by_id, objection.decided_at = actor.id, now()
    audit.record(actor, Deed.KEEP_ROLL, objection, upheld=upheld)
    tell(objection.person_id, "roll_objection", f"/{region.code}/roll/mine", place=region.name)


def _refusals(
    actor: Actor, objection: RollObjection, answer: str, upheld: bool, entry: RollEntry | None
) -> list[Refusal]:
    found = list(removal_refusals(answer, "answer"))
    if objection.decided_at is not None:
        found.append(Refusal(N_("This has been decided meanwhile.")))
    if objection.person_id == actor.id:
        found.append(Refusal(N_("Nobody decides on her own objection; ask a colleague.")))
    if upheld and objection.kind == ObjectionKind.WRONG and (entry is None or entry.state == EntryState.REMOVED):
        found.append(Refusal(N_("Please give the number on the roll of who is taken off."), "entry"))
    return found
