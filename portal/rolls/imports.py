"""Take over the list of residents that a community keeps in a spreadsheet: all of it, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import audit
from portal.accounts.actions import confirm_known
from portal.regions.models import Region
from portal.rolls.matching import ELSEWHERE, Known, Marks, complete, heads_of, let_go
from portal.rolls.models import RollEntry
from portal.rules.permissions import Actor, Deed
from portal.rules.rolls import EntryDraft, EntrySource, EntryState, masked
from portal.rules.tables import BadTable
from portal.store import action, db, take_turn
from portal.store.clock import now


@dataclass(frozen=True)
class Imported:
    """What became of a list: people who are new on the roll, were on it, and stay off it."""

    new: int
    known: int
    removed: int


@action
def import_roll(actor: Actor, region: Region, people: Mapping[int, EntryDraft]) -> Imported:
    """Put `people`, by the line of the list they stand on, on the roll of a community.

    Who is on it stays as she is, and who was taken off stays off; so a list can be loaded again. Raises BadTable with
    every line on which someone of another community's roll stands; then nobody is loaded. Source: A21, trust 2.7.
    """
    take_turn("roll")
    marks = {line: Marks.of(region, draft) for line, draft in people.items()}
    on_rolls = Known(region, list(marks.values()))
    elsewhere = [(line, ELSEWHERE) for line, one in marks.items() if on_rolls.elsewhere(one)]
    if elsewhere:
        raise BadTable(elsewhere)
    fresh, known, removed = [], 0, 0
    for line, draft in people.items():
        entry = on_rolls.entry(marks[line])
        if entry is not None and entry.region_id != region.id:
            let_go(entry)
            entry = None
        if entry is None:
            fresh.append(_entry(actor, region, draft, marks[line]))
        elif entry.state == EntryState.REMOVED:
            removed += 1
        else:
            complete(entry, draft, marks[line])
            known += 1
    _put_by_household(region, fresh)
    if fresh:
        audit.record(actor, Deed.KEEP_ROLL, region, imported=len(fresh), known=known)
    confirm_known(region)
    return Imported(len(fresh), known, removed)


def _entry(actor: Actor, region: Region, draft: EntryDraft, marks: Marks) -> RollEntry:
    return RollEntry(
        region_id=region.id,
        shown=masked(draft.name),
        household=draft.household,
        phone_end=draft.phone[-4:],
        phone_hash=marks.phone,
        identity_hash=marks.identity,
        home_hash=marks.home,
        state=EntryState.ACTIVE.value,
        source=EntrySource.IMPORT.value,
        added_by_id=actor.id,
        added_at=now(),
    )


def _put_by_household(region: Region, fresh: list[RollEntry]) -> None:
    """Write the new entries; the first of a household is the one under whose number it stands."""
    db.session.flush()
    heads = heads_of(region.id, list({entry.household for entry in fresh}))
    firsts: dict[str, RollEntry] = {}
    for entry in fresh:
        if entry.household and entry.household not in heads:
            firsts.setdefault(entry.household, entry)
    db.session.add_all(firsts.values())
    db.session.flush()
    heads |= {household: entry.id for household, entry in firsts.items()}
    for entry in fresh:
        head_id = heads.get(entry.household)
        entry.head_id = head_id if head_id != entry.id else None
    db.session.add_all(fresh)
    db.session.flush()
