"""A committee keeps its roll: two of it vouch for someone, one takes someone off."""

from sqlalchemy import select

from portal import audit
from portal.accounts.actions import confirm_known
from portal.accounts.models import Person
from portal.accounts.secrets import keyed_hash
from portal.notifications.actions import tell
from portal.regions.models import Region
from portal.rolls.matching import ELSEWHERE, Known, Marks, complete, head_of, let_go
from portal.rolls.models import RollEntry
from portal.rules import N_, Refusal, enforce
from portal.rules.permissions import Actor, Deed
from portal.rules.rolls import EntryDraft, EntrySource, EntryState, masked, refusals, removal_refusals, second_refusals
from portal.store import action, db, locked, take_turn
from portal.store.clock import now


@action
def add_entry(actor: Actor, region: Region, draft: EntryDraft) -> RollEntry:
    """A member of the committee vouches for someone, who comes on the roll once a second one has vouched, too.

    Typed by a second member, it is the second word.
    """
    enforce(refusals(draft))
    take_turn("roll")
    marks = Marks.of(region, draft)
    on_rolls = Known(region, [marks])
    enforce([ELSEWHERE] if on_rolls.elsewhere(marks) else [])
    entry = on_rolls.entry(marks)
    if entry is not None and entry.region_id != region.id:
        let_go(entry)
        entry = None
    if entry is None:
        entry = RollEntry(
            region_id=region.id,
            shown=masked(draft.name),
            household=draft.household,
            head_id=head_of(region.id, draft.household),
            phone_end=draft.phone[-4:],
            phone_hash=marks.phone,
            identity_hash=marks.identity,
            home_hash=marks.home,
        )
    elif entry.state == EntryState.ACTIVE:
        enforce([Refusal(N_("She is on this roll already, as No. %(number)s."), "name", {"number": entry.id})])
    elif entry.state == EntryState.VOUCHED:
        return vouch_entry(actor, region, entry)
    else:
        complete(entry, draft, marks)
    enforce(second_refusals(None, actor.id, _is_herself(actor, entry)))
    entry.state, entry.source = EntryState.VOUCHED.value, EntrySource.VOUCHED.value
    entry.added_by_id, entry.added_at, entry.vouched_by_id = actor.id, now(), None
    db.session.add(entry)
    db.session.flush()
    audit.record(actor, Deed.KEEP_ROLL, region, vouched=1, entry=entry.id)
    return entry


@action
def vouch_entry(actor: Actor, region: Region, entry: RollEntry) -> RollEntry:
    """A second member of the committee vouches for someone, who is on the roll from now on."""
    locked(entry)
    if entry.state == EntryState.ACTIVE:
        return entry
    if entry.state == EntryState.REMOVED:
        enforce([Refusal(N_("She was taken off meanwhile. If she belongs on the roll, please enter her anew."))])
    enforce(second_refusals(entry.added_by_id, actor.id, _is_herself(actor, entry)))
    entry.state, entry.vouched_by_id = EntryState.ACTIVE.value, actor.id
    entry.removed_at, entry.removed_for = None, ""
    audit.record(actor, Deed.KEEP_ROLL, region, added=1, entry=entry.id)
    confirm_known(region)
    return entry


@action
def remove_entry(actor: Actor, region: Region, entry: RollEntry, reason: str) -> None:
    """A member of the committee takes someone off the roll, for a reason that all can read.

    Votes whose roll is frozen go on as they are. Taken off twice, it is once.
    """
    enforce(removal_refusals(reason))
    take_turn("roll")
    locked(entry)
    if entry.state == EntryState.REMOVED:
        return
    was_on_roll = entry.state == EntryState.ACTIVE
    entry.state, entry.removed_for = EntryState.REMOVED.value, reason
    entry.removed_at = entry.removed_at or now()
    done = {"removed": 1, "reason": reason} if was_on_roll else {"withdrawn": 1}
    audit.record(actor, Deed.KEEP_ROLL, region, entry=entry.id, **done)
    if entry.person_id is not None and was_on_roll:
        tell(entry.person_id, "roll_removed", f"/{region.code}/roll/mine", place=region.name)


def _is_herself(actor: Actor, entry: RollEntry) -> bool:
    phone = db.session.scalar(select(Person.phone).where(Person.id == actor.id))
    mine = phone is not None and keyed_hash("phone", phone) == entry.phone_hash
    return mine or (entry.person_id is not None and entry.person_id == actor.id)
